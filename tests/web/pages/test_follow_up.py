"""The page behind a follow-up's letter, and what the coordinator sees of the reply."""

from datetime import timedelta

import time_machine

from infra import clock
from infra.db.batches import within
from tenants.relationships import following
from tests import making
from tests.web.pages.own_pages import must_be_light, signed_in


async def test_a_few_sentences_reach_the_case(stage, browse):  # K41
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    pair = await stage.pair(mentor, mentee)
    with time_machine.travel(clock.now() + timedelta(days=92)):
        async with stage.session() as session:
            await following.follow_up(within(session), stage.made.house)
        async with stage.session(mentor.actor) as session:
            [one] = await following.own_of(session, mentor.actor, pair.id)
        mine = await signed_in(stage, browse, mentor)
        page = await mine.get(f"/me/follow-up/{one.id}")
        assert "How is it going with" in page.text and "Wanjiru Kamau" in page.text
        must_be_light(page)
        empty = await page.submit()
        assert empty.status == 422 and 'id="f-goals-err"' in empty.html
        thanks = await empty.submit(goals="Two <b>of</b> three.", news="")
        assert "Your coordinator reads it." in thanks.text and "Two &lt;b&gt;of" in thanks.html
        hers = await signed_in(stage, browse, mentee)
        assert (await hers.get(f"/me/follow-up/{one.id}")).status == 404
        desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
        assert "Two &lt;b&gt;of" in (await desk.get(f"/c/pairs/{pair.id}")).html
