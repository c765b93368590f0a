"""Whole runs of the matcher in a process of their own: seconds to the exact result, and what the system says of memory."""

import json
import subprocess
import sys
from typing import NamedTuple

from tests.performance.report import Row

PROGRAM = """
import json, resource, sys, time
from matcher.columns import Quotas
from matcher.given import given
from matcher.large.floor import stand_ins
from matcher.large.pricing import each_of, optimum_of
from matcher.quotas import floor
from matcher.samples import sample
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentors
from matcher.tables import max_score
from matcher.warming import warm_up
from matcher.watching import Watch
people, shape = int(sys.argv[1]), sys.argv[2]
warm_up()
pool, criteria = sample(people, shape)
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun, busy = time.perf_counter(), time.process_time()
x = given(pool, criteria, (), (), None)
packed = pack(pool, criteria, x.forbidden)
first = top_mentors(packed, None, each_of(people), above=0, is_scattered=True, threads=2)
ground = floor(pool, x.locked, x.quotas, max_score(criteria))
found = optimum_of(packed, ground, stand_ins(ground, pool), first, 2, Watch(None, None))
seconds, processor = time.perf_counter() - begun, time.process_time() - busy
assert found.solution.total == found.solution.bound
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([seconds, processor, found.passes, peak / 1024, base / 1024]))
"""
SIZES = (2_000, 5_000, 20_000, 100_000)
GOALS = {"loose": 4.0, "tight": 5.0, "one-to-one": 12.0}
LARGEST = 100_000
MEMORY_MB = 500.0


class Run(NamedTuple):
    seconds: float
    """By the clock, with two threads."""
    processor: float
    """Seconds of all threads together."""
    passes: int
    peak: float
    """MB of the process, as the system counts it; a part of it, `base`, before the run began."""
    base: float


def measure(runs: int, sizes: tuple[int, ...] = SIZES) -> list[Row]:
    """Compiled kernels are loaded before the clock starts; making the pool does not count."""
    rows = []
    for size in sizes:
        for shape, goal in GOALS.items():
            found = [run(size, shape) for _ in range(runs)]
            is_largest = size == LARGEST
            what = f"{size:,} mentees, {shape}"
            passes = max(one.passes for one in found)
            rows.append(
                Row(
                    f"{what}: proved over all pairs, {passes} passes",
                    [one.seconds for one in found],
                    "s",
                    at_most=goal if is_largest else None,
                )
            )
            if is_largest:
                rows.append(Row(f"{what}: the same by processor", [one.processor for one in found], "s"))
                rows.append(Row(f"{what}: peak memory", [one.peak for one in found], "MB", at_most=MEMORY_MB))
    return rows


def run(size: int, shape: str) -> Run:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(size), shape], capture_output=True, text=True, check=True
    )
    return Run(*json.loads(done.stdout))
