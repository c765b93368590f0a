"""
The sparse solver beside OR-tools' minimum cost flow and SciPy's sparse matching, on the same candidate graphs.

All three run on one thread, and processor seconds are compared: what else the machine does
changes them little. Totals must agree, or there is nothing to compare.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from ortools.graph.python import min_cost_flow
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matcher.compiling import kernel
from matcher.solve.graph import Graph, rows_of, sort_rows
from matcher.solve.solving import solve_graph
from tests.performance.report import Row

SIZES = (5_000, 20_000, 50_000)
CANDIDATES = 64

MENTEES_A_MENTOR = {"loose": 1.0, "tight": 1.7, "one-to-one": 1.0}
"""With 1 to 5 places a mentor (1.76 on average) that leaves 1.76, 1.04 and, with one each, 1 place a mentee."""

FLOW_GOALS = {"loose": 40.0, "tight": 20.0, "one-to-one": 15.0}
MATCHING_GOAL = 60.0
"""At 50,000 a side."""

TOPIC_POINTS = np.array([3400, 2600, 1900, 1300, 800], np.int32)


class People(NamedTuple):
    """Columns of codes, one row a person: enough to give scores the spread and the crowding of real ones."""

    organisation: Any
    zone: Any
    sector: Any
    grade: Any
    languages: Any
    """int64: bits"""
    topics: Any
    """int64[., 5]: wanted, -1 = none; or for mentors int64[., 1]: bits offered."""


def measure(runs: int) -> list[Row]:
    solve_graph(*pool(500, "one-to-one"))
    solve_graph(*pool(500, "loose"))
    return [row for size in SIZES for shape in MENTEES_A_MENTOR for row in compared(size, shape, runs)]


def compared(size: int, shape: str, runs: int) -> Iterator[Row]:
    graph, capacity = pool(size, shape)
    ours = [clocked(lambda: solve_graph(graph, capacity).total) for _ in range(runs)]
    flow = [clocked(lambda: by_flow(graph, capacity)) for _ in range(runs)]
    what, is_largest = f"{size:,} mentees, {shape}", size == SIZES[-1]
    assert {total for _, total in ours} == {total for _, total in flow}
    yield Row(f"{what}: solver", [1000 * seconds for seconds, _ in ours], "ms")
    yield Row(
        f"{what}: OR-tools minimum cost flow / solver",
        [theirs / own for (theirs, _), (own, _) in zip(flow, ours, strict=True)],
        "×",
        at_least=FLOW_GOALS[shape] if is_largest else None,
        more_is_better=True,
    )
    if shape == "one-to-one":
        theirs, total = clocked(lambda: by_matching(graph))
        assert total == ours[0][1]
        yield Row(
            f"{what}: SciPy sparse matching / solver",
            [theirs / own for own, _ in ours],
            "×",
            at_least=MATCHING_GOAL if is_largest else None,
            more_is_better=True,
        )


def clocked(work: Callable[[], int]) -> tuple[float, int]:
    begun = time.process_time()
    total = work()
    return time.process_time() - begun, total


def by_flow(graph: Graph, capacity: Any) -> int:
    """From every mentee one unit to the end, over a mentor or by herself."""
    n, m = graph.mentees, len(capacity)
    end, everyone = n + m, np.arange(n)
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        rows_of(graph),
        n + graph.indices,
        np.ones(len(graph.indices), np.int64),
        -graph.score.astype(np.int64),
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        everyone, np.full(n, end), np.ones(n, np.int64), np.zeros(n, np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        n + np.arange(m), np.full(m, end), capacity.astype(np.int64), np.zeros(m, np.int64)
    )
    supply = np.append(np.ones(n, np.int64), np.zeros(m + 1, np.int64))
    supply[end] = -n
    flow.set_nodes_supplies(np.arange(n + m + 1), supply)
    assert flow.solve() == flow.OPTIMAL
    return -int(flow.optimal_cost())


def by_matching(graph: Graph) -> int:
    """One place a mentor. Each mentee also has a column of her own, worth next to nothing: to stay unmatched."""
    n, m = graph.mentees, int(graph.indices.max()) + 1
    rows = np.concatenate([rows_of(graph), np.arange(n)])
    columns = np.concatenate([graph.indices, m + np.arange(n)])
    # A stored 0 would not be an edge, so everything is worth one more.
    worth = np.concatenate([graph.score + 1.0, np.ones(n)])
    table = csr_array((worth, (rows, columns)), shape=(n, m + n))
    matched, taken = min_weight_full_bipartite_matching(table, maximize=True)
    return int(table[matched, taken].sum()) - n


def pool(mentees: int, shape: str, seed: int = 1) -> tuple[Graph, Any]:
    """The best 64 candidates of everybody, and the places."""
    rng = np.random.default_rng(seed)
    mentors = int(mentees / MENTEES_A_MENTOR[shape])
    ours, theirs = people(rng, mentees, 3.6), people(rng, mentors, 6.0)
    wanted = drawn(rng, 64, 0.9, (mentees, 5))
    wanted[np.arange(5) >= rng.integers(2, 6, mentees)[:, None]] = -1
    offered = drawn(rng, 64, 0.9, (mentors, 9))
    bits = np.bitwise_or.reduce(np.int64(1) << offered, axis=1)
    best = np.zeros((mentees, CANDIDATES), np.int64)
    best_candidates(ours._replace(topics=wanted), theirs._replace(topics=bits[:, None]), TOPIC_POINTS, best)
    keep = best > 0
    begin = np.zeros(mentees + 1, np.int64)
    np.cumsum(keep.sum(axis=1), out=begin[1:])
    graph = Graph(begin, (best[keep] & 0xFFFFFFFF).astype(np.int32), (best[keep] >> 32).astype(np.int32))
    places = np.array([1, 1, 1, 1, 1, 1, 2, 2, 3, 5] if shape != "one-to-one" else [1], np.int32)
    return sort_rows(graph), rng.choice(places, mentors)


def people(rng: np.random.Generator, count: int, grade: float) -> People:
    zone = drawn(rng, 24, 0.6, (count,))
    mother = np.int64(1) << (2 + zone // 4)
    english = (rng.random(count) < 0.88).astype(np.int64)
    french = 2 * (rng.random(count) < 0.28).astype(np.int64)
    return People(
        drawn(rng, 15, 0.8, (count,)),
        zone,
        drawn(rng, 20, 0.7, (count,)),
        np.clip(np.rint(rng.normal(grade, 1.4, count)), 1, 9).astype(np.int64),
        mother | english | french,
        np.zeros((count, 1), np.int64),
    )


def drawn(rng: np.random.Generator, kinds: int, power: float, shape: tuple[int, ...]) -> Any:
    """int64: few kinds are common and many rare (Zipf)."""
    weight = 1 / np.arange(1, kinds + 1) ** power
    return rng.choice(kinds, shape, p=weight / weight.sum())


@kernel
def best_candidates(ours: People, theirs: People, topic_points: Any, best: Any) -> None:
    """best int64[n, 64]: score << 32 | mentor, a heap while it fills, the least first; 0 = none."""
    for i in range(len(ours.zone)):
        for j in range(len(theirs.zone)):
            score = points(ours, theirs, topic_points, i, j)
            key = (np.int64(score) << 32) | j
            if score > 0 and key > best[i, 0]:
                at = 0
                while 2 * at + 1 < CANDIDATES:
                    child = 2 * at + 1
                    if child + 1 < CANDIDATES and best[i, child + 1] < best[i, child]:
                        child += 1
                    if best[i, child] >= key:
                        break
                    best[i, at] = best[i, child]
                    at = child
                best[i, at] = key


@kernel
def points(ours: People, theirs: People, topic_points: Any, i: int, j: int) -> int:
    """0 or less: the pair may not be."""
    gap = theirs.grade[j] - ours.grade[i]
    if (
        gap < 1
        or ours.organisation[i] == theirs.organisation[j]
        or not ours.languages[i] & theirs.languages[j]
    ):
        return 0
    apart = abs(ours.zone[i] - theirs.zone[j])
    total: int = 190 * max(9 - min(apart, 24 - apart), 0) + 2400 - 500 * min(abs(gap - 3), 4) + 800
    if ours.sector[i] == theirs.sector[j]:
        total += 2600
    elif ours.sector[i] % 5 == theirs.sector[j] % 5:
        total += 1250
    for rank in range(5):
        topic = ours.topics[i, rank]
        if topic >= 0 and (theirs.topics[j, 0] >> topic) & 1:
            total += topic_points[rank]
    return total


if __name__ == "__main__":
    for row in measure(1):
        print(row.line())
