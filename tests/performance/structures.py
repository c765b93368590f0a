"""Groups, circles and pairs of peers in processes of their own: seconds of processor, memory, and how near the bound."""

import json
import subprocess
import sys
from typing import NamedTuple

from tests.performance.report import Row

PROGRAM = """
import json, resource, sys, time
from matcher import (
    certify_circles, certify_groups, certify_mutual, propose_circles, propose_groups, propose_mutual,
)
from matcher.samples import sample, sample_peers
people, what = int(sys.argv[1]), sys.argv[2]
propose, certify = {
    "groups": (propose_groups, certify_groups),
    "circles": (propose_circles, certify_circles),
    "pairs of peers": (propose_mutual, certify_mutual),
}[what]
make = sample if what == "groups" else sample_peers
small = make(1_001)
certify(*small, propose(*small))
pool, criteria = make(people)
begun, busy = time.perf_counter(), time.process_time()
found = propose(pool, criteria, threads=2)
seconds, processor = time.perf_counter() - begun, time.process_time() - busy
checked = time.process_time()
assert certify(pool, criteria, found).ok
checked = time.process_time() - checked
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, processor, checked, peak, 100 * (found.bound - found.total) / max(found.bound, 1)]))
"""
SIZES = (1_000, 5_000, 20_000, 50_000, 100_000)
WHAT = ("groups", "circles", "pairs of peers")


class Run(NamedTuple):
    seconds: float
    """By the clock, with two threads."""
    processor: float
    checked: float
    """Seconds of processor of the independent check."""
    peak: float
    """MB of the process, the warm-up with 1,001 people included."""
    gap: float
    """Per cent of the bound."""


def measure(runs: int, sizes: tuple[int, ...] = SIZES) -> list[Row]:
    """Compiled kernels are loaded, by a run of 1,001 people, before the clock starts."""
    rows = []
    for what in WHAT:
        for size in sizes:
            found = [run(size, what) for _ in range(runs)]
            name = f"{size:,} people, {what}"
            rows.append(Row(f"{name}: by the clock", [one.seconds for one in found], "s"))
            rows.append(Row(f"{name}: processor", [one.processor for one in found], "s"))
            rows.append(Row(f"{name}: the check, processor", [one.checked for one in found], "s"))
            rows.append(Row(f"{name}: peak memory", [one.peak for one in found], "MB"))
            rows.append(Row(f"{name}: below the bound", [one.gap for one in found], "%"))
    return rows


def run(size: int, what: str) -> Run:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(size), what], capture_output=True, text=True, check=True
    )
    return Run(*json.loads(done.stdout))
