"""
A matching of greatest weight in a general graph, exact and with its proof, in O(n^3).

Edmonds, "Maximum matching and a polyhedron with 0,1-vertices" (1965), with the dual steps and slacks of
Galil, "Efficient algorithms for finding maximum matching in graphs" (1986). People are 1 .. n; numbers
above n are blossoms, odd sets shrunk to one node; 0 is nobody. An edge between nodes is kept as the pair of
people that makes it. Prices are doubled, so that all of them stay integers.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I8, I32, I64
from matcher.compiling import kernel

FREE, OUTER, INNER = -1, 0, 1
NODES, HEAD, TAIL, STAMP = 0, 1, 2, 3


class Forest(NamedTuple):
    """N = n + n // 2 + 2 nodes; all arrays are written in place."""

    weight: I64
    """int64[n + 1, n + 1], symmetric, 0 = no edge"""
    one: I32
    """int32[N, N]: person inside the first node of the best edge between two nodes, 0 = none"""
    other: I32
    """int32[N, N]: person inside the second"""
    price: I64
    """int64[N], doubled"""
    match: I32
    """int32[N]: person outside to whom a node is matched"""
    near: I32
    """int32[N]: outer person with the least slack to this node, 0 = none"""
    top: I32
    """int32[N]: outermost blossom that holds a node, itself if none, 0 = not in use"""
    parent: I32
    """int32[N]: outer person through whom the tree reached an inner node"""
    child: I32
    """int32[N, n + 1]: petal of a blossom that holds a person, 0 = not inside"""
    petals: I32
    """int32[N, n + 1], around the blossom from its base"""
    size: I32
    """int32[N]: number of petals, 0 for people"""
    mark: I8
    """int8[N]: FREE, OUTER or INNER in this stage"""
    seen: I32
    """int32[N]: stamp of the last search for a common ancestor"""
    queue: I32
    """int32[n + 1]: outer people to look from"""
    stack: I32
    """int32[2 N, 2], scratch"""
    at: I64
    """int64[4]: nodes in use, head and tail of the queue, last stamp"""


def forest(weight: I64) -> Forest:
    """Nobody matched, every price the greatest weight. weight int64[n, n], symmetric, 0 = no edge."""
    n = len(weight)
    most = n + n // 2 + 2
    padded = np.zeros((n + 1, n + 1), np.int64)
    padded[1:, 1:] = weight
    one, other = np.zeros((most, most), np.int32), np.zeros((most, most), np.int32)
    rows, cols = np.nonzero(padded)
    one[rows, cols], other[rows, cols] = rows, cols
    price = np.zeros(most, np.int64)
    price[1 : n + 1] = padded.max()
    people = np.arange(most, dtype=np.int32)
    people[n + 1 :] = 0
    child = np.zeros((most, n + 1), np.int32)
    child[np.arange(n + 1), np.arange(n + 1)] = np.arange(n + 1)
    nothing = (np.zeros(most, np.int32) for _ in range(5))
    match, near, parent, size, seen = nothing
    return Forest(
        padded,
        one,
        other,
        price,
        match,
        near,
        people,
        parent,
        child,
        np.zeros((most, n + 1), np.int32),
        size,
        np.full(most, FREE, np.int8),
        seen,
        np.zeros(n + 1, np.int32),
        np.zeros((2 * most, 2), np.int32),
        np.array([n, 0, 0, 0], np.int64),
    )


@kernel
def slack(f: Forest, a: int, b: int) -> int:
    """Of the best edge between two nodes: price + price - 2 * weight."""
    i, j = f.one[a, b], f.other[a, b]
    left: int = f.price[i] + f.price[j] - 2 * f.weight[i, j]
    return left


@kernel
def offer_slack(f: Forest, person: int, node: int) -> None:
    if f.near[node] == 0 or slack(f, person, node) < slack(f, f.near[node], node):
        f.near[node] = person


@kernel
def renew_slack(f: Forest, node: int) -> None:
    f.near[node] = 0
    for person in range(1, len(f.weight)):
        if f.one[person, node] > 0 and f.top[person] != node and f.mark[f.top[person]] == OUTER:
            offer_slack(f, person, node)


@kernel
def enqueue(f: Forest, node: int) -> None:
    """All people inside the node, in ascending order."""
    for person in range(1, len(f.weight)):
        if f.child[node, person] > 0:
            f.queue[f.at[TAIL]] = person
            f.at[TAIL] += 1


@kernel
def put_into(f: Forest, node: int, blossom: int) -> None:
    """The node and everything inside it now lies in `blossom`."""
    f.stack[0, 0], depth = node, 1
    while depth > 0:
        depth -= 1
        inner = f.stack[depth, 0]
        f.top[inner] = blossom
        for k in range(f.size[inner]):
            f.stack[depth, 0] = f.petals[inner, k]
            depth += 1


