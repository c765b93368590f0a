"""A workshop in the calendars of its guests and of the coordinators of its office: letter, page and feed say the same."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import update

from tenants.gatherings import actions, inviting
from tenants.organisations import actions as organisations
from tenants.registration.models import Participation
from tenants.relationships import feeds
from tests import making
from tests.gathering import Workshops, asked
from tests.pairing import MONDAY
from tests.web.pages.inviting import entry
from tests.web.pages.own_pages import signed_in
from tests.web.pages.test_calendar_instants import strict

MINA, LEA = "mina@example.org", "lea@example.org"
# In Sarajevo, either side of the night on which summer time begins (28 March 2027), and in the hour that October repeats.
AROUND = {
    "2027-03-27T15:00": datetime(2027, 3, 27, 14, 0, tzinfo=UTC),
    "2027-03-28T15:00": datetime(2027, 3, 28, 13, 0, tzinfo=UTC),
    "2027-10-31T02:30": datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
}


@pytest.fixture
async def on(stage, inbox, browse):
    with time_machine.travel(MONDAY, tick=False) as hand:
        found = Workshops(stage)
        found.hand, found.inbox, found.browse = hand, inbox, browse
        found.program = browse(stage.made.host)
        yield found


async def address(on, actor) -> str:
    async with on.session(actor) as session:
        feed_id = await feeds.make(session, actor)
    return f"/feed/{on.stage.ground.links.token(feeds.PURPOSE, on.stage.made.id, feed_id)}.ics"


async def feed(on, path) -> dict:
    """The events of a feed by the ids that their uids begin with; no uid comes twice."""
    text = (await on.program.client.get(path)).text
    found = Calendar.from_ical(text).events
    assert len({str(one["UID"]) for one in found}) == len(found)
    return {str(one["UID"]).split("@")[0]: one for one in found}


async def test_a_guest_has_her_place_in_her_calendar_and_knows_where_she_waits(on, stage):
    # K70, K73: one entry, by letter and by feed, whatever becomes of it
    mina, lea = await stage.joins(name="Mina One", email=MINA), await stage.joins(name="Lea Two", email=LEA)
    one = await on.planned(places=1)
    await on.invite(one)
    on.hand.shift(timedelta(minutes=11))
    await on.drain()
    event, _method = entry(on.inbox.to(MINA)[-1])
    hers, leas = await address(on, mina.actor), await address(on, lea.actor)
    assert await feed(on, hers) == {}  # invited is no appointment yet
    await on.answer(mina, one)
    await on.answer(lea, one)
    found = (await feed(on, hers))[str(one.id)]
    assert (found["UID"], found["SEQUENCE"], found["SUMMARY"]) == (
        event["UID"], event["SEQUENCE"], "Getting started",
    )  # fmt: skip
    assert (found["STATUS"], found.start, found.end) == ("CONFIRMED", event.start, event.end)
    assert found["LOCATION"] == "Obala 4" and str(found["URL"]).endswith(f"/me/workshop/{one.id}")
    waits = (await feed(on, leas))[str(one.id)]
    assert (waits["SUMMARY"], waits["STATUS"]) == ("Waiting list: Getting started", "TENTATIVE")

    own = await signed_in(stage, on.browse, lea)
    assert (
        "Waiting list" in (await own.client.get("/me/calendar.ics")).text
    )  # the file says what the feed says
    await on.answer(mina, one, comes=False)
    assert await feed(on, hers) == {}
    moved_up = (await feed(on, leas))[str(one.id)]
    assert (moved_up["SUMMARY"], moved_up["STATUS"]) == ("Getting started", "CONFIRMED")
    async with on.session(stage.by) as session:
        moved = await actions.change(session, stage.by, one.id, asked(places=1, place="Titova 7"))
        assert moved.sequence == 1
    later = (await feed(on, leas))[str(one.id)]
    assert (later["UID"], later["SEQUENCE"], later["LOCATION"]) == (event["UID"], 1, "Titova 7")
    async with on.session(stage.by) as session:
        await actions.cancel(session, stage.by, one.id)
    gone = (await feed(on, leas))[str(one.id)]
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (event["UID"], 2, "CANCELLED")


async def test_letter_page_and_feed_say_the_same_instant_around_the_changes_of_the_clocks(on, stage):
    # K70; Beans #123, #145
    mina = await stage.joins(name="Mina One", email=MINA)
    path = await address(on, mina.actor)
    desk = await making.signed_in(stage.database, on.browse, stage.made, stage.by)
    hers = await address(on, stage.by)
    made = {wall: await on.planned(wall=wall, places=None) for wall in AROUND}
    for one in made.values():
        await on.invite(one)
        await on.answer(mina, one)
    on.hand.shift(timedelta(minutes=11))
    await on.drain()
    letters = {}
    for mail in on.inbox.to(MINA):
        if any(part.get_content_type() == "text/calendar" for part in mail.walk()):
            [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
            letters |= strict(part.get_content())
    for wall, instant in AROUND.items():
        id = str(made[wall].id)
        assert made[wall].starts_at == instant
        assert letters[id] == strict((await on.program.client.get(path)).text)[id] == instant
        page = await desk.get(f"/c/calendar?from={wall[:10]}&show=workshop")
        assert f"one is coming {instant:%H:%M}" in page.text, page.text[:1500]  # her zone is UTC
    # Hers reaches 120 days: the first two are too far away until March.
    on.hand.move_to(datetime(2027, 3, 1, 9, 0, tzinfo=UTC))
    soon = strict((await on.program.client.get(hers)).text)
    assert soon == {str(made[wall].id): instant for wall, instant in list(AROUND.items())[:2]}


async def test_a_coordinator_has_those_of_her_offices_and_her_own_place_once(on, stage):
    # N08, K81
    async with on.session(stage.made.owner) as session:
        mostar, bihac = [
            await organisations.open_office(session, stage.made.owner, name=name, time_zone="UTC")
            for name in ("Mostar", "Bihać")
        ]
    roles = stage.by.roles
    hers = await making.somebody(stage.database, stage.made.id, *roles, office_id=mostar.id, name="Dina")
    other = await making.somebody(stage.database, stage.made.id, *roles, office_id=bihac.id, name="Ema")
    async with on.session(hers) as session:
        one = await actions.plan(
            session, hers, stage.launched.cycle.id, asked(places=20), office_id=mostar.id
        )
    whole = await on.planned(title={"en": "Summer party"}, audience="everybody", places=None)
    mina = await stage.joins(name="Mina One")
    async with stage.session() as session:
        of_hers = update(Participation).where(Participation.id == mina.id).values(office_id=mostar.id)
        await session.execute(of_hers)
    async with on.session(hers) as session:
        assert (await inviting.invite(session, hers, one.id)).number == 1
    await on.answer(mina, one)

    desk = await making.signed_in(stage.database, on.browse, stage.made, hers)
    page = await desk.get("/c/calendar")
    assert "Getting started Introductory workshop · For mentees · 1 of 20 places taken" in page.text
    assert f'href="/c/workshops/{one.id}"' in page.html and "Summer party" not in page.text
    assert "Who was there?" not in page.text  # the task of that day is the workshop itself
    only = (await desk.get("/c/calendar?show=workshop")).text
    assert "Getting started" in only and "Check-up" not in only.partition("Getting started")[2][:200]
    elsewhere = await making.signed_in(stage.database, on.browse, stage.made, other)
    assert "Getting started" not in (await elsewhere.get("/c/calendar")).text
    assert set(await feed(on, await address(on, hers))) == {str(one.id)}
    assert await feed(on, await address(on, other)) == {}
    both = await feed(on, await address(on, stage.by))
    assert set(both) == {str(one.id), str(whole.id)}
    assert str(both[str(one.id)]["URL"]).endswith(f"/c/workshops/{one.id}")
