"""How many audit events a second become links of a chain, by eight writers at once, and how fast a chain is checked."""

import asyncio
import time
from enum import StrEnum

from infra import ids
from infra.ground import Ground
from tenants.audit import actions as audit
from tenants.audit.verifying import verify
from tests import making
from tests.installation import Installation
from tests.performance.report import Row

WRITERS = 8
EACH = 1_000  # events of one writer
AT_ONCE = 100  # events of one transaction, as an import or a run writes them
LINKED_PER_S = 10_000.0


class Event(StrEnum):
    TRIED = "bench.tried"


async def measure(installation: Installation, *, runs: int) -> list[Row]:
    ground = installation.ground()
    try:
        together = [await _written(ground, organisations=1) for _ in range(runs)]
        apart = [await _written(ground, organisations=WRITERS) for _ in range(runs)]
        single = [
            await _written(ground, organisations=WRITERS, at_once=1, each=EACH // 10) for _ in range(runs)
        ]
    finally:
        await ground.close()
    return [
        Row(
            f"Events written and linked, {WRITERS} writers of {EACH:,} in one organisation, {AT_ONCE} a transaction",
            [one.per_s for one in together], "1/s", at_least=LINKED_PER_S,
        ),
        Row("The same in an organisation of each writer's own", [one.per_s for one in apart], "1/s", more_is_better=True),
        Row("The same, each event a transaction of its own", [one.per_s for one in single], "1/s", more_is_better=True),
        Row("Gaps and other faults in all of these chains", [one.faults for one in (*together, *apart, *single)], "", at_most=0),
        Row("Links checked by `audit verify`", [one.checked_per_s for one in together], "1/s", more_is_better=True),
    ]  # fmt: skip


class Written:
    def __init__(self, per_s: float, checked_per_s: float, faults: int) -> None:
        self.per_s, self.checked_per_s, self.faults = per_s, checked_per_s, faults


async def _written(
    ground: Ground, *, organisations: int, at_once: int = AT_ONCE, each: int = EACH
) -> Written:
    made = [await making.organisation(ground.database) for _ in range(organisations)]

    async def write(house: making.Made) -> None:
        for _ in range(each // at_once):
            async with ground.database.tenant_session(house.house.context()) as session:
                for number in range(at_once):
                    audit.record(session, house.house, Event.TRIED, kind="bench", id=ids.new(), number=number)

    begun = time.perf_counter()
    await asyncio.gather(*(write(made[number % organisations]) for number in range(WRITERS)))
    seconds = time.perf_counter() - begun
    verifier = ground.keyring.note_signer().verifier()
    faults = links = 0
    checking = time.perf_counter()
    for one in made:
        async with ground.database.tenant_session(one.house.context()) as session:
            verdict = await verify(session, one.house, verifier)
        faults += len(verdict.faults)
        links += verdict.links
    assert links >= WRITERS * each
    return Written(WRITERS * each / seconds, links / (time.perf_counter() - checking), faults)
