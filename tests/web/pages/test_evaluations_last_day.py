"""Whoever is asked because the agreed time is over is told so, in the letter and on the page; whoever was parted is not."""

import re

import pytest
import time_machine
from sqlalchemy import select

from infra import clock
from infra.db.batches import within
from tenants.evaluations import actions
from tenants.people.models import Person
from tenants.relationships import actions as relationships
from tenants.relationships.models import EndReason
from tests.pairing import MONDAY
from tests.tenants.evaluations.test_evaluations import every
from tests.web.pages.own_pages import must_be_light, signed_in


@pytest.fixture
async def case(stage):
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor = await stage.joins("mentor", name="Njeri Mwangi")
        mentee = await stage.joins()
        pair = await stage.pair(mentor, mentee)
        hand.move_to(clock.instant(pair.ends_on, clock.now().time(), "UTC"))
        yield mentor, mentee, pair


async def end(stage, pair):
    async with stage.session(stage.by) as session:
        await relationships.end(session, stage.by, pair.id, reason=EndReason.TERM_OVER)


async def ask(stage):
    async with stage.session() as session:
        await actions.follow_up(within(session), stage.made.house)
    return await every(stage)


async def letter(stage, whose, inbox):
    """Subject and text of her last letter that asks for an evaluation."""
    await stage.drain()
    async with stage.session() as session:
        address = await session.scalar(select(Person.email).where(Person.id == whose.person_id))
    mails = [one for one in inbox.to(address) if "How was" in one["subject"]]
    return mails[-1]["subject"], re.sub(r"\s+", " ", mails[-1].get_body(("plain",)).get_content())


async def test_the_last_day_is_named(stage, case, browse, inbox):  # K42 K43
    mentor, mentee, pair = case
    found = await ask(stage)
    subject, text = await letter(stage, mentor, inbox)
    assert subject == "The time of your mentoring is over. How was it?"
    assert (
        "The time that you agreed on with Wanjiru Kamau is over: its last day is Tuesday 23 November." in text
    )
    assert "You may always go on in private as you like." in text and "stays among the coordinators" in text

    mine = await signed_in(stage, browse, mentee)
    path = f"/me/evaluation/{found['mentee'].id}"
    page = await mine.get(path)
    told = "The time that you agreed on with Njeri Mwangi is over: its last day is Tuesday 23 November."
    assert told in page.text
    must_be_light(page)
    await end(stage, pair)
    assert told not in (await mine.get(path)).text


async def test_who_was_parted_is_told_of_no_time(stage, case, inbox):  # K42
    mentor, _mentee, pair = case
    await end(stage, pair)
    await ask(stage)
    subject, text = await letter(stage, mentor, inbox)
    assert subject == "How was your mentoring?"
    assert (
        "You have been in mentoring with Wanjiru Kamau in our programme." in text
        and "its last day" not in text
    )
