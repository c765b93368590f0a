"""How soon a promised job begins, and how many can be done."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from infra import ids
from infra.ground import Ground
from infra.outbox import enqueue
from tenants.identity.actions import ADDRESS_LETTER
from tenants.notifications import actions as notifications
from tests import making
from tests.installation import Installation
from tests.performance.bare import MESSAGES
from tests.performance.nothing import BEGUN, Nothing
from tests.performance.report import Row, percentile

FRESH = 100
PAUSE_S = 0.05  # between two fresh jobs, so that the worker is idle when one comes
BEGINS_MS = 200.0
LETTERS = 500


async def measure(installation: Installation, *, runs: int) -> list[Row]:
    """The installation must have no worker of its own."""
    ground = installation.ground()
    made = await making.organisation(ground.database)
    outbox = Outbox(ground, made)
    try:
        with worker(installation):
            await outbox.done(0, 1)
            fresh = [await outbox.latencies() for _ in range(runs)]
            throughput = [await outbox.throughput() for _ in range(runs)]
            letters = [await outbox.letters(installation) for _ in range(runs)]
        bare = [_bare(installation) for _ in range(runs)]
    finally:
        await ground.close()
    ratios = [ours / theirs for ours, theirs in zip(throughput, bare, strict=True)]
    return [
        Row("Fresh job, commit to first line of its handler: p50", [percentile(one, 50) for one in fresh], "ms"),
        Row(
            "Fresh job, commit to first line of its handler: p95",
            [percentile(one, 95) for one in fresh], "ms", at_most=BEGINS_MS,
        ),
        Row("Jobs that do nothing, one worker", throughput, "1/s", more_is_better=True),
        Row("Bare Dramatiq, the same messages without an outbox", bare, "1/s", more_is_better=True),
        Row("Outbox / bare Dramatiq", ratios, "×", more_is_better=True),
        Row("Letters, one worker, to the mail catcher", letters, "1/s", more_is_better=True),
    ]  # fmt: skip


class Outbox:
    def __init__(self, ground: Ground, made: making.Made) -> None:
        self.ground = ground
        self.made = made
        self.number = 0

    async def promise(self, count: int) -> None:
        async with self.ground.database.tenant_session(self.made.house.context()) as session:
            for number in range(self.number, self.number + count):
                await enqueue(session, Nothing(number=number), key=f"bench:{number}")
        self.number += count

    async def done(self, first: int, count: int) -> dict[int, float]:
        """Wait until these have begun; by number, when."""
        if first >= self.number:
            await self.promise(count)
        deadline = time.monotonic() + 120
        while True:
            begun = await cast("Any", self.ground.redis.hgetall(BEGUN))
            found = {int(number): float(moment) for number, moment in begun.items() if int(number) >= first}
            if len(found) >= count:
                return found
            assert time.monotonic() < deadline, f"{len(found)} of {count} have begun"
            await asyncio.sleep(0.02)

    async def latencies(self) -> list[float]:
        first, committed = self.number, {}
        for _ in range(FRESH):
            number = self.number
            await self.promise(1)
            committed[number] = time.time()
            await asyncio.sleep(PAUSE_S)
        begun = await self.done(first, FRESH)
        return [1000 * max(0.0, begun[number] - moment) for number, moment in committed.items()]

    async def throughput(self) -> float:
        first = self.number
        await self.promise(MESSAGES)
        started = time.time()
        begun = await self.done(first, MESSAGES)
        return MESSAGES / (max(begun.values()) - started)

    async def letters(self, installation: Installation) -> float:
        house = self.made.house
        async with self.ground.database.tenant_session(house.context()) as session:
            for _ in range(LETTERS):
                address = f"{ids.new().hex}@example.org"
                await notifications.write(session, house, ADDRESS_LETTER, key=address, to_email=address)
        begun = time.perf_counter()
        await asyncio.to_thread(installation.rest, 120)
        return LETTERS / (time.perf_counter() - begun)


@contextmanager
def worker(installation: Installation) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.performance.nothing"],
        env={**os.environ, **installation.environment}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        process.wait(15)


def _bare(installation: Installation) -> float:
    url = f"{installation.settings.queue.redis_url.rsplit('/', 1)[0]}/1"
    done = subprocess.run(
        [sys.executable, "-m", "tests.performance.bare"],
        env={**os.environ, "BARE_URL": url}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)
