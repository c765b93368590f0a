"""Who may start what, and when: one open run a pool, a doubled click one run, wishes only within a cycle."""

import asyncio
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from infra import clock, ids
from infra.errors import Forbidden, Invalid, NotFound
from infra.outbox.models import OutboxJob
from tenants.audit.models import AuditEvent
from tenants.permissions import Role
from tenants.programmes.models import Structure
from tenants.proposals.models import MatchingRun, NeverAgain, WishKind
from tenants.proposals.runs import actions, queries, rules, wishing
from tenants.proposals.runs import criteria as choosing
from tenants.registration.models import Participation
from tests import crowd, making


@pytest.fixture
async def launched(database, made):
    launched = await making.programme(database, made)
    await crowd.people(database, made, launched, "mentee", 3)
    await crowd.people(database, made, launched, "mentor", 3)
    return launched


async def act(database, actor, action, *args, **facts):
    async with database.tenant_session(actor.context()) as session:
        return await action(session, actor, *args, **facts)


def weighing(**weights):
    return choosing.read({"weights": weights})


async def test_start_is_audited_and_promised(database, made, launched):
    run = await act(database, made.coordinator, actions.start_run, launched.cycle.id)
    assert (run.number, run.state, run.started_by) == (1, "waiting", made.coordinator.person_id)
    assert sum(run.criteria["points"].values()) == 100
    async with database.tenant_session(made.house.context()) as session:
        job = (await session.execute(select(OutboxJob).where(OutboxJob.kind == "matching.run"))).scalar_one()
        assert (job.queue, job.payload) == ("match", {"run_id": str(run.id)})
        event = (
            await session.execute(select(AuditEvent).where(AuditEvent.event == "run.started"))
        ).scalar_one()
        assert (event.object_id, event.details) == (run.id, {"number": 1, "pairs": 9, "aim": "points"})


async def test_the_aim_is_kept_and_audited(database, made, launched):
    by = made.coordinator
    chosen = choosing.read({"weights": {"topics": 8}, "aim": "lowest"})
    run = await act(database, by, actions.start_run, launched.cycle.id, chosen)
    assert choosing.of_run(run.criteria).criteria.aim == "lowest"
    async with database.tenant_session(made.house.context()) as session:
        details = await session.scalar(select(AuditEvent.details).where(AuditEvent.event == "run.started"))
    assert details["aim"] == "lowest"
    await act(database, by, actions.cancel_run, run.id)
    assert (await act(database, by, actions.start_run, launched.cycle.id)).state == "waiting"
    with pytest.raises(Invalid):
        choosing.read({"weights": {"topics": 8}, "aim": "fair"})


async def test_a_count_does_not_ask_for_the_aim(database, made, launched):
    keys = {
        (
            await act(
                database,
                made.coordinator,
                actions.ask_count,
                launched.cycle.id,
                choosing.read({"weights": {"topics": 8}, "aim": aim}),
            )
        ).key
        for aim in choosing.AIMS
    }
    assert len(keys) == 1


async def test_doubled_click_gives_the_same_run(database, made, launched):
    by = made.coordinator
    first, second = await asyncio.gather(
        act(database, by, actions.start_run, launched.cycle.id),
        act(database, by, actions.start_run, launched.cycle.id),
    )
    assert first.id == second.id
    async with database.tenant_session(made.house.context()) as session:
        assert await session.scalar(select(func.count()).select_from(MatchingRun)) == 1


async def test_second_start_is_a_conflict(database, made, launched):
    first = await act(database, made.coordinator, actions.start_run, launched.cycle.id)
    with pytest.raises(rules.RunOpen) as said:
        await act(database, made.coordinator, actions.start_run, launched.cycle.id, weighing(topics=1))
    assert said.value.facts == {"number": 1, "id": str(first.id)}
    other = await making.somebody(database, made.id, Role.COORDINATOR)
    with pytest.raises(rules.RunOpen):
        await act(database, other, actions.start_run, launched.cycle.id)
    with time_machine.travel(clock.now() + timedelta(minutes=1)), pytest.raises(rules.RunOpen):
        await act(database, made.coordinator, actions.start_run, launched.cycle.id)


async def test_only_those_who_may_start(database, made, launched):
    for role in set(Role) - {Role.COORDINATOR, Role.PROGRAMME_MANAGER}:
        other = await making.somebody(database, made.id, role)
        with pytest.raises(Forbidden):
            await act(database, other, actions.start_run, launched.cycle.id)
        with pytest.raises(Forbidden):
            await act(database, other, queries.runs)


async def test_nobody_to_match_is_said(database, made):
    launched = await making.programme(database, made, slug="empty")
    with pytest.raises(rules.PoolEmpty) as said:
        await act(database, made.coordinator, actions.start_run, launched.cycle.id)
    assert said.value.facts == {"side": "mentee"}
    await crowd.people(database, made, launched, "mentee", 1)
    with pytest.raises(rules.PoolEmpty) as said:
        await act(database, made.coordinator, actions.start_run, launched.cycle.id)
    assert said.value.facts == {"side": "mentor"}


async def test_nobody_ready_on_the_one_side_is_said(database, made):
    launched = await making.programme(database, made, slug="circle", structure=Structure.CIRCLE)
    with pytest.raises(rules.NoPeers):
        await act(database, made.coordinator, actions.start_run, launched.cycle.id)


