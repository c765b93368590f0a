"""The activity plan: what may stand in it, its versions, and a goal that is reached (K57, K26)."""

from datetime import date

import pytest
from sqlalchemy import select

from infra.errors import Forbidden, Invalid, NotFound
from tenants.relationships.agreements import glancing, plan_rules, plans
from tenants.relationships.agreements.plan_models import PlanVersion
from tenants.relationships.agreements.plan_rules import Change, Deed, PlanChanged
from tests.agreeing import act

TODAY = date(2026, 11, 23)


def change(plan, *changes):
    for one in changes:
        plan, _told = plan_rules.changed(plan, one, TODAY)
    return plan


def ids(plan):
    return [item["id"] for _kind, item in plan_rules.items(plan)]


def test_goals_milestones_activities_and_nothing_below_them():
    plan = change({}, Change(Deed.ADD, text="  A job \n by summer "))
    [goal] = ids(plan)
    plan = change(plan, Change(Deed.ADD, goal, "Three schools", date(2027, 2, 1)))
    plan = change(plan, Change(Deed.ADD, ids(plan)[1], "Call the first"))
    _, milestone, activity = ids(plan)
    assert [(kind.value, item["text"]) for kind, item in plan_rules.items(plan)] == [
        ("goal", "A job by summer"),
        ("milestone", "Three schools"),
        ("activity", "Call the first"),
    ]
    with pytest.raises(NotFound):
        change(plan, Change(Deed.ADD, activity, "And below it"))
    done = change(plan, Change(Deed.DONE, activity))
    assert done["goals"][0]["milestones"][0]["activities"][0]["done_on"] == "2026-11-23"
    assert change(done, Change(Deed.UNDONE, activity)) == plan
    assert ids(change(plan, Change(Deed.REMOVE, milestone, seen="Three schools"))) == [goal]
    with pytest.raises(PlanChanged):
        change(plan, Change(Deed.CHANGE, milestone, "Four schools", seen="Two schools"))
    # A day that has passed meanwhile may stay; a new one may not lie in the past.
    later = plan_rules.changed(
        plan, Change(Deed.CHANGE, milestone, "Now", date(2027, 2, 1)), date(2027, 5, 1)
    )
    assert later[0]["goals"][0]["milestones"][0]["by"] == "2027-02-01"


@pytest.mark.parametrize(
    "wrong",
    [
        Change(Deed.ADD, text=" \0 "),
        Change(Deed.ADD, text="x" * 501),
        Change(Deed.ADD, text="Late", by=date(2026, 11, 22)),
        Change(Deed.ADD, text="Never", by=date.max),
    ],
)
def test_what_cannot_be_planned_is_refused(wrong):
    with pytest.raises(Invalid):
        change({}, wrong)


def test_a_plan_stays_small_enough_to_read():
    plan = change({}, *(Change(Deed.ADD, text=f"Goal {n}") for n in range(5)))
    with pytest.raises(Invalid):
        change(plan, Change(Deed.ADD, text="One more"))
    with pytest.raises(NotFound):
        change(plan, Change(Deed.DONE, "nothing"))


async def test_every_version_stays_and_a_goal_that_is_reached_is_told(stage):  # K57 K26
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    pair = await stage.pair(mentor, mentee)
    first = await act(stage, mentee, plans.change, pair.id, Change(Deed.ADD, text="A job"))
    goal = first.content["goals"][0]["id"]
    await act(stage, mentor, plans.change, pair.id, Change(Deed.CHANGE, goal, "A good job", seen="A job"))
    same = await act(stage, mentor, plans.change, pair.id, Change(Deed.CHANGE, goal, "A good job"))
    assert same.number == 2
    await act(stage, mentor, plans.change, pair.id, Change(Deed.REVIEW))
    await act(stage, mentee, plans.change, pair.id, Change(Deed.DONE, goal))
    async with stage.session(stage.by) as session:
        told = [(one.number, one.change["deed"], one.by) for one in await plans.versions(session, pair.id)]
        assert told == [
            (4, "done", "Wanjiru Kamau"),
            (3, "review", "Njeri Mwangi"),
            (2, "change", "Njeri Mwangi"),
            (1, "add", "Wanjiru Kamau"),
        ]
        shown = [
            one.content and one.content["goals"][0]["text"] for one in await plans.versions(session, pair.id)
        ]
        assert shown == ["A good job", None, None, None]  # whole plans are large: only the last is loaded
        every = await session.scalars(select(PlanVersion.content).order_by(PlanVersion.number))
        assert [one["goals"][0]["text"] for one in every] == [
            "A job",
            "A good job",
            "A good job",
            "A good job",
        ]
        assert len((await glancing.standing(session, pair.id)).reached) == 1
    assert "plan.goal_reached" in [kind for kind, _ in await stage.tasks()]
    await act(stage, mentee, plans.change, pair.id, Change(Deed.UNDONE, goal))
    assert "plan.goal_reached" not in [kind for kind, _ in await stage.tasks()]
    await act(stage, mentee, plans.change, pair.id, Change(Deed.DONE, goal))
    assert [kind for kind, _ in await stage.tasks()].count("plan.goal_reached") == 1
    with pytest.raises(NotFound):
        await act(stage, await stage.joins(name="Eve"), plans.change, pair.id, Change(Deed.REVIEW))
    async with stage.session(stage.by) as session:
        with pytest.raises((Forbidden, NotFound)):
            await plans.change(session, stage.by, pair.id, Change(Deed.REVIEW))
