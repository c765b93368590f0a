"""Events that were written before there was a chain become its first links."""

from alembic import command
from sqlalchemy import create_engine, text

from infra import ids
from infra.db import migrate, roles
from infra.db.context import Context
from infra.db.session import Database
from tenants.audit import queries
from tenants.audit.chain import Walk
from tests.conftest import PASSWORDS, Servers

BEFORE = "before_the_chain"


async def test_events_from_before_are_linked_in_their_order(servers: Servers) -> None:
    superuser = create_engine(servers.postgres.admin_url())
    migrate.install(superuser, BEFORE, PASSWORDS)
    url = servers.url(roles.MIGRATOR, BEFORE)
    command.upgrade(migrate.configured(url), "2026_11_22_ground")
    organisations = [ids.new(), ids.new()]
    inside = create_engine(servers.postgres.admin_url(BEFORE))
    with inside.begin() as connection:
        for n in range(7):
            connection.execute(
                text(
                    "INSERT INTO audit_event (organisation_id, id, created_at, event, actor_kind, object_kind, details)"
                    " VALUES (:organisation, gen_random_uuid(), now() - make_interval(mins => :n), 'x', 'house', 'y',"
                    " jsonb_build_object('n', :n))"
                ),
                {"organisation": organisations[n % 2], "n": n},
            )
    inside.dispose()

    migrate.upgrade(url, servers.signer)

    database = Database(servers.settings(BEFORE), servers.signer)
    for organisation, expected in zip(organisations, ([6, 4, 2, 0], [5, 3, 1]), strict=True):
        walk, found = Walk(organisation), []
        async with database.tenant_session(Context(organisation)) as session:
            async for some in queries.links(session):
                assert list(walk.along(some)) == []
                found += [link.event.details for link in some if link.event]
        assert found == [f'{{"n": {n}}}' for n in expected]
    await database.close()
    with superuser.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"DROP DATABASE {BEFORE} WITH (FORCE)"))
    superuser.dispose()
