"""From the double cover's optimum to pairs: cut its cycles, then solve exactly around whoever was left out."""

from heapq import heappop, heappush
from itertools import pairwise

import numpy as np

from matcher.columns import I32, I64
from matcher.modes.graphs import Candidates, spans
from matcher.modes.pausing import Pause

AROUND = ((80, 2_000), (80, 2_000), (160, 400), (320, 100), (640, 20))
"""(people in one exact solution, how many of those who are alone get one): each line takes a few seconds at most."""

EDGES = 64
"""Of least slack, by which one person widens a neighbourhood."""


def cut_cycles(graph: Candidates, match: I32) -> I32:
    """
    The best pairs among neighbours on each path or cycle of `match` (int32[n], each taken at most once).

    An even cycle loses nothing; of an odd one, somebody stays out.
    """
    after = match.tolist()
    before = [-1] * len(after)
    for i, j in enumerate(after):
        if j >= 0:
            before[j] = i
    starts = [i for i in range(len(after)) if before[i] < 0]
    partner, seen = [-1] * len(after), [False] * len(after)
    for start in (*starts, *range(len(after))):
        line, node = [], start
        while node >= 0 and not seen[node]:
            seen[node] = True
            line.append(node)
            node = after[node]
        if len(line) > 1:
            pair_line(graph, line, node == start, partner)
    return np.array(partner, np.int32)


def pair_line(graph: Candidates, line: list[int], is_cycle: bool, partner: list[int]) -> None:
    """Write the best pairs of neighbours on a path, or on a cycle with or without its closing pair."""
    worth = [weight(graph, a, b) for a, b in pairwise(line)]
    value, chosen = best_apart(worth)
    pairs = [(line[k], line[k + 1]) for k in chosen]
    if is_cycle and len(line) > 2:
        closing = weight(graph, line[-1], line[0])
        inner, chosen = best_apart(worth[1:-1])
        if inner + closing > value:
            pairs = [(line[k + 1], line[k + 2]) for k in chosen] + [(line[-1], line[0])]
    for a, b in pairs:
        partner[a], partner[b] = b, a


def best_apart(worth: list[int]) -> tuple[int, list[int]]:
    """The greatest sum of entries of which no two are neighbours, and their places."""
    best = [0, 0]
    for points in worth:
        best.append(max(best[-1], best[-2] + points))
    chosen, k = [], len(worth)
    while k > 0:
        if best[k + 1] > best[k]:
            chosen.append(k - 1)
            k -= 1
        k -= 1
    return best[-1], chosen


def weight(graph: Candidates, a: int, b: int) -> int:
    begin, end = graph.indptr[a], graph.indptr[a + 1]
    place = np.flatnonzero(graph.indices[begin:end] == b)
    return int(graph.score[begin + place[0]])


def mend(graph: Candidates, partner: I32, price: I64, pause: Pause) -> I32:
    """Solve exactly around each person who is alone though she has a price, in wider and wider circles."""
    partner = partner.copy()
    for people, most in AROUND:
        for person in np.flatnonzero((partner < 0) & (price > 0))[:most].tolist():
            if partner[person] < 0:
                solve_around(graph, partner, price, person, people, pause)
    return partner


def solve_around(graph: Candidates, partner: I32, price: I64, person: int, people: int, pause: Pause) -> None:
    """Pair the people near her anew where that gains. Whoever has a partner comes in with her."""
    from matcher.structures.stages import exact_matching

    here = np.array(neighbourhood(graph, partner, price, person, people))
    edges = spans(graph.indptr[here], graph.indptr[here + 1])
    row = np.repeat(np.arange(len(here)), graph.indptr[here + 1] - graph.indptr[here])
    column = np.searchsorted(here, graph.indices[edges])
    inside = here[np.minimum(column, len(here) - 1)] == graph.indices[edges]
    worth = np.zeros((len(here), len(here)), np.int64)
    worth[row[inside], column[inside]] = graph.score[edges[inside]]
    old = np.searchsorted(here, partner[here])
    has = partner[here] >= 0
    before = int(worth[has, old[has]].sum())
    found, _ = exact_matching(worth, pause)
    gained = int(worth[found >= 0, found[found >= 0]].sum()) - before
    if gained > 0:
        partner[here] = np.append(here, -1)[found]


def neighbourhood(graph: Candidates, partner: I32, price: I64, person: int, people: int) -> list[int]:
    """Up to so many people, ascending: along pairs of least slack, and from each to her partner."""
    near: list[tuple[int, int]] = [(0, person)]
    found: set[int] = set()
    while near and len(found) < people - 1:
        far, node = heappop(near)
        if node in found:
            continue
        found.add(node)
        mate = int(partner[node])
        # From somebody with a partner the way goes on over the partner: she is the one who would change.
        leaving = node if mate < 0 else mate
        found.add(leaving)
        edges = slice(graph.indptr[leaving], graph.indptr[leaving + 1])
        others = graph.indices[edges]
        slack = price[leaving] + price[others] - 2 * graph.score[edges].astype(np.int64)
        for k in np.lexsort((others, slack))[:EDGES].tolist():
            if int(others[k]) not in found:
                heappush(near, (far + int(slack[k]), int(others[k])))
    return sorted(found)
