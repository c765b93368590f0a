"""How long a run takes that puts something else first than the most points, with its reasons and its second opinion: one pool, one mode, a process of its own."""

import sys
import time

from matcher import certify, propose
from matcher.measuring import peak_memory
from matcher.modes import MODES
from matcher.samples import sample
from matcher.swapping import blocking_pairs
from matcher.warming import warm_up

THREADS = 2


class Silence:
    """The longest time between two questions whether to go on."""

    def __init__(self) -> None:
        self.last, self.longest = time.perf_counter(), 0.0

    def __call__(self) -> bool:
        now = time.perf_counter()
        self.last, self.longest = now, max(self.longest, now - self.last)
        return False


def measure(people: int, shape: str, name: str) -> str:
    mode = next(mode.code for mode in MODES.values() if mode.name == name)
    pool, criteria = sample(people, shape)
    warm_up()
    silence, begun, busy = Silence(), time.perf_counter(), time.process_time()
    found = propose(pool, criteria, mode=mode, threads=THREADS, cancelled=silence)
    solved, spent = time.perf_counter(), time.process_time()
    certificate = certify(pool, criteria, found, threads=THREADS)
    checked = time.perf_counter()
    assert certificate.ok, certificate.violations
    blocking = blocking_pairs(pool, criteria, found, threads=THREADS)
    counted = time.perf_counter()
    return (
        f"{people:,} {shape} {name}: {solved - begun:.1f} s (processor {spent - busy:.1f}), longest silence {silence.longest:.2f} s, "
        f"certify {checked - solved:.1f} s, blocking pairs {counted - checked:.1f} s; peak {peak_memory() / 1e6:.0f} MB; "
        f"{len(found.mentee):,} pairs, lowest {min(found.score.tolist(), default=0)}, {found.bound - found.total:,} points below the most, {blocking:,} blocking"
    )


if __name__ == "__main__":
    print(measure(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
