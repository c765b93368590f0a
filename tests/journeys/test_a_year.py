"""
A pair's year, and the days of it on which its coordinator has something to do, with the clock moved on.

The app is served within this process, so that its clock is the one that the test moves; relay and workers are done at
once at each new day.
"""

import asyncio
import dataclasses
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from sqlalchemy import select

from infra.embedded.server import free_port
from infra.http.asgi import ASGIApp
from infra.outbox import enqueue
from tenants.actor import Actor
from tenants.identity import sessions
from tenants.people.models import Person
from tenants.proposals.models import AskedFor
from tests.conftest import Inbox
from tests.journeys.house import MAIN, House, Visitor
from tests.pairing import MONDAY, Somebody, Stage
from workers.sweeping import SweepOrganisation

pytestmark = pytest.mark.browser

FIRST = date(2026, 11, 23)
NEWS = "We have met nine times, and she found work."
PATH = re.compile(r"https?://[^/\s]+(/me/\S+)")


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[int]:
    port = free_port()
    server = Server(
        app, port=port, interface=Interfaces.ASGI, http=HTTPModes.http1, websockets=False, log_enabled=False
    )
    serving = asyncio.create_task(server.serve())
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.02)
    try:
        yield port
    finally:
        server.stop()
        await serving


@dataclass
class Year:
    house: House
    stage: Stage
    hand: Any
    inbox: Inbox

    async def day(self, on: date) -> None:
        """Nine o'clock of this day, with all that falls due until then."""
        self.hand.move_to(datetime.combine(on, time(9)).astimezone())
        async with self.stage.session() as session:
            await enqueue(session, SweepOrganisation(), key=f"sweep:{on}")
        await self.stage.drain()

    async def signed_in(self, actor: Actor, **how: Any) -> Visitor:
        async with self.stage.session(actor) as session:
            her = (await session.execute(select(Person).where(Person.id == actor.person_id))).scalar_one()
            secret = (await sessions.begin(session, actor, her)).secret
        visitor = await self.house.visitor(self.stage.made.host, **how)
        cookie = {"name": "__Host-session", "value": secret, "domain": self.stage.made.host, "path": "/"}
        await visitor.page.context.add_cookies([{**cookie, "secure": True}])  # type: ignore[list-item]
        return visitor

    async def letter(self, whose: Somebody, subject: str) -> str:
        """The words of the one letter to her with this subject, the newest if there are several."""
        found = [words for told, words in await self.letters(whose) if subject in told]
        assert found, (subject, await self.letters(whose))
        return found[-1]

    async def letters(self, whose: Somebody) -> list[tuple[str, str]]:
        """Subject and words of each, the oldest first."""
        async with self.stage.session() as session:
            email = await session.scalar(select(Person.email).where(Person.id == whose.person_id))
        return [
            (re.sub(r"[\u2066-\u2069]", "", mail["Subject"]), mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
            for mail in self.inbox.to(str(email))
        ]


@pytest.fixture
async def year(house: House, app: ASGIApp, stage: Stage, inbox: Inbox) -> AsyncIterator[Year]:
    async with served(app) as port:
        with time_machine.travel(MONDAY, tick=True) as hand:
            # The same browser and the same list of complaints, another address.
            here = dataclasses.replace(
                house, installation=SimpleNamespace(web_port=port), ground=stage.ground
            )  # type: ignore[arg-type]
            yield Year(here, stage, hand, inbox)


async def test_from_the_confirmation_to_the_last_answer(year: Year) -> None:  # K36 K37 K39 K41-K44 K60
    stage = year.stage
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)
    await stage.both_meet(proposal, mentor, mentee)
    await stage.answer(mentor, proposal, AskedFor.GO_ON)
    await stage.drain()

    hers = await year.signed_in(mentee.actor, width=390, scripts=False)
    await hers.open(f"/me/proposal/{proposal}")
    await hers.page.click("main details:has(button) > summary")
    await hers.press("main button[value=yes]")
    case = (await stage.relationship(proposal)).id
    await stage.drain()
    assert await year.letter(mentor, "You and Wanjiru Kamau are a pair")

    await year.day(FIRST + timedelta(days=91))  # both are asked how it goes
    words = await year.letter(mentee, "How is it going with Njeri Mwangi?")
    assert "about 9 more months" in words
    hers = await year.signed_in(mentee.actor, width=390, scripts=False)
    await hers.open(path_in(words))
    await hers.fill(goals=NEWS)
    await hers.press(MAIN)
    await year.day(FIRST + timedelta(days=91 + 14))  # whoever was silent is asked once more
    assert await year.letter(mentor, "We would like to hear from you")
    assert "We would like to hear from you" not in dict(await year.letters(mentee))
    desk = await year.signed_in(stage.by)
    await desk.open(f"/c/pairs/{case}")
    assert NEWS in await desk.text()
    await desk.open("/c/today")  # the check-up of three months
    assert "Check-up" in await desk.text() and "Njeri Mwangi" in await desk.text()
    await desk.open(f"/c/pairs/{case}")
    await desk.press("button:has-text('Check-up is done')")
    assert "24 August 2027" in await desk.text()

    await year.day(date(2027, 11, 23))  # the term is over: how was it?
    await evaluates(year, mentee)
    await year.day(date(2027, 12, 7))
    assert await year.letter(mentor, "Five minutes about your mentoring")
    await year.day(date(2027, 12, 14))
    desk = await year.signed_in(stage.by)
    await desk.open("/c/today")
    assert "Call about an evaluation that has not come" in await desk.text()

    await desk.open(f"/c/pairs/{case}")
    await desk.page.click("main details:has(form[action$='/end']) > summary")
    await desk.fill(reason="term_over", mentee="NETWORK PARTICIPANT")
    await desk.press("form[action$='/end'] button")
    await stage.drain()
    for whose in (mentor, mentee):
        assert "has come to its end" in await year.letter(whose, "Your mentoring with")
    assert [await stage.status(whose) for whose in (mentor, mentee)] == [
        "READY TO BE MATCHED",
        "NETWORK PARTICIPANT",
    ]
    before = len(year.inbox.mails)
    await year.day(date(2028, 1, 24))  # K43: no more follow-ups
    assert not [mail for mail in year.inbox.mails[before:] if "How is it going" in mail["Subject"]]


async def evaluates(year: Year, who: Somebody) -> None:
    hers = await year.signed_in(who.actor, width=390, scripts=False)
    await hers.open(path_in(await year.letter(who, "The time of your mentoring is over. How was it?")))
    await hers.fill(ended="yes", why=["year_over"], often="monthly", how="in_person")
    await hers.press(MAIN)
    await hers.fill(benefit="learned", network="some", satisfied="very_satisfied", relationship="good")
    await hers.press(MAIN)
    assert "Thank you" in await hers.text()


def path_in(words: str) -> str:
    found = PATH.search(words)
    assert found, words
    return found[1]