async def test_runs_are_listed_newest_first_in_pages(database, made, launched, statements):
    by = made.coordinator
    for weight in (1, 2, 3):
        run = await act(database, by, actions.start_run, launched.cycle.id, weighing(topics=weight, sector=1))
        await act(database, by, actions.cancel_run, run.id)
    with statements() as sent:
        rows = await act(database, by, queries.runs, cycle_id=launched.cycle.id, limit=2)
    assert [row.number for row in rows] == [3, 2]
    assert [row.number for row in await act(database, by, queries.runs, after=2)] == [1]
    assert len(sent) == 2


async def test_unknown_ids_are_not_found(database, made, launched):
    for action, given in (
        (actions.start_run, ids.new()),
        (actions.cancel_run, ids.new()),
        (queries.access_run, ids.new()),
        (wishing.release, ids.new()),
    ):
        with pytest.raises(NotFound):
            await act(database, made.coordinator, action, given)


async def test_wishes_keep_to_a_cycle_and_can_be_taken_back(database, made, launched):
    by, cycle_id = made.coordinator, launched.cycle.id
    [mentee] = await crowd.people(database, made, launched, "mentee", 1, seed=5)
    [mentor] = await crowd.people(database, made, launched, "mentor", 1, seed=5)
    pair = {"mentor_id": mentor, "mentee_id": mentee}
    first = await act(database, by, wishing.wish, cycle_id, **pair, kind=WishKind.LOCK)
    second = await act(database, by, wishing.wish, cycle_id, **pair, kind=WishKind.FORBID)
    assert first == second
    assert [(row.kind, row.mentee_id) for row in await act(database, by, queries.wishes, cycle_id)] == [
        ("forbid", mentee)
    ]
    with pytest.raises(Invalid) as refused:
        await act(
            database, by, wishing.wish, cycle_id, mentor_id=mentee, mentee_id=mentor, kind=WishKind.LOCK
        )
    assert [(one.field, one.code) for one in refused.value.problems] == [
        ("mentor_id", "wish_same_side"),
        ("mentee_id", "wish_same_side"),
    ]
    other = await making.programme(database, made, slug="another")
    with pytest.raises(NotFound):
        await act(database, by, wishing.wish, other.cycle.id, **pair, kind=WishKind.LOCK)
    stranger = (await making.organisation(database)).coordinator
    with pytest.raises(NotFound):
        await act(database, stranger, wishing.release, first)
    with pytest.raises(NotFound):
        await act(database, stranger, wishing.wish, cycle_id, **pair, kind=WishKind.LOCK)
    assert await act(database, by, wishing.release, first) == cycle_id
    assert await act(database, by, queries.wishes, cycle_id) == []


def test_points_share_out_a_hundred():
    assert choosing.points({"topics": 1, "sector": 1, "languages": 1}) == {
        "topics": 34, "languages": 33, "overlap": 0, "sector": 33, "organisation": 0, "seniority": 0, "mode": 0,
        "region": 0, "gender": 0,
    }  # fmt: skip
    for weights in (
        {"topics": 10, "sector": 3, "mode": 7},
        {"region": 1},
        dict.fromkeys(choosing.WEIGHED, 7),
    ):
        assert sum(choosing.points(weights).values()) == 100


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"weights": {"topics": 0}}, "weights"),
        ({"weights": {"topics": 11}}, "criteria"),
        ({"weights": {"charm": 1}}, "weights.charm"),
        ({"weights": {"topics": 1}, "languages": 9}, "criteria"),
        ({"weights": {"topics": 1}, "window": [9, 3]}, "window"),
        ({"weights": {"topics": 1}, "unknown": 1}, "criteria"),
    ],
)
def test_criteria_that_cannot_be_used(given, field):
    with pytest.raises(Invalid) as said:
        choosing.read(given)
    assert [problem.field for problem in said.value.problems] == [field]


def test_shown_points_add_up_by_largest_remainder():
    rows = [
        {"criterion": name, "points": points, "most": 5_000}
        for name, points in (("topics", 2_190), ("sector", 2_190), ("mode", 2_190), ("region", 30))
    ]
    shown = {row.criterion: row.points for row in rules.shown(rows)}
    assert shown == {"topics": 11, "sector": 11, "mode": 11, "region": 0}
    assert rules.weakest(rules.shown(rows)).criterion == "region"


async def test_a_lock_that_no_run_could_keep_is_refused_at_once(database, made, launched):
    by, cycle_id = made.coordinator, launched.cycle.id
    mentees = await crowd.people(database, made, launched, "mentee", 3, seed=6)
    mentors = await crowd.people(database, made, launched, "mentor", 3, seed=6)

    async def keep(mentor, mentee, kind=WishKind.LOCK):
        pair = {"mentor_id": mentor, "mentee_id": mentee}
        return await act(database, by, wishing.wish, cycle_id, **pair, kind=kind)

    async def refusal(mentor, mentee):
        with pytest.raises(Invalid) as refused:
            await keep(mentor, mentee)
        return [(one.field, one.code) for one in refused.value.problems]

    first = await keep(mentors[0], mentees[0])
    assert await keep(mentors[0], mentees[0]) == first
    assert await refusal(mentors[1], mentees[0]) == [("mentee_id", "wish_second_lock")]
    assert await refusal(mentors[0], mentees[1]) == [("mentor_id", "wish_no_place")]
    await keep(mentors[1], mentees[0], WishKind.FORBID)

    async with database.tenant_session(made.house.context()) as session:
        rows = await session.execute(select(Participation.id, Participation.person_id))
        person = {row[0]: row[1] for row in rows}
        one, other = sorted((person[mentors[2]], person[mentees[2]]))
        session.add(NeverAgain(organisation_id=made.id, one_id=one, other_id=other))
    assert await refusal(mentors[2], mentees[2]) == [("mentee_id", "wish_tried_before")]
