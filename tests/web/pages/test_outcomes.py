"""What became better for the mentees of a programme, and what happened that it was made for."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from infra import clock
from infra.db.batches import within
from infra.errors import Invalid
from tenants.evaluations import actions as evaluations
from tenants.evaluations import outcome_answers, outcome_asking, outcomes
from tenants.evaluations.outcome_models import IndicatorAnswer, Moment
from tenants.permissions import Role
from tenants.relationships.models import Relationship
from tests import crowd, making
from tests.tenants.evaluations.test_evaluations import FULL, every


@pytest.fixture
async def manager(stage):
    return await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, Role.PROGRAMME_MANAGER)


async def said(stage, indicator, people, before, after):
    async with stage.session() as session:
        for moment, values in ((Moment.BEFORE, before), (Moment.AFTER, after)):
            session.add_all(
                IndicatorAnswer(
                    organisation_id=stage.made.id, indicator_id=indicator.id, participation_id=one,
                    moment=moment, value=value, answered_at=indicator.created_at,
                )
                for one, value in zip(people, values, strict=True)
            )  # fmt: skip


async def test_scales_before_and_at_the_end(stage, browse, manager):  # K77
    people = await crowd.people(stage.database, stage.made, stage.launched, "mentee", 12)
    hers = await making.signed_in(stage.database, browse, stage.made, manager)
    page = await hers.get("/c/outcomes")
    assert "Nothing is asked about effects so far" in page.text
    programme = stage.launched.programme.id
    page = await page.submit(f"/c/outcomes/{programme}/take-up", set="network")
    assert "I believe in myself." in page.text
    async with stage.session() as session:
        asked = {one.code: one for one in await outcomes.indicators(session, programme)}
    assert len(asked) == 6
    # Seven of twelve better; of another question four answered; of a third three of twelve became better.
    await said(stage, asked["belief"], people, [2] * 12, [4] * 7 + [2] * 5)
    await said(stage, asked["work"], people[:4], [1] * 4, [5] * 4)
    await said(stage, asked["spoken"], people, [3] * 12, [4] * 3 + [3] * 9)
    async with stage.session(manager) as session:
        found = {one.indicator.code: one for one in await outcomes.counted(session, manager, programme)}
        assert (found["belief"].answered, found["belief"].good) == (12, 7)
        assert (found["work"].answered, found["work"].good) == (None, None)  # under five
        assert (found["spoken"].answered, found["spoken"].good) == (12, None)
        assert len(await outcomes.behind(session, manager, asked["belief"].id)) == 12
        assert await outcomes.behind(session, manager, asked["work"].id) == []
    page = await hers.get(f"/c/outcomes?of={asked['belief'].id}")
    assert "12 7 58 %" in page.text and "Who said what is not shown." in page.text
    sheet = (await hers.get(f"/c/outcomes.csv?programme={programme}")).html
    assert "12,7,0.5833" in sheet and "too few,too few," in sheet
    page = await (await hers.get("/c/outcomes")).submit(f"/c/outcomes/indicators/{asked['work'].id}/close")
    assert "asked no more" in page.text


async def test_one_answers_for_oneself_and_is_not_read_by_name(stage, browse, manager):  # K77
    mentee = await stage.joins()
    async with stage.session(manager) as session:
        await outcomes.take_up(session, manager, stage.launched.programme.id, "network")
    own = await making.signed_in(stage.database, browse, stage.made, mentee.actor)
    address = f"/me/outcomes/{mentee.id}"
    page = await (await own.get(address)).submit(address, belief="2", work="1")
    assert "Thank you. We have noted your answers." in page.text
    wrong = await page.submit(address, belief="9")
    assert wrong.status == 422
    async with stage.session() as session:
        assert await outcome_answers.answers(session, mentee.id, Moment.BEFORE) == {"belief": 2, "work": 1}
    # A coordinator learns that she has answered, and not what; what she was told herself she reads again.
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    told = f"/c/outcomes/of/{mentee.id}"
    page = await desk.get(told)
    assert page.text.count("Answered by herself.") == 2 and " checked" not in page.html
    page = await page.submit(told, spoken="3")
    assert page.html.count(" checked") == 1
    async with stage.session(stage.by) as session:
        with pytest.raises(Invalid) as refused:
            await outcome_answers.answer(session, stage.by, mentee.id, {"belief": 5})
    assert refused.value.problems[0].code == "outcome_answered"
    colleague = await making.signed_in(stage.database, browse, stage.made, manager)
    page = await colleague.get(told)
    assert "Answered already." in page.text and " checked" not in page.html
    other = await stage.joins(name="Sokha Chan")
    assert (await own.get(f"/me/outcomes/{other.id}")).status == 404


async def test_whoever_had_registered_before_is_asked_once(stage, browse, manager, inbox):  # K77
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    other = await stage.joins(name="Sokha Chan")

    async def sweep():
        for _ in range(2):
            async with stage.session() as session:
                await outcome_asking.ask_all(within(session), stage.made.house)
        return [(await stage.letters(one)).count("evaluation.before") for one in (mentor, mentee, other)]

    assert await sweep() == [0, 0, 0]  # nothing is asked so far
    own = await making.signed_in(stage.database, browse, stage.made, mentee.actor)
    async with stage.session(manager) as session:
        await outcomes.take_up(session, manager, stage.launched.programme.id, "network")
        asked = await outcomes.indicators(session, stage.launched.programme.id)
    assert await sweep() == [0, 1, 1]
    page = await own.get("/me/answers")
    assert "Tell us how things stand for you now" in page.text
    page = await page.browser.get(f"/me/outcomes/{mentee.id}")
    await page.submit(f"/me/outcomes/{mentee.id}", **{one.code: "3" for one in asked})
    assert "how things stand" not in (await own.get("/me/answers")).text
    await stage.drain()  # a letter looks again before it goes
    sent = [(await stage.letters(one, "sent")).count("evaluation.before") for one in (mentee, other)]
    assert sent == [0, 1]
    pair = await stage.pair(mentor, other)
    async with stage.session() as session:
        begun = update(Relationship).where(Relationship.id == pair.id)
        await session.execute(begun.values(begun_at=clock.now() - timedelta(days=40)))
        assert not await outcome_asking.is_open(session, other.id)  # her beginning is over


async def test_whoever_says_how_it_was_is_asked_the_same_again(stage, browse, manager):  # K77
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    async with stage.session(manager) as session:
        await outcomes.take_up(session, manager, stage.launched.programme.id, "network")
        asked = await outcomes.indicators(session, stage.launched.programme.id)
    pair = await stage.pair(mentor, mentee)
    own = await making.signed_in(stage.database, browse, stage.made, mentee.actor)
    address = f"/me/outcomes/{mentee.id}"
    await (await own.get(address)).submit(address, **{one.code: "2" for one in asked})
    async with stage.session() as session:  # its time is over, and nobody has ended it yet
        over = update(Relationship).where(Relationship.id == pair.id)
        await session.execute(over.values(ends_on=clock.today("UTC")))
        await evaluations.follow_up(within(session), stage.made.house)
    found = await every(stage)
    async with stage.session(mentor.actor) as session:
        await evaluations.answer(session, mentor.actor, found["mentor"].id, FULL)
    his = await making.signed_in(stage.database, browse, stage.made, mentor.actor)
    assert "/me/outcomes/" not in (await his.get(f"/me/evaluation/{found['mentor'].id}")).html
    first = await own.get(f"/me/evaluation/{found['mentee'].id}")
    thanks = await (await first.submit(**FULL)).submit(**FULL)
    assert f'href="{address}"' in thanks.html
    await (await own.get(address)).submit(address, **{one.code: "4" for one in asked})
    assert address not in (await own.get(f"/me/evaluation/{found['mentee'].id}")).html
    async with stage.session() as session:
        before, after = [
            await outcome_answers.answers(session, mentee.id, moment)
            for moment in (Moment.BEFORE, Moment.AFTER)
        ]
    assert set(before.values()) == {2} and set(after.values()) == {4}


async def test_what_a_political_programme_was_made_for(stage, browse, manager):  # K79
    people = await crowd.people(stage.database, stage.made, stage.launched, "mentee", 15)
    herself = await stage.joins()
    async with stage.session(manager) as session:
        await outcomes.take_up(session, manager, stage.launched.programme.id, "political")
        for number, one in enumerate(people):
            facts = {"stood": int(number < 5), "elected": int(number < 3)}
            await outcome_answers.answer(session, manager, one, facts)
        with pytest.raises(Invalid):
            await outcome_answers.answer(session, manager, people[0], {"elected": 3})
        with pytest.raises(Invalid):  # facts are noted by coordinators
            await outcome_answers.answer(session, herself.actor, herself.id, {"elected": 1})
        found = await outcomes.counted(session, manager, stage.launched.programme.id)
    assert [(one.indicator.code, one.answered, one.good) for one in found] == [
        ("stood", 15, 5),
        ("elected", 15, 3),
    ]
    hers = await making.signed_in(stage.database, browse, stage.made, manager)
    page = await hers.get(f"/c/outcomes?of={found[1].indicator.id}")
    assert "Was elected 3" in page.text and page.text.count("Mentee 1-00") == 3
    page = await (await hers.get(f"/c/outcomes/of/{people[9]}")).submit(
        f"/c/outcomes/of/{people[9]}", elected="1"
    )
    assert "Noted." in page.text
