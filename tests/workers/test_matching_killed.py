"""Real `mentorweave match` processes, killed while they share a run: the others come to the same result."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from redis import Redis
from sqlalchemy import func, select, update

from infra import clock, ids
from infra.outbox.models import JobState, OutboxJob
from infra.settings import MatchSettings
from matcher import archiving, propose
from matcher.samples import sample
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentors
from matcher.warming import warm_up
from tenants.proposals.models import MatchingRun, Proposal, RunState
from tenants.proposals.runs import queries
from tests import crowd, making
from tests.workers.runs import start
from workers import broker as queue
from workers.matching import keeping
from workers.tiles import presence
from workers.tiles.board import Board, Share
from workers.tiles.leading import Leader

pytestmark = pytest.mark.kill
A_SIDE = 1_100  # more than is matched without tiles
TILE_PAIRS = 10_000


class Staff:
    """The processes of numbers at work."""

    def __init__(self, environment: dict[str, str], redis: Redis) -> None:
        self.environment = environment
        self.redis = redis
        self.processes: list[subprocess.Popen[bytes]] = []

    def begin(self, command: str = "match") -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "mentorweave", command], env=self.environment, stdout=subprocess.DEVNULL
        )
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()

    async def ready(self, count: int) -> bool:
        """Until so many can take tiles, and whoever was killed is no longer counted on."""
        return presence.others(self.redis) == count

    def at_tiles(self) -> set[bytes]:
        """Who has a tile in hand at this moment."""
        claims = self.redis.keys("tiles:*:claim:*")
        return set(self.redis.mget(claims)) - {None} if claims else set()


@pytest.fixture(scope="module")
def staff(servers, valkey, mail_server) -> Iterator[Staff]:
    warm_up()  # once, and kept on the disk: three processes that start would each compile it all
    database = servers.settings()
    environment = os.environ | {
        "DATABASE_URL": database.app_url,
        "DATABASE_RESOLVER_URL": database.resolver_url,
        "DATABASE_RELAY_URL": database.relay_url,
        "DATABASE_REFUSE_OLD_SERVER": "no",
        "REDIS_URL": valkey.url(),
        "SMTP_URL": f"smtp://127.0.0.1:{mail_server[1]}",
        "KEYRING_FILE": str(servers.keyring),
        "MATCH_SHARES_FROM": "1000",
        "MATCH_TILE_PAIRS": str(TILE_PAIRS),
    }
    with Redis.from_url(valkey.url()) as redis:
        redis.flushall()
        made = Staff(environment, redis)
        yield made
        for process in made.processes:
            process.kill()
            process.wait(15)


async def until(said, within_s: float = 120.0):
    """What `said` answers once it answers anything."""
    over = time.monotonic() + within_s
    while not (answer := await said()):
        assert time.monotonic() < over
        await asyncio.sleep(0.01)
    return answer


async def test_killed_run_is_taken_up_shared_and_gives_the_same(database, staff):  # N03
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    await crowd.people(database, made, launched, "mentee", A_SIDE)
    await crowd.people(database, made, launched, "mentor", A_SIDE)
    staff.begin("relay")

    async def state(run_id, *wanted):
        async with database.tenant_session(made.house.context()) as session:
            found = await session.scalar(select(MatchingRun.state).where(MatchingRun.id == run_id))
        return found if found in wanted else None

    async def result(run_id):
        async with database.tenant_session(made.house.context()) as session:
            run = (
                await session.execute(
                    select(MatchingRun.inputs_digest, MatchingRun.result).where(MatchingRun.id == run_id)
                )
            ).one()
            pairs = await session.execute(
                select(Proposal.mentor_id, Proposal.mentee_id, Proposal.score, Proposal.contributions)
                .where(Proposal.run_id == run_id)
                .order_by(Proposal.mentee_id)
            )
            return tuple(run), [tuple(row) for row in pairs]

    async def lease_ends(seconds):
        """As if a dead worker's lease were over, or as if nobody missed it before the others are ready."""
        async with database.tenant_session(made.house.context()) as session:
            await session.execute(
                update(OutboxJob)
                .where(OutboxJob.kind == "matching.run", OutboxJob.state == JobState.SENT)
                .values(lease_until=clock.now() + timedelta(seconds=seconds))
            )

    # The process that has the run is killed. Nothing of it is there; two others take it up together.
    first_id = await start(database, made, launched)
    alone = staff.begin()
    await until(lambda: state(first_id, RunState.RUNNING))
    staff.kill(alone)
    assert await state(first_id, RunState.RUNNING)
    await lease_ends(600)
    assert (await result(first_id))[1] == []
    one, _ = staff.begin(), staff.begin()
    await until(lambda: staff.ready(2))
    await lease_ends(-1)
    seen: set[bytes] = set()

    async def ended():
        seen.update(staff.at_tiles())
        return await state(first_id, RunState.DONE, RunState.FAILED)

    await until(ended)
    assert len(seen) == 2
    first = await result(first_id)

    # One of two is killed while both are at it: whether she led or helped, the other ends it.
    async def again():
        """As if it were a minute later: the same start within ten seconds is a doubled click."""
        async with database.tenant_session(made.house.context()) as session:
            await session.execute(
                update(MatchingRun).values(created_at=MatchingRun.created_at - timedelta(minutes=1))
            )
        return await start(database, made, launched)

    async def both_at_it_or_done():
        return len(staff.at_tiles()) == 2 or await state(second_id, RunState.DONE, RunState.FAILED)

    second_id = await again()
    while await until(both_at_it_or_done) is not True:
        second_id = await again()  # too quick to be seen
    staff.kill(one)
    await lease_ends(-1)
    await until(lambda: state(second_id, RunState.DONE, RunState.FAILED))
    assert await result(second_id) == first
    assert len(first[1]) == first[0][1]["matched"] > 0
    async with database.tenant_session(made.house.context()) as session:
        assert await session.scalar(select(func.count()).select_from(Proposal)) >= 2 * len(first[1])
        kept = keeping.unpack(await queries.kept_inputs(session, second_id))

    # And it is what this process finds, alone.
    here = propose(kept.pool, kept.criteria)
    assert here.pairs_possible > 0
    for name in archiving.PROOF:
        assert np.array_equal(getattr(here, name), getattr(kept.matching, name)), name


