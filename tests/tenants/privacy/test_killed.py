"""
A deletion that is killed anywhere goes on and ends like any other.

The long proof kills it at twenty places: ERASURE_KILLS=20 (0: at every statement), as `make soak` asks for it.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from infra import clock
from infra.outbox.models import JobState, OutboxJob
from tenants.privacy.jobs import ErasePerson
from tests import erasing
from tests.conftest import Servers
from tests.pairing import Somebody, Stage
from tests.tenants.privacy.carried_out import TOLD

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("ERASURE_KILLS", "1"))  # none: at every statement


@pytest.mark.kill
async def test_killed_anywhere_it_ends_the_same(stage: Stage, servers: Servers) -> None:
    told = _told(stage, servers)
    control = await _somebody(stage, 0)
    statements = await _carried_out(stage, told, control, at=0)
    expected = (await erasing.read(stage.ground, control)).counts
    assert expected["person.emptied"] == 1
    step = 1 if KILLS == 0 else statements // (KILLS + 1)
    for number, at in enumerate(range(step, statements, step), start=1):
        wish = await _somebody(stage, number)
        assert await _carried_out(stage, told, wish, at=at) is None, f"not killed at statement {at}"
        await _carried_out(stage, told, wish, at=0)
        done = await erasing.read(stage.ground, wish)
        assert (done.state, done.counts) == ("done", expected), f"killed at statement {at}"
    left = "\n".join((await erasing.everything(stage.ground, stage.made.id)).values())
    assert "canary" not in left
    async with stage.session() as session:
        finished = select(OutboxJob.state).where(OutboxJob.kind == ErasePerson.KIND)
        assert set((await session.execute(finished)).scalars()) == {JobState.DONE}


async def _somebody(stage: Stage, number: int) -> Any:
    mentor = await stage.joins("mentor", name=f"Mentor {number}")
    her: Somebody = await stage.joins(name=f"Canary{number}", email=f"canary{number}@example.org")
    await stage.pair(mentor, her)
    wish = await erasing.asked(stage.ground, her.actor)
    await erasing.due_now(stage.ground, wish)
    return wish


def _told(stage: Stage, servers: Servers) -> dict[str, Any]:
    database, keys = servers.settings(), servers.key_settings
    return {
        "app": database.app_url, "resolver": database.resolver_url, "keyring": str(keys.keyring),
        "keys": keys.database_url, "redis": stage.ground.settings.queue.redis_url, "tenant": str(stage.made.id),
    }  # fmt: skip


async def _carried_out(stage: Stage, told: dict[str, Any], wish: Any, *, at: int) -> Any:
    """How many statements it took; None if it was killed before the end."""
    async with stage.session() as session:
        # As the sweep does with a job whose worker has gone.
        jobs = await session.scalars(
            update(OutboxJob)
            .where(OutboxJob.kind == ErasePerson.KIND, OutboxJob.payload["erasure_id"].astext == str(wish.id))
            .values(state=JobState.WAITING, due_at=clock.now(), worker=None, lease_until=None)
            .returning(OutboxJob.id)
        )
        listed = [str(one) for one in jobs]
    process = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.tenants.privacy.carried_out"],
        cwd=ROOT,
        env={**os.environ, TOLD: json.dumps({**told, "at": at, "jobs": listed})},
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode == -signal.SIGKILL:
        return None
    assert process.returncode == 0, process.stderr
    return int(process.stdout.splitlines()[-1])
