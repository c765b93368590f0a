"""Evaluations: asked for at the end, reminded of, called about, answered in a form with fixed options."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from infra.db.batches import within
from infra.errors import Forbidden, Invalid, NotFound
from tenants.evaluations import actions, queries, rules
from tenants.evaluations.forms import Kind, questions
from tenants.evaluations.models import Evaluation, EvaluationState
from tenants.evaluations.rules import Asking
from tenants.organisations import actions as organisations
from tenants.permissions import Role
from tenants.registration.models import ParticipantRole
from tenants.relationships import actions as relationships
from tenants.relationships.models import EndReason
from tests import making
from tests.pairing import MONDAY

FULL = {
    "ended": "yes",
    "why": ["other", "year_over"],
    "why_other": "She moved to Aarhus",
    "often": "monthly",
    "how": "in_person",
    "benefit": "learned",
    "network": "some",
    "satisfied": "very_satisfied",
    "relationship": "good",
    "comment": "Thank you all.",
}


@pytest.fixture
async def case(stage):
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor = await stage.joins("mentor", name="Njeri Mwangi")
        mentee = await stage.joins()
        yield hand, mentor, mentee, await stage.pair(mentor, mentee)


async def sweep(stage):
    async with stage.session() as session:
        await actions.follow_up(within(session), stage.made.house)


async def end(stage, pair, **facts):
    async with stage.session(stage.by) as session:
        await relationships.end(session, stage.by, pair.id, reason=EndReason.GOALS_REACHED, **facts)


async def every(stage):
    async with stage.session() as session:
        return {one.role: one for one in (await session.execute(select(Evaluation))).scalars()}


async def answer(stage, whose, evaluation, given=FULL):
    async with stage.session(whose.actor) as session:
        return await actions.answer(session, whose.actor, evaluation.id, given)


async def asked(stage, pair):
    await end(stage, pair)
    await sweep(stage)
    return await every(stage)


def kinds(letters):
    return [kind for kind in letters if kind.startswith("evaluation.")]


async def calls(stage):
    return [(kind, due) for kind, due in await stage.tasks() if kind.startswith("evaluation.")]


async def test_answers_are_kept_in_the_order_of_the_form(stage, case):  # K60 K61 K68
    _, mentor, _, pair = case
    found = await asked(stage, pair)
    kept = await answer(stage, mentor, found["mentor"])
    assert kept.state == EvaluationState.ANSWERED and kept.recorded_by is None and kept.next_on is None
    assert kept.answers == {**FULL, "why": ["year_over", "other"]}


NO_ANSWERS = (
    ({"ended": ""}, "ended", "missing"),
    ({"why": []}, "why", "missing"),
    ({"often": "daily"}, "often", "not_a_choice"),
    ({"how": ["in_person", "remote"]}, "how", "evaluation_one_only"),
    ({"benefit": ["learned", "positive"]}, "benefit", "evaluation_one_only"),
    ({"network": [{"some": 1}]}, "network", "not_a_choice"),
    ({"comment": "x" * 5_001}, "comment", "too_long"),
    ({"why_other": "x" * 501}, "why_other", "too_long"),
    ({"comment": ["a"]}, "comment", "unusable"),
    ({"organisation_id": "x"}, "organisation_id", "unusable"),
)


async def test_what_is_no_answer_is_named_and_nothing_kept(stage, case):
    _, mentor, _, pair = case
    found = await asked(stage, pair)
    for changed, field, code in NO_ANSWERS:
        with pytest.raises(Invalid) as refused:
            await answer(stage, mentor, found["mentor"], {**FULL, **changed})
        assert [(one.field, one.code) for one in refused.value.problems] == [(field, code)]
        assert (await every(stage))["mentor"].answers == {}


async def test_whoever_goes_on_gives_no_reason_and_her_coordinator_looks(stage, case):  # K60
    _, mentor, mentee, pair = case
    found = await asked(stage, pair)
    await answer(stage, mentor, found["mentor"])
    assert await calls(stage) == []
    kept = await answer(stage, mentor, found["mentor"], {**FULL, "ended": "no"})  # on second thought
    assert "why" not in kept.answers and "why_other" not in kept.answers
    assert await calls(stage) == [("evaluation.goes_on", date(2026, 11, 23))]
    await answer(stage, mentee, found["mentee"], {**FULL, "ended": "no"})
    assert len(await calls(stage)) == 1


async def test_answers_may_be_mended_for_two_weeks(stage, case):
    hand, mentor, _, pair = case
    found = await asked(stage, pair)
    await answer(stage, mentor, found["mentor"])
    hand.shift(timedelta(days=13))
    mended = await answer(stage, mentor, found["mentor"], {**FULL, "relationship": "bad"})
    assert mended.answers["relationship"] == "bad"
    hand.shift(timedelta(days=2))
    with pytest.raises(rules.EvaluationSettled):
        await answer(stage, mentor, found["mentor"])


async def test_only_she_answers_and_only_her_office_reads(stage, case):  # K59
    _, mentor, mentee, pair = case
    found = await asked(stage, pair)
    with pytest.raises(NotFound):
        await answer(stage, mentee, found["mentor"])
    async with stage.session(mentor.actor) as session:
        with pytest.raises(Forbidden):
            await queries.shown(session, mentor.actor, found["mentee"].id)
        assert [row.Evaluation.id for row in await queries.own(session, mentor.actor)] == [found["mentor"].id]
    async with stage.session() as session:
        office = await organisations.open_office(
            session, stage.made.house, name="Aarhus", region="Jutland", time_zone="UTC"
        )
    elsewhere = await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, office_id=office.id)
    async with stage.session(elsewhere) as session:
        with pytest.raises(NotFound):
            await queries.shown(session, elsewhere, found["mentor"].id)
        assert await queries.listed(session, elsewhere) == []
        assert (await queries.counts(session, elsewhere)).asked == 0
        with pytest.raises(NotFound):
            await actions.close(session, elsewhere, found["mentor"].id)


async def test_a_coordinator_notes_what_she_was_told(stage, case):  # K44
    _, mentor, _, pair = case
    found = await asked(stage, pair)
    told = {"ended": "yes", "relationship": "very_good"}
    async with stage.session(stage.by) as session:
        noted = await actions.record(session, stage.by, found["mentor"].id, told)
    assert noted.answers == told and noted.recorded_by == stage.by.person_id
    kept = await answer(stage, mentor, found["mentor"])
    assert kept.recorded_by is None and kept.answers["relationship"] == "good"
    async with stage.session(stage.by) as session:
        with pytest.raises(rules.EvaluationSettled):
            await actions.record(session, stage.by, found["mentor"].id, told)


async def test_closing_asks_no_more(stage, case):  # K44
    hand, mentor, _, pair = case
    found = await asked(stage, pair)
    async with stage.session(stage.by) as session:
        await actions.close(session, stage.by, found["mentor"].id)
    hand.shift(timedelta(days=40))
    await sweep(stage)
    assert kinds(await stage.letters(mentor)) == ["evaluation.asked"]
    with pytest.raises(rules.EvaluationSettled):
        await answer(stage, mentor, found["mentor"])


async def test_a_programme_sets_its_days_and_its_form(stage, case):  # K64 K69
    _, mentor, _, pair = case
    asking = Asking(wording="printed", benefit_many=True, remind_days=3, call_days=2)
    async with stage.session(stage.made.owner) as session:
        await actions.set_asking(session, stage.made.owner, pair.programme_id, asking)
        assert await queries.asking(session, pair.programme_id) == asking
        for wrong in (Asking(remind_days=0), Asking(call_days=91), Asking(wording="other")):
            with pytest.raises(Invalid):
                await actions.set_asking(session, stage.made.owner, pair.programme_id, wrong)
    found = await asked(stage, pair)
    assert found["mentor"].next_on == date(2026, 11, 26)
    kept = await answer(stage, mentor, found["mentor"], {**FULL, "benefit": ["positive", "learned"]})
    assert kept.answers["benefit"] == ["learned", "positive"]


def test_both_roles_have_the_same_options():  # K61 K62 K63 K64 K65 K66 K67 K69
    forms = {role: questions(role, "plain", benefit_many=False) for role in ParticipantRole}
    codes = {
        role: [(one.code, [code for code, _ in one.options]) for one in form] for role, form in forms.items()
    }
    assert codes["mentor"] == codes["mentee"] == codes["peer"]
    assert [len(options) for _, options in codes["mentor"]] == [2, 9, 3, 2, 6, 5, 6, 5, 0]
    kinds = {one.code: one.kind for one in forms["mentor"]}
    assert [code for code, kind in kinds.items() if kind is Kind.MANY] == ["why"]
    printed = {one.code: one.words for one in questions("mentee", "printed", benefit_many=False)}
    plain = {role: {one.code: one.words for one in form} for role, form in forms.items()}
    assert printed["benefit"] == plain["mentor"]["benefit"] != plain["mentee"]["benefit"]
    assert printed["often"] == plain["mentee"]["often"] != plain["mentor"]["often"]


async def test_figures_count_every_option_and_lead_to_their_list(stage, case):  # U35
    _, mentor, mentee, pair = case
    found = await asked(stage, pair)
    await answer(stage, mentor, found["mentor"])
    await answer(stage, mentee, found["mentee"], {**FULL, "satisfied": "neutral"})
    async with stage.session(stage.by) as session:
        tallies = {one.question.code: one for one in await queries.tallies(session, stage.by, "mentor")}
        assert {code: count for code, _, count in tallies["why"].counts if count} == {
            "year_over": 1,
            "other": 1,
        }
        assert tallies["why"].answered == 1 and tallies["satisfied"].answered == 1
        for chosen, expected in (
            (("satisfied", "neutral"), ["mentee"]),
            (("why", "year_over"), ["mentor", "mentee"]),
            (("why", "year_ove"), []),
            (("satisfied", "%"), []),
        ):
            rows = await queries.listed(session, stage.by, chosen=chosen)
            assert sorted(row.Evaluation.role for row in rows) == sorted(expected), chosen
        counts = await queries.counts(session, stage.by)
    assert (counts.asked, counts.answered, counts.closed) == (0, 2, 0)
