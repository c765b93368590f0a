"""How long a roster takes from the upload to the preview, and from the click to the last person."""

import asyncio
import time
from contextlib import aclosing
from pathlib import Path

from infra import progress
from infra.ground import Ground
from tenants.programmes.starters import StarterName
from tenants.registration.importing.telling import LAST, key_of
from tenants.registration.models import ImportState
from tests import making
from tests.coordinating import Coordinator
from tests.installation import Installation
from tests.performance.report import Row

PREVIEW_S = 3.0
COMMIT_S = 20.0
SILENCE_S = 1.0  # between two signs of progress
WORKER_MB = 400.0


async def measure(installation: Installation, *, runs: int) -> list[Row]:
    ground = installation.ground()
    try:
        previews = [await _preview(ground, "inter-agency-2026.xlsx") for _ in range(runs)]
        large = [await _large(installation, ground) for _ in range(runs)]
    finally:
        await ground.close()
    stages, commits, silences, events, peaks = zip(*large, strict=True)
    return [
        Row("inter-agency-2026.xlsx, 660 rows: preview", previews, "s", at_most=PREVIEW_S),
        Row("large.csv, 10,000 rows: preview", stages, "s"),
        Row("large.csv, 10,000 rows: commit", commits, "s", at_most=COMMIT_S),
        Row("large.csv: longest silence of the progress", silences, "s", at_most=SILENCE_S),
        Row("large.csv: signs of progress a second", events, "1/s", more_is_better=True),
        Row("large.csv: peak memory of the worker", peaks, "MB", at_most=WORKER_MB),
    ]


async def _coordinator(ground: Ground) -> Coordinator:
    made = await making.organisation(ground.database)
    launched = await making.programme(ground.database, made, starter=StarterName.INTER_AGENCY)
    return Coordinator(ground, made.coordinator, launched.cycle.id)


async def _preview(ground: Ground, name: str) -> float:
    coordinator = await _coordinator(ground)
    begun = time.perf_counter()
    import_id = await coordinator.upload(name)
    await coordinator.until_roster(import_id, ImportState.STAGED)
    return time.perf_counter() - begun


async def _large(installation: Installation, ground: Ground) -> tuple[float, float, float, float, float]:
    coordinator = await _coordinator(ground)
    worker = installation.processes()["work"].pid
    Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak is counted from here
    begun = time.perf_counter()
    import_id = await coordinator.upload("large.csv")
    await coordinator.until_roster(import_id, ImportState.STAGED)
    staged = time.perf_counter() - begun
    seen = asyncio.create_task(_follow(ground, key_of(coordinator.actor.organisation_id, import_id)))
    await asyncio.sleep(0.2)
    begun = time.perf_counter()
    await coordinator.commit(import_id)
    await coordinator.until_roster(import_id, ImportState.COMMITTED)
    committed = time.perf_counter() - begun
    moments = [moment - begun for moment in await seen if moment >= begun]
    silence = max(later - earlier for earlier, later in zip([0.0, *moments], moments, strict=False))
    return staged, committed, silence, len(moments) / committed, _peak_mb(worker)


async def _follow(ground: Ground, key: str) -> list[float]:
    """When each change was seen, until the last."""
    moments = []
    async with aclosing(progress.follow(ground.redis, key)) as states:
        async for state in states:
            if state is not None:
                moments.append(time.perf_counter())
                if state.phase in LAST - {"staged"}:
                    break
    return moments


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024 / 1e6
