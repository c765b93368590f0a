"""A run from its start to its proposals: the same each time, explained to the point, and never written twice."""

import asyncio
import itertools
import threading
import time
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from infra import clock, progress
from infra.errors import NotFound
from infra.outbox import delivery
from infra.outbox.models import JobState, OutboxJob
from tenants.organisations import actions as organisations
from tenants.people.models import Person
from tenants.proposals.models import MatchingRun, NeverAgain, Proposal, RunState, Unmatched, WishKind
from tenants.proposals.runs import actions, queries, results, rules, wishing
from tenants.proposals.runs import criteria as choosing
from tenants.registration.models import Participation
from tests import crowd, making
from tests.working import drain
from workers import handling, matching
from workers.matching.checking import Checked, check_run

ROWS = (
    Proposal.mentor_id, Proposal.mentee_id, Proposal.score, Proposal.contributions, Proposal.alternatives,
)  # fmt: skip


@pytest.fixture
async def made(database):
    return await making.organisation(database)


@pytest.fixture
async def launched(database, made):
    return await making.programme(database, made)


async def start(database, made, launched, criteria=None):
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        return (await actions.start_run(session, by, launched.cycle.id, criteria)).id


async def read(database, made, run_id):
    async with database.tenant_session(made.house.context()) as session:
        return await queries.access_run(session, made.house, run_id)


async def found(database, made, run_id):
    """(pairs, left out) of a run, as plain rows in one order."""
    async with database.tenant_session(made.house.context()) as session:
        pairs = await session.execute(
            select(*ROWS).where(Proposal.run_id == run_id).order_by(Proposal.mentee_id)
        )
        left = await session.execute(
            select(
                Unmatched.participation_id,
                Unmatched.side,
                Unmatched.reason,
                Unmatched.facts,
                Unmatched.change,
            )
            .where(Unmatched.run_id == run_id)
            .order_by(Unmatched.participation_id)
        )
        return [tuple(row) for row in pairs], [tuple(row) for row in left]


async def test_run_matches_explains_and_proves(ground, database, made, launched):  # N03 N04
    await crowd.people(database, made, launched, "mentee", 24)
    await crowd.people(database, made, launched, "mentor", 14)
    run_id = await start(database, made, launched)
    assert await drain(ground, made.id) == ["matching.run"]
    run = await read(database, made, run_id)
    assert (run.state, run.number, run.error) == (RunState.DONE, 1, None)
    assert run.result["matched"] == 14
    assert run.certificate["ok"]
    assert run.certificate["total"] == run.certificate["bound"] == run.result["total"]
    assert run.certificate["pairs_checked"] == 24 * 14
    pairs, left = await found(database, made, run_id)
    assert len(pairs) == 14
    assert sum(row[2] for row in pairs) == run.result["total"]
    for _, _, score, contributions, alternatives in pairs:
        assert sum(row["points"] for row in contributions) == score  # N04
        assert sum(row["most"] for row in contributions) == choosing.MOST
        shown = rules.shown(contributions)
        assert sum(row.points for row in shown) == rules.of_hundred(score)
        assert sum(row.most for row in shown) == 100
        assert all(0 <= row.points <= row.most for row in shown)
        assert all(other["margin"] >= 0 for other in alternatives)
    mentees_left = [row for row in left if row[1] == "mentee"]
    assert len(mentees_left) == 10
    for _, _, reason, facts, change in left:  # N04
        assert reason
        assert change["what"]
        assert set(facts) == {"unanswered", "possible", "others"}


async def test_same_input_gives_same_result_and_digest(ground, database, made, launched):  # N03
    await crowd.people(database, made, launched, "mentee", 15)
    await crowd.people(database, made, launched, "mentor", 15)
    seen = []
    for _ in range(2):
        run_id = await start(database, made, launched)
        await drain(ground, made.id)
        run = await read(database, made, run_id)
        pairs, left = await found(database, made, run_id)
        seen.append((run.inputs_digest, run.matcher_version, run.criteria, run.result, pairs, left))
        async with database.tenant_session(made.house.context()) as session:
            await session.execute(
                update(MatchingRun).values(created_at=MatchingRun.created_at - timedelta(minutes=1))
            )
    assert seen[0] == seen[1]
    assert run.number == 2


