"""Invitations to interviews: two coordinators or two tabs at once, and words for a letter that changes before it goes."""

import asyncio

from sqlalchemy import select

from tenants.actor import person
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter
from tenants.permissions import Role
from tenants.registration.appointments import actions, answering, arranging, rules
from tests import making
from tests.web.pages.inviting import HERS, PLACE, words
from tests.web.pages.test_appointments import case

__all__ = ["case"]  # a fixture that both files use


async def test_two_coordinators_at_once_invite_everybody_once_and_an_unsent_letter_is_not_called_off(case):
    people = [await case.joins(f"Person {number}", f"p{number}@example.org") for number in range(3)]
    tamar = await making.somebody(case.ground.database, case.made.id, Role.COORDINATOR, name="Tamar Beridze")

    async def invite(by, order):
        walls = {one.id: f"2026-12-07T{10 + at}:00" for at, one in enumerate(order)}
        async with case.session(by) as session:
            return await arranging.arrange(
                session, by, walls, zone="UTC", details=rules.details(45, PLACE, None)
            )

    found = await asyncio.gather(invite(case.made.coordinator, people), invite(tamar, people[::-1]))
    assert sum(len(one.made) for one in found) == 3 and sum(len(one.staying) for one in found) == 3
    assert {one.refusal.code for arranged in found for one in arranged.staying} <= {"appointment_stands"}

    # One coordinator in two tabs gives an hour of hers once.
    others = [await case.joins(f"Tab {number}", f"t{number}@example.org") for number in range(2)]

    async def at_noon(who):
        async with case.session(tamar) as session:
            return await arranging.arrange(
                session,
                tamar,
                {who.id: "2026-12-08T12:00"},
                zone="UTC",
                details=rules.details(45, PLACE, None),
            )

    done = await asyncio.gather(*(at_noon(one) for one in others), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Arranged", "Invalid"]

    # One takes the letter out of the outbox, and cancels: of what she never heard of, she is told no end.
    one = await case.one(people[0])
    async with case.session() as session:
        query = select(Letter.id).where(Letter.key == f"interview.invited:{one.id}:0")
        letter_id = (await session.execute(query)).scalar_one()
    async with case.session(case.made.coordinator) as session:
        await notifications.take_back(session, case.made.coordinator, letter_id)
    async with case.session(case.made.coordinator) as session:
        await actions.cancel(session, case.made.coordinator, one.id)
    await case.wait()
    subjects = [mail["Subject"] for mail in case.inbox.to("p0@example.org")]
    assert subjects == ["We have your registration"]
    assert len(case.inbox.to("p1@example.org")) == 2


async def test_words_for_a_letter_that_came_to_say_another_thing_stay_behind(case):
    wanjiru = await case.joins("Wanjiru Kamau", HERS)
    await case.invite(wanjiru)
    await case.wait()
    one, by = await case.one(wanjiru), case.made.coordinator
    async with case.session(by) as session:
        later = {"wall": "2026-12-09T10:00", "zone": "UTC", "details": rules.details(45, PLACE, None)}
        await actions.move(session, by, one.id, **later)
    async with case.session() as session:
        letter_id = await session.scalar(select(Letter.id).where(Letter.kind == "interview.moved"))
    address = f"/c/outbox/{letter_id}"
    page = await (await case.desk.get(f"{address}/words")).submit(
        f"{address}/words", body="These words are mine.\n\n{{asks}}"
    )
    assert "goes out in your words" in page.text
    her = person(case.made.id, wanjiru.person_id, frozenset({Role.PARTICIPANT}))
    async with case.session(her) as session:
        await answering.confirm(session, her, one.id)
    await case.wait()
    told = words(case.last(HERS))
    assert "The time that you proposed stands" in told and "words are mine" not in told
    page = await case.desk.get(address)
    assert "did not go out" in page.text and "These words are mine." in page.text
    assert "your words for it stayed behind" in (await case.desk.get("/c/today")).text