async def test_killed_tile_worker_costs_a_moment_and_no_bit(ground, staff):
    helper = staff.processes[-1]
    assert helper.poll() is None
    await until(lambda: staff.ready(1))
    pool, criteria = sample(A_SIDE, "one-to-one", seed=6)
    packed = pack(pool, criteria, np.zeros((0, 2), np.int32))
    redis = staff.redis
    broker = queue.connect(ground.settings.queue.redis_url)
    broker.declare_queue("match")
    board = Board(redis, ground.keyring, Share.new(ids.random()))
    lost: set[int] = set()

    def in_hand() -> set[int]:
        """Tiles that she has claimed and not answered."""
        ends = board.name("claim", 1, 0)[:-1]
        claims = [name for name in redis.keys(f"{ends}*") if redis.get(name) != str(presence.ME).encode()]
        answered = {int.from_bytes(one[:4]) for one in redis.lrange(board.name("answers", 1), 0, -1)}
        return {int(name.rsplit(b":", 1)[1]) for name in claims} & leader.round.gathered.missing - answered

    def kill_in_the_middle() -> bool:
        """Asked in each turn of the leader: stop her for a look, and end her if she is at a tile."""
        if leader.from_others and not lost:
            helper.send_signal(signal.SIGSTOP)
            lost.update(in_hand())
            helper.send_signal(signal.SIGKILL if lost else signal.SIGCONT)
        time.sleep(0 if lost else 0.02)
        return False

    leader = Leader(board, broker, MatchSettings(True, 1_000, TILE_PAIRS // 5), kill_in_the_middle, 1)
    shared = top_mentors(packed._replace(others=leader(packed)), None, 24, above=0)
    leader.clear()
    broker.client.close()
    broker.close()

    assert lost
    assert helper.wait(10) == -signal.SIGKILL
    for here, there in zip(top_mentors(packed, None, 24, above=0), shared, strict=True):
        assert here.dtype == there.dtype
        assert np.array_equal(here, there)
