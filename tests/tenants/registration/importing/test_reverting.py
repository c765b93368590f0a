"""An import is taken back exactly, or not at all: by the hash of every row of every table."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update

from infra import clock
from infra.ground import Ground
from tenants import tables
from tenants.identity import sessions
from tenants.people import actions as people
from tenants.people.models import Person
from tenants.registration import actions as registration
from tenants.registration.importing import forgetting
from tenants.registration.importing.rules import NotCommitted, TooLate
from tenants.registration.models import ImportState, Participation, RosterImport
from tests.tenants.registration.importing.desk import Desk, desk
from tests.tenants.registration.importing.test_people_here import ANA, HEADERS, NEW, known

# What is written down or planned about the import itself, and the pool that the cycle's first card opens.
NOT_COMPARED = {
    "audit_event",
    "audit_link",
    "outbox",
    "roster_import",
    "roster_row",
    "roster_mapping",
    "pool",
    "pool_member",
}


@pytest.fixture
async def at(ground: Ground) -> Desk:
    return await desk(ground)


async def fingerprint(at: Desk) -> dict[str, str]:
    """One digest for each table of the organisation, over all its rows; of cards over what they say."""
    found = {}
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        for name in sorted(set(tables.metadata.tables) - NOT_COMPARED - {"timetable"}):
            row = "x - 'id' - 'card_id' - 'created_at'" if name == "pool_card" else "x"
            query = text(
                f"SELECT md5(coalesce(string_agg(({row})::text, '|' ORDER BY ({row})::text), ''))"
                f' FROM (SELECT to_jsonb(t) AS x FROM "{name}" t) AS rows'
            )
            found[name] = (await session.execute(query)).scalar_one()
    return found


async def test_roster_of_new_people_leaves_nothing_behind(at: Desk) -> None:
    before = await fingerprint(at)
    import_id = await at.roster("solidarite.csv")
    await at.commit(import_id)
    assert await fingerprint(at) != before
    assert (await at.revert(import_id)).state == ImportState.REVERTED
    assert await fingerprint(at) == before


async def test_updated_people_get_back_what_they_had(at: Desk) -> None:
    await known(at)
    before = await fingerprint(at)
    import_id = await at.people(
        (*NEW[:2], "Both", *NEW[3:]), ("Bo", "bo@example.org", "Mentee", "", ""), header=HEADERS
    )
    await at.choose(import_id, groups={"already_here": "update"})
    done = await at.commit(import_id)
    assert (done.counts["updated"], done.counts["people"]) == (2, 1)  # the person and her part
    assert (await at.revert(import_id)).state == ImportState.REVERTED
    assert await fingerprint(at) == before


async def test_two_imports_are_taken_back_in_the_order_of_their_leaning(at: Desk) -> None:
    first = await at.people(ANA, header=HEADERS)
    await at.commit(first)
    second = await at.people((*NEW[:2], "Both", *NEW[3:]), header=HEADERS)
    await at.choose(second, groups={"already_here": "update"})
    await at.commit(second)

    refused = await at.revert(first)
    assert (refused.state, refused.counts["in_use"]["count"]) == (ImportState.COMMITTED, 1)
    assert (await at.revert(second)).state == ImportState.REVERTED
    assert (await at.revert(first)).state == ImportState.REVERTED
    assert await at.participations() == []


async def change_status(at: Desk) -> None:
    [part] = [one for one in await at.participations() if one.role == "mentor"]
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        await registration.select_for_interview(session, at.actor, part.id)


async def change_telephone(at: Desk) -> None:
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        query = select(Person.id).where(Person.email == "ana@example.org")
        await people.change_contact(
            session, at.actor, (await session.execute(query)).scalar_one(), phone="+45 70 99 99 99"
        )


async def sign_in(at: Desk) -> None:
    async with at.ground.database.tenant_session(at.made.house.context()) as session:
        query = select(Person).where(Person.email == "ana@example.org")
        await sessions.begin(session, at.made.house, (await session.execute(query)).scalar_one())


async def leave_for_good(at: Desk) -> None:
    async with at.ground.database.tenant_session(at.made.house.context()) as session:
        await session.execute(delete(Participation).where(Participation.role == "mentor"))


@pytest.mark.parametrize(
    ("happens", "reasons"),
    [
        (change_status, ["changed", "letter"]),
        (change_telephone, ["changed"]),
        (sign_in, ["changed", "session"]),  # the day stands in her row
        (leave_for_good, ["changed"]),
    ],
)
async def test_row_in_use_holds_everything(
    at: Desk, happens: Callable[[Desk], Awaitable[None]], reasons: list[str]
) -> None:
    import_id = await at.people(ANA, ("Bo", "bo@example.org", "Mentee", "", ""), header=HEADERS)
    await at.commit(import_id)
    await happens(at)
    before = await fingerprint(at)

    refused = await at.revert(import_id)

    assert refused.state == ImportState.COMMITTED
    assert refused.counts["in_use"] == {
        "count": 1,
        "rows": [{"row": 2, "name": "Ana Ilić", "reasons": reasons}],
    }
    assert await fingerprint(at) == before


async def test_revert_is_for_what_was_imported_within_thirty_days(at: Desk) -> None:
    import_id = await at.people(ANA, header=HEADERS)
    with pytest.raises(NotCommitted):
        await at.revert(import_id)
    await at.commit(import_id)
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        old = clock.now() - timedelta(days=31)
        await session.execute(update(RosterImport).values(committed_at=old))
    with pytest.raises(TooLate):
        await at.revert(import_id)


async def test_files_and_rows_are_forgotten_after_thirty_days(at: Desk) -> None:
    imported = await at.people(ANA, header=HEADERS)
    await at.commit(imported)
    waiting = await at.people(("Bo", "bo@example.org", "Mentee", "", ""), header=HEADERS)
    young = await at.people(("Cy", "cy@example.org", "Mentee", "", ""), header=HEADERS)
    old = clock.now() - timedelta(days=31)
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        change = update(RosterImport).where(RosterImport.id.in_([imported, waiting]))
        await session.execute(change.values(created_at=old))
        await session.execute(change.where(RosterImport.id == imported).values(committed_at=old))
    async with at.ground.database.tenant_session(at.made.house.context()) as session:
        await forgetting.clear_expired(session, at.made.house)

    states: dict[Any, tuple[str, int]] = {}
    for one in (imported, waiting, young):
        states[one] = ((await at.of(one)).state, len(await at.rows(one)))
    assert states == {
        imported: (ImportState.COMMITTED, 0),
        waiting: (ImportState.DISCARDED, 0),
        young: (ImportState.STAGED, 1),
    }
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        kept = select(func.count()).where(RosterImport.file.is_not(None))
        assert (await session.execute(kept)).scalar_one() == 1
    assert len(await at.participations()) == 1