async def test_run_can_be_checked_again_from_what_it_keeps(ground, database, made, launched):  # N03
    await crowd.people(database, made, launched, "mentee", 8)
    await crowd.people(database, made, launched, "mentor", 5)
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    checked = await check_run(ground, made.id, run_id)
    assert checked == Checked(1, run.result["total"], run.result["total"], 40, ())
    for change, fault in (
        (update(MatchingRun).values(result=run.result | {"matched": 9}), {"seal_broken"}),
        (update(MatchingRun).values(result=run.result | {"total": 1}), {"seal_broken", "result_differs"}),
        (update(MatchingRun).values(result=run.result, inputs=None), {"seal_broken", "inputs_missing"}),
    ):
        async with database.tenant_session(made.house.context()) as session:
            kept = await queries.kept_inputs(session, run_id)
            await session.execute(change)
        assert set((await check_run(ground, made.id, run_id)).faults) == fault
        async with database.tenant_session(made.house.context()) as session:
            await session.execute(update(MatchingRun).values(result=run.result, inputs=kept))
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Proposal).values(score=Proposal.score + 1))
    assert (await check_run(ground, made.id, run_id)).faults == ("proposals_differ",)


async def test_killed_worker_leaves_nothing_twice(ground, database, made, launched, monkeypatch):
    """A worker that dies while it computes, and one that dies after it has written."""
    await crowd.people(database, made, launched, "mentee", 9)
    await crowd.people(database, made, launched, "mentor", 9)
    run_id = await start(database, made, launched)
    job_id = await _sent(database, made)

    class Killed(BaseException):
        """Goes past every except of the worker, as the end of its process does."""

    whole = matching.compute
    computed = []

    def dies(*args):
        computed.append(whole(*args))
        raise Killed

    monkeypatch.setattr(matching, "compute", dies)
    with pytest.raises(Killed):
        await handling.perform(ground, made.id, job_id)
    assert (await read(database, made, run_id)).state == RunState.RUNNING
    assert await found(database, made, run_id) == ([], [])

    monkeypatch.setattr(matching, "compute", whole)
    said = matching.Teller.say

    async def dies_late(self, phase, percent, **facts):
        if phase == "ended":
            raise Killed
        await said(self, phase, percent, **facts)

    monkeypatch.setattr(matching.Teller, "say", dies_late)
    await _taken_up_again(database, made)
    with pytest.raises(Killed):
        await handling.perform(ground, made.id, job_id)
    pairs, left = await found(database, made, run_id)
    assert (await read(database, made, run_id)).state == RunState.DONE

    monkeypatch.setattr(matching.Teller, "say", said)
    await _taken_up_again(database, made)
    await handling.perform(ground, made.id, job_id)
    assert await found(database, made, run_id) == (pairs, left)
    assert sorted((row[0], row[1], row[2]) for row in pairs) == sorted(
        (one.mentor_id, one.mentee_id, one.score) for one in computed[0].proposals
    )


async def _sent(database, made):
    """The job as the relay leaves it in the queue."""
    async with database.tenant_session(made.house.context()) as session:
        job = (await session.execute(select(OutboxJob).where(OutboxJob.kind == "matching.run"))).scalar_one()
        job.state, job.lease_until = JobState.SENT, clock.now()
        return job.id


async def _taken_up_again(database, made):
    """What the sweep does once the lease of a dead worker is over."""
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(OutboxJob)
            .where(OutboxJob.kind == "matching.run")
            .values(state=JobState.SENT, worker=None, lease_until=clock.now())
        )


async def test_progress_is_told_at_least_each_second(ground, database, made, launched, monkeypatch):
    await crowd.people(database, made, launched, "mentee", 6)
    await crowd.people(database, made, launched, "mentor", 6)
    run_id = await start(database, made, launched)
    whole = matching.compute

    def slow(order, key, tell, cancelled):
        tell("solving", 40)
        threading.Event().wait(2.6)
        return whole(order, key, tell, cancelled)

    monkeypatch.setattr(matching, "compute", slow)
    states = []

    async def watch():
        async for state in progress.follow(ground.redis, rules.progress_key(made.id, run_id)):
            if state is not None:
                states.append(state)
                if state.phase == "ended":
                    return

    stalls = []

    async def stall():
        """How long the machine itself kept this process waiting."""
        while True:
            begun = time.monotonic()
            await asyncio.sleep(0.05)
            stalls.append(time.monotonic() - begun - 0.05)

    watcher, stalling = asyncio.create_task(watch()), asyncio.create_task(stall())
    await drain(ground, made.id)
    await asyncio.wait_for(watcher, 30)
    stalling.cancel()
    at = [state.at for state in states]
    assert all((b - a).total_seconds() <= 1.25 + 2 * max(stalls) for a, b in itertools.pairwise(at))
    assert ("solving", 40) in [(state.phase, state.percent) for state in states]
    percents = [state.percent for state in states]
    assert percents == sorted(percents)