@kernel
def turn_to(f: Forest, blossom: int, petal: int) -> int:
    """The even place of the petal, after turning the circle round if it was odd."""
    size: int = f.size[blossom]
    place = 0
    while f.petals[blossom, place] != petal:
        place += 1
    if place % 2 == 0:
        return place
    f.petals[blossom, 1:size] = f.petals[blossom, 1:size][::-1].copy()
    return size - place


@kernel
def join(f: Forest, node: int, outside: int) -> None:
    """Match the node through its best edge to the node `outside`, and the petals within accordingly."""
    f.stack[0, 0], f.stack[0, 1], depth = node, outside, 1
    while depth > 0:
        depth -= 1
        a, b = f.stack[depth, 0], f.stack[depth, 1]
        f.match[a] = f.other[a, b]
        size = f.size[a]
        if size == 0:
            continue
        petal = f.child[a, f.one[a, b]]
        place = turn_to(f, a, petal)
        for k in range(place):
            f.stack[depth, 0], f.stack[depth, 1] = f.petals[a, k], f.petals[a, k ^ 1]
            depth += 1
        f.stack[depth, 0], f.stack[depth, 1] = petal, b
        depth += 1
        f.petals[a, :size] = np.concatenate((f.petals[a, place:size], f.petals[a, :place]))


@kernel
def augment(f: Forest, node: int, outside: int) -> None:
    """Match the node to `outside`, and change every second edge up to the root of its tree."""
    while True:
        before = f.top[f.match[node]]
        join(f, node, outside)
        if before == 0:
            return
        above = f.top[f.parent[before]]
        join(f, before, above)
        node, outside = above, before


@kernel
def common_ancestor(f: Forest, a: int, b: int) -> int:
    """The first outer node above both, 0 when they stand in different trees."""
    f.at[STAMP] += 1
    while a > 0 or b > 0:
        if a > 0:
            if f.seen[a] == f.at[STAMP]:
                return a
            f.seen[a] = f.at[STAMP]
            a = f.top[f.match[a]]
            if a > 0:
                a = f.top[f.parent[a]]
        a, b = b, a
    return 0


@kernel
def add_petals(f: Forest, blossom: int, node: int, base: int) -> None:
    """Both nodes of each step from `node` up to the base."""
    while node != base:
        inner = f.top[f.match[node]]
        f.petals[blossom, f.size[blossom]] = node
        f.petals[blossom, f.size[blossom] + 1] = inner
        f.size[blossom] += 2
        enqueue(f, inner)
        node = f.top[f.parent[inner]]


@kernel
def shrink(f: Forest, a: int, base: int, b: int) -> None:
    """Make one outer blossom of the circle base .. a, b .. base."""
    n = len(f.weight) - 1
    new = n + 1
    while new <= f.at[NODES] and f.top[new] > 0:
        new += 1
    f.at[NODES] = max(f.at[NODES], new)
    f.price[new], f.mark[new], f.match[new] = 0, OUTER, f.match[base]
    f.petals[new, 0], f.size[new] = base, 1
    add_petals(f, new, a, base)
    f.petals[new, 1 : f.size[new]] = f.petals[new, 1 : f.size[new]][::-1].copy()
    add_petals(f, new, b, base)
    put_into(f, new, new)
    f.one[new, :], f.one[:, new], f.child[new, :] = 0, 0, 0
    for k in range(f.size[new]):
        petal = f.petals[new, k]
        for node in range(1, f.at[NODES] + 1):
            # A circle of shrunk nodes has many edges to one node: the one of least slack stands for all.
            if f.one[petal, node] > 0 and (
                f.one[new, node] == 0 or slack(f, petal, node) < slack(f, new, node)
            ):
                f.one[new, node], f.other[new, node] = f.one[petal, node], f.other[petal, node]
                f.one[node, new], f.other[node, new] = f.one[node, petal], f.other[node, petal]
        for person in range(1, n + 1):
            if f.child[petal, person] > 0:
                f.child[new, person] = petal
    renew_slack(f, new)


@kernel
def expand(f: Forest, blossom: int) -> None:
    """Dissolve an inner blossom of price 0: the even way round stays in the tree, the other leaves it."""
    size = f.size[blossom]
    for k in range(size):
        put_into(f, f.petals[blossom, k], f.petals[blossom, k])
    entered = f.child[blossom, f.one[blossom, f.parent[blossom]]]
    place = turn_to(f, blossom, entered)
    for k in range(0, place, 2):
        inner, outer = f.petals[blossom, k], f.petals[blossom, k + 1]
        f.parent[inner] = f.one[outer, inner]
        f.mark[inner], f.mark[outer] = INNER, OUTER
        f.near[inner] = 0
        renew_slack(f, outer)
        enqueue(f, outer)
    f.mark[entered], f.parent[entered] = INNER, f.parent[blossom]
    for k in range(place + 1, size):
        f.mark[f.petals[blossom, k]] = FREE
        renew_slack(f, f.petals[blossom, k])
    f.top[blossom], f.size[blossom] = 0, 0
