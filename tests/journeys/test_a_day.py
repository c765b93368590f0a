"""
A coordinator's Tuesday, from the morning's letter to her calendar program, in a browser and mostly without a mouse.

Everything she does comes from what the day puts before her; what others do meanwhile happens between her steps.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

import httpx
import pytest
from playwright.async_api import expect

from infra import clock
from tenants.interviews import actions as interviews
from tenants.notifications import actions as notifications
from tenants.proposals.models import AskedFor
from tests.journeys.house import Visitor
from tests.journeys.test_a_year import Year, year
from tests.pairing import Somebody, Stage

__all__ = ["year"]

pytestmark = pytest.mark.browser

TUESDAY = date(2026, 11, 24)
NOTE = "Leads a shift, and wants to lead the next one."


@dataclass
class Day:
    year: Year
    cora: Somebody
    desk: Visitor
    pairs: list[tuple[Somebody, Somebody]]
    proposals: list

    @property
    def stage(self) -> Stage:
        return self.year.stage

    async def reads(self, words: str) -> None:
        await expect(self.desk.page.locator("h1")).to_have_text(words)

    async def hears(self, words: str) -> None:
        await expect(self.desk.page.locator("#live")).to_contain_text(words)


@pytest.fixture
async def day(year: Year) -> AsyncIterator[Day]:
    stage = year.stage
    pairs = [
        (await stage.joins("mentor", f"Amina {one}"), await stage.joins("mentee", f"Wanjiru {one}"))
        for one in ("Horvat", "Kamau", "Nguyen")
    ]
    proposals = await stage.sent(*pairs)
    await stage.become_known(*proposals)
    async with stage.session() as session:
        for at, (_, mentee) in enumerate(pairs):
            await notifications.ask(
                session, stage.made.house, "interview.hold", key=f"talk {at}",
                due_on=date(2026, 11, 22 + at), participation_id=mentee.id,
            )  # fmt: skip
    await year.day(TUESDAY)
    desk = await year.signed_in(stage.by)
    yield Day(year, Somebody(stage.by, stage.by.require_person()), desk, pairs, proposals)


async def test_from_the_morning_letter_to_the_calendar(day: Day) -> None:  # K45
    stage, page = day.stage, day.desk.page
    before = await day.year.letter(day.cora, "2 late")

    await day.desk.open("/c/today")
    number = int(re.search(r"\d+", await page.locator("h1").inner_text())[0])
    assert f"{number} " in before  # the letter and the page count the same
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await page.keyboard.press("d")
    await day.hears("Done: Hold the interview")
    await page.get_by_role("button", name="Take it back").click()
    await day.reads(f"{number} things need you today, 2 of them late")
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await page.keyboard.press("d")
    await day.reads(f"{number - 1} things need you today, 1 of them late")

    # The interview that is left: what was said is sealed, and who says it stands beside it.
    async with stage.session(stage.by) as session:
        note = await interviews.begin(session, stage.by, day.pairs[1][1].id)
    await day.desk.open(f"/c/interviews/{note}/write")
    await page.fill("#f-match", NOTE)
    await day.desk.press("button[value=seal]")
    assert NOTE not in await day.desk.text()
    await page.click("text=Open the note")
    await expect(page.locator("main")).to_contain_text(NOTE)

    # Eleven o'clock: whoever has not answered is reminded, in four actions.
    await day.desk.open("/c/people")
    await day.desk.press("a:has-text('Tick all')")
    await day.desk.press("button[name=do][value=remind]")
    assert "Remind 6 people?" in await day.desk.text() and "English 6" in await day.desk.text()
    await day.desk.press("form[action='/c/many/do'] button")
    await day.hears("6 people are reminded in ten minutes")

    # Meanwhile two say yes both, and one says no: the next best is to be proposed.
    await stage.both_meet(day.proposals[0], *day.pairs[0])
    await stage.answer(day.pairs[1][1], day.proposals[1], AskedFor.MEET, is_yes=False)
    await day.year.day(TUESDAY)
    await day.desk.open("/c/today")
    assert "Propose the next best" in await day.desk.text()
    assert await day.year.letter(day.pairs[0][1], "Amina Horvat")  # both have each other's names now
    await day.desk.press("a:has-text('Propose the next best')")
    assert "Wanjiru Kamau" in await day.desk.text()
    assert "Somebody said no" in await day.desk.text()  # and nobody is blamed

    # The other pair goes on, so that its first check-up is in her calendar by four o'clock.
    await stage.both_go_on(day.proposals[0], *day.pairs[0])
    case = (await stage.relationship(day.proposals[0])).id
    await day.desk.open("/c/pairs?all=1")
    await day.desk.press("button[name=do][value=move]")
    await day.desk.fill(on="2026-12-10")
    await day.desk.press("form[action='/c/many/do'] button")
    await day.hears("One thing is put off")
    await day.desk.open(f"/c/pairs/{case}")
    assert "10 December" in await day.desk.text()
    assert clock.today("UTC") == TUESDAY

    await day.desk.open("/me/settings/calendar")
    await day.desk.press("form[action='/me/settings/calendar'] button")
    feed = re.search(r"/feed/[\w.-]+", await page.content())
    assert feed
    port = day.year.house.installation.web_port
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as program:
        kept = await program.get(feed[0], headers={"host": stage.made.host})
    assert kept.headers["content-type"].startswith("text/calendar") and "20261210" in kept.text
