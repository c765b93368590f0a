"""Runs that are killed, stopped, broken or given up write nothing twice, and say how they ended."""

import asyncio
import itertools
import threading
import time

import pytest
from sqlalchemy import update

from infra import progress
from infra.outbox import delivery
from infra.outbox.models import JobState, OutboxJob
from tenants.proposals.models import RunState
from tenants.proposals.runs import actions, queries, rules
from tests import crowd
from tests.workers.runs import found, read, sent, start, taken_up_again
from tests.working import drain
from workers import handling, matching


async def test_killed_worker_leaves_nothing_twice(ground, database, made, launched, monkeypatch):
    """A worker that dies while it computes, and one that dies after it has written."""
    await crowd.people(database, made, launched, "mentee", 9)
    await crowd.people(database, made, launched, "mentor", 9)
    run_id = await start(database, made, launched)
    job_id = await sent(database, made)

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
    await taken_up_again(database, made)
    with pytest.raises(Killed):
        await handling.perform(ground, made.id, job_id)
    pairs, left = await found(database, made, run_id)
    assert (await read(database, made, run_id)).state == RunState.DONE

    monkeypatch.setattr(matching.Teller, "say", said)
    await taken_up_again(database, made)
    await handling.perform(ground, made.id, job_id)
    assert await found(database, made, run_id) == (pairs, left)
    assert sorted((row[0], row[1], row[2]) for row in pairs) == sorted(
        (one.mentor_id, one.mentee_id, one.score) for one in computed[0].proposals
    )


async def test_progress_is_told_at_least_each_second(ground, database, made, launched, monkeypatch):
    await crowd.people(database, made, launched, "mentee", 6)
    await crowd.people(database, made, launched, "mentor", 6)
    run_id = await start(database, made, launched)
    whole = matching.compute

    def slow(order, key, tell, cancelled, crew):
        tell("solving", 40)
        threading.Event().wait(2.6)
        return whole(order, key, tell, cancelled, crew)

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

    def slow(order, key, tell, cancelled, crew):
        begun.set()
        for _ in range(100):
            if cancelled():
                break
            threading.Event().wait(0.05)
        return whole(order, key, tell, cancelled, crew)

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
        job_id = await sent(database, made)
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
