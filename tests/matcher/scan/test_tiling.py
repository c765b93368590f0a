"""A question cut into tiles comes back as the same bits, whatever the order, and whichever tile came twice."""

from typing import Any

import numpy as np
import pytest

from matcher.samples import sample
from matcher.scan.layout import Packed
from matcher.scan.packing import pack
from matcher.scan.scanning import over, top_mentees, top_mentors
from matcher.scan.tiling import Gathered, answer, tiles

PEOPLE = 2_500  # two chunks of lanes
NOBODY = np.zeros((0, 2), np.int32)


@pytest.fixture(scope="module")
def packed() -> Packed:
    pool, criteria = sample(PEOPLE, "one-to-one", seed=3)
    return pack(pool, criteria, NOBODY)


def elsewhere(packed: Packed, pairs: int, span: int, seed: int, heard: list[Any]) -> Packed:
    """The same pool with others who answer every tile from a copy of it, in a drawn order, some twice."""

    def others(ask: Any, _pause: Any) -> Any:
        theirs = pack(packed.pool, packed.criteria, packed.forbidden)
        cut = tiles(packed, ask, pairs, span=span)
        gathered = Gathered(packed, ask, cut)
        rng = np.random.default_rng(seed)
        numbers = np.arange(len(cut))
        order = rng.permutation(np.append(numbers, numbers[:3]))
        for number in order.tolist():
            gathered.add(number, answer(theirs, ask, cut[number], threads=1 + number % 3))
        assert gathered.missing == set()
        heard.append((ask.side, len(cut)))
        return gathered.lists

    return packed._replace(others=others)


@pytest.mark.parametrize(("pairs", "span"), [(400_000, 2048), (1_000_000, 4096), (10**9, 1 << 17)])
def test_every_scan_is_the_same_bits_in_tiles(packed: Packed, pairs: int, span: int) -> None:
    heard: list[Any] = []
    shared = elsewhere(packed, pairs, span, seed=pairs, heard=heard)
    rng = np.random.default_rng(7)
    price = rng.integers(0, 40_000, PEOPLE)  # some beyond every score
    above = rng.integers(-50, 1 << 30, PEOPLE)
    above[::2] = 500
    few = rng.permutation(PEOPLE)[:700].astype(np.int32)
    for scan in (
        lambda p: top_mentors(p, None, 16, above=0),
        lambda p: top_mentors(p, few, 5, mentor_price=price, above=above[few]),
        lambda p: top_mentors(p, None, 16, above=0, is_scattered=True),
        lambda p: top_mentors(
            p, few, 5, mentor_price=price, above=above[few], is_scattered=True, is_tight=True
        ),
        lambda p: top_mentees(p, None, 8, mentee_price=price, above=above),
        lambda p: top_mentees(p, few, 8),
        lambda p: over(p, None, np.full(PEOPLE, 9_000), price, slack=400, most=24),
        lambda p: top_mentors(p, few[:0], 4),
    ):
        for one, other in zip(scan(packed), scan(shared), strict=True):
            assert one.dtype == other.dtype
            assert np.array_equal(one, other)
    assert [side for side, _ in heard] == [*["mentees"] * 4, "mentors", "mentors", "mentees", "mentees"]
    assert max(count for _, count in heard) > (1 if pairs > 10**8 else 7)


def test_nobody_there_means_alone(packed: Packed) -> None:
    alone = packed._replace(others=lambda _ask, _pause: None)
    for one, other in zip(top_mentors(packed, None, 4), top_mentors(alone, None, 4), strict=True):
        assert np.array_equal(one, other)


def test_an_answer_to_another_question_is_refused(packed: Packed) -> None:
    asks: list[Any] = []
    top_mentors(packed._replace(others=lambda ask, _pause: asks.append(ask)), None, 4)
    cut = tiles(packed, asks[0], 10**6)
    gathered = Gathered(packed, asks[0], cut)
    good = answer(packed, asks[0], cut[0])
    for number, given in (
        (len(cut), good),
        (0, answer(packed, asks[0]._replace(k=3), cut[0])),
        (-1, good),
        (0, good._replace(score=good.score.astype(np.int64))),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="tile"):
            gathered.add(number, given)
    assert gathered.missing == set(range(len(cut)))
