"""
The schema linter: what must hold of every table, policy, function and right, read from the catalogue.

`violations` returns sentences for engineers; none means that the database is as
docs/decisions/0002-signed-tenant-context.md promises. Each rule has a test which plants its fault.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from infra.db.policies import TENANT
from infra.db.roles import APP, MIGRATOR, OWNER, RELAY, RESOLVER

# Tables that belong to no organisation, and unique rules that may span organisations, with the reason.
PLATFORM_TABLES = {"alembic_version", "timetable"}
PUBLIC_UNIQUE = {"organisation_host_host_key": "a host name is public in DNS"}
RUNTIME = (APP, RESOLVER, RELAY)

_TABLES = """
    SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
           pg_get_userbyid(c.relowner) AS owner
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"""
_POLICIES = """
    SELECT tablename, policyname, permissive, roles::text[] AS roles, cmd, qual, with_check
    FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2"""
_UNIQUE = """
    SELECT i.relname AS name, t.relname AS table, a.attname AS first
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
    WHERE (x.indisunique OR x.indisexclusion) AND t.relnamespace = 'public'::regnamespace ORDER BY 1"""
_FOREIGN = """
    SELECT k.conname AS name, t.relname AS table, a.attname AS first, b.attname AS first_there
    FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
    WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace ORDER BY 1"""
_FUNCTIONS = """
    SELECT n.nspname || '.' || p.proname AS name, p.prosecdef AS definer, p.proleakproof AS leakproof,
           coalesce(array_to_string(p.proconfig, ','), '') LIKE '%search_path=%' AS pinned,
           has_function_privilege('public', p.oid, 'EXECUTE') AS public
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('app', 'public')"""
_VIEWS = """
    SELECT c.relname AS name, c.relkind AS kind,
           coalesce('security_invoker=true' = ANY (c.reloptions), false) AS invoker
    FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
      AND c.relkind IN ('v', 'm')"""
_RIGHTS = """
    SELECT grantee, table_name AS table, privilege_type AS right
    FROM information_schema.role_table_grants
    WHERE table_schema IN ('public', 'app') AND grantee = ANY (:roles)"""
_PLATFORM_COLUMNS = """
    SELECT DISTINCT grantee, table_name AS table FROM information_schema.role_column_grants
    WHERE table_schema = 'public' AND grantee = ANY (:roles)"""
_ROLES = """
    SELECT rolname AS name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,
           rolname <> ALL (:may) AND pg_has_role(rolname, :owner, 'MEMBER') AS member
    FROM pg_roles WHERE rolname = ANY (:roles)"""


def violations(connection: Connection) -> list[str]:
    """Everything that breaks a rule; an empty list is the only good answer."""
    tables = {row.name: row for row in connection.execute(text(_TABLES))}
    tenants = sorted(set(tables) - PLATFORM_TABLES)
    return [
        *_row_security(connection, tenants),
        *_policies(connection, tenants),
        *_keys(connection),
        *_functions(connection),
        *_views(connection),
        *_rights(connection),
        *_role_attributes(connection),
    ]


def _row_security(connection: Connection, tenants: list[str]) -> Iterator[str]:
    for row in connection.execute(text(_TABLES)):
        if row.owner != OWNER and row.name != "alembic_version":
            yield f"{row.name}: is owned by {row.owner}, not by {OWNER}"
        if row.name in tenants and not row.enabled:
            yield f"{row.name}: row security is not enabled"
        if row.name in tenants and not row.forced:
            yield f"{row.name}: row security is not forced on its owner"


def _policies(connection: Connection, tenants: list[str]) -> Iterator[str]:
    expression = f"({TENANT})".replace(
        "SELECT app.organisation_id()", " SELECT app.organisation_id() AS organisation_id"
    )
    guarded: dict[str, set[str]] = {table: set() for table in tenants}
    for policy in connection.execute(text(_POLICIES)):
        label = f"{policy.tablename}: policy {policy.policyname}"
        if policy.permissive == "RESTRICTIVE":
            if policy.cmd != "ALL" or policy.qual != expression or policy.with_check != expression:
                yield f"{label} is not the tenant policy: {policy.qual}"
            else:
                guarded.setdefault(policy.tablename, set()).update(policy.roles)
        elif not set(policy.roles) <= {APP, OWNER, RESOLVER, RELAY}:
            yield f"{label} admits {', '.join(policy.roles)}"
        for part in (policy.qual or "", policy.with_check or ""):
            if "app." in part and "SELECT app." not in part:
                yield f"{label} calls its function once per row, not once per statement"
    for table, roles in guarded.items():
        for role in {APP, OWNER} - roles:
            yield f"{table}: no tenant policy for {role}"


def _keys(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text(_UNIQUE)):
        if row.table in PLATFORM_TABLES or row.name in PUBLIC_UNIQUE:
            continue
        if row.first != "organisation_id":
            yield f"{row.table}: unique index {row.name} does not begin with organisation_id"
    for row in connection.execute(text(_FOREIGN)):
        if (row.first, row.first_there) != ("organisation_id", "organisation_id"):
            yield f"{row.table}: foreign key {row.name} does not carry organisation_id"


def _functions(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text(_FUNCTIONS)):
        if row.definer and not row.pinned:
            yield f"{row.name}: runs as its owner without a pinned search_path"
        if row.public:
            yield f"{row.name}: may be executed by everybody"
        if row.leakproof:
            yield f"{row.name}: is marked leakproof"


def _views(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text(_VIEWS)):
        if row.kind == "m":
            yield f"{row.name}: a materialised view is not under row security"
        elif not row.invoker:
            yield f"{row.name}: a view without security_invoker shows what its owner may see"


def _rights(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text(_RIGHTS), {"roles": list(RUNTIME)}):
        if row.right in {"TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}:
            yield f"{row.table}: {row.grantee} may {row.right}, which row security does not hold"
        if row.table == "signing_key":
            yield f"signing_key: {row.grantee} may {row.right} the key of the signed context"
    sharing = "SELECT tablename, roles::text[] AS roles FROM pg_policies WHERE permissive = 'PERMISSIVE'"
    known = {(role, row.tablename) for row in connection.execute(text(sharing)) for role in row.roles}
    for row in connection.execute(text(_PLATFORM_COLUMNS), {"roles": [RESOLVER, RELAY]}):
        if row.table not in PLATFORM_TABLES and (row.grantee, row.table) not in known:
            yield f"{row.table}: {row.grantee} has rights without a policy that names it"


def _role_attributes(connection: Connection) -> Iterator[str]:
    asked = {"roles": [*RUNTIME, MIGRATOR, OWNER], "may": [MIGRATOR, OWNER], "owner": OWNER}
    for row in connection.execute(text(_ROLES), asked):
        if row.rolsuper or row.rolbypassrls or row.rolcreaterole or row.rolcreatedb:
            yield f"{row.name}: has an attribute that lets it step over row security"
        if row.member:
            yield f"{row.name}: is a member of {OWNER}"
        if row.name == OWNER and row.rolcanlogin:
            yield f"{OWNER}: may log in"
    for role in RUNTIME:
        if connection.scalar(text("SELECT has_schema_privilege(:r, 'public', 'CREATE')"), {"r": role}):
            yield f"{role}: may create objects"