async def test_cancelled_run_writes_nothing(ground, database, made, launched, monkeypatch):
    await crowd.people(database, made, launched, "mentee", 6)
    await crowd.people(database, made, launched, "mentor", 6)
    run_id = await start(database, made, launched)
    whole = matching.compute
    begun = threading.Event()

    def slow(order, key, tell, cancelled):
        begun.set()
        for _ in range(100):
            if cancelled():
                break
            threading.Event().wait(0.05)
        return whole(order, key, tell, cancelled)

    monkeypatch.setattr(matching, "compute", slow)
    working = asyncio.create_task(drain(ground, made.id))
    await asyncio.to_thread(begun.wait, 5)
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        await actions.cancel_run(session, by, run_id)
    await working
    assert (await read(database, made, run_id)).state == RunState.CANCELLED
    assert await found(database, made, run_id) == ([], [])
    async with database.tenant_session(by.context()) as session:
        with pytest.raises(rules.RunNotOpen):
            await actions.cancel_run(session, by, run_id)


async def test_run_cancelled_before_it_began_is_not_computed(ground, database, made, launched):
    await crowd.people(database, made, launched, "mentee", 2)
    await crowd.people(database, made, launched, "mentor", 2)
    run_id = await start(database, made, launched)
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        await actions.cancel_run(session, by, run_id)
    assert await drain(ground, made.id) == []
    assert (await read(database, made, run_id)).state == RunState.CANCELLED


async def test_pool_too_large_is_said(ground, database, made, launched, monkeypatch):
    await crowd.people(database, made, launched, "mentee", 3)
    await crowd.people(database, made, launched, "mentor", 3)
    monkeypatch.setattr("matcher.proposing.MOST_A_SIDE", 2)
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.error) == (RunState.FAILED, "run_pool_too_large")
    assert run.result == {"what": "mentees", "found": 3, "limit": 2}


async def test_broken_run_is_tried_again_and_then_said(ground, database, made, launched, monkeypatch):
    await crowd.people(database, made, launched, "mentee", 2)
    await crowd.people(database, made, launched, "mentor", 2)

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(matching, "compute", broken)
    run_id = await start(database, made, launched)
    for attempt in range(1, matching.TRIES + 1):
        job_id = await _sent(database, made)
        await handling.perform(ground, made.id, job_id)
        expected = RunState.FAILED if attempt == matching.TRIES else RunState.RUNNING
        assert (await read(database, made, run_id)).state == expected
    assert (await read(database, made, run_id)).error == "run_broken"


async def test_run_whose_job_was_given_up_fails(database, made, launched):
    await crowd.people(database, made, launched, "mentee", 2)
    await crowd.people(database, made, launched, "mentor", 2)
    run_id = await start(database, made, launched)
    async with database.tenant_session(made.house.context()) as session:
        await actions.fail_lost(session, made.house)
        assert (await queries.access_run(session, made.house, run_id)).state == RunState.WAITING
        await session.execute(
            update(OutboxJob)
            .where(OutboxJob.key == rules.job_key(run_id))
            .values(state=JobState.DEAD, attempt=delivery.MAX_ATTEMPTS)
        )
        await actions.fail_lost(session, made.house)
    run = await read(database, made, run_id)
    assert (run.state, run.error) == (RunState.FAILED, "run_lost")


