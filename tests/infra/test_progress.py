"""Progress through a real Valkey, its restart included."""

import asyncio
from contextlib import aclosing

import pytest

from infra import progress
from infra import redis as clients


@pytest.fixture
async def listening(own_valkey):
    client = clients.listening(own_valkey.url())
    yield client
    await client.aclose()


async def collect(listening, key, until, found):
    async with aclosing(progress.follow(listening, key, heartbeat_s=0.1)) as states:
        async for state in states:
            found.append(state and (state.phase, state.percent))
            if state and state.phase == until:
                return


async def test_nothing_was_published(redis):
    assert await progress.last(redis, "run") is None


async def test_last_state_is_kept_for_a_day(redis):
    await progress.publish(redis, "run", "reading", 10, {"cards": 7})

    state = await progress.last(redis, "run")

    assert (state.phase, state.percent, state.facts, state.sequence) == ("reading", 10, {"cards": 7}, 1)
    assert 86_000 < await redis.ttl("run") <= 86_400


async def test_late_reader_sees_the_last_state_first(redis, listening):
    await progress.publish(redis, "run", "done", 100)
    found = []

    await asyncio.wait_for(collect(listening, "run", "done", found), 30)

    assert found == [("done", 100)]


async def test_reader_sees_changes_and_a_heartbeat_between(redis, listening):
    found = []
    reading = asyncio.create_task(collect(listening, "run", "done", found))
    await asyncio.sleep(0.35)
    await progress.publish(redis, "run", "matching", 50)
    await asyncio.sleep(0.25)
    await progress.publish(redis, "run", "done", 100)
    await asyncio.wait_for(reading, 30)

    assert [state for state in found if state] == [("matching", 50), ("done", 100)]
    assert found.count(None) >= 3


async def test_two_readers_of_two_runs_do_not_mix(redis, listening):
    one, two = [], []
    reading = [
        asyncio.create_task(collect(listening, "run-1", "done", one)),
        asyncio.create_task(collect(listening, "run-2", "done", two)),
    ]
    await asyncio.sleep(0.2)
    await progress.publish(redis, "run-1", "done", 1)
    await progress.publish(redis, "run-2", "done", 2)
    await asyncio.wait_for(asyncio.gather(*reading), 30)

    assert [s for s in one if s] == [("done", 1)]
    assert [s for s in two if s] == [("done", 2)]


async def test_burst_may_be_read_as_one_but_the_last_is_never_lost(redis, listening):
    found = []
    reading = asyncio.create_task(collect(listening, "run", "done", found))
    for percent in range(100):
        await progress.publish(redis, "run", "matching", percent)
    await progress.publish(redis, "run", "done", 100)
    await asyncio.wait_for(reading, 30)

    percents = [state[1] for state in found if state]
    assert percents == sorted(percents)
    assert found[-1] == ("done", 100)


@pytest.mark.kill
async def test_reader_outlives_a_restart_of_the_server(redis, listening, own_valkey):
    found = []
    await progress.publish(redis, "run", "reading", 10)
    reading = asyncio.create_task(collect(listening, "run", "done", found))
    await asyncio.sleep(0.3)
    await asyncio.to_thread(own_valkey.stop)
    await asyncio.sleep(0.5)
    beats_while_down = found.count(None)
    await asyncio.to_thread(own_valkey.start)
    await progress.publish(redis, "run", "done", 100)
    await asyncio.wait_for(reading, 30)

    assert [state for state in found if state] == [("reading", 10), ("done", 100)]
    assert beats_while_down >= 1
