"""Whoever leaves a circle that goes on: thanked, asked, and out of its calendar; and what letters name before it begins."""

import re
from datetime import timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select

from infra import clock
from infra.db.batches import within
from infra.errors import NotFound
from tenants.evaluations import actions as evaluations
from tenants.evaluations.models import Evaluation
from tenants.people.models import Person
from tenants.programmes.models import Structure
from tenants.proposals import actions as proposals
from tenants.registration import leaving
from tenants.registration.models import Status
from tenants.relationships import actions as relationships
from tenants.relationships import meeting as meetings
from tenants.relationships import parties
from tenants.relationships import queries as cases
from tenants.relationships.afterwards import actions as afterwards
from tenants.relationships.afterwards.rules import PURPOSE
from tenants.relationships.models import EndReason
from tenants.relationships.rules import PartOver
from tests import pairing
from tests.making import signed_in
from tests.parties import begun, drafted, says
from tests.tenants.proposals.test_parties import circle

__all__ = ["circle"]  # fixtures that both files use


async def test_who_leaves_a_circle_is_thanked_and_asked_as_at_an_end(circle, inbox, browse):  # K13 K42 K43
    stage, people, party = circle
    for one in people:
        await says(stage, party, one, yes=True)
    found, _ = await begun(stage, party)
    day = clock.today("UTC") + timedelta(days=40)
    made = await _agreed_every_month(stage, found, people, day)
    gone, addresses = people[0], [await _address(stage, one) for one in people]
    async with stage.session(people[3].actor) as session:
        await leaving.leave(session, people[3].actor, people[3].id)
    async with stage.session(stage.by) as session:
        await parties.remove(session, stage.by, found.id, people[4].id, goes_on_as=Status.LEFT)
        await parties.remove(session, stage.by, found.id, people[3].id)
    coordinator, case = await signed_in(stage.database, browse, stage.made, stage.by), f"/c/pairs/{found.id}"
    noted = await (await coordinator.get(case)).submit(f"{case}/remove", who=str(gone.id))
    assert "has not chosen yet" in noted.text
    _, members = await begun(stage, party)
    assert members == {one.id for one in people[1:3]}
    assert (await stage.status(gone), await stage.held(gone)) == (Status.READY, 0)
    async with stage.session(gone.actor) as session:
        assert await cases.own(session, gone.actor) == []
        with pytest.raises(NotFound):
            await cases.own_relationship(session, gone.actor, found.id)
        for act in (meetings.agree, meetings.cancel):
            with pytest.raises(PartOver):
                await act(session, gone.actor, made[0].id)
    await stage.drain()
    parted = [_parted(inbox, address) for address in addresses]
    assert parted[1:3] == [None, None]  # the others keep their meetings, and are told nothing
    for told in (parted[0], *parted[3:]):
        [event] = Calendar.from_ical(_calendar(told).get_content()).events
        assert _calendar(told).get_param("method") == "CANCEL" and event["STATUS"] == "CANCELLED"
        assert (event.uid, event.sequence) == (f"{made[0].series_id}@meetings.mentorweave", 1)
        assert f"The {len(made)} meetings that were still to come take place without you." in _words(told)
    async with stage.session() as session:
        assert {one.state for one in await cases.meetings(session, found.id)} == {"agreed"}
        asked = await afterwards.asked_of(session, found.id, gone.id)
        for left in people[3:]:  # the programme, before and with it
            assert await afterwards.asked_of(session, found.id, left.id) is None
    link = f"/next/{stage.ground.links.token(PURPOSE, stage.made.id, asked.id)}"
    assert link in _words(parted[0]) and "/next/" not in _words(parted[4])
    reader = browse(stage.made.host)
    page = await (await reader.get(link)).submit(link, choice="news")
    assert "Thank you. We have noted your choice." in page.text
    assert await stage.status(gone) == Status.NETWORK_PARTICIPANT
    assert "Stays for news and events only" in (await coordinator.get(case)).text
    for _ in range(2):
        await _evaluate(stage)
    assert await _evaluated(stage) == {gone.id, people[4].id}
    async with stage.session(stage.by) as session:  # the end asks the others, whoever was asked before it
        await relationships.end(session, stage.by, found.id, reason=EndReason.TERM_OVER)
    await _evaluate(stage)
    assert await _evaluated(stage) == {one.id for one in people if one is not people[3]}
    assert [(await stage.letters(one)).count("evaluation.asked") for one in people] == [1, 1, 1, 0, 1]


async def _agreed_every_month(stage, found, people, day):
    async with stage.session(people[1].actor) as session:
        made = await meetings.propose(
            session, people[1].actor, found.id, wall_times=[f"{day}T10:00"], zone="UTC", monthly=True
        )
    async with stage.session(people[0].actor) as session:
        await meetings.agree(session, people[0].actor, made[0].id)
    return made


async def _address(stage, whose):
    async with stage.session() as session:
        return await session.scalar(select(Person.email).where(Person.id == whose.person_id))


def _parted(inbox, address):
    found = [mail for mail in inbox.to(address) if mail["Subject"] == "Your part in your circle is over"]
    assert len(found) < 2
    return found[0] if found else None


def _words(mail):
    return mail.get_body(("plain",)).get_content()


def _calendar(mail):
    [part] = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    return part


async def _evaluate(stage):
    async with stage.session() as session:
        await evaluations.follow_up(within(session), stage.made.house)


async def _evaluated(stage):
    async with stage.session() as session:
        return set(await session.scalars(select(Evaluation.participation_id)))


async def test_letters_name_nobody_before_it_begins(database, ground, inbox):  # K33
    with time_machine.travel(pairing.MONDAY, tick=False) as hand:
        stage = await pairing.stage(database, ground, structure=Structure.CIRCLE)
        people = [await stage.joins("peer", name=f"Amina {word}") for word in ("Alfa", "Beta", "Gamma")]
        run_id, [party] = await drafted(stage, people, least=2)
        async with stage.session(stage.by) as session:
            await proposals.approve(session, stage.by, run_id)
        hand.shift(timedelta(minutes=11))
        await stage.drain()
        first = await last(stage, inbox, people[0])
        assert first["Subject"] == "A circle for you: do you take part?"
        asked = text_of(first)
        assert "you and 2 more peers" in asked
        assert "Thursday 26 November" in asked
        assert "/answer/" in asked
        assert "Beta" not in asked
        for one in people[:2]:
            await says(stage, party, one, yes=True)
        hand.shift(timedelta(days=4))
        await stage.drain()
        assert "We have not heard from you yet" in text_of(await last(stage, inbox, people[2]))
        hand.shift(timedelta(days=20))
        await stage.drain()
        assert "the others have begun" in text_of(await last(stage, inbox, people[2]))
        begins = text_of(await last(stage, inbox, people[0]))
        assert "Amina Beta" in begins
        assert "Gamma" not in begins


async def last(stage, inbox, whose):
    async with stage.session() as session:
        person = await session.get(Person, (stage.made.id, whose.person_id))
    return inbox.to(person.email)[-1]


def text_of(mail):
    return re.sub(r"\s+", " ", mail.get_body(("plain",)).get_content())
