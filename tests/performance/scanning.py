"""How many pairs are scored in a second, beside one matrix product of the same features, and beside the processor's own pace."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from matcher.columns import I16
from matcher.compiling import kernel
from matcher.samples import OFFSETS, REGIONS, SECTORS, sample
from matcher.scan.bits import CHUNK, CHUNK_WORDS, Words
from matcher.scan.counting import count_left, possible_of
from matcher.scan.lanes import PLANES, scores_in_lanes
from matcher.scan.layout import Packed
from matcher.scan.packing import pack
from matcher.scan.scanning import over, top_mentees, top_mentors
from tests.performance.report import Row

PEOPLE = 30_000
SMALL = 2_000  # numpy holds all pairs
BLOCK = 2_048  # mentees in a product: its answer stays small
NEAREST = 16
THREADS = 2
TIMES = 100_000
TIMES_BLAS = 25.0
SHARE_OF_PACE = 0.6
FEATURES = 256 + len(OFFSETS) + 3 + REGIONS + SECTORS + 10 + 3 + 24 * 3


def measure(runs: int) -> list[Row]:
    """Alone on the machine; the first call of each kernel is not counted."""
    packed, small = packed_sample(PEOPLE), packed_sample(SMALL)
    n, m = len(packed.row_of), len(packed.lane_of)
    # As in a run's proof: a mentee keeps about as much as her best mentors score.
    best = top_mentors(packed, None, NEAREST, threads=THREADS)
    high, free = (
        np.where(best.length == NEAREST, best.score[:, -1], 1).astype(np.int64),
        np.zeros(m, np.int64),
    )
    mentees = np.arange(n, dtype=np.int32)
    asked: dict[str, Callable[[], Any]] = {
        "lanes": lambda: over(packed, None, high, free, threads=THREADS, engine="lanes"),
        "best": lambda: top_mentors(packed, None, 16, threads=THREADS, engine="lanes"),
        "mentees": lambda: top_mentees(packed, None, 16, threads=THREADS, engine="lanes"),
        "left": lambda: count_left(packed, threads=THREADS),
        "people": lambda: possible_of(packed, mentees, "mentees", threads=THREADS),
    }
    in_turn: dict[str, Callable[[], Any]] = {
        "lanes": lambda: over(packed, None, high, free, engine="lanes"),
        "plain": lambda: over(packed, None, high, free, engine="plain"),
    }
    rates, alone = (measured(work, n * m, runs) for work in (asked, in_turn))
    few: dict[str, Callable[[], Any]] = {"numpy": lambda: top_mentors(small, None, 16, engine="numpy")}
    dense = [1000 * rate for rate in measured(few, SMALL**2, runs)["numpy"]]
    blas = [product_rate() for _ in range(runs)]
    pace = [pace_of_lanes(packed) for _ in range(runs)]
    unit = "billion pairs/s"
    return [
        Row("Pricing pass, vector lanes, 2 threads", rates["lanes"], unit, more_is_better=True),
        Row("The same, 1 thread", alone["lanes"], unit, more_is_better=True),
        Row("The same, plain kernels, 1 thread", alone["plain"], unit, more_is_better=True),
        Row("16 best mentors of each, 2 threads", rates["best"], unit, more_is_better=True),
        Row("16 best mentees of each, 2 threads", rates["mentees"], unit, more_is_better=True),
        Row("Pairs left after each limit, 2 threads", rates["left"], unit, more_is_better=True),
        Row("What stands in the way of each mentee, 2 threads", rates["people"], unit, more_is_better=True),
        Row("numpy, 2,000 a side, 16 best", dense, "million pairs/s", more_is_better=True),
        Row(
            "The same features as float32 product (BLAS, 2 threads), no limits",
            blas,
            unit,
            more_is_better=True,
        ),
        Row("Lanes / product", ratios(rates["lanes"], blas), "×", at_least=TIMES_BLAS),
        Row("Lanes with everything in the first cache, 1 thread", pace, unit, more_is_better=True),
        Row("One thread / that pace", ratios(alone["lanes"], pace), "×", at_least=SHARE_OF_PACE),
    ]


def packed_sample(people: int) -> Packed:
    pool, criteria = sample(people)
    return pack(pool, criteria, np.zeros((0, 2), np.int32))


def measured(asked: dict[str, Callable[[], Any]], pairs: int, runs: int) -> dict[str, list[float]]:
    """Billion pairs in a second of each run; a first one compiles and is not counted."""
    for work in asked.values():
        work()
    return {name: [pairs / seconds(work) / 1e9 for _ in range(runs)] for name, work in asked.items()}


def seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def ratios(ours: list[float], theirs: list[float]) -> list[float]:
    return [a / b for a, b in zip(ours, theirs, strict=True)]


def product_rate() -> float:
    """Billion pairs in a second of mentees x features times features x mentors, in blocks."""
    draw = np.random.default_rng(1)
    people = 8_192
    left = draw.random((people, FEATURES), np.float32)
    right = draw.random((FEATURES, people), np.float32)
    out = np.empty((BLOCK, people), np.float32)
    np.matmul(left[:BLOCK], right, out=out)
    begun = time.perf_counter()
    for start in range(0, people, BLOCK):
        np.matmul(left[start : start + BLOCK], right, out=out)
    return people**2 / (time.perf_counter() - begun) / 1e9


def pace_of_lanes(packed: Packed) -> float:
    """Billion pairs in a second when one row is scored against one chunk again and again."""
    points, scores = np.ones((1, CHUNK), np.int16), np.empty((1, CHUNK), np.int16)
    bits = np.ascontiguousarray(packed.lanes.topics[:PLANES, :CHUNK_WORDS])
    legal = np.full((1, CHUNK_WORDS), 0xFFFFFFFF, np.uint32)
    found = np.empty_like(legal)
    score_again(1, points, bits, points[0], legal, found, scores)
    begun = time.perf_counter()
    score_again(TIMES, points, bits, points[0], legal, found, scores)
    return TIMES * CHUNK / (time.perf_counter() - begun) / 1e9


@kernel
def score_again(
    times: int, row: I16, bits: Words, points: I16, legal: Words, found: Words, scores: I16
) -> None:
    """Another bound each time, so that no call can be left out."""
    for cut in range(times):
        scores_in_lanes(row, 0, row, 0, points, 0, bits, points, cut & 0xFF, legal, found, scores, 0)
