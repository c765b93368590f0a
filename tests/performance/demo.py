"""The demo as a person starts it: how soon there is a page, and what it holds when nobody does anything."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.performance.report import Row

WARM_S = 10.0
RESIDENT_MB = 900.0
REST_S = 8.0


def measure(*, runs: int) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="mentorweave-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        first, _, _ = _start(Path(folder))
        warm, resident, proportional = zip(*(_start(Path(folder)) for _ in range(runs)), strict=True)
    return [
        Row("First start on this machine, everything installed: to the address", [first], "s"),
        Row("Warm start: to the address", warm, "s", at_most=WARM_S),
        Row("Resident at rest, shared pages counted each time", resident, "MB", at_most=RESIDENT_MB),
        Row("Resident at rest, shared pages divided among those who share them", proportional, "MB"),
    ]


def _start(folder: Path) -> tuple[float, float, float]:
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "mentorweave", "demo"],
        env={**os.environ, "MENTORWEAVE_HOME": str(folder)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert process.stdout
    try:
        told = []
        for line in process.stdout:
            told.append(line)
            if "is ready" in line:
                break
        else:
            raise AssertionError("".join(told)[-2000:])
        ready = time.perf_counter() - begun
        time.sleep(REST_S)
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        return ready, _sum(family, "rss"), _sum(family, "pss")
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def _sum(family: list[psutil.Process], kind: str) -> float:
    total = 0.0
    for process in family:
        with suppress(psutil.NoSuchProcess):
            total += getattr(process.memory_full_info(), kind) / 1e6
    return total
