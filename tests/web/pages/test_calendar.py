"""Agreed meetings as calendar files and in letters: stable UID, SEQUENCE, cancellation, moves."""

from datetime import timedelta

import pytest
import time_machine

from tenants.relationships import meeting
from tests import making, pairing
from tests.infra.test_calendar import plain, read
from tests.pairing import MONDAY


@pytest.fixture
async def case(database, ground, inbox):
    with time_machine.travel(MONDAY, tick=False) as hand:
        stage = await pairing.stage(database, ground)
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        pair = await stage.pair(mentor, mentee)
        async with stage.session(mentor.actor) as session:
            offers = await meeting.propose(
                session, mentor.actor, pair.id, zone="Africa/Nairobi", place="Café; Tito",
                wall_times=["2026-11-30T10:00", "2026-11-30T15:00"],
            )  # fmt: skip
        yield hand, stage, mentor, mentee, offers


def events(inbox):
    """What letters carry for calendars."""
    return [one for mail in inbox.mails for one in mail.walk() if one.get_content_type() == "text/calendar"]


def mail_event(part):
    return read(part.get_content().replace("\r\n", "\n").replace("\n", "\r\n"))


async def agree(stage, mentee, one):
    async with stage.session(mentee.actor) as session:
        await meeting.agree(session, mentee.actor, one.id)


async def test_a_meeting_keeps_its_uid_from_agreement_to_cancellation(database, browse, inbox, case):
    _, stage, mentor, mentee, offers = case
    browser = await making.signed_in(database, browse, stage.made, mentee.actor)
    path = f"/me/meeting/{offers[0].id}/calendar.ics"
    assert (await browser.get(path)).status == 404  # only offered so far
    await agree(stage, mentee, offers[0])

    answer = await browser.client.get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    agreed = read(answer.text)
    assert agreed["DTSTART;TZID=Africa/Nairobi"] == "20261130T100000"
    assert agreed["DTEND;TZID=Africa/Nairobi"] == "20261130T110000"
    assert agreed["LAST-MODIFIED"] == "20261123T090000Z" and "BEGIN:VTIMEZONE" in answer.text
    assert plain(agreed["SUMMARY"]) == "Mentoring: Njeri Mwangi"
    assert plain(agreed["LOCATION"]) == "Café; Tito"
    assert (await browser.client.get("/me/calendar.ics")).text.count("BEGIN:VEVENT") == 1
    relationship = offers[0].relationship_id
    assert path in (await browser.get(f"/me/pair/{relationship}")).html

    await stage.drain()
    parts = events(inbox)  # one for each of the two
    assert [part.get_param("method") for part in parts] == ["REQUEST"] * 2
    mailed = [mail_event(part) for part in parts]
    assert {(one["UID"], one["SEQUENCE"]) for one in mailed} == {(agreed["UID"], agreed["SEQUENCE"])}
    assert {plain(one["SUMMARY"]) for one in mailed} == {
        "Mentoring: Wanjiru Kamau",
        "Mentoring: Njeri Mwangi",
    }
    assert all("ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE" in one for one in mailed)

    async with stage.session(mentor.actor) as session:
        await meeting.cancel(session, mentor.actor, offers[0].id)
    gone = await browser.client.get(path)
    assert "METHOD:CANCEL" in gone.text
    cancelled = read(gone.text)
    assert cancelled["UID"] == agreed["UID"] and cancelled["STATUS"] == "CANCELLED"
    assert int(cancelled["SEQUENCE"]) > int(agreed["SEQUENCE"])
    assert "STATUS:CANCELLED" in (await browser.client.get("/me/calendar.ics")).text
    await stage.drain()
    last = events(inbox)[2:]
    assert [part.get_param("method") for part in last] == ["CANCEL"] * 2
    assert {mail_event(part)["UID"] for part in last} == {agreed["UID"]}


async def test_nobody_else_gets_it(database, browse, case):
    _, stage, _mentor, mentee, offers = case
    await agree(stage, mentee, offers[0])
    other = await stage.joins("mentee", name="Somebody Else")
    browser = await making.signed_in(database, browse, stage.made, other.actor)
    assert (await browser.get(f"/me/meeting/{offers[0].id}/calendar.ics")).status == 404
    assert "BEGIN:VEVENT" not in (await browser.client.get("/me/calendar.ics")).text
    visitor = browse(stage.made.host)
    assert (await visitor.get("/me/calendar.ics")).path.startswith("/sign-in")


async def test_an_offer_that_fell_away_is_in_no_calendar(database, browse, case):
    hand, stage, _mentor, mentee, offers = case
    await agree(stage, mentee, offers[1])
    browser = await making.signed_in(database, browse, stage.made, mentee.actor)
    text = (await browser.client.get("/me/calendar.ics")).text
    assert text.count("BEGIN:VEVENT") == 1 and "TZID=Africa/Nairobi:20261130T150000" in text
    hand.shift(timedelta(seconds=1))
    assert (await browser.get(f"/me/meeting/{offers[0].id}/calendar.ics")).status == 404
