"""`mentorweave install`: what the addresses name is there afterwards, with the rights that it should have and no others."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from infra.db import roles
from infra.keys import logins
from mentorweave.cli import cli
from mentorweave.installing import KEYS, MAIN
from tests.conftest import Servers

HOUSE, KEPT = "installed_house", "installed_keys"


def typed(servers: Servers, **changes: str) -> Result:
    addresses = {name: servers.url(role, HOUSE) for name, role in MAIN.items()}
    addresses |= {name: servers.url(role, KEPT) for name, role in KEYS.items()}
    addresses["DATABASE_ADMIN_URL"] = servers.postgres.admin_url()
    return CliRunner().invoke(cli, ["install"], env=addresses | changes)


def refused(url: str, statement: str) -> bool:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    except DBAPIError:
        return True
    finally:
        engine.dispose()
    return False


def test_both_databases_are_made_and_a_second_time_changes_nothing(servers: Servers) -> None:
    superuser = create_engine(servers.postgres.admin_url(), isolation_level="AUTOCOMMIT")
    try:
        for _ in range(2):
            done = typed(servers)
            assert (done.exit_code, done.output.splitlines()) == (
                0,
                [f"{HOUSE}: {', '.join(MAIN.values())}", f"{KEPT}: {', '.join(KEYS.values())}"],
            )
        for role in (roles.APP, roles.RESOLVER, roles.RELAY):
            assert not refused(servers.url(role, HOUSE), "SELECT 1")
            assert refused(servers.url(role, HOUSE), "CREATE TABLE x ()")
            assert refused(servers.url(role, KEPT), "SELECT 1")
        assert not refused(servers.url(roles.MIGRATOR, HOUSE), f"SET ROLE {roles.OWNER}; CREATE TABLE x ()")
        assert not refused(servers.url(logins.KEYMAKER, KEPT), "CREATE TABLE x ()")
        assert refused(servers.url(logins.KEYS, KEPT), "CREATE TABLE y ()")
        assert refused(servers.url(logins.KEYS, HOUSE), "SELECT 1")
    finally:
        with superuser.connect() as connection:
            for name in (HOUSE, KEPT):
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        superuser.dispose()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DATABASE_ADMIN_URL": ""}, "DATABASE_ADMIN_URL is not set"),
        ({"DATABASE_RELAY_URL": ""}, "DATABASE_RELAY_URL is not set"),
        ({"DATABASE_URL": "postgresql+psycopg://postgres:secret@db/house"}, "DATABASE_URL must be an address for mentorweave_app"),
        ({"DATABASE_URL": "postgresql+psycopg://mentorweave_app@db/house"}, "with its password"),
        ({"DATABASE_URL": "postgresql+psycopg://mentorweave_app:x@db/other"}, "must name one database"),
    ],
)  # fmt: skip
def test_addresses_that_do_not_fit_are_said_before_anything_is_done(
    servers: Servers, changes: dict[str, str], said: str
) -> None:
    done = typed(servers, **changes)
    assert (done.exit_code, said in f"{done.output} {done.exception}") == (1, True)
    assert "secret" not in f"{done.output} {done.exception}"