async def test_never_again_wishes_and_addresses_hold(ground, database, made, launched):  # K35
    mentees = await crowd.people(database, made, launched, "mentee", 3)
    mentors = await crowd.people(database, made, launched, "mentor", 3)
    by = made.coordinator
    async with database.tenant_session(made.house.context()) as session:
        rows = await session.execute(select(Participation.id, Participation.person_id))
        person = dict(rows.all())
        one, other = sorted((person[mentees[0]], person[mentors[0]]))
        session.add(NeverAgain(organisation_id=made.id, one_id=one, other_id=other))
        email = await session.scalar(select(Person.email).where(Person.id == person[mentors[1]]))
        await session.execute(
            update(Participation)
            .where(Participation.id == mentees[0])
            .values(excluded_emails=[email.upper()])
        )
    async with database.tenant_session(by.context()) as session:
        await wishing.wish(
            session, by, launched.cycle.id, mentor_id=mentors[2], mentee_id=mentees[1], kind=WishKind.LOCK
        )
        await wishing.wish(
            session, by, launched.cycle.id, mentor_id=mentors[0], mentee_id=mentees[2], kind=WishKind.FORBID
        )
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    pairs, left = await found(database, made, run_id)
    assert (mentors[2], mentees[1]) in [row[:2] for row in pairs]
    assert {row[:2] for row in pairs} == {(mentors[2], mentees[1]), (mentors[1], mentees[2])}
    assert [row[0] for row in left if row[1] == "mentee"] == [mentees[0]]
    assert (run.result["kept_together"], run.result["kept_apart"], run.result["excluded"]) == (1, 1, 2)


async def test_impossible_lock_is_named(ground, database, made, launched):
    mentees = await crowd.people(database, made, launched, "mentee", 2)
    mentors = await crowd.people(
        database, made, launched, "mentor", 2, languages=[{"code": "fr", "level": 4}]
    )
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        await wishing.wish(
            session, by, launched.cycle.id, mentor_id=mentors[0], mentee_id=mentees[0], kind=WishKind.LOCK
        )
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.error) == (RunState.FAILED, "run_lock_impossible")
    assert run.result == {"mentee_id": str(mentees[0]), "mentor_id": str(mentors[0]), "limit": "languages"}


async def test_supervisor_is_never_proposed(ground, database, made, launched):
    mentees = await crowd.people(database, made, launched, "mentee", 1)
    mentors = await crowd.people(database, made, launched, "mentor", 1)
    async with database.tenant_session(made.house.context()) as session:
        boss = await session.scalar(
            select(Person.email)
            .join(Participation, Participation.person_id == Person.id)
            .where(Participation.id == mentors[0])
        )
        await session.execute(
            update(Participation).where(Participation.id == mentees[0]).values(supervisor_email=boss)
        )
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    pairs, left = await found(database, made, run_id)
    assert pairs == []
    assert {(row[0], row[2]) for row in left} == {(mentees[0], "supervisor"), (mentors[0], "supervisor")}


async def test_count_of_pairs(ground, database, made, launched):
    await crowd.people(database, made, launched, "mentee", 10)
    await crowd.people(database, made, launched, "mentor", 8)
    await crowd.people(database, made, launched, "mentor", 4, seed=2, languages=[{"code": "fr", "level": 4}])
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        asked = await actions.ask_count(session, by, launched.cycle.id)
        assert await actions.ask_count(session, by, launched.cycle.id) == asked
    assert await drain(ground, made.id) == ["matching.count"]
    counted = (await progress.last(ground.redis, asked.key)).facts
    assert counted["pairs"] == 120
    rows = {row["limit"]: (row["taken"], row["left"]) for row in counted["rows"]}
    assert rows["languages"] == (40, 80)
    assert counted["rows"][-1]["left"] == counted["possible"] <= 80
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert run.result["waterfall"] == counted["rows"]
    assert run.result["pairs_possible"] == counted["possible"]


async def test_why_not_somebody_else(ground, database, made, launched):  # N04
    await crowd.people(database, made, launched, "mentee", 6)
    await crowd.people(database, made, launched, "mentor", 5)
    stranger = (
        await crowd.people(
            database, made, launched, "mentor", 1, seed=2, languages=[{"code": "fr", "level": 4}]
        )
    )[0]
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    pairs, _ = await found(database, made, run_id)
    mentor, mentee, score, contributions, alternatives = max(pairs, key=lambda row: len(row[4]))
    other = alternatives[0]
    by = made.coordinator

    async def ask(mentor_id):
        async with database.tenant_session(by.context()) as session:
            key = await actions.ask_why(session, by, run_id, mentee_id=mentee, mentor_id=mentor_id)
        await drain(ground, made.id)
        return (await progress.last(ground.redis, key)).facts

    chosen = await ask(mentor)
    assert (chosen["is_matched"], chosen["price"], chosen["failed"], chosen["score"]) == (True, 0, [], score)
    assert {name: chosen["contributions"][name] for name in choosing.WEIGHED} == {
        row["criterion"]: row["points"] for row in contributions
    }
    told = await ask(UUID(other["participation_id"]))
    assert (told["score"], told["price"]) == (other["score"], other["margin"])
    assert sum(told["contributions"].values()) == told["score"]
    assert (await ask(stranger))["failed"] == ["languages"]


