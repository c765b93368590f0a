"""
A rotation that is killed again and again ends as one that is left alone: everything opens, nothing lies under old keys.

The long proof is KEYS_RECORDS=10000 KEYS_KILLS=20, as `make soak` asks for it.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from infra.crypto.keyring import add_master_key
from infra.keys import rotation
from infra.keys.owners import KeyOwner
from tests.conftest import Servers
from tests.infra.keys import rotating
from tests.infra.keys.conftest import COLUMN, Own, keep, open_house, read

RECORDS = int(os.environ.get("KEYS_RECORDS", "200"))
KILLS = int(os.environ.get("KEYS_KILLS", "2"))
AT_ONCE = max(
    5, RECORDS // 200
)  # rows a step: some hundred steps, so that a blow falls between or within any
ROOT = Path(__file__).parents[3]


async def filled(own: Own, tenant: UUID) -> list[tuple[KeyOwner, UUID]]:
    """Half of the records under keys of their own, half sealed with the tenant's key itself."""
    owners = [KeyOwner(tenant, uuid4(), uuid4()) if n % 2 else KeyOwner(tenant) for n in range(RECORDS)]
    kept = []
    for some in range(0, RECORDS, 8):
        kept += await asyncio.gather(
            *(
                keep(own.house, owner, f"{n}".encode())
                for n, owner in enumerate(owners[some : some + 8], some)
            )
        )
    return kept


@contextmanager
def mover(told: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.infra.keys.rotating"]
    environment = {**os.environ, rotating.TOLD: json.dumps(told)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def struck(told: dict[str, str], chance: random.Random, steps: int) -> bool:
    """Let it work for a while, then kill it. False if it had ended before."""
    with mover(told) as process:
        assert process.stdout
        for _ in range(chance.randint(1, steps)):
            if process.stdout.readline().strip() == "done":
                return False
        time.sleep(chance.uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
    return True


@pytest.mark.kill
async def test_a_rotation_that_is_killed_ends_like_any_other(own: Own, servers: Servers, ground) -> None:
    tenant, chance = uuid4(), random.Random(7)
    kept = await filled(own, tenant)
    add_master_key(own.settings.keyring)
    settings = servers.settings()
    told = {
        "keyring": str(own.settings.keyring), "keys": own.settings.database_url or "", "app": settings.app_url,
        "resolver": settings.resolver_url, "tenant": str(tenant), "request": str(uuid4()), "at_once": str(AT_ONCE),
    }  # fmt: skip
    steps = 2 * RECORDS // AT_ONCE // (KILLS + 1)

    blows = 0
    while blows < KILLS:
        assert await asyncio.to_thread(struck, told, chance, steps), "ended before it was killed often enough"
        blows += 1
        for some in chance.sample(kept, 10):
            assert await read(own.house, *some)
    assert await rotation.left(own.house, tenant, [COLUMN])

    with mover(told) as process:
        said, _ = await asyncio.to_thread(process.communicate)
    assert said.endswith("done\n")
    assert await rotation.left(own.house, tenant, [COLUMN]) == rotation.Left()
    assert [key.version for key in await rotation.tenant_keys(own.house, tenant)] == [2, 1]
    fresh = open_house(ground, own.settings)
    for n, (owner, id) in enumerate(kept):
        assert await read(fresh, owner, id) == str(n).encode()
    await fresh.close()
