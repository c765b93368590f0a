"""What a signed context opens, and what every other one does not."""

from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from infra import ids
from infra.db import migrate
from infra.db.context import Context
from infra.db.roles import MIGRATOR
from infra.db.session import Database
from tenants.organisations.models import Organisation
from tenants.people.models import Person
from tenants.tables import metadata
from tests.conftest import Servers


async def make_organisation(database: Database, *, people: int) -> UUID:
    made = ids.new()
    async with database.tenant_session(Context(made)) as session:
        session.add(Organisation(organisation_id=made, name="A", languages=["en"]))
        await session.flush()
        session.add_all(
            Person(
                organisation_id=made,
                full_name=f"P{n}",
                email=f"p{n}@example.org",
                language="en",
                time_zone="UTC",
            )
            for n in range(people)
        )
    return made


async def count(database: Database, organisation_id: UUID) -> int:
    async with database.tenant_session(Context(organisation_id)) as session:
        return (await session.execute(select(func.count()).select_from(Person))).scalar_one()


def test_migrations_make_the_tables_of_the_code(servers: Servers) -> None:
    assert migrate.differences(servers.url(MIGRATOR), metadata) == []


async def test_each_organisation_sees_its_own_rows(database: Database) -> None:
    one = await make_organisation(database, people=2)
    other = await make_organisation(database, people=3)

    assert (await count(database, one), await count(database, other)) == (2, 3)
    assert await count(database, ids.new()) == 0


async def test_without_context_there_are_no_rows(database: Database) -> None:
    await make_organisation(database, people=1)
    async with database._app.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM person"))).scalar_one() == 0


async def test_after_a_transaction_the_connection_carries_nothing(database: Database) -> None:
    one = await make_organisation(database, people=1)
    for _ in range(30):
        assert await count(database, one) == 1
        async with database._app.connect() as connection:
            kept = (
                await connection.execute(text("SELECT current_setting('app.context', true)"))
            ).scalar_one()
            assert kept in (None, "")


@pytest.mark.parametrize("change", ["organisation", "expiry", "signature", "nonsense"])
async def test_forged_context_is_an_error(database: Database, change: str) -> None:
    one = await make_organisation(database, people=1)
    other = await make_organisation(database, people=1)
    signed = database._signer.sign(Context(one).body())
    body, mac = signed.split(".")
    parts = body.split("|")
    forged = {
        "organisation": signed.replace(str(one), str(other)),
        "expiry": "|".join([*parts[:3], str(int(parts[3]) + 1)]) + f".{mac}",
        "signature": f"{body}.{'0' * 64}",
        "nonsense": "x",
    }[change]

    with pytest.raises(DBAPIError, match="context refused"):
        async with database._app.begin() as connection:
            await connection.execute(text("SELECT set_config('app.context', :c, true)"), {"c": forged})
            await connection.execute(text("SELECT count(*) FROM person"))


async def test_row_of_another_organisation_cannot_be_written(database: Database) -> None:
    one = await make_organisation(database, people=0)
    other = await make_organisation(database, people=0)

    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.tenant_session(Context(one)) as session:
            session.add(
                Person(
                    organisation_id=other,
                    full_name="X",
                    email="x@example.org",
                    language="en",
                    time_zone="UTC",
                )
            )


async def test_signing_key_cannot_be_read(database: Database) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database._app.begin() as connection:
            await connection.execute(text("SELECT * FROM app.signing_key"))


async def test_audit_event_cannot_be_changed(database: Database) -> None:
    one = await make_organisation(database, people=0)
    for statement in ("UPDATE audit_event SET event = ''", "DELETE FROM audit_event"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.tenant_session(Context(one)) as session:
                await session.execute(text(statement))