async def test_another_organisation_sees_nothing_of_a_run(ground, database, made, launched):
    await crowd.people(database, made, launched, "mentee", 2)
    await crowd.people(database, made, launched, "mentor", 2)
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    async with database.tenant_session(made.house.context()) as session:
        proposal_id = await session.scalar(select(Proposal.id).limit(1))
    other = await making.organisation(database)
    by = other.coordinator
    async with database.tenant_session(by.context()) as session:
        assert await queries.runs(session, by) == []
        assert await results.pairs(session, by, run_id) == []
        assert await results.unmatched(session, by, run_id) == []
        assert await results.scores(session, by, run_id) == []
        for ask in (
            queries.access_run(session, by, run_id),
            results.access_pair(session, by, run_id, proposal_id),
            actions.cancel_run(session, by, run_id),
            actions.start_run(session, by, launched.cycle.id),
            actions.ask_count(session, by, launched.cycle.id),
            actions.ask_why(session, by, run_id, mentee_id=proposal_id, mentor_id=proposal_id),
        ):
            with pytest.raises(NotFound):
                await ask


def quota(side, of, most, by="organisation"):
    return {"side": side, "of": of, "most": most, "by": by}


async def test_quotas_bind_and_are_told(ground, database, made, launched):
    await crowd.people(database, made, launched, "mentee", 6, seed=1, entity="UNDP")
    await crowd.people(database, made, launched, "mentee", 2, seed=2, entity="WHO")
    await crowd.people(database, made, launched, "mentor", 4, seed=1, entity="undp")
    await crowd.people(database, made, launched, "mentor", 4, seed=2, entity="WHO")
    chosen = choosing.read(
        {"weights": {"topics": 8}, "quotas": [quota("mentee", "Undp ", 3), quota("mentor", "WHO", 1)]}
    )
    run_id = await start(database, made, launched, chosen)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.certificate["ok"]) == (RunState.DONE, True)
    used = {(one["side"], one["of"]): (one["used"], one["most"]) for one in run.result["quotas"]}
    assert used == {("mentee", "Undp "): (3, 3), ("mentor", "WHO"): (1, 1)}
    _pairs, left = await found(database, made, run_id)
    assert "quota" in {reason for _, side, reason, _, _ in left if side == "mentee"}
    assert (await check_run(ground, made.id, run_id)).faults == ()


async def test_quotas_by_office(ground, database, made, launched):
    async with database.tenant_session(made.owner.context()) as session:
        office = await organisations.open_office(session, made.owner, name="Mostar", time_zone="UTC")
    await crowd.people(database, made, launched, "mentee", 4, seed=1, office_id=office.id)
    await crowd.people(database, made, launched, "mentee", 2, seed=2)
    await crowd.people(database, made, launched, "mentor", 6)
    chosen = choosing.read(
        {"weights": {"topics": 8}, "quotas": [quota("mentee", str(office.id), 1, "office")]}
    )
    run_id = await start(database, made, launched, chosen)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert [one["used"] for one in run.result["quotas"]] == [1]
    assert run.result["matched"] <= 3


async def test_a_lock_beyond_a_quota_is_named(ground, database, made, launched):
    mentees = await crowd.people(database, made, launched, "mentee", 2, entity="UNDP")
    mentors = await crowd.people(database, made, launched, "mentor", 2)
    async with database.tenant_session(made.coordinator.context()) as session:
        await wishing.wish(
            session, made.coordinator, launched.cycle.id,
            mentor_id=mentors[0], mentee_id=mentees[0], kind=WishKind.LOCK,
        )  # fmt: skip
    chosen = choosing.read({"weights": {"topics": 8}, "quotas": [quota("mentee", "UNDP", 0)]})
    run_id = await start(database, made, launched, chosen)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.error, run.result["limit"]) == ("run_lock_impossible", "quota")
