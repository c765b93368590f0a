"""Roles: what they are, what they belong to, and what they may do to which object, however they came to it."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from infra.db.lint.tables import PLATFORM_TABLES
from infra.db.roles import APP, MIGRATOR, OWNER, RELAY, RESOLVER

RUNTIME = (APP, RESOLVER, RELAY)

_ROLES = """
    SELECT rolname AS name, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication AS strong,
           rolcanlogin, rolconfig
    FROM pg_roles WHERE rolname = ANY (:roles) ORDER BY 1"""
_MEMBERS = """
    SELECT m.rolname AS name, r.rolname AS of, a.admin_option AS admin
    FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid
    WHERE m.rolname = ANY (:roles) ORDER BY 1, 2"""
_SETTINGS = """
    SELECT r.rolname AS name, s.setconfig AS set FROM pg_db_role_setting s
    JOIN pg_roles r ON r.oid = s.setrole WHERE r.rolname = ANY (:roles)"""
# Effective rights: granted to the role, to everybody, or to a role it belongs to; to the whole or to a column.
_RIGHTS = """
    SELECT r.rolname AS grantee, c.relname AS table, w.wanted AS right, c.relispartition AS part
    FROM pg_roles r CROSS JOIN pg_class c CROSS JOIN unnest(:wanted ::text[]) AS w (wanted)
    WHERE r.rolname = ANY (:roles) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
      AND (has_table_privilege(r.oid, c.oid, w.wanted)
           OR w.wanted = ANY ('{SELECT,INSERT,UPDATE,REFERENCES}') AND has_any_column_privilege(r.oid, c.oid, w.wanted))
    ORDER BY 1, 2, 3"""
_WANTED = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
_BEYOND = {"TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}
_SCHEMAS = """
    SELECT r.rolname AS name, n.nspname AS schema FROM pg_roles r CROSS JOIN pg_namespace n
    WHERE r.rolname = ANY (:roles) AND n.nspname NOT LIKE 'pg\\_%' AND has_schema_privilege(r.oid, n.oid, 'CREATE')"""
_DATABASE = """
    SELECT r.rolname AS name, w.wanted AS right
    FROM pg_roles r CROSS JOIN unnest('{CREATE,TEMPORARY}'::text[]) AS w (wanted)
    WHERE r.rolname = ANY (:roles) AND has_database_privilege(r.oid, current_database(), w.wanted)"""
_DEFAULTS = """
    SELECT DISTINCT coalesce(g.rolname, 'everybody') AS grantee
    FROM pg_default_acl d CROSS JOIN LATERAL aclexplode(d.defaclacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
    WHERE a.grantee = 0 OR g.rolname = ANY (:roles)"""


def faults(connection: Connection) -> Iterator[str]:
    yield from _objects(connection)
    yield from _roles(connection)
    runtime = {"roles": list(RUNTIME)}
    for row in connection.execute(text(_SCHEMAS), runtime):
        yield f"{row.name}: may create objects in {row.schema}"
    for row in connection.execute(text(_DATABASE), runtime):
        yield f"{row.name}: has {row.right} on the database"
    for row in connection.execute(text(_DEFAULTS), runtime):
        yield f"{row.grantee}: is given rights on every new object"


def _objects(connection: Connection) -> Iterator[str]:
    sharing = "SELECT tablename, roles::text[] AS roles FROM pg_policies WHERE permissive = 'PERMISSIVE'"
    known = {(role, row.tablename) for row in connection.execute(text(sharing)) for role in row.roles}
    version = connection.scalar(text("SELECT current_setting('server_version_num')::int"))
    wanted = [*_WANTED, "MAINTAIN"] if version >= 170000 else [*_WANTED]
    told = set()
    for row in connection.execute(text(_RIGHTS), {"roles": list(RUNTIME), "wanted": wanted}):
        if row.right in _BEYOND:
            yield f"{row.table}: {row.grantee} may {row.right}, which row security does not hold"
        if row.part:
            yield f"{row.table}: {row.grantee} may {row.right} a partition, past the policies of its table"
        if row.table == "signing_key":
            yield f"signing_key: {row.grantee} may {row.right} the key of the signed context"
        elif (
            row.grantee != APP and row.table not in PLATFORM_TABLES and (row.grantee, row.table) not in known
        ):
            told.add(f"{row.table}: {row.grantee} has rights without a policy that names it")
    yield from sorted(told)


def _roles(connection: Connection) -> Iterator[str]:
    everybody = {"roles": [*RUNTIME, MIGRATOR, OWNER]}
    for row in connection.execute(text(_ROLES), everybody):
        if row.strong:
            yield f"{row.name}: has an attribute that lets it step over row security"
        if row.name == OWNER and row.rolcanlogin:
            yield f"{OWNER}: may log in"
    for row in connection.execute(text(_MEMBERS), everybody):
        if (row.name, row.of) != (MIGRATOR, OWNER):
            yield f"{row.name}: is a member of {row.of}"
        elif row.admin:
            yield f"{MIGRATOR}: may give others the rights of {OWNER}"
    for row in connection.execute(text(_SETTINGS), everybody):
        yield f"{row.name}: begins with settings of its own: {', '.join(row.set)}"
