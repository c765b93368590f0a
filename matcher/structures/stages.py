"""One augmentation after the other: the stages of the blossom algorithm, and the proof they end with."""

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import kernel
from matcher.modes.pausing import Pause
from matcher.structures.blossom import (
    FREE,
    HEAD,
    INNER,
    NODES,
    OUTER,
    TAIL,
    Forest,
    augment,
    common_ancestor,
    enqueue,
    expand,
    forest,
    offer_slack,
    shrink,
    slack,
)
from matcher.structures.proofs import OddSet, Proof

FAR = 1 << 62


@kernel
def meet(f: Forest, i: int, j: int) -> bool:
    """Use a tight edge from an outer person: grow the tree, shrink a circle, or augment (True)."""
    a, b = f.top[i], f.top[j]
    if f.mark[b] == FREE:
        f.parent[b], f.mark[b] = i, INNER
        after = f.top[f.match[b]]
        f.near[b], f.near[after] = 0, 0
        f.mark[after] = OUTER
        enqueue(f, after)
    elif f.mark[b] == OUTER:
        base = common_ancestor(f, a, b)
        if base == 0:
            augment(f, a, b)
            augment(f, b, a)
            return True
        shrink(f, a, base, b)
    return False


@kernel
def look_around(f: Forest) -> bool:
    """Follow every tight edge of the outer people in the queue; True when the matching grew."""
    while f.at[HEAD] < f.at[TAIL]:
        person = f.queue[f.at[HEAD]]
        f.at[HEAD] += 1
        for j in range(1, len(f.weight)):
            if f.weight[person, j] == 0 or f.top[person] == f.top[j]:
                continue
            if slack(f, person, j) > 0:
                offer_slack(f, person, f.top[j])
            elif meet(f, person, j):
                return True
    return False


@kernel
def step_of(f: Forest) -> int:
    """The greatest step that keeps every slack and every odd set's price at 0 or more."""
    n = len(f.weight) - 1
    step = FAR
    for node in range(1, f.at[NODES] + 1):
        if f.top[node] != node:
            continue
        if node > n and f.mark[node] == INNER:
            step = min(step, f.price[node] // 2)
        if f.near[node] > 0 and f.mark[node] == FREE:
            step = min(step, slack(f, f.near[node], node))
        elif f.near[node] > 0 and f.mark[node] == OUTER:
            step = min(step, slack(f, f.near[node], node) // 2)
    return step


@kernel
def reprice(f: Forest, step: int) -> bool:
    """Outer people pay less, inner more; True when the people without a partner would pay nothing."""
    n = len(f.weight) - 1
    least = FAR
    for person in range(1, n + 1):
        if f.mark[f.top[person]] == OUTER:
            least = min(least, f.price[person])
    is_last = least <= step
    step = min(step, least)
    for person in range(1, n + 1):
        if f.mark[f.top[person]] == OUTER:
            f.price[person] -= step
        elif f.mark[f.top[person]] == INNER:
            f.price[person] += step
    for node in range(n + 1, f.at[NODES] + 1):
        if f.top[node] == node and f.mark[node] == OUTER:
            f.price[node] += 2 * step
        elif f.top[node] == node and f.mark[node] == INNER:
            f.price[node] -= 2 * step
    return is_last


@kernel
def stage(f: Forest) -> bool:
    """Match two more people, or answer False when that would lower the total."""
    n = len(f.weight) - 1
    f.mark[:], f.near[:] = FREE, 0
    f.at[HEAD], f.at[TAIL] = 0, 0
    for node in range(1, f.at[NODES] + 1):
        if f.top[node] == node and f.match[node] == 0:
            f.parent[node], f.mark[node] = 0, OUTER
            enqueue(f, node)
    if f.at[TAIL] == 0:
        return False
    while True:
        if look_around(f):
            return True
        if reprice(f, step_of(f)):
            return False
        for node in range(1, f.at[NODES] + 1):
            near = f.near[node]
            if f.top[node] != node or near == 0 or f.top[near] == node:
                continue
            if slack(f, near, node) == 0 and meet(f, f.one[near, node], f.other[near, node]):
                return True
        for node in range(n + 1, f.at[NODES] + 1):
            if f.top[node] == node and f.mark[node] == INNER and f.price[node] == 0:
                expand(f, node)


def exact_matching(weight: I64, pause: Pause) -> tuple[I32, Proof]:
    """
    Partners int32[n] of the matching of greatest weight, and its proof: the bound is its value.

    weight int64[n, n], symmetric, 0 = no pair, at most 2^40.

    Each stage takes O(n^2), and there are at most n / 2 of them.
    """
    n = len(weight)
    f = forest(weight)
    while stage(f):
        pause()
    sets = tuple(
        OddSet(np.flatnonzero(f.child[node]) - 1, int(f.price[node]))
        for node in range(n + 1, int(f.at[NODES]) + 1)
        if f.top[node] > 0 and f.price[node] > 0
    )
    return (f.match[1 : n + 1] - 1).astype(np.int32), Proof(f.price[1 : n + 1].copy(), sets)
