"""
Explanations of a whole run, part by part: `python -m tests.performance.reasons 100000 loose`.

Kernels are loaded before; the run itself, up to its prices, is not counted. The second of two rounds is told.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from matcher.given import given
from matcher.large.case import Case, Setting
from matcher.large.floor import stand_ins
from matcher.large.next_best import next_best
from matcher.large.pricing import each_of, optimum_of
from matcher.large.reasons import margins_of_pairs, unmatched_mentees, unmatched_mentors
from matcher.large.running import real_match
from matcher.large.taking import parts_of_pairs
from matcher.quotas import floor
from matcher.samples import sample
from matcher.scan.counting import count_left
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentors
from matcher.solve.margins import Margins
from matcher.tables import max_score
from matcher.warming import warm_up
from matcher.watching import Watch

ROUNDS, THREADS = 2, 2


class Part(NamedTuple):
    what: str
    seconds: float
    """By the clock, with two threads."""
    processor: float


def measure(people: int, shape: str) -> list[Part]:
    warm_up()
    pool, criteria = sample(people, shape)
    x, watch = given(pool, criteria, (), (), None), Watch(None, None)
    packed = pack(pool, criteria, x.forbidden)
    first = top_mentors(packed, None, each_of(people), above=0, threads=THREADS)
    ground = floor(pool, x.locked, x.quotas, max_score(criteria))
    proved = optimum_of(packed, ground, stand_ins(ground, pool), first, THREADS, watch)
    match = real_match(proved.solution.match, ground.mentees, ground.mentors)
    rows = np.flatnonzero(match >= 0)
    for _ in range(ROUNDS):
        margins = Margins(proved.graph, proved.solution, ground.capacity, near=proved.near)
        case = Case(Setting(x, ground, match, packed, THREADS, watch), proved, margins)
        parts = [
            timed("margins of pairs", partial(margins_of_pairs, case)),
            timed(
                "parts of points",
                partial(parts_of_pairs, pool, criteria, rows.astype(np.int32), match[rows]),
            ),
            timed("next best", partial(next_best, case, first)),
            timed("mentees left", partial(unmatched_mentees, case)),
            timed("mentors left", partial(unmatched_mentors, case)),
        ]
    together = Part("all of these", sum(one.seconds for one in parts), sum(one.processor for one in parts))
    return [*parts, together, timed("waterfall", lambda: count_left(packed, threads=THREADS))]


def timed(what: str, work: Callable[[], Any]) -> Part:
    begun, busy = time.perf_counter(), time.process_time()
    work()
    return Part(what, time.perf_counter() - begun, time.process_time() - busy)


if __name__ == "__main__":
    for part in measure(int(sys.argv[1]), sys.argv[2]):
        print(f"{part.what:20s} {part.seconds:7.2f} s, processor {part.processor:6.2f} s")
