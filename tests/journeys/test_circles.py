"""
A circle in one go: a run, somebody moved by hand, everybody asked, private answers, and a circle that begins with who said yes.
"""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from infra import clock
from tenants.actor import Actor, person
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tenants.programmes.models import Structure
from tenants.proposals.party_models import Party, PartyState, Seat
from tenants.registration.models import Participation
from tenants.relationships import parties
from tests import crowd, making
from tests.journeys.house import MAIN, House

pytestmark = pytest.mark.browser

SOON_MS = 60_000
PEERS = (
    "Amina Diallo", "Élise Martin", "Njeri Mwangi", "Sokha Chan", "فاطمة الزهراء", "Ana Ilić", "Marta Kowalska",
    "Wanjiru Kamau", "Zdenka Horvat", "Leila Haddad", "Inés Ortega", "Thandi Nkosi", "Mei Lin",
)  # fmt: skip


async def test_a_circle_from_its_run_to_its_first_meeting(house: House) -> None:  # U01 K33
    made = await making.organisation(house.ground.database)
    database = house.ground.database
    launched = await making.programme(database, made, structure=Structure.CIRCLE, slug="circles")
    people = await crowd.people(
        database, made, launched, "peer", len(PEERS), mode="group", time_zone="Africa/Nairobi"
    )
    async with database.tenant_session(made.house.context()) as session:
        for at, (name, one) in enumerate(zip(PEERS, people, strict=True)):
            found = (
                await session.execute(
                    select(Person)
                    .join(Participation, Participation.person_id == Person.id)
                    .where(Participation.id == one)
                )
            ).scalar_one()
            found.full_name, found.email = name, f"peer{at}@example.org"
            session.add(RoleGrant(organisation_id=made.id, person_id=found.id, role=Role.PARTICIPANT))

    desk = await house.signed_in(made.coordinator, made.host)
    await desk.open(f"/c/matching/new?cycle={launched.cycle.id}")
    assert "How large a circle is" in await desk.text()
    await desk.fill(least="3", most="6")
    await desk.press("button[value=start]", moves_on=True)
    headline = desk.page.locator("h1")
    await expect(headline).to_contain_text("people have a circle", timeout=SOON_MS)
    await desk.look("circles")
    assert "Total" in await desk.text()
    run = desk.page.url

    await desk.press("main a[href*='move?who=']", moves_on=True)
    while not await desk.page.locator("main ol.rows, main p.note:not([role])").count():
        await desk.page.wait_for_timeout(200)
        await desk.page.reload()
    await desk.look("weighed")
    assert "is moved" in await moved(desk) or "Would not hold" in await desk.text()

    await desk.open(run)
    await desk.press("div.bar button.primary")
    assert re.search(
        r"One proposal was approved|\d+ proposals were approved", await desk.page.inner_text("body")
    )
    asked = await asked_now(house, made)
    party_id = next(iter(asked))
    first, *others = asked[party_id]

    phone = await house.signed_in(first, made.host, width=390, scripts=False)
    assert "say whether you take part in a circle" in await phone.text()
    await phone.press("main a.primary")
    said = await phone.text()
    assert f"A circle for you and {len(others)} more peers" in said
    own = await name_of(house, first)
    assert not any(name in said for name in PEERS if name != own)
    for one in others:
        async with database.tenant_session(one.context()) as session:
            await parties.answer(session, one, party_id, is_yes=True)
    await phone.press(MAIN)
    said = await phone.text()
    assert "Who is in your circle" in said
    assert await name_of(house, others[0]) in said

    await desk.open("/c/groups?show=confirmed")
    await desk.press("main ol.rows a")
    await desk.press("main a.primary")
    assert f"A circle of {len(others) + 1} people" in await desk.text()


async def moved(desk) -> str:
    """Take the first place that is possible, where there is one."""
    if not await desk.page.locator("main button:has-text('Move here')").count():
        return ""
    await desk.press("main button:has-text('Move here')")
    return str(await desk.page.inner_text("body"))


async def asked_now(house: House, made: making.Made) -> dict[UUID, list[Actor]]:
    """The circles that are asked, as if it had been an hour ago."""
    found: dict[UUID, list[Actor]] = {}
    async with house.ground.database.tenant_session(made.house.context()) as session:
        for party in (await session.execute(select(Party).where(Party.state == PartyState.OPEN))).scalars():
            party.sent_at = clock.now() - timedelta(hours=1)
            rows = await session.execute(
                select(Participation.person_id)
                .join(Seat, Seat.participation_id == Participation.id)
                .where(Seat.party_id == party.id)
                .order_by(Participation.id)
            )
            found[party.id] = [person(made.id, one, frozenset({Role.PARTICIPANT})) for one in rows.scalars()]
    return found


async def name_of(house: House, actor: Actor) -> str:
    async with house.ground.database.tenant_session(actor.context()) as session:
        return str(await session.scalar(select(Person.full_name).where(Person.id == actor.person_id)))
