"""A year of one pair as the worker keeps it: asked after its meeting, after a silence and at the end, each once."""

from datetime import date

import time_machine
from sqlalchemy import select

from infra import clock
from infra.outbox import enqueue
from tenants.people.models import Person
from tenants.relationships import meeting
from tests.pairing import MONDAY
from workers.sweeping import SweepOrganisation


async def test_a_pair_is_asked_through_its_year(stage, inbox):  # K38 K42 K52
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        pair = await stage.pair(mentor, mentee)
        async with stage.session(mentor.actor) as session:
            [one] = await meeting.propose(
                session, mentor.actor, pair.id, wall_times=["2026-12-29T14:00"], zone="UTC"
            )
        async with stage.session(mentee.actor) as session:
            await meeting.agree(session, mentee.actor, one.id)
            address = await session.scalar(select(Person.email).where(Person.id == mentee.person_id))
        told = {}
        for day in (
            date(2026, 11, 24), date(2026, 12, 29), date(2026, 12, 30), date(2027, 1, 6), date(2027, 1, 21),
            date(2027, 11, 23),
        ):  # fmt: skip
            hand.move_to(clock.instant(day, clock.now().time().replace(hour=16), "UTC"))
            inbox.mails.clear()
            for turn in range(2):  # a turn that is done twice does nothing twice
                async with stage.session() as session:
                    await enqueue(session, SweepOrganisation(), key=f"sweep:{day}:{turn}")
                await stage.drain()
            told[f"{day:%m-%d}"] = [str(mail["Subject"]) for mail in inbox.to(address)]
        assert told == {
            "11-24": ["You and Njeri Mwangi are a pair", "Your meeting with Njeri Mwangi"],
            "12-29": [],  # five weeks without a meeting, but one is just over
            "12-30": ["Did you meet Njeri Mwangi?"],
            "01-06": ["When do you meet Njeri Mwangi next?"],
            "01-21": [],
            "11-23": ["The time of your mentoring is over. How was it?"],
        }
        tasks = [kind for kind, _ in await stage.tasks()]
        assert tasks.count("relationship.quiet") == 1 and tasks.count("relationship.not_heard") == 1
