"""Kernels of the stable mode: proposals and refusals, and pairs that both would rather be in."""

from matcher.columns import I32, I64
from matcher.compiling import kernel
from matcher.solve.graph import Graph

HIGHEST = 0x7FFFFFFF


@kernel
def accept(graph: Graph, begin: I64, held: I64, load: I32, at: I64, match: I32) -> None:
    """
    Deferred acceptance, mentees propose (Gale and Shapley 1962; the order of proposals does not matter).

    Fills `match`. held int64[places] is a heap for each mentor, begin int64[m + 1] as in `State`, the least
    welcome mentee first: lowest score, then highest row. `at` comes as a copy of where the rows begin.
    """
    for first in range(len(match)):
        i = first
        while at[i] < graph.indptr[i + 1]:
            j, score = graph.indices[at[i]], graph.score[at[i]]
            at[i] += 1
            welcome = (score << 32) | (HIGHEST - i)
            if begin[j] + load[j] < begin[j + 1]:
                rise_in(held, begin[j], load[j], welcome)
                load[j] += 1
                match[i] = j
                break
            if load[j] == 0 or welcome < held[begin[j]]:
                continue
            refused = HIGHEST - (held[begin[j]] & HIGHEST)
            sink_in(held, begin[j], load[j], welcome)
            match[i] = j
            match[refused] = -1
            i = refused


@kernel
def rise_in(held: I64, begin: int, count: int, key: int) -> None:
    at = count
    while at > 0 and held[begin + (at - 1) // 2] > key:
        held[begin + at] = held[begin + (at - 1) // 2]
        at = (at - 1) // 2
    held[begin + at] = key


@kernel
def sink_in(held: I64, begin: int, count: int, key: int) -> None:
    """In place of the first."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        if child + 1 < count and held[begin + child + 1] < held[begin + child]:
            child += 1
        if held[begin + child] >= key:
            break
        held[begin + at] = held[begin + child]
        at = child
    held[begin + at] = key


@kernel
def count_blocking(graph: Graph, capacity: I32, match: I32, has: I64, least: I64, load: I64) -> int:
    """
    Edges whose two people both would rather have each other; rows in any order.

    has int64[n] and load int64[m] come as 0, least int64[m] as more than any score: what each mentee has, and the least
    that each mentor has.
    """
    for i in range(len(match)):
        if match[i] >= 0:
            load[match[i]] += 1
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            if graph.indices[e] == match[i]:
                has[i] = graph.score[e]
                least[match[i]] = min(least[match[i]], graph.score[e])
    count = 0
    for i in range(len(match)):
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            j = graph.indices[e]
            welcome = graph.score[e] > least[j] or load[j] < capacity[j]
            count += capacity[j] > 0 and graph.score[e] > has[i] and welcome
    return count
