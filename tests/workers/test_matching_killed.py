"""A real `mentorweave match`, killed while it computes: another takes the run up and comes to the same result."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from infra import clock
from infra.outbox.models import OutboxJob
from tenants.proposals.models import MatchingRun, Proposal, RunState
from tenants.proposals.runs import actions
from tests import crowd, making

pytestmark = pytest.mark.kill
A_SIDE = 700


@pytest.fixture
def environment(servers, valkey, mail_server) -> dict[str, str]:
    database = servers.settings()
    return os.environ | {
        "DATABASE_URL": database.app_url,
        "DATABASE_RESOLVER_URL": database.resolver_url,
        "DATABASE_RELAY_URL": database.relay_url,
        "DATABASE_REFUSE_OLD_SERVER": "no",
        "REDIS_URL": valkey.url(),
        "SMTP_URL": f"smtp://127.0.0.1:{mail_server[1]}",
        "KEYRING_FILE": str(servers.keyring),
    }


def begin(environment: dict[str, str], command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "mentorweave", command], env=environment, stdout=subprocess.DEVNULL
    )


@pytest.fixture
def relay(environment) -> Iterator[None]:
    process = begin(environment, "relay")
    yield
    process.terminate()
    process.wait(15)


async def until(said, within_s: float = 60.0):
    """What `said` answers once it answers anything."""
    over = time.monotonic() + within_s
    while not (answer := await said()):
        assert time.monotonic() < over
        await asyncio.sleep(0.02)
    return answer


async def test_killed_run_is_taken_up_and_gives_the_same(database, environment, relay):  # N03
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    await crowd.people(database, made, launched, "mentee", A_SIDE)
    await crowd.people(database, made, launched, "mentor", A_SIDE)
    by = made.coordinator

    async def start():
        async with database.tenant_session(by.context()) as session:
            return (await actions.start_run(session, by, launched.cycle.id)).id

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

    killed_id = await start()
    worker = begin(environment, "match")
    await until(lambda: state(killed_id, RunState.RUNNING))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert await state(killed_id, RunState.RUNNING)
    assert (await result(killed_id))[1] == []

    async with database.tenant_session(made.house.context()) as session:
        # As if the dead worker's lease of half a minute were over.
        await session.execute(
            update(OutboxJob)
            .where(OutboxJob.kind == "matching.run")
            .values(lease_until=clock.now() - timedelta(seconds=1))
        )
    worker = begin(environment, "match")
    await until(lambda: state(killed_id, RunState.DONE, RunState.FAILED))
    first = await result(killed_id)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(MatchingRun).values(created_at=clock.now() - timedelta(minutes=1)))
    second_id = await start()
    await until(lambda: state(second_id, RunState.DONE, RunState.FAILED))
    worker.terminate()
    worker.wait(15)
    assert await result(second_id) == first
    assert len(first[1]) == first[0][1]["matched"] > 0
    async with database.tenant_session(made.house.context()) as session:
        assert await session.scalar(select(func.count()).select_from(Proposal)) == 2 * len(first[1])
