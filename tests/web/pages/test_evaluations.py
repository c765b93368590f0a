"""The evaluation form for the one who is asked, and what her coordinator sees of it."""

import pytest
from sqlalchemy import update

from infra import clock
from infra.db.batches import within
from tenants.evaluations import actions
from tenants.evaluations.models import Evaluation
from tenants.relationships import actions as relationships
from tenants.relationships.models import EndReason
from tests import making
from tests.tenants.evaluations.test_evaluations import FULL, every
from tests.web.pages.own_pages import must_be_light, signed_in


@pytest.fixture
async def desk(stage, browse):
    return await making.signed_in(stage.database, browse, stage.made, stage.by)


@pytest.fixture
async def asked(stage):
    """A pair that has ended, and both are asked."""
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    pair = await stage.pair(mentor, mentee)
    async with stage.session(stage.by) as session:
        await relationships.end(session, stage.by, pair.id, reason=EndReason.TERM_OVER)
    async with stage.session() as session:
        await actions.follow_up(within(session), stage.made.house)
    return mentor, mentee, await every(stage)


async def test_she_answers_in_five_minutes_and_mends_it(stage, browse, asked):  # K59 K60 K61 K68
    mentor, _, found = asked
    mine = await signed_in(stage, browse, mentor)
    path = f"/me/evaluation/{found['mentor'].id}"
    assert path in (await mine.get("/me")).html
    page = await mine.get(path)
    assert (
        "about five minutes" in page.text and "Wanjiru Kamau" in page.text and "Cora Coordinator" in page.text
    )
    must_be_light(page)
    empty = await page.submit(why_other="Kept <b>text</b>")
    assert empty.status == 422 and 'id="f-ended-err"' in empty.html and "Kept &lt;b&gt;text" in empty.html
    must_be_light(empty)
    second = await empty.submit(
        **{name: FULL[name] for name in ("ended", "why", "why_other", "often", "how")}
    )
    assert second.status == 200 and "Part 2 of 2" in second.text
    must_be_light(second)
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    assert "She moved" not in (await desk.get(f"/c/evaluations/{found['mentor'].id}")).html
    half = await second.submit(comment="Thank you all.")
    assert half.status == 422 and 'id="f-benefit-err"' in half.html and "Thank you all." in half.html
    thanks = await half.submit(**FULL)
    assert thanks.status == 200 and "Thank you for your feedback!" in thanks.text
    assert "She moved to Aarhus" in thanks.text and "The agreed year is over" in thanks.text
    must_be_light(thanks)
    assert (await every(stage))["mentor"].answers == {**FULL, "why": ["year_over", "other"]}
    again = await (await mine.get(f"{path}?change=yes")).submit(why=["year_over"], why_other="")
    assert "She moved to Aarhus" in (await desk.get(f"/c/evaluations/{found['mentor'].id}")).text
    assert "She moved to Aarhus" in (await mine.get(path)).text  # until she sends all of it
    again = await again.submit(relationship="bad")
    assert "Aarhus" not in (await desk.get(f"/c/evaluations/{found['mentor'].id}")).text
    assert "Bad" in again.text and "Aarhus" not in again.text
    assert "Tell us how" not in (await mine.get("/me")).text


async def test_arabic_stays_light_too(stage, browse, asked):
    mentor, _, found = asked
    mine = await signed_in(stage, browse, mentor)
    path = f"/me/evaluation/{found['mentor'].id}?lang=ar"
    page = await mine.get(path)
    assert 'dir="rtl"' in page.html
    must_be_light(page)
    second = await page.submit(ended="no", often="monthly", how="remote")
    must_be_light(second)
    assert len(second.html) > 2_000


async def test_nobody_else_opens_it(stage, browse, asked):
    _, mentee, found = asked
    hers = await signed_in(stage, browse, mentee)
    for path in (
        f"/me/evaluation/{found['mentor'].id}",
        f"/c/evaluations/{found['mentor'].id}",
        "/c/evaluations",
    ):
        assert (await hers.get(path)).status in (403, 404), path


async def test_a_coordinator_sees_who_is_awaited_and_every_number_leads_to_its_list(
    stage, browse, desk, asked
):
    mentor, _, found = asked
    page = await desk.get("/c/evaluations")
    assert "2 of 2 evaluations are still awaited" in page.text
    async with stage.session(mentor.actor) as session:
        await actions.answer(session, mentor.actor, found["mentor"].id, FULL)
    page = await desk.get("/c/evaluations")
    assert "One of 2 evaluations is still awaited" in page.text and "What was answered: Mentor" in page.text
    narrow = await desk.get("/c/evaluations?answer=satisfied%3Avery_satisfied&role=mentor&state=answered")
    assert "Only those who answered:" in narrow.text and "Njeri Mwangi" in narrow.text
    none = await desk.get("/c/evaluations?answer=satisfied%3Aneutral&role=mentor&state=answered")
    assert "There is no evaluation here" in none.text
    for odd in (
        "?answer=x",
        "?answer=%00:%25",
        "?since=9999-12-31&until=0001-01-01",
        "?programme=x&role=x&after=x",
    ):
        assert (await desk.get(f"/c/evaluations{odd}")).status == 200, odd
    one = await desk.get(f"/c/evaluations/{found['mentor'].id}")
    assert "Njeri Mwangi told how her mentoring was" in one.text and "Thank you all." in one.text
    assert (
        f"/c/evaluations/{found['mentor'].id}"
        in (await desk.get(f"/c/pairs/{found['mentor'].relationship_id}")).html
    )


async def test_what_was_told_on_the_telephone_is_noted(stage, desk, asked):  # K44
    _, _, found = asked
    path = f"/c/evaluations/{found['mentee'].id}"
    async with stage.session() as session:
        await session.execute(
            update(Evaluation).where(Evaluation.id == found["mentee"].id).values(called_at=clock.now())
        )
    page = await desk.get(path)
    assert "Call Wanjiru Kamau" in page.text and 'href="tel:+4570123456"' in page.html
    wrong = await page.submit(path, ended="", comment="She said little")
    assert wrong.status == 422 and "She said little" in wrong.html
    noted = await wrong.submit(path, ended="yes", relationship="good")
    assert "What you were told is noted." in noted.text and "A coordinator noted" in noted.text
    other = f"/c/evaluations/{found['mentor'].id}"
    closed = await (await desk.get(other)).submit(f"{other}/close")
    assert "We ask no more." in closed.text and "is asked no more" in closed.text
    again = await desk.post(f"{other}/close", [("csrf", closed.form("/sign-out").fields[0].value)])
    assert "is asked no more" in again.text


async def test_an_owner_sets_how_a_programme_asks(stage, browse, desk):  # K64 K69
    owner = await making.signed_in(stage.database, browse, stage.made, stage.made.owner)
    path = f"/c/evaluations/asking/{stage.launched.programme.id}"
    page = await owner.get(path)
    wrong = await page.submit(remind_days="soon", call_days="0")
    assert wrong.status == 422 and 'value="soon"' in wrong.html
    saved = await page.submit(wording="printed", benefit_many="yes", remind_days="10", call_days="5")
    assert "Saved." in saved.text and 'value="10"' in saved.html
    assert (await desk.get(path)).status == 403
