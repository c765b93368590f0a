"""What sealing costs: the envelope itself, the way to a key, and moving keys beneath a new one."""

import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

from infra.crypto import envelope
from infra.crypto.envelope import DataKey, Place
from infra.keys import rotation
from infra.keys.owners import KeyOwner
from tests.installation import Installation
from tests.performance.report import Row, percentile

TEXT = b"x" * 4096
TIMES = 2_000
READS = 100
SUBJECTS = 400
SEAL_US = 60.0


async def measure(installation: Installation, *, runs: int) -> list[Row]:
    ground = installation.ground()
    keys, tenant = ground.keys, uuid4()
    owner, place = KeyOwner(tenant, uuid4(), uuid4()), Place(tenant, "note", uuid4(), "words")
    sealed = await keys.seal(owner, place, TEXT)

    async def open_it() -> bytes:
        return await keys.unseal(owner, place, sealed)

    async def seal_it() -> bytes:
        return await keys.seal(owner, place, TEXT)

    try:
        envelopes = [_envelope() for _ in range(runs)]
        return [
            Row("Seal 4 KiB, p50", [one[0] for one in envelopes], "µs", at_most=SEAL_US),
            Row("Open 4 KiB, p50", [one[1] for one in envelopes], "µs"),
            Row("Seal with the way to its key, p50", [await _p50(seal_it) for _ in range(runs)], "ms"),
            Row("Open with the way to its key, p50", [await _p50(open_it) for _ in range(runs)], "ms"),
            Row(
                "First seal for a person and a record",
                [await _first(keys, tenant) for _ in range(runs)],
                "ms",
            ),
            Row("People's keys moved to a new one", [await _moved(keys) for _ in range(runs)], "1/s"),
        ]
    finally:
        await ground.close()


def _envelope() -> tuple[float, float]:
    key, place = DataKey(uuid4(), 1, bytes(32)), Place(uuid4(), "note", uuid4(), "words")
    sealing, opening = [], []
    for _ in range(TIMES):
        begun = time.perf_counter()
        sealed = envelope.seal(key, place, TEXT)
        between = time.perf_counter()
        envelope.unseal(key, place, sealed)
        sealing.append(1e6 * (between - begun))
        opening.append(1e6 * (time.perf_counter() - between))
    return percentile(sealing, 50), percentile(opening, 50)


async def _p50(deed: Callable[[], Awaitable[bytes]]) -> float:
    taken = []
    for _ in range(READS):
        begun = time.perf_counter()
        await deed()
        taken.append(1e3 * (time.perf_counter() - begun))
    return percentile(taken, 50)


async def _first(keys, tenant) -> float:
    async def first() -> bytes:
        place = Place(tenant, "note", uuid4(), "words")
        return await keys.seal(KeyOwner(tenant, uuid4(), uuid4()), place, TEXT)

    return await _p50(first)


async def _moved(keys) -> float:
    tenant = uuid4()
    for _ in range(SUBJECTS):
        await keys.seal(KeyOwner(tenant, uuid4()), Place(tenant, "note", uuid4(), "words"), b"x")
    begun = time.perf_counter()
    await rotation.begin(keys, tenant, uuid4())
    moved = await rotation.move_all(keys, tenant, ())
    assert moved == SUBJECTS
    return SUBJECTS / (time.perf_counter() - begun)
