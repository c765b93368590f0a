"""Whole runs of the matcher in a process of their own: seconds to the exact result, and what the system says of memory."""

import json
import subprocess
import sys

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
begun = time.perf_counter()
x = given(pool, criteria, (), (), None)
packed = pack(pool, criteria, x.forbidden)
first = top_mentors(packed, None, each_of(people), above=0, threads=2)
ground = floor(pool, x.locked, x.quotas, max_score(criteria))
found = optimum_of(packed, ground, stand_ins(ground, pool), first, 2, Watch(None, None))
seconds = time.perf_counter() - begun
assert found.solution.total == found.solution.bound
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([seconds, found.passes, peak / 1024, base / 1024]))
"""
SIZES = (2_000, 5_000, 20_000, 100_000)
GOALS = {"loose": 4.0, "tight": 5.0, "one-to-one": 12.0}
LARGEST = 100_000
MEMORY_MB = 500.0


def measure(runs: int, sizes: tuple[int, ...] = SIZES) -> list[Row]:
    """Compiled kernels are loaded before the clock starts; making the pool does not count."""
    rows = []
    for size in sizes:
        for shape, goal in GOALS.items():
            seconds, passes, peak, _ = zip(*(_run(size, shape) for _ in range(runs)), strict=True)
            is_largest = size == LARGEST
            what = f"{size:,} mentees, {shape}: proved over all pairs, {max(passes):.0f} passes"
            rows.append(Row(what, seconds, "s", at_most=goal if is_largest else None))
            if is_largest:
                rows.append(Row(f"{size:,}, {shape}: peak memory", peak, "MB", at_most=MEMORY_MB))
    return rows


def _run(size: int, shape: str) -> tuple[float, ...]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(size), shape], capture_output=True, text=True, check=True
    )
    return tuple(json.loads(done.stdout))
