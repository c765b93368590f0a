"""Today for proposals and pairs: what waits for others, names of two, and a check-up that moves on."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from infra import clock
from tenants.notifications.models import Task
from tenants.proposals.models import AskedFor
from tests import making


@pytest.fixture
async def desk(stage, browse):
    return await making.signed_in(stage.database, browse, stage.made, stage.by)


@pytest.fixture
async def two(stage):
    return await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins(name="Wanjiru Kamau")


async def test_proposals_that_wait_for_others_are_counted_and_news_are_told(stage, desk, two):
    mentor, mentee = two
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)

    waiting = await desk.get("/c/today")
    await stage.answer(mentee, proposal, AskedFor.MEET)
    news = await desk.get("/c/today")

    assert "One proposal waits for an answer first by" in waiting.text
    assert "One answer to a proposal" in news.text
    assert "said yes" not in news.text  # K33: that she answered, not what


async def test_a_ticked_check_up_moves_to_the_next_date_of_the_pair(stage, browse, two):
    # K41, K45
    pair = await stage.pair(*two)
    assert pair.check_up_on is not None
    days = (pair.check_up_on - clock.today("UTC")).days
    with time_machine.travel(clock.now() + timedelta(days=days)):
        desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
        page = await desk.get("/c/today?show=check-ups")
        assert "Check-up Njeri Mwangi and Wanjiru Kamau any time" in page.text

        # The copy of their agreement is late by then, and stands above.
        async with stage.session() as session:
            due = select(Task.id).where(Task.kind == "relationship.check_up", Task.done_at.is_(None))
            task_id = (await session.execute(due)).scalar_one()
        page = await page.submit(f"/c/today/{task_id}/done")

    moved = await stage.relationship(pair.proposal_id)
    assert moved.check_up_on > pair.check_up_on
    assert "Done: Check-up. The next one is on" in page.text and "Take it back" not in page.text


async def test_the_caseload_counts_what_this_coordinator_confirmed(stage, desk, two):
    # K28
    before = await desk.get("/c/today")
    await stage.pair(*two)
    after = await desk.get("/c/today")

    assert "0 of your 80 matches this year are used; 72 more bring the warning" in before.text
    assert "1 of your 80 matches this year are used; 71 more bring the warning" in after.text


async def test_a_record_shows_the_pair_and_leads_to_it(stage, desk, two):
    mentor, mentee = two
    pair = await stage.pair(mentor, mentee)

    page = await desk.get(f"/c/people/{mentee.person_id}")

    assert "is in a mentor relationship" in page.text and "Njeri Mwangi" in page.text
    assert f'class="btn primary" href="/c/pairs/{pair.id}"' in page.html
    assert "The relationship began" in page.text
    assert "Move to…" not in page.text  # the end of the pair does that
