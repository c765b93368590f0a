"""Tables: row security, its policies, and keys that carry the organisation."""

import re
from collections.abc import Iterator

from sqlalchemy import Connection, text

from infra.db.policies import TENANT
from infra.db.roles import APP, OWNER, RELAY, RESOLVER

# Tables that belong to no organisation, and unique rules that may span organisations, with the reason.
PLATFORM_TABLES = {"alembic_version", "timetable"}
PUBLIC_UNIQUE = {"organisation_host_host_key": "a host name is public in DNS"}
# What is asked once per statement: the sub-select that a policy must put around each of our functions.
_ONCE = re.compile(r"SELECT app\.\w+\([^()]*\) AS \w+")
_ASKED = re.compile(r"\b(app\.\w+|current_setting)\(")

_TABLES = """
    SELECT c.relname AS name, c.relkind AS kind, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
           c.relispartition AS part, pg_get_userbyid(c.relowner) AS owner
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f') ORDER BY 1"""
_STRANGE = """
    SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname NOT IN ('public', 'pg_catalog', 'information_schema', 'pg_toast')
      AND n.nspname NOT LIKE 'pg\\_%' AND (n.nspname, c.relname) <> ('app', 'signing_key') ORDER BY 1, 2"""
_POLICIES = """
    SELECT tablename, policyname, permissive, roles::text[] AS roles, cmd, qual, with_check
    FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2"""
_UNIQUE = """
    SELECT i.relname AS name, t.relname AS table, a.attname AS first,
           CASE WHEN x.indisprimary THEN 'primary key' WHEN x.indisexclusion THEN 'exclusion rule'
                ELSE 'unique index' END AS kind
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
    WHERE (x.indisunique OR x.indisexclusion) AND t.relnamespace = 'public'::regnamespace ORDER BY 1"""
_FOREIGN = """
    SELECT k.conname AS name, t.relname AS table, a.attname AS first, b.attname AS first_there
    FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
    WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace ORDER BY 1"""
_KEYLESS = """
    SELECT c.relname AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT 1 FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary) ORDER BY 1"""


def faults(connection: Connection) -> Iterator[str]:
    yield from _row_security(connection)
    yield from _policies(connection)
    yield from _keys(connection)


def _row_security(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text(_TABLES)):
        if row.owner != OWNER and row.name != "alembic_version":
            yield f"{row.name}: is owned by {row.owner}, not by {OWNER}"
        if row.kind == "f":
            yield f"{row.name}: a foreign table is not under row security"
        elif row.name not in PLATFORM_TABLES and not row.part:
            if not row.enabled:
                yield f"{row.name}: row security is not enabled"
            if not row.forced:
                yield f"{row.name}: row security is not forced on its owner"
    for row in connection.execute(text(_STRANGE)):
        yield f"{row.schema}.{row.name}: a table outside of public escapes these rules"


def _policies(connection: Connection) -> Iterator[str]:
    expression = f"({TENANT})".replace(
        "SELECT app.organisation_id()", " SELECT app.organisation_id() AS organisation_id"
    )
    # A partition is reached through its parent, whose policies hold.
    tenants = [row.name for row in connection.execute(text(_TABLES)) if row.kind != "f" and not row.part]
    guarded: dict[str, set[str]] = {table: set() for table in tenants if table not in PLATFORM_TABLES}
    for policy in connection.execute(text(_POLICIES)):
        label = f"{policy.tablename}: policy {policy.policyname}"
        if policy.permissive == "RESTRICTIVE" and policy.policyname == "tenant":
            if policy.cmd != "ALL" or policy.qual != expression or policy.with_check != expression:
                yield f"{label} is not the tenant policy: {policy.qual}"
            else:
                guarded.setdefault(policy.tablename, set()).update(policy.roles)
        elif policy.permissive == "PERMISSIVE" and not set(policy.roles) <= {APP, OWNER, RESOLVER, RELAY}:
            yield f"{label} admits {', '.join(policy.roles)}"
        for part in (policy.qual or "", policy.with_check or ""):
            if _ASKED.search(_ONCE.sub("", part)):
                yield f"{label} calls its function once per row, not once per statement"
    for table, roles in guarded.items():
        for role in sorted({APP, OWNER} - roles):
            yield f"{table}: no tenant policy for {role}"


def _keys(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text(_UNIQUE)):
        if row.table in PLATFORM_TABLES or row.name in PUBLIC_UNIQUE:
            continue
        if row.first != "organisation_id":
            yield f"{row.table}: {row.kind} {row.name} does not begin with organisation_id"
    for row in connection.execute(text(_FOREIGN)):
        if (row.first, row.first_there) != ("organisation_id", "organisation_id"):
            yield f"{row.table}: foreign key {row.name} does not carry organisation_id"
    for row in connection.execute(text(_KEYLESS)):
        yield f"{row.name}: has no primary key"
