"""A form of an earlier day, sent when its time is over: said in words, and nothing is lost or changed."""

from datetime import timedelta

import time_machine

from infra import clock
from infra.db.batches import within
from tenants.evaluations import actions as evaluations
from tenants.relationships import actions as relationships
from tenants.relationships import following
from tenants.relationships.models import EndReason
from tests.tenants.evaluations.test_evaluations import FULL, every
from tests.web.pages.own_pages import must_be_light, signed_in


async def test_a_reply_after_the_end_and_an_evaluation_after_its_two_weeks(stage, browse):  # K41 K43 K44
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    pair = await stage.pair(mentor, mentee)
    with time_machine.travel(clock.now() + timedelta(days=92)) as hand:
        async with stage.session() as session:
            await following.follow_up(within(session), stage.made.house)
        async with stage.session(mentor.actor) as session:
            [one] = await following.own_of(session, mentor.actor, pair.id)
        mine = await signed_in(stage, browse, mentor)
        page = await mine.get(f"/me/follow-up/{one.id}")
        late = await page.submit(goals="Later than asked for, and welcome.")  # until the end
        assert late.status == 200 and "Later than asked for" in late.html
        async with stage.session(stage.by) as session:
            await relationships.end(session, stage.by, pair.id, reason=EndReason.GOALS_REACHED)
        over = await page.submit(goals="Too late.")
        assert (
            over.status == 200 and "has come to its end" in over.text and "glad to hear from you" in over.text
        )
        must_be_light(over)
        async with stage.session(mentor.actor) as session:
            [kept] = await following.own_of(session, mentor.actor, pair.id)
        assert kept.goals == "Later than asked for, and welcome."

        async with stage.session() as session:
            await evaluations.follow_up(within(session), stage.made.house)
        path = f"/me/evaluation/{(await every(stage))['mentor'].id}"
        second = await (await mine.get(path)).submit(**FULL)
        assert (await second.submit(**FULL)).status == 200
        hand.shift(timedelta(days=15))
        mine = await signed_in(stage, browse, mentor)
        old = await mine.post(path, [("csrf", await token(mine)), ("ended", "no")])
        assert old.status == 200 and "This evaluation is settled and cannot be changed any more" in old.text
        assert (await every(stage))["mentor"].answers["ended"] == "yes"


async def token(browser) -> str:
    page = await browser.get("/me/settings")
    return next(field.value for form in page.forms for field in form.fields if field.name == "csrf")
