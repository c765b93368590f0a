"""First prices, against plain Python and by what they are meant to say."""

from fractions import Fraction

import numpy as np

from matcher.solve.graph import Graph
from matcher.solve.wanting import WISH, share_wishes, wanted
from tests.matcher.solve import markets


def plain(graph: Graph, shift: int, share: list[int], mentors: int) -> list[Fraction]:
    """Wishes, of one for each mentee who has candidates."""
    wishes = [Fraction(0)] * mentors
    for begin, end in zip(graph.indptr[:-1], graph.indptr[1:], strict=True):
        gaps = [int(graph.score[begin] - graph.score[e]) >> shift for e in range(begin, end)]
        parts = [share[gap] if gap < len(share) else 0 for gap in gaps]
        for e, part in enumerate(parts, int(begin)):
            wishes[graph.indices[e]] += Fraction(part, sum(parts))
    return wishes


def test_each_mentee_shares_one_wish() -> None:
    for seed in range(50):
        rng = np.random.default_rng([40, seed])
        worths, _ = markets.market(rng)
        graph, mentors = markets.graph_of(worths), worths.shape[1]
        shift = int(rng.integers(0, 12))
        share = np.sort(rng.integers(0, WISH, int(rng.integers(1, 60))))[::-1].copy()
        share[0] = WISH
        found = np.zeros(mentors, np.int64)
        share_wishes(graph, shift, share, found)
        # Each share is rounded down twice.
        for wishes, exact in zip(found.tolist(), plain(graph, shift, share.tolist(), mentors), strict=True):
            assert 0 <= exact * WISH - wishes <= 2 * graph.mentees


def test_a_price_rises_by_as_much_for_each_doubling_of_the_wishes() -> None:
    # A hundred others, whose scores fall by 1,000, say how choosy people are; of four mentors one, two, four and eight want nobody else.
    worths = np.zeros((115, 7), np.int64)
    worths[:100, 4:] = [2_000, 1_500, 1_000]
    worths[np.arange(100, 115), np.repeat(np.arange(4), [1, 2, 4, 8])] = 2_000
    found = wanted(markets.graph_of(worths), np.ones(7, np.int64))
    assert np.diff(found[:4]).tolist() == [300, 300, 300]


def test_two_places_halve_the_wishes() -> None:
    graph = markets.graph_of(np.tile([2_000, 1_500, 1_000], (6, 1)))
    one, two = (wanted(graph, np.array([1, places, 1])) for places in (1, 2))
    assert (one[1] - one[2]) - (two[1] - two[2]) == 300


def test_prices_go_with_people() -> None:
    for seed in range(20):
        rng = np.random.default_rng([41, seed])
        worths, places = markets.market(rng)
        ours, theirs = rng.permutation(worths.shape[0]), rng.permutation(worths.shape[1])
        found = wanted(markets.graph_of(worths), places.astype(np.int64))
        moved = wanted(markets.graph_of(worths[ours][:, theirs]), places.astype(np.int64)[theirs])
        assert moved.tolist() == found[theirs].tolist()


def test_empty_sides_have_prices_too() -> None:
    assert wanted(markets.graph_of(np.zeros((0, 3))), np.ones(3, np.int64)).tolist() == [0, 0, 0]
    assert wanted(markets.graph_of(np.zeros((3, 0))), np.ones(0, np.int64)).tolist() == []
    assert wanted(markets.graph_of(np.ones((2, 2))), np.zeros(2, np.int64)).tolist() == [0, 0]
