"""Somebody goes who waits for something outside of her case's states: a seat, a wish, a notice, an answer, a signature."""

import os
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from infra import clock
from tenants.gatherings.models import Workshop
from tenants.notifications.models import Letter, LetterState, Task
from tenants.opportunities import actions as opportunities
from tenants.opportunities import interests
from tenants.opportunities import queries as board
from tenants.opportunities.models import Opportunity
from tenants.organisations import actions as organisations
from tenants.proposals.models import Proposal
from tenants.registration import leaving, profiles
from tenants.registration.appointment_models import Appointment
from tenants.registration.appointments import arranging
from tenants.registration.appointments.rules import Details
from tenants.registration.models import Participation, Status
from tenants.relationships import notices, queries
from tenants.relationships.agreements.models import Agreement
from tenants.relationships.agreements.notice_models import Ground, Notice
from tenants.relationships.keeping import not_heard
from tenants.relationships.models import Relationship
from tests import erasing
from tests.agreeing import act, fill, sign
from tests.gathering import Workshops
from tests.histories import going
from tests.pairing import MONDAY, Somebody

COURSE = opportunities.Content(
    "training", "A course", "Four evenings.", "en", date(2026, 12, 18), place="Mostar"
)
LEAVES, IS_DELETED = "leaves", "is deleted"
STATES = (
    "has a seat", "waits for a seat", "is interested", "proposes a course", "has an interview", "asked whether they go on",
    "gave notice", "has signed alone", "was given notice", "asked three things",
)  # fmt: skip
IN_A_PAIR = STATES[6:]
EVERY = [(state, deed) for state in STATES for deed in (LEAVES, IS_DELETED)]
# Each state once, with either in turn.
CHOSEN = EVERY if "HISTORIES" in os.environ else [one for at, one in enumerate(EVERY) if at % 4 in (0, 3)]


@dataclass
class One:
    """Somebody in such a state, the other one of her pair or she who waits behind her, and what there is of it."""

    her: Somebody
    other: Somebody
    thing: object
    told: dict[str, list[str]] = field(default_factory=dict)  # before she goes


# state and deed -> (what stands, what she is told, what the other one is told)
LEFT = "registration.left"
OUTCOMES = {
    ("has a seat", LEAVES): ("her gone, other coming", LEFT, "workshop.place"),
    ("has a seat", IS_DELETED): ("her gone, other coming", "", "workshop.place"),
    ("waits for a seat", LEAVES): ("her gone, other coming", LEFT, ""),
    ("waits for a seat", IS_DELETED): ("her gone, other coming", "", ""),
    ("is interested", LEAVES): ("open, 0 interested", LEFT, ""),
    ("is interested", IS_DELETED): ("open, 0 interested", "", ""),
    ("proposes a course", LEAVES): ("proposed, task opportunity.proposed", LEFT, ""),
    ("proposes a course", IS_DELETED): ("withdrawn, task None", "", ""),
    ("has an interview", LEAVES): ("cancelled", f"interview.cancelled {LEFT}", ""),
    ("has an interview", IS_DELETED): ("None", "", ""),
    ("asked whether they go on", LEAVES): ("withdrawn", LEFT, "proposal.closed"),
    ("asked whether they go on", IS_DELETED): ("withdrawn", "", "proposal.closed"),
    # Her pair runs on until her coordinator ends it, or until the day of the notice.
    ("gave notice", LEAVES): ("running, given", LEFT, ""),
    ("gave notice", IS_DELETED): ("ended, lapsed", "", "relationship.ended"),
    ("was given notice", LEAVES): ("running, given", LEFT, ""),
    ("was given notice", IS_DELETED): ("ended, lapsed", "", "relationship.ended"),
    ("asked three things", LEAVES): ("running", LEFT, ""),
    ("asked three things", IS_DELETED): ("ended", "", "relationship.ended"),
    ("has signed alone", LEAVES): ("running, draft", LEFT, ""),
    ("has signed alone", IS_DELETED): ("ended, draft", "", "relationship.ended"),
}


@pytest.fixture
def hand():
    with time_machine.travel(MONDAY, tick=True) as moved:
        yield moved


