"""
Work that goes on while processes are killed, and a model that says afterwards what must be there.

A deed makes its own organisations, works until it is told to stop and remembers
what was acknowledged to it. When the installation has come to rest, `faults`
compares the two: what is lost, what is doubled.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import redis
from redis.exceptions import RedisError

from infra import ids
from infra.ground import Ground
from infra.mail.messages import message_id
from tenants.identity.letters import ADDRESS_LETTER
from tenants.notifications import actions as notifications
from tests import making
from tests.coordinating import insist
from tests.installation import Installation


class Deed(Protocol):
    async def prepare(self, ground: Ground) -> None: ...

    async def work(self, ground: Ground, stop: asyncio.Event) -> None: ...

    def faults(self, installation: Installation) -> list[str]: ...


class Letters:
    """One letter after the other, each acknowledged by its commit."""

    def __init__(self, *, each_s: float = 0.02) -> None:
        self.each_s = each_s
        self.keys: list[str] = []

    async def prepare(self, ground: Ground) -> None:
        self.made = await making.organisation(ground.database)

    async def work(self, ground: Ground, stop: asyncio.Event) -> None:
        while not stop.is_set():
            key = f"kill:{ids.new()}"
            await insist(lambda key=key: self._write(ground, key))  # type: ignore[misc]
            self.keys.append(key)
            await asyncio.sleep(self.each_s)

    async def _write(self, ground: Ground, key: str) -> None:
        async with ground.database.tenant_session(self.made.house.context()) as session:
            await notifications.write(
                session, self.made.house, ADDRESS_LETTER, key=key, to_email=f"{key[5:]}@example.org"
            )

    def faults(self, installation: Installation) -> list[str]:
        rows = installation.sql(
            f"SELECT key, state FROM letter WHERE organisation_id = '{self.made.id}' AND key LIKE 'kill:%'"
        )
        states = {str(key): state for key, state in rows}
        arrived = installation.letters()
        mine = {key: message_id(key, "localhost").strip("<>") for key in self.keys}
        self.repeats = sum(max(0, arrived[one] - 1) for one in mine.values())
        return [
            *(f"lost letter {key}" for key in self.keys if key not in states),
            *(f"letter {key} is {state}" for key, state in states.items() if state != "sent"),
            *(f"never arrived: {key}" for key, one in mine.items() if not arrived[one]),
        ]


class Reaper:
    """Kills, each time what chance or a plan says; keeps count by what it did."""

    def __init__(self, installation: Installation, *, seed: int) -> None:
        self.installation = installation
        self.chance = random.Random(seed)
        self.done: Counter[str] = Counter()

    def flush(self) -> None:
        """Empty the queue as if it had lost its memory."""
        with redis.Redis.from_url(self.installation.settings.queue.redis_url, socket_timeout=2) as client:
            client.flushall()

    def strike(self, what: str) -> None:
        if what == "flush":
            try:
                self.flush()
            except RedisError:
                return  # killed a moment ago; an absent queue cannot be emptied
        else:
            self.installation.kill(*what.split("+"))
        self.done[what] += 1

    async def follow(self, plan: Sequence[str], each_s: float) -> None:
        for what in plan:
            await asyncio.sleep(each_s * self.chance.uniform(0.6, 1.4))
            await asyncio.to_thread(self.strike, what)


async def disturb(
    installation: Installation, deeds: Sequence[Deed], plan: Sequence[str], *, each_s: float, seed: int = 1
) -> Reaper:
    """Let the deeds work while the plan is carried out; ends when all of them have been acknowledged."""
    ground = installation.ground()
    reaper = Reaper(installation, seed=seed)
    stop = asyncio.Event()
    try:
        for deed in deeds:
            await deed.prepare(ground)
        async with asyncio.TaskGroup() as group:
            for deed in deeds:
                group.create_task(deed.work(ground, stop))
            await reaper.follow(plan, each_s)
            stop.set()
    finally:
        await ground.close()
    return reaper
