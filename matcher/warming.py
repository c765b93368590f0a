"""Compiling ahead, so that no run waits for it."""

import numpy as np

from matcher.assigning import sparsely
from matcher.certifying import certify
from matcher.columns import I32
from matcher.given import given
from matcher.large.stable import stable_of
from matcher.proposing import SMALL, propose
from matcher.samples import sample, sample_peers
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentors
from matcher.solve.changing import NewMentor, resolve
from matcher.solve.graph import Graph, merge, nearby, second_mention, sort_rows
from matcher.solve.margins import Margins
from matcher.solve.solving import solve_graph
from matcher.stable import count_blocking_pairs, deferred_acceptance
from matcher.structures import circling, grouping
from matcher.structures.circle_recount import certify_circles
from matcher.structures.circling import propose_circles
from matcher.structures.group_recount import certify_groups
from matcher.structures.grouping import propose_groups
from matcher.structures.mutual import propose_mutual
from matcher.structures.peer_recount import certify_mutual

PEOPLE = 24

LEAST = max(grouping.SMALL, circling.SMALL) + 1


def warm_up() -> None:
    """Compiles every kernel that a run of pairs may need, or loads it from numba's cache: some seconds, or half a minute."""
    pool, criteria = sample(SMALL + 1, "one-to-one")
    certify(pool, criteria, propose(pool, criteria))
    x = given(pool, criteria, (), (), None)
    packed = pack(pool, criteria, x.forbidden)
    first = top_mentors(packed, None, 1, above=0, is_scattered=True)
    stable_of(x, packed, first, 1, lambda _done: None)
    for score in (
        np.full((PEOPLE, PEOPLE), 5, np.int32),
        np.arange(PEOPLE**2, dtype=np.int32).reshape(-1, PEOPLE),
    ):
        for places in (0, 1, 2):
            use_all(table(score + np.int32(1)), np.full(PEOPLE, places, np.int32))


def warm_up_structures() -> None:
    """The same for groups, circles and pairs of peers: by pools just above those that need no kernels."""
    pool, criteria = sample(LEAST)
    certify_groups(pool, criteria, propose_groups(pool, criteria))
    pool, criteria = sample_peers(LEAST)
    certify_circles(pool, criteria, propose_circles(pool, criteria))
    pool, criteria = sample_peers(SMALL + 1)
    certify_mutual(pool, criteria, propose_mutual(pool, criteria))


def table(score: I32) -> Graph:
    begin = np.arange(len(score) + 1, dtype=np.int64) * score.shape[1]
    indices = np.tile(np.arange(score.shape[1], dtype=np.int32), len(score))
    return sort_rows(Graph(begin, indices, score.ravel()))


def use_all(graph: Graph, capacity: I32) -> None:
    second_mention(graph.indptr, graph.indices, np.full(len(capacity), -1, np.int32))
    # One who has no place, so that her price is met too; and one mentee fewer, so that some place stays free.
    capacity[0] = 0
    sparsely(*graph, capacity, None)
    found = solve_graph(graph, capacity, scales=(8, 1))
    for edges in (graph, graph._replace(score=graph.score.astype(np.int64))):
        nearby(edges, found.mentee_price, found.mentor_price, 1)
    who = np.arange(PEOPLE, dtype=np.int32)
    changed = resolve(found, merge(graph, graph), capacity, [NewMentor(who, who + np.int32(1), 1)])
    margins = Margins(changed.graph, changed.solution, changed.capacity)
    margins.forbidden()
    margins.from_mentor(1)
    margins.to_mentor(1)
    margins.forced(np.stack([who, who], axis=1), who)
    match = deferred_acceptance(*graph, capacity)
    count_blocking_pairs(*graph, capacity, match)