class Elsewhere:
    """Leads people into the states, and says how they stand."""

    def __init__(self, stage, hand):
        self.stage, self.hand, self.workshops = stage, hand, Workshops(stage)

    async def led_to(self) -> dict[tuple[str, str], One]:
        both = await going.sides(self.stage, len(CHOSEN))
        return {
            one: One(her, other, await self._thing(*one, her, other))
            for one, her, other in zip(CHOSEN, *both, strict=True)
        }

    async def _thing(self, state: str, deed: str, her: Somebody, other: Somebody) -> object:
        programmes = [self.stage.launched.programme.id]
        if "seat" in state:
            return await self._workshop(state, deed, her, other)
        if state in IN_A_PAIR:
            return await self.stage.pair(other, her)
        if state == "asked whether they go on":
            [proposal] = await self.stage.sent((other, her))
            await self.stage.become_known(proposal)
            await self.stage.both_meet(proposal, other, her)
            return proposal
        if state == "has an interview":
            return await self._interview(her, number=len(deed))
        if state == "proposes a course":
            return (await act(self.stage, her, opportunities.propose, COURSE, programme_ids=programmes)).id
        async with self.stage.session(self.stage.by) as session:
            posted = await opportunities.post(session, self.stage.by, COURSE, programme_ids=programmes)
        await act(self.stage, her, interests.say, posted.id)
        return posted.id

    async def _interview(self, her: Somebody, number: int) -> Appointment:
        by, wall = self.stage.by, f"{clock.today('UTC') + timedelta(days=20)}T{number:02}:00"
        async with self.stage.session(by) as session:
            hers = update(Participation).where(Participation.id == her.id)
            await session.execute(hers.values(status=Status.REGISTERED))
            made = await arranging.arrange(
                session, by, {her.id: wall}, zone="UTC", details=Details(45, "Obala 4", None)
            )
        return made.made[her.id]

    async def _workshop(self, state, deed, her, other) -> Workshop:
        made = await self.workshops.planned(audience="everybody", places=1, title={"en": f"{state} {deed}"})
        await self.workshops.invite(made, people=[her.id, other.id])
        first, second = (her, other) if state == "has a seat" else (other, her)
        assert await self.workshops.answer(first, made) == "coming"
        assert await self.workshops.answer(second, made) == "waiting"
        return made

    async def asked(self, state: str, one: One) -> None:
        """What happens in a pair, once it runs."""
        if state == "gave notice":
            await act(self.stage, one.her, notices.give, one.thing.id, Ground.MONTH)
        if state == "was given notice":
            await act(self.stage, one.other, notices.give, one.thing.id, Ground.MONTH)
        if state == "asked three things":
            async with self.stage.session(self.stage.by) as session:
                await not_heard.ask(session, self.stage.by, one.thing.id)
        if state == "has signed alone":
            await fill(self.stage, one.her, one.thing.id)
            await sign(self.stage, one.her, one.thing.id)

    async def stands(self, state: str, one: One) -> str:
        if "seat" in state:
            guests = [await self.workshops.state(whose, one.thing) for whose in (one.her, one.other)]
            return "her {}, other {}".format(*guests)
        async with self.stage.session() as session:
            if state == "has an interview":
                of_it = Task.about["appointment_id"].astext == str(one.thing.id)
                tasks = await session.scalars(select(Task.kind).where(Task.done_at.is_(None), of_it))
                stands = await session.scalar(select(Appointment.state).where(Appointment.id == one.thing.id))
                return ", ".join([str(stands), *sorted(tasks)])
            if state in ("is interested", "proposes a course"):
                posted = (
                    await session.execute(select(Opportunity).where(Opportunity.id == one.thing))
                ).scalar_one()
                if state == "is interested":
                    return f"{posted.state}, {len(await board.interested(session, self.stage.by, one.thing))} interested"
                query = select(Task.kind).where(
                    Task.done_at.is_(None), Task.about["opportunity_id"].astext == str(one.thing)
                )
                return f"{posted.state}, task {await session.scalar(query)}"
            if state == "asked whether they go on":
                return await session.scalar(select(Proposal.state).where(Proposal.id == one.thing))
            of_pair = one.thing.id
            stands = [await session.scalar(select(Relationship.state).where(Relationship.id == of_pair))]
            stands += (
                await session.execute(select(Notice.state).where(Notice.relationship_id == of_pair))
            ).scalars()
            stands += (
                await session.execute(select(Agreement.state).where(Agreement.relationship_id == of_pair))
            ).scalars()
            return ", ".join(stands)

    async def told(self, whose: Somebody) -> list[str]:
        async with self.stage.session() as session:
            query = select(Letter.kind).where(
                Letter.person_id == whose.person_id, Letter.state == LetterState.SENT
            )
            return sorted((await session.execute(query)).scalars())

    async def since(self, one: One, whose: Somebody) -> str:
        kinds = await self.told(whose)
        for kind in one.told[whose.person_id]:
            if kind in kinds:
                kinds.remove(kind)
        return " ".join(kinds)


async def test_whoever_waits_for_something_and_goes(stage, hand, ground):  # K13 K35 K52 K53 K70 K84
    elsewhere = Elsewhere(stage, hand)
    made = await elsewhere.led_to()
    hand.shift(timedelta(minutes=11))
    await stage.drain()
    for (state, _deed), one in made.items():
        await elsewhere.asked(state, one)
    hand.shift(timedelta(days=4))
    await stage.drain()
    before = {of: await elsewhere.stands(of[0], one) for of, one in made.items()}
    await _all_move_to_another_office(stage, made.values())
    assert {
        of: await elsewhere.stands(of[0], one) for of, one in made.items()
    } == before  # nothing is lost on the way
    for one in made.values():
        one.told = {whose.person_id: await elsewhere.told(whose) for whose in (one.her, one.other)}

    for (_state, deed), one in made.items():
        if deed == LEAVES:
            await act(stage, one.her, leaving.leave, one.her.id)
    await stage.drain()
    deleted = [one.her.actor for (_state, deed), one in made.items() if deed == IS_DELETED]
    await erasing.all_erased(ground, deleted)
    found = {
        of: (await elsewhere.stands(of[0], one), await elsewhere.since(one, one.her), await elsewhere.since(one, one.other))
        for of, one in made.items()
    }  # fmt: skip
    assert found == {of: OUTCOMES[of] for of in made}
    await _nothing_is_asked_of_her_later(stage, hand, elsewhere, made)


async def _all_move_to_another_office(stage, made):
    async with stage.session(stage.made.owner) as session:
        office = await organisations.open_office(session, stage.made.owner, name="Aarhus", time_zone="UTC")
    for one in made:
        async with stage.session(stage.by) as session:
            await profiles.move_to_office(session, stage.by, one.her.id, office_id=office.id)
    await stage.drain()


async def _nothing_is_asked_of_her_later(stage, hand, elsewhere, made):
    """A month later her notice takes effect, and is told to the one who is still there."""
    hand.shift(timedelta(days=29))
    async with stage.session() as session:
        await notices.take_effect(session, stage.made.house)
    await stage.drain()
    for state in ("gave notice", "was given notice"):
        one = made[state, LEAVES]
        assert await elsewhere.stands(state, one) == "ended, done"
        assert await elsewhere.since(one, one.other) == "relationship.ended"
    assert clock.today("UTC") > date(2026, 12, 23) and queries
