"""What two people read: their own language, the same closing words, links that do nothing by themselves."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from tenants.people.models import Person
from tenants.programmes.models import ContactRelease
from tenants.proposals.models import AskedFor
from tenants.registration.models import Participation
from tests import pairing
from tests.pairing import MONDAY

MEET, GO_ON = AskedFor.MEET, AskedFor.GO_ON


def parts(mail) -> tuple[str, str]:
    return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


async def address(stage, whose) -> str:
    async with stage.session() as session:
        return (await session.get(Person, (stage.made.id, whose.person_id))).email


@pytest.fixture
async def case(stage, inbox):
    with time_machine.travel(MONDAY, tick=False) as hand:
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        [proposal] = await stage.sent((mentor, mentee))
        hand.shift(timedelta(minutes=11))
        await stage.drain()
        yield hand, mentor, mentee, proposal


async def last(stage, inbox, whose):
    return inbox.to(await address(stage, whose))[-1]


async def test_the_proposal_says_why_and_by_when(stage, inbox, case):
    _, mentor, mentee, _ = case
    text, html = parts(await last(stage, inbox, mentee))
    mail = await last(stage, inbox, mentee)
    assert mail["Subject"] == "Do you want to meet Njeri Mwangi?"
    for words in (text, html):
        flat = re.sub(r"\s+", " ", words)
        assert "Your first topic is one that Njeri Mwangi offers." in flat
        assert "Both of you speak English." in flat
        assert "Thursday 26 November" in flat
        assert "/answer/" in flat
    # Contact data is not in it: nobody has said yes.
    assert "+45" not in text + html and "@example.org" not in text.replace(await address(stage, mentee), "")
    theirs, _ = parts(await last(stage, inbox, mentor))
    assert "You offer the first topic of Wanjiru Kamau." in re.sub(r"\s+", " ", theirs)


async def test_the_last_day_is_the_last_day(stage, inbox, case):
    """The time ends with the midnight that closes Thursday, not with one that a reader takes for Friday."""
    _, _, mentee, _ = case
    text, _ = parts(await last(stage, inbox, mentee))
    assert "Friday 27 November" not in text


async def test_each_reads_her_own_language(stage, inbox, case):
    _hand, mentor, mentee, proposal = case
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == mentor.person_id).values(language="ar"))
        await session.execute(update(Person).where(Person.id == mentee.person_id).values(language="fr"))
    await stage.both_meet(proposal, mentor, mentee)
    await stage.drain()
    _, arabic = parts(await last(stage, inbox, mentor))
    _, french = parts(await last(stage, inbox, mentee))
    assert 'lang="ar"' in arabic and 'dir="rtl"' in arabic
    assert 'lang="fr"' in french


async def test_how_to_reach_each_other(stage, inbox, case):  # K30 K31 K32 K34
    _hand, mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.drain()
    text = re.sub(r"\s+", " ", parts(await last(stage, inbox, mentee))[0])
    assert "You both said yes to a first meeting" in text
    assert "Please write or call first, and set a date by Monday 7 December." in text
    assert "Meet by 23 January in a public place" in text
    assert "+45 70 12 34 56" in text and await address(stage, mentor) in text
    assert "set no second date" in text and "can wait until then; you can read both" in text
    theirs = re.sub(r"\s+", " ", parts(await last(stage, inbox, mentor))[0])
    assert "Wanjiru Kamau will write or call you first" in theirs


async def test_both_get_the_same_closing_words(stage, inbox, case):  # K35
    _, mentor, mentee, proposal = case
    await stage.answer(mentor, proposal, MEET)
    await stage.answer(mentee, proposal, MEET, False, reason="She was my teacher")
    await stage.drain()
    words = []
    for whose, name, other in (
        (mentor, "Njeri Mwangi", "Wanjiru Kamau"),
        (mentee, "Wanjiru Kamau", "Njeri Mwangi"),
    ):
        text, _ = parts(await last(stage, inbox, whose))
        assert "teacher" not in text
        words.append(re.sub(r"\s+", " ", text).replace(name, "ME").replace(other, "OTHER"))
    assert words[0] == words[1]
    assert "says nothing about you" in words[0]


async def test_expiry_and_withdrawal_say_the_same_as_a_no(stage, inbox, case):
    hand, mentor, mentee, _proposal = case
    hand.shift(timedelta(days=12))
    await stage.drain()
    expired, _ = parts(await last(stage, inbox, mentee))
    [again] = await stage.sent((mentor, mentee))
    hand.shift(timedelta(minutes=11))
    await stage.drain()
    await stage.answer(mentor, again, MEET, False)
    await stage.drain()
    declined, _ = parts(await last(stage, inbox, mentee))
    assert expired == declined


async def test_opening_every_link_changes_nothing(stage, inbox, case, browse):
    hand, mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    hand.shift(timedelta(days=14))
    await stage.drain()
    browser = browse(stage.made.host)
    links = {
        link.split(stage.made.host)[1]
        for mail in inbox.to(await address(stage, mentee))
        for link in re.findall(r"https?://[^\s\"<>]+", "".join(parts(mail)))
        if stage.made.host in link
    }
    assert any("/answer/" in link for link in links) and any("/me/proposal/" in link for link in links)
    before = await stage.read(proposal)
    for link in links:
        await browser.get(link)
        await browser.head(link)
    after = await stage.read(proposal)
    assert (after.state, after.first_meeting_on) == (before.state, None)


async def test_with_the_proposal_the_first_letter_introduces_the_other(database, ground, inbox):  # K30
    stage = await pairing.stage(database, ground, release=ContactRelease.WITH_PROPOSAL)
    with time_machine.travel(MONDAY, tick=False) as hand:
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        async with stage.session() as session:
            hers = update(Participation).where(Participation.id == mentor.id)
            await session.execute(
                hers.values(answers={"mobile": "+387 61 000", "address": "Street 7, Tuzla"})
            )
        await stage.sent((mentor, mentee))
        hand.shift(timedelta(minutes=11))
        await stage.drain()
        text = re.sub(r"\s+", " ", parts(await last(stage, inbox, mentee))[0])
        assert "Njeri Mwangi is proposed as your mentor." in text
        assert "both said yes" not in text and "+45 70 12 34 56" in text
        assert "Mobile +387 61 000 Address Street 7, Tuzla" in text
        assert await address(stage, mentor) in text


async def test_a_letter_that_has_been_overtaken_is_not_sent(stage, inbox, case):
    hand, _mentor, mentee, proposal = case
    await stage.answer(mentee, proposal, MEET, False)
    inbox.mails.clear()
    hand.shift(timedelta(days=40))
    await stage.drain()
    assert {mail["Subject"] for mail in inbox.mails} == {
        "Your proposal with Njeri Mwangi", "Your proposal with Wanjiru Kamau",
    }  # fmt: skip


async def test_a_foreign_name_keeps_its_place_in_a_subject(stage, inbox, case):
    _, mentor, mentee, proposal = case
    async with stage.session() as session:
        await session.execute(
            update(Person).where(Person.id == mentor.person_id).values(full_name="أسماء الشريف")
        )
    await stage.answer(mentor, proposal, MEET, False)
    await stage.drain()
    assert (await last(stage, inbox, mentee))["Subject"] == "Your proposal with \u2068أسماء الشريف\u2069"
