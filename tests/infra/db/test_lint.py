"""Each rule of the schema linter finds the fault that is planted for it; the real schema has none."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text

from infra.db.lint import violations
from tests.conftest import DATABASE, Servers


@pytest.fixture
def catalogue(servers: Servers) -> Iterator[Connection]:
    """The superuser's transaction, rolled back at the end, so that faults can be planted."""
    engine = create_engine(servers.postgres.admin_url(DATABASE))
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def test_schema_has_no_violation(catalogue: Connection) -> None:
    assert violations(catalogue) == []


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
    "key readable": (
        "GRANT SELECT ON app.signing_key TO mentorweave_app",
        "signing_key: mentorweave_app may SELECT",
    ),
    "resolver sees more": (
        "GRANT SELECT (email) ON letter TO mentorweave_resolver".replace("email", "to_email"),
        "letter: mentorweave_resolver has rights without a policy",
    ),
    "bypasses": ("ALTER ROLE mentorweave_app BYPASSRLS", "mentorweave_app: has an attribute"),
    "member of the owner": (
        "GRANT mentorweave_owner TO mentorweave_app",
        "mentorweave_app: is a member of mentorweave_owner",
    ),
    "owner may log in": ("ALTER ROLE mentorweave_owner LOGIN", "mentorweave_owner: may log in"),
    "may create": ("GRANT CREATE ON SCHEMA public TO mentorweave_app", "mentorweave_app: may create objects"),
}


@pytest.mark.parametrize(("fault", "found"), FAULTS.values(), ids=FAULTS.keys())
def test_planted_fault_is_found(catalogue: Connection, fault: str, found: str) -> None:
    for statement in fault.split("; "):
        catalogue.execute(text(statement))

    assert any(violation.startswith(found) for violation in violations(catalogue))
