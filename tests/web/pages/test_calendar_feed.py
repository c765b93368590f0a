"""A secret address for one's calendar program: made, changed, closed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from infra import clock
from tenants.audit.models import AuditEvent
from tenants.people.models import Person
from tenants.relationships import feeds, meeting
from tests import making
from tests.infra.test_calendar import read
from tests.web.pages.own_pages import must_be_light, signed_in


@pytest.fixture
async def pair(stage):
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    found = await stage.pair(mentor, mentee)
    day = (clock.today("UTC") + timedelta(days=7)).isoformat()
    async with stage.session(mentor.actor) as session:
        [offer] = await meeting.propose(
            session,
            mentor.actor,
            found.id,
            wall_times=[f"{day}T14:00"],
            zone="Africa/Nairobi",
            place="Library",
        )
    async with stage.session(mentee.actor) as session:
        await meeting.agree(session, mentee.actor, offer.id)
    return mentor, mentee, offer


def path(page) -> str:
    return "/feed/" + page.html.split("/feed/")[1].split('"')[0]


async def test_an_address_is_made_once_changed_and_closed(stage, browse, pair):
    mentor, _, offer = pair
    mine = await signed_in(stage, browse, mentor)
    page = await (await mine.get("/me/settings/calendar")).submit("/me/settings/calendar")
    must_be_light(page)
    first = path(page)
    assert path(await mine.get("/me/settings/calendar")) == first
    program = browse(stage.made.host)
    answer = await program.get(first)
    assert answer.response.headers["content-type"].startswith("text/calendar")
    assert "set-cookie" not in {
        name for name in answer.response.headers if "session" in answer.response.headers[name]
    }
    event = read(answer.response.text)
    assert event["UID"] == f"{offer.id}@meetings.mentorweave" and "Wanjiru Kamau" in event["SUMMARY"]
    assert (await program.head(first)).status == 200
    second = path(await (await mine.get("/me/settings/calendar")).submit("/me/settings/calendar/change"))
    assert second != first
    assert (await program.get(first)).status == 404 and (await program.get(second)).status == 200
    closed = await (await mine.get("/me/settings/calendar")).submit("/me/settings/calendar/close")
    assert "The address is closed." in closed.text
    unknown = await program.get("/feed/" + "x" * 43)
    for gone in (first, second, second.removesuffix(".ics"), second[:-9]):
        answer = await program.get(gone)
        assert (answer.status, answer.text) == (404, unknown.text), gone
    async with stage.session() as session:
        told = (
            await session.execute(select(AuditEvent.event).where(AuditEvent.event.like("calendar_feed.%")))
        ).scalars()
        assert sorted(told) == ["calendar_feed.closed"] * 2 + ["calendar_feed.made"] * 2


async def test_an_address_opens_nowhere_else_and_not_after_its_owner_left(stage, browse, pair):
    mentor, _, _ = pair
    async with stage.session(mentor.actor) as session:
        feed_id = await feeds.make(session, mentor.actor)
        assert await feeds.make(session, mentor.actor) == feed_id
    token = stage.ground.links.token(feeds.PURPOSE, stage.made.id, feed_id)
    other = await making.organisation(stage.database)
    assert (await browse(other.host).get(f"/feed/{token}.ics")).status == 404
    program = browse(stage.made.host)
    for purpose in ("answer", "address"):
        assert (
            await program.get(f"/feed/{stage.ground.links.token(purpose, stage.made.id, feed_id)}")
        ).status == 404
    assert (await program.get(f"/feed/{token}.ics")).status == 200
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == mentor.person_id).values(is_active=False))
    assert (await program.get(f"/feed/{token}.ics")).status == 404
