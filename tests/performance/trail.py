"""
How many audit events a second become links of a chain, by eight writers at once, and how fast a chain is checked.

By the clock, and by processor time: what application and server together spend does not depend on what else the machine does.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import psutil

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
PER_S = 10_000.0


class Event(StrEnum):
    TRIED = "bench.tried"


async def measure(installation: Installation, *, runs: int) -> list[Row]:
    ground = installation.ground()
    server = partial(_spent_by_server, installation)
    try:
        together = [await _written(ground, server, organisations=1) for _ in range(runs)]
        apart = [await _written(ground, server, organisations=WRITERS) for _ in range(runs)]
        single = [
            await _written(ground, server, organisations=WRITERS, at_once=1, each=EACH // 10)
            for _ in range(runs)
        ]
    finally:
        await ground.close()
    return [
        Row("Events that a core writes and links in a second, processor time of application and server",
            [1 / (one.application_s + one.server_s) for one in together], "1/s", at_least=PER_S),
        Row("An event: processor time of the application", [1e6 * one.application_s for one in together], "µs"),
        Row("An event: processor time of the server", [1e6 * one.server_s for one in together], "µs"),
        Row("Links that a core checks in a second, processor time of both", [1 / one.check_s for one in together], "1/s", at_least=PER_S),
        Row(
            f"By the clock: events written and linked, {WRITERS} writers of {EACH:,} in one organisation, {AT_ONCE} a transaction",
            [one.per_s for one in together], "1/s", at_least=PER_S,
        ),
        Row("The same in an organisation of each writer's own", [one.per_s for one in apart], "1/s", more_is_better=True),
        Row("The same, each event a transaction of its own", [one.per_s for one in single], "1/s", more_is_better=True),
        Row("Gaps and other faults in all of these chains", [one.faults for one in (*together, *apart, *single)], "", at_most=0),
        Row("Links checked by `audit verify`", [one.checked_per_s for one in together], "1/s", more_is_better=True),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """`application_s`, `server_s`: of an event; `check_s`: of a link, both together. Seconds of a processor."""

    per_s: float
    checked_per_s: float
    faults: int
    application_s: float
    server_s: float
    check_s: float


def _spent_by_server(installation: Installation) -> float:
    """Seconds that PostgreSQL has computed, with processes that have ended."""
    postmaster = installation.processes()["postgres"]
    own = postmaster.cpu_times()
    spent = own.user + own.system + own.children_user + own.children_system
    for one in postmaster.children():
        with suppress(psutil.NoSuchProcess):
            spent += one.cpu_times().user + one.cpu_times().system
    return float(spent)


async def _written(
    ground: Ground,
    server: Callable[[], float],
    *,
    organisations: int,
    at_once: int = AT_ONCE,
    each: int = EACH,
) -> Written:
    made = [await making.organisation(ground.database) for _ in range(organisations)]

    async def write(house: making.Made) -> None:
        for _ in range(each // at_once):
            async with ground.database.tenant_session(house.house.context()) as session:
                for number in range(at_once):
                    audit.record(session, house.house, Event.TRIED, kind="bench", id=ids.new(), number=number)

    begun, own, its = time.perf_counter(), time.process_time(), server()
    await asyncio.gather(*(write(made[number % organisations]) for number in range(WRITERS)))
    seconds, own, its = time.perf_counter() - begun, time.process_time() - own, server() - its
    verifier = ground.keyring.note_signer().verifier()
    faults = links = 0
    checking, spent = time.perf_counter(), time.process_time() + server()
    for one in made:
        async with ground.database.tenant_session(one.house.context()) as session:
            verdict = await verify(session, one.house, verifier)
        faults += len(verdict.faults)
        links += verdict.links
    checked, spent = time.perf_counter() - checking, time.process_time() + server() - spent
    events = WRITERS * each
    assert links >= events
    return Written(events / seconds, links / checked, faults, own / events, its / events, spent / links)
