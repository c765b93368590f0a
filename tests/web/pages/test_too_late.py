"""A form of an earlier day, sent when its time is over: said in words, and nothing is lost or changed."""

from datetime import date, timedelta

import time_machine

from infra import clock
from infra.db.batches import within
from tenants.evaluations import actions as evaluations
from tenants.opportunities import actions as opportunities
from tenants.relationships import actions as relationships
from tenants.relationships import following
from tenants.relationships import meeting as meetings
from tenants.relationships.keeping import not_heard
from tenants.relationships.keeping.models import GoesOn
from tenants.relationships.models import EndReason
from tests.agreeing import act
from tests.gathering import Workshops
from tests.pairing import MONDAY
from tests.tenants.evaluations.test_evaluations import FULL, every
from tests.web.pages.own_pages import must_be_light, signed_in

COURSE = opportunities.Content(
    "training", "A course", "Four evenings.", "en", date(2026, 12, 18), place="Mostar"
)


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


async def test_whatever_is_answered_when_its_time_is_over(stage, browse):  # K31 K33 K38 K53 K70 K84
    """Each is said in words, and stands as it did: (who answers, where, what she sends, what she reads)."""
    mentor, mentee, silent, asked = [
        await stage.joins(role, name=name)
        for role, name in (
            ("mentor", "Njeri Mwangi"), ("mentee", "Wanjiru Kamau"), ("mentee", "Silvia"), ("mentor", "Amina")
        )
    ]  # fmt: skip
    workshops = Workshops(stage)
    with time_machine.travel(MONDAY) as hand:
        pair = await stage.pair(mentor, mentee)
        [proposal] = await stage.sent((asked, silent))
        workshop = await workshops.planned(places=1)
        await workshops.invite(workshop, people=[mentee.id])
        course = await in_the_house(stage, opportunities.post, COURSE, programme_ids=[pair.programme_id])
        [three, _hers] = await in_the_house(stage, not_heard.ask, pair.id)
        whose = mentor if three.participation_id == mentor.id else mentee
        said = not_heard.Said(goes_on=GoesOn.YES)
        await act(stage, whose, not_heard.answer, three.id, said)
        wall = f"{clock.today('UTC') + timedelta(days=1)}T10:00"
        [met] = await act(stage, mentor, meetings.propose, pair.id, wall_times=[wall], zone="UTC")
        await act(stage, mentee, meetings.agree, met.id)

        hand.shift(timedelta(days=75))
        await stage.drain()  # the proposal is over
        hers, theirs = await signed_in(stage, browse, mentee), await signed_in(stage, browse, silent)
        own = hers if whose is mentee else await signed_in(stage, browse, mentor)
        late = (
            (theirs, f"/me/proposal/{proposal}", {"asked_for": "meet", "answer": "yes"}, "is no longer open"),
            (
                hers,
                f"/me/workshop/{workshop.id}",
                {"answer": "come"},
                "This is over, has begun, or was cancelled",
            ),
            (hers, f"/me/opportunities/{course.id}/interested", {}, "not open any more"),
            (own, f"/me/heard/{three.id}", {"goes_on": "no"}, "two weeks"),
            (hers, f"/me/meeting/{met.id}/answer", {"answer": "met"}, "too long ago"),
            (hers, f"/me/meeting/{met.id}/cancel", {}, "has taken place already"),
            (hers, f"/me/pair/{pair.id}/notice/back", {}, "taken back already, or has taken effect"),
        )
        read = {
            path: (await browser.post(path, [("csrf", await token(browser)), *fields.items()]))
            for browser, path, fields, _words in late
        }
        assert {path: page.status for path, page in read.items()} == dict.fromkeys(read, 200)
        missing = {
            path: read[path].text for _browser, path, _fields, words in late if words not in read[path].text
        }
        assert missing == {}


async def token(browser) -> str:
    page = await browser.get("/me/settings")
    return next(field.value for form in page.forms for field in form.fields if field.name == "csrf")


async def in_the_house(stage, action, *what, **facts):
    """As its coordinator."""
    async with stage.session(stage.by) as session:
        return await action(session, stage.by, *what, **facts)
