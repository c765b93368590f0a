"""
Each rule of the schema linter finds the fault that is planted for it; the real schema has none.

A fault is one for which two organisations could meet: it is planted as somebody would who did not think of the others.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from infra.db.lint import violations
from tenants.tables import metadata
from tests.conftest import DATABASE, Servers


@pytest.fixture(scope="module")
def superuser(servers: Servers) -> Iterator[Connection]:
    engine = create_engine(servers.postgres.admin_url(DATABASE))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def catalogue(superuser: Connection) -> Iterator[Connection]:
    """The superuser's transaction, rolled back at the end, so that faults can be planted."""
    yield superuser
    superuser.rollback()


def test_schema_has_no_violation(catalogue: Connection) -> None:
    assert violations(catalogue, metadata) == []


TENANT = "(organisation_id = (SELECT app.organisation_id()))"
FAULTS = {
    "row security off": (
        "ALTER TABLE person DISABLE ROW LEVEL SECURITY",
        "person: row security is not enabled",
    ),
    "not forced": (
        "ALTER TABLE person NO FORCE ROW LEVEL SECURITY",
        "person: row security is not forced on its owner",
    ),
    "owned by another": ("ALTER TABLE person OWNER TO postgres", "person: is owned by postgres"),
    "no tenant policy": ("DROP POLICY tenant ON person", "person: no tenant policy for mentorweave_app"),
    "tenant policy for one role": (
        f"DROP POLICY tenant ON person; CREATE POLICY tenant ON person AS RESTRICTIVE TO mentorweave_owner "
        f"USING {TENANT} WITH CHECK {TENANT}",
        "person: no tenant policy for mentorweave_app",
    ),
    "other expression": (
        "DROP POLICY tenant ON person; CREATE POLICY tenant ON person AS RESTRICTIVE USING (true)",
        "person: policy tenant is not the tenant policy",
    ),
    "without check": (
        f"DROP POLICY tenant ON person; CREATE POLICY tenant ON person AS RESTRICTIVE USING {TENANT} WITH CHECK (true)",
        "person: policy tenant is not the tenant policy",
    ),
    "for reading only": (
        f"DROP POLICY tenant ON person; CREATE POLICY tenant ON person AS RESTRICTIVE FOR SELECT USING {TENANT}",
        "person: policy tenant is not the tenant policy",
    ),
    "policy for everybody": (
        "CREATE POLICY extra ON person FOR SELECT TO PUBLIC USING (true)",
        "person: policy extra admits public",
    ),
    "asked once per row": (
        "CREATE POLICY slow ON person TO mentorweave_app USING (organisation_id = app.organisation_id())",
        "person: policy slow calls its function once per row",
    ),
    "asked once and once per row": (
        f"CREATE POLICY slow ON person TO mentorweave_app USING ({TENANT} AND id = app.person_id())",
        "person: policy slow calls its function once per row",
    ),
    "setting asked once per row": (
        "CREATE POLICY slow ON person TO mentorweave_app USING (current_setting('app.context', true) <> '')",
        "person: policy slow calls its function once per row",
    ),
    "foreign table": (
        "CREATE FOREIGN DATA WRAPPER leak; CREATE SERVER leak FOREIGN DATA WRAPPER leak; "
        "CREATE FOREIGN TABLE leak (organisation_id uuid) SERVER leak; ALTER FOREIGN TABLE leak OWNER TO mentorweave_owner",
        "leak: a foreign table is not under row security",
    ),
    "table in another schema": (
        "CREATE TABLE app.leak (organisation_id uuid)",
        "app.leak: a table outside of public escapes these rules",
    ),
    "primary key over all": (
        "CREATE TABLE leak (organisation_id uuid, id uuid PRIMARY KEY)",
        "leak: primary key leak_pkey does not begin with organisation_id",
    ),
    "no key": ("CREATE TABLE leak (organisation_id uuid)", "leak: has no primary key"),
    "exclusion over all": (
        "ALTER TABLE person ADD CONSTRAINT leak EXCLUDE USING btree (email WITH =) WHERE (email IS NULL)",
        "person: exclusion rule leak does not begin with organisation_id",
    ),
    "unique over all": (
        "CREATE UNIQUE INDEX leak ON person (id)",
        "person: unique index leak does not begin with organisation_id",
    ),
    "foreign key over all": (
        "ALTER TABLE person ADD UNIQUE (id); ALTER TABLE task ADD CONSTRAINT leak FOREIGN KEY (person_id) "
        "REFERENCES person (id)",
        "task: foreign key leak does not carry organisation_id",
    ),
    "view of its owner": (
        "CREATE VIEW leak AS SELECT * FROM person",
        "leak: a view without security_invoker",
    ),
    "materialised view": (
        "CREATE MATERIALIZED VIEW leak AS SELECT 1 AS one",
        "leak: a materialised view is not under row security",
    ),
    "unpinned definer": (
        "CREATE FUNCTION app.leak() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "app.leak: runs as its owner without a pinned search_path",
    ),
    "definer of a superuser": (
        "CREATE FUNCTION app.leak() RETURNS int LANGUAGE sql SECURITY DEFINER "
        "SET search_path = pg_catalog, pg_temp AS 'SELECT 1'",
        "app.leak: runs with the rights of postgres",
    ),
    "definer that looks into temporary tables first": (
        "CREATE FUNCTION app.leak() RETURNS int LANGUAGE sql SECURITY DEFINER "
        "SET search_path = pg_catalog, public AS 'SELECT 1'",
        "app.leak: its search_path lets others slip something in",
    ),
    "function for everybody": (
        "CREATE FUNCTION app.leak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "app.leak: may be executed by everybody",
    ),
    "leakproof": (
        "CREATE FUNCTION app.leak() RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT 1'",
        "app.leak: is marked leakproof",
    ),
    "truncate": ("GRANT TRUNCATE ON person TO mentorweave_app", "person: mentorweave_app may TRUNCATE"),
    "trigger": ("GRANT TRIGGER ON person TO mentorweave_app", "person: mentorweave_app may TRIGGER"),
    "references": ("GRANT REFERENCES ON person TO mentorweave_app", "person: mentorweave_app may REFERENCES"),
    "references one column": (
        "GRANT REFERENCES (id) ON person TO mentorweave_app",
        "person: mentorweave_app may REFERENCES",
    ),
    "maintain": ("GRANT MAINTAIN ON person TO mentorweave_app", "person: mentorweave_app may MAINTAIN"),
    "truncate for everybody": ("GRANT TRUNCATE ON person TO PUBLIC", "person: mentorweave_app may TRUNCATE"),
    "partition by itself": (
        "CREATE TABLE leak (organisation_id uuid, id uuid, PRIMARY KEY (organisation_id, id)) PARTITION BY HASH (id); "
        "CREATE TABLE leak_1 PARTITION OF leak FOR VALUES WITH (MODULUS 1, REMAINDER 0); "
        "GRANT SELECT ON leak_1 TO mentorweave_app",
        "leak_1: mentorweave_app may SELECT a partition",
    ),
    "rights on whatever comes": (
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO mentorweave_relay",
        "mentorweave_relay: is given rights on every new object",
    ),
    "key readable": (
        "GRANT SELECT ON app.signing_key TO mentorweave_app",
        "signing_key: mentorweave_app may SELECT",
    ),
    "resolver sees more": (
        "GRANT SELECT (email) ON letter TO mentorweave_resolver".replace("email", "to_email"),
        "letter: mentorweave_resolver has rights without a policy",
    ),
    "resolver sees another column": (
        "GRANT SELECT (email) ON person TO mentorweave_resolver",
        "person: mentorweave_resolver may read email of all organisations",
    ),
    "what was written once may change": (
        "GRANT UPDATE (event) ON audit_event TO mentorweave_app",
        "audit_event: mentorweave_app may UPDATE",
    ),
    "links may be written": (
        "GRANT INSERT ON audit_link TO mentorweave_app",
        "audit_link: mentorweave_app may INSERT",
    ),
    "replicates": ("ALTER ROLE mentorweave_relay REPLICATION", "mentorweave_relay: has an attribute"),
    "reads the server's files": (
        "GRANT pg_read_server_files TO mentorweave_app",
        "mentorweave_app: is a member of pg_read_server_files",
    ),
    "begins with a context": (
        "ALTER ROLE mentorweave_app SET app.context = 'x'",
        "mentorweave_app: begins with settings of its own: app.context=x",
    ),
    "temporary tables": (
        f"GRANT TEMPORARY ON DATABASE {DATABASE} TO mentorweave_app",
        "mentorweave_app: has TEMPORARY on the database",
    ),
    "bypasses": ("ALTER ROLE mentorweave_app BYPASSRLS", "mentorweave_app: has an attribute"),
    "member of the owner": (
        "GRANT mentorweave_owner TO mentorweave_app",
        "mentorweave_app: is a member of mentorweave_owner",
    ),
    "owner may log in": ("ALTER ROLE mentorweave_owner LOGIN", "mentorweave_owner: may log in"),
    "may create": (
        "GRANT CREATE ON SCHEMA public TO mentorweave_app",
        "mentorweave_app: may create objects in public",
    ),
}


@pytest.mark.parametrize(("fault", "found"), FAULTS.values(), ids=FAULTS.keys())
def test_planted_fault_is_found(catalogue: Connection, fault: str, found: str) -> None:
    for statement in fault.split("; "):
        catalogue.execute(text(statement))

    assert any(violation.startswith(found) for violation in violations(catalogue, metadata))
