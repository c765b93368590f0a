"""The coordinator's calendar and her own feed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from infra import clock
from tenants.proposals.models import Proposal, ProposalState
from tenants.proposals.rules import last_day
from tenants.relationships import actions as relationships
from tenants.relationships.models import Meeting, MeetingState, Relationship
from tests import making


@pytest.fixture
async def desk(database, browse, stage):
    return await making.signed_in(database, browse, stage.made, stage.by)


async def test_four_weeks_stand_on_the_page_and_in_her_feed(stage, desk, database, browse):
    # N08, page 28
    today = clock.today("UTC")
    monday = today - timedelta(days=today.weekday())
    pair = await stage.pair(
        await stage.joins("mentor", "Amina Hadžić"), await stage.joins("mentee", "Wanjiru")
    )
    meets = datetime.combine(monday + timedelta(days=9), datetime.min.time(), tzinfo=clock.now().tzinfo)
    async with stage.session() as session:
        await relationships.set_check_up(session, stage.made.house, pair.id, on=monday + timedelta(days=8))
        await session.execute(update(Relationship).values(ends_on=monday + timedelta(days=200)))
        session.add(
            Meeting(
                organisation_id=stage.made.id, relationship_id=pair.id, proposed_by=pair.mentor_id,
                wall_time="2026-11-20T10:00", time_zone="UTC", starts_at=meets + timedelta(hours=10), minutes=60,
                state=MeetingState.AGREED,
            )
        )  # fmt: skip
    await stage.sent((await stage.joins("mentor", "Mara"), await stage.joins("mentee", "Nina")))

    page = await desk.get("/c/calendar")
    assert page.status == 200 and "They meet" in page.text and "Check-up" in page.text
    assert "Answer expected" in page.text and "Mara and Nina" in page.text
    assert page.text.index("Check-up Amina") < page.text.index("They meet Amina")
    only = await desk.get("/c/calendar?show=check_up&from=moon")
    assert (
        "Check-up" in only.text and "They meet" not in only.text.partition("Switch")[0].partition("Show")[2]
    )
    later = await desk.get(f"/c/calendar?from={(today + timedelta(days=190)).isoformat()}")
    assert "The agreed time ends" in later.text
    colleague = await making.somebody(database, stage.made.id, *stage.by.roles, name="Dina")
    hers = await making.signed_in(database, browse, stage.made, colleague)
    assert "Amina" not in (await hers.get("/c/calendar")).text  # her own days, not the house's

    await desk.get("/me/settings/calendar")
    page = await (await desk.get("/me/settings/calendar")).submit("/me/settings/calendar")
    address = page.html.split('href="http')[1].split('"')[0]
    feed = await browse(stage.made.host).get("/feed/" + address.split("/feed/")[1])
    day = (monday + timedelta(days=8)).strftime("%Y%m%d")
    assert f"DTSTART;VALUE=DATE:{day}" in feed.html and "TRANSP:TRANSPARENT" in feed.html
    assert feed.html.count("BEGIN:VEVENT") == 3 and "Amina" in feed.html
    async with stage.session() as session:
        until = await session.scalar(select(Proposal.answer_by).where(Proposal.state == ProposalState.OPEN))
    last = last_day(until, "UTC").strftime("%Y%m%d")  # not the day that begins with the midnight of its end
    assert f"DTSTART;VALUE=DATE:{last}" in feed.html
