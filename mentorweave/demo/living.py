"""
What a network looks like after some weeks, through the same actions that people use: agreements that are signed, an
interview to come and one that was held, a conflict on its way, an answer where nothing had been heard, outcomes, words of its own.

All of it is one transaction for each organisation: it is there, or the next start does it.
"""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from mentorweave.demo.seed import Seed
from tenants.actor import Actor, person
from tenants.evaluations import outcome_answers, outcomes
from tenants.notifications import writing
from tenants.notifications.template_models import LetterTemplate
from tenants.notifications.templates import actions as templates
from tenants.notifications.templates import coverage
from tenants.permissions import Role
from tenants.programmes import queries as programmes
from tenants.programmes.models import Cycle, Programme
from tenants.programmes.rules import questions_for
from tenants.registration import actions as registration
from tenants.registration import on_behalf
from tenants.registration.appointments import arranging, rules
from tenants.registration.models import Participation
from tenants.relationships import meeting
from tenants.relationships import queries as cases
from tenants.relationships.agreements import actions as agreements
from tenants.relationships.agreements import plan_rules, plans
from tenants.relationships.agreements import queries as signed
from tenants.relationships.agreements.rules import Content
from tenants.relationships.conflicts import actions as conflicts
from tenants.relationships.conflicts import steps
from tenants.relationships.keeping import not_heard
from tenants.relationships.keeping.models import GoesOn
from tenants.relationships.keeping.not_heard import Said
from tenants.relationships.models import Relationship
from tenants.reports import outbox

AGREED = Content(
    ("email", "telephone"), "Every other week", "A job in her own profession", ("job", "confidence")
)
PHONE = "+45 5550 0177"
TEMPLATE = "relationship.confirmed"
SCALES = ({"belief": 3, "work": 2}, {"belief": 2, "work": 1}, {"belief": 4, "work": 3})


async def live(seed: Seed) -> None:
    """Nothing where it has been done already, or where there are no pairs."""
    if not seed.sample.proposals:
        return
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        if await session.scalar(select(LetterTemplate.id)):
            return
        outbox.kinds()
        by = await seed.actor(
            session, seed.sample.coordinators[0][0], Role.PROGRAMME_MANAGER, Role.COORDINATOR
        )
        pairs = (await session.scalars(select(Relationship).order_by(Relationship.id))).all()
        programme = (await session.scalars(select(Programme))).one()
        await _sign(session, seed, pairs[0])
        if len(pairs) > 1:
            await _quarrel(session, by, pairs[1])
            await _be_heard(session, seed, by, pairs[-1])
        await _say_how_it_stands(session, by, programme)
        if programme.wants_interview:
            await _talk(session, seed, by, programme)
        await _write(session, seed, by)


def _as(seed: Seed, one: Any) -> Actor:
    return person(seed.organisation_id, one.person_id, frozenset({Role.PARTICIPANT}), time_zone=one.time_zone)


async def _sign(session: AsyncSession, seed: Seed, pair: Relationship) -> None:
    """Agreement, plan, and a meeting of every month."""
    mentor, mentee = (_as(seed, one) for one in await cases.people(session, pair))
    await agreements.fill(session, mentee, pair.id, AGREED, seen=0)
    for one in (mentee, mentor):
        shown = await signed.own(session, one, pair.id, "en")
        await agreements.sign(session, one, pair.id, language="en", digest=shown.digest)
    goal = plan_rules.Change(plan_rules.Deed.ADD, text="An interview for a job in my profession")
    await plans.change(session, mentee, pair.id, goal)
    day = clock.today(mentor.time_zone) + timedelta(days=6)
    [offer, *_rest] = await meeting.propose(
        session, mentor, pair.id, wall_times=[f"{day}T17:00"], zone=mentor.time_zone, monthly=True
    )
    await meeting.agree(session, mentee, offer.id)


async def _quarrel(session: AsyncSession, by: Actor, pair: Relationship) -> None:
    found = await conflicts.open_conflict(
        session, by, pair.id, summary="They expect different things of how often they meet."
    )
    await steps.do_next_step(session, by, found.id)


async def _be_heard(session: AsyncSession, seed: Seed, by: Actor, pair: Relationship) -> None:
    asked = {one.participation_id: one for one in await not_heard.ask(session, by, pair.id)}
    mentee = (await cases.people(session, pair))[-1]
    said = Said(
        is_agreement_coming=True,
        has_met_again=False,
        goes_on=GoesOn.UNSURE,
        words="We have not found a time yet.",
    )
    await not_heard.answer(session, _as(seed, mentee), asked[mentee.participation_id].id, said)


async def _say_how_it_stands(session: AsyncSession, by: Actor, programme: Programme) -> None:
    await outcomes.take_up(session, by, programme.id, "network")
    query = select(Participation.id).where(Participation.role == "mentee").order_by(Participation.id)
    for told, whose in zip(SCALES, await session.scalars(query.limit(len(SCALES))), strict=False):
        await outcome_answers.answer(session, by, whose, told)


async def _talk(session: AsyncSession, seed: Seed, by: Actor, programme: Programme) -> None:
    """Two who have just registered: one is to be talked with in a few days, one has been."""
    coming, been = [
        await register(session, seed, by, programme, name) for name in ("Noor Jensen", "Ewa Nowak")
    ]
    day = clock.today(by.time_zone) + timedelta(days=4)
    wall = datetime.combine(day, time(10)).isoformat(timespec="minutes")
    details = rules.details(rules.USUAL_MINUTES, "The library, room 3", None)
    await arranging.arrange(session, by, {coming: wall}, zone=by.time_zone, details=details)
    await registration.select_for_interview(session, by, been)
    yesterday = clock.today(by.time_zone) - timedelta(days=1)
    await registration.record_interview_held(session, by, been, on=yesterday)


async def register(session: AsyncSession, seed: Seed, by: Actor, programme: Programme, name: str) -> Any:
    known = {
        "phone": PHONE, "languages": [{"code": "en", "level": 3}], "time_zone": seed.sample.zone,
        "topics_wanted": ["leadership", "networking"], "experience_years": 6, "conditions_mentee": ["learning", "sharing", "guidance"],
    }  # fmt: skip
    asked = questions_for(await programmes.questions(session, programme.id), "mentee")
    given = {one.key: known[one.key] for one in asked if one.key in known}
    _, entered = await on_behalf.register(
        session, by, programme_id=programme.id, role="mentee", full_name=name, email=seed.email(name), language="en",
        given=given, agreed=["taking_part", "matching"], channel="phone", is_confirmed=True,
        cycle_id=await session.scalar(select(Cycle.id)),
    )  # fmt: skip
    assert entered is not None
    return entered.id


async def _write(session: AsyncSession, seed: Seed, by: Actor) -> None:
    """A sentence of its own in the letter that says that a pair goes on."""
    shown = await coverage.show(session, by, TEMPLATE, "en")
    body = f"{shown.source.body}\n\nYour first coffee is on us: say “{seed.sample.name}” at the library café."
    desk = await writing.desk(session, seed.ground.settings.web, seed.ground.links)
    await templates.write(
        session, by, TEMPLATE, "en", shown.source._replace(body=body), based_on=0, desk=desk
    )
