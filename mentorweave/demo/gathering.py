"""
What brings the people of a network together, through the same actions that people use: a workshop with its guests, things to
act on, sub-networks, and the draft of a newsletter.

All of it is one transaction for each organisation: it is there, or the next start does it.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from mentorweave.demo.seed import Seed
from tenants.actor import Actor, person
from tenants.gatherings import actions as workshops
from tenants.gatherings import answering, inviting
from tenants.gatherings.inviting import Whom
from tenants.gatherings.models import Audience, GatheringKind, Workshop
from tenants.gatherings.rules import USUAL_MINUTES, Asked
from tenants.networks import actions as networks
from tenants.newsletters import actions as newsletters
from tenants.newsletters.rules import Section, Words
from tenants.opportunities import actions as opportunities
from tenants.opportunities import interests
from tenants.opportunities.rules import Content
from tenants.permissions import Role
from tenants.programmes.models import Cycle
from tenants.registration.models import Participation, Status

INVITED, COMING, PLACES = 12, 8, 6
HERE = (Status.READY, Status.IN_RELATIONSHIP)


async def gather(seed: Seed) -> None:
    """Nothing where it has been done already, or where nobody is together yet."""
    if not seed.sample.proposals:
        return
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        if await session.scalar(select(Workshop.id)):
            return
        by = await seed.actor(
            session, seed.sample.coordinators[0][0], Role.PROGRAMME_MANAGER, Role.COORDINATOR
        )
        query = select(Participation).where(Participation.status.in_(HERE)).order_by(Participation.id)
        parts = (await session.scalars(query)).all()
        mentees = [one for one in parts if one.role == "mentee"]
        cycle = (await session.scalars(select(Cycle))).one()
        await _meet(session, seed, by, cycle, mentees[:INVITED])
        await _offer(session, seed, by, cycle, mentees)
        await _keep_in_touch(session, seed, by, cycle, list(parts))


def _as(seed: Seed, one: Participation) -> Actor:
    return person(
        seed.organisation_id, one.person_id, frozenset({Role.PARTICIPANT}), time_zone=seed.sample.zone
    )


async def _meet(
    session: AsyncSession, seed: Seed, by: Actor, cycle: Cycle, mentees: list[Participation]
) -> None:
    """A workshop that has more guests than places; one of them cannot come."""
    day = clock.today(seed.sample.zone) + timedelta(days=12)
    asked = Asked(
        kind=GatheringKind.INTRODUCTION,
        audience=Audience.MENTEES,
        title={"en": "Getting started", "fr": "Bien commencer"},
        words={"en": "We get to know each other, and what you dream of.\n\nBring nothing but yourself."},
        wall=f"{day}T17:00",
        zone=seed.sample.zone,
        minutes=USUAL_MINUTES,
        place="The library, room 3",
        language="en",
        places=PLACES,
    )
    made = await workshops.plan(session, by, cycle.id, asked)
    await inviting.invite(session, by, made.id, Whom(people=[one.id for one in mentees]))
    for number, one in enumerate(mentees[: COMING + 1]):
        await answering.answer(session, _as(seed, one), made.id, comes=number != COMING)


async def _offer(
    session: AsyncSession, seed: Seed, by: Actor, cycle: Cycle, mentees: list[Participation]
) -> None:
    """Two on the board, and one that somebody proposes."""
    day, here = clock.today(seed.sample.zone), [cycle.programme_id]
    course = Content(
        "training", "Bookkeeping for beginners, free of charge",
        "Six evenings, from the first invoice to the yearly accounts. Places go to those who apply first.", "en",
        day + timedelta(days=18), place="Evening school, Harbour Street 4", contact="Mette at the evening school",
    )  # fmt: skip
    post = Content(
        "job", "Laboratory assistant, 30 hours",
        "A small company looks for somebody who is careful and curious. They help with the language.", "en",
        day + timedelta(days=9), is_remote=True, url="https://jobs.example.org/laboratory",
    )  # fmt: skip
    board = [await opportunities.post(session, by, one, programme_ids=here) for one in (course, post)]
    for one in mentees[:3]:
        await interests.say(session, _as(seed, one), board[0].id)
    visit = Content(
        "event", "Open day at the town hall", "Everybody may come and ask how one runs for the council.", "en",
        day + timedelta(days=6), place="Town hall",
    )  # fmt: skip
    await opportunities.propose(session, _as(seed, mentees[0]), visit)


async def _keep_in_touch(
    session: AsyncSession, seed: Seed, by: Actor, cycle: Cycle, parts: list[Participation]
) -> None:
    """Two sub-networks with their people, and a newsletter that is not sent yet."""
    for name, words, people in (
        (
            "Women in law and accounting",
            "We share what an authority asks for, and how to answer it.",
            parts[:7],
        ),
        ("Parents of small children", "Meetings in the morning, with a room to play in.", parts[4:9]),
    ):
        made = await networks.make(session, by, name={"en": name}, words={"en": words}, lead_id=by.person_id)
        for one in people:
            await networks.add(session, by, made.id, one.id)
    text = Words(
        "What comes this winter",
        (
            Section(
                "A workshop to begin with", "We meet in the library. If you have no place yet, write to us."
            ),
            Section("A course that costs nothing", "Six evenings of bookkeeping. Apply on your own page."),
        ),
    )
    await newsletters.begin(session, by, texts={"en": text}, programme_ids=[cycle.programme_id])
