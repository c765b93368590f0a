"""
A scan in pieces that may run anywhere: (some of the people, range of the other side), joined in any order to the same bits.

A tile is answered from the pool and the question alone, so it may be lost and answered again, by
anybody. People of a tile stand near each other in storage and so share classes; places in storage are
made of hashed keys, so every process that packs the same pool numbers them alike.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.scan.asking import Ask, Others
from matcher.scan.bits import CHUNK
from matcher.scan.layout import Packed
from matcher.scan.lists import Lists
from matcher.scan.scanning import top_mentees, top_mentors
from matcher.solving import mixed

Crew = Callable[[Packed], Others | None]
"""Hears which pool is about to be scanned; None: it is too small to be worth sharing."""

SPAN = 64 * CHUNK
"""Widest range of the other side in a tile: each range keeps its own best, so few and wide ones waste least."""


DRAWN_BITS = 13
"""Of the hash by which equals are put in order, as in `keeping.scattered`, which is compiled code and not for every process that reads lists."""


class Tile(NamedTuple):
    part: tuple[int, int]
    """[first, last) of the people asked about, in the order of their storage."""
    span: tuple[int, int]
    """[first, last) of the other side, in the order of its storage."""


def tiles(packed: Packed, ask: Ask, pairs: int, *, span: int = SPAN) -> list[Tile]:
    """Pieces of about `pairs` pairs that together are every pair of the question once."""
    if ask.side == "mentees":
        spans = edges(len(packed.lane_of), span)
        parts = edges(len(ask.people), max(1, pairs // max(1, min(span, len(packed.lane_of)))))
    else:
        spans = edges(len(packed.row_of), max(1, pairs // CHUNK))
        parts = whole_chunks(packed.lane_of[ask.people])
    return [
        Tile(part, others)
        for part in pairwise(parts)
        for others in pairwise(spans)
        if part[0] < part[1] and others[0] < others[1]
    ]


def edges(count: int, step: int) -> list[int]:
    return [*range(0, count, step), count]


def whole_chunks(lane: I32) -> list[int]:
    """Places where the sorted lanes enter another chunk: a chunk that two tiles shared would be scanned twice."""
    chunk = np.sort(lane) // CHUNK
    return [0, *(np.flatnonzero(np.diff(chunk)) + 1).tolist(), len(chunk)]


def in_storage(packed: Packed, ask: Ask) -> I64:
    """int64[p]: places of `ask.people` in the order of their storage."""
    stored = packed.row_of if ask.side == "mentees" else packed.lane_of
    order: I64 = np.argsort(stored[ask.people], kind="stable")
    return order


def answer(packed: Packed, ask: Ask, tile: Tile, *, threads: int = 1) -> Lists:
    """One row for each person of the tile, in the order of their storage."""
    at = in_storage(packed, ask)[slice(*tile.part)]
    people, above, price = ask.people[at], ask.above[at].astype(np.int64), ask.price.astype(np.int64)
    here = packed._replace(others=None)
    if ask.side == "mentees":
        return top_mentors(
            here,
            people,
            ask.k,
            mentor_price=price,
            above=above,
            columns=tile.span,
            is_scattered=ask.is_scattered,
            threads=threads,
        )
    rows = packed.mentee_at[slice(*tile.span)]
    return top_mentees(here, people, ask.k, mentee_price=price, above=above, rows=rows, threads=threads)


class Gathered:
    """The answer to a question, as its tiles come in: in any order, some of them twice."""

    def __init__(self, packed: Packed, ask: Ask, cut: list[Tile]) -> None:
        self.packed = packed
        self.ask = ask
        self.cut = cut
        self.missing = set(range(len(cut)))
        self.is_one_range = len({tile.span for tile in cut}) <= 1
        self.order = in_storage(packed, ask)
        count = len(ask.people)
        self.lists = Lists(
            np.zeros(count, np.int32),
            np.full((count, ask.k), -1, np.int32),
            np.zeros((count, ask.k), np.int16),
        )

    def add(self, number: int, found: Lists) -> None:
        """
        Take in the answer to tile `number`; one that is there already is left out.

        Raises:
            ValueError: this is no answer to that tile.
        """
        if not 0 <= number < len(self.cut):
            raise ValueError(f"there is no tile {number}")
        at = self.order[slice(*self.cut[number].part)]
        have = Lists(self.lists.length[at], self.lists.person[at], self.lists.score[at])
        if shapes(found) != shapes(have):
            raise ValueError(f"tile {number} is not answered by {shapes(found)}")
        if number not in self.missing:
            return
        self.missing.discard(number)
        new = found if self.is_one_range else merge(self.packed, self.ask, self.ask.people[at], have, found)
        self.lists.length[at], self.lists.person[at], self.lists.score[at] = new


def shapes(lists: Lists) -> list[str]:
    return [f"{one.dtype}{one.shape}" for one in (lists.length, lists.person, lists.score)]


def merge(packed: Packed, ask: Ask, people: I32, one: Lists, other: Lists) -> Lists:
    """The best k of two lists for the same `people` over different ranges; which comes first does not matter."""
    person = np.concatenate([one.person, other.person], axis=1)
    score = np.concatenate([one.score, other.score], axis=1)
    rank = packed.mentor_rank[packed.lane_of] if ask.side == "mentees" else packed.mentee_rank[packed.row_of]
    value = np.where(person >= 0, score - price_of(ask, person), -(1 << 20))
    place = np.append(rank, 0)[person]
    keys = (place, drawn_places(packed, people, person)) if ask.is_scattered else (place,)
    order = np.lexsort((*keys, -value), axis=1)[:, : ask.k]
    return Lists(
        np.minimum(one.length + other.length, ask.k).astype(np.int32),
        np.take_along_axis(person, order, axis=1),
        np.take_along_axis(score, order, axis=1),
    )


def drawn_places(packed: Packed, mentees: I32, mentors: I32) -> I64:
    """int64[p, k]: the place of each mentor among her equals in the list of each mentee; see `keeping.scattered`."""
    ours, theirs = mixed(packed.pool.mentees.key), mixed(mixed(packed.pool.mentors.key + np.uint64(1)))
    drawn = mixed(ours[mentees][:, None] ^ np.append(theirs, np.uint64(0))[mentors])
    return -(drawn >> np.uint64(64 - DRAWN_BITS)).astype(np.int64)


def price_of(ask: Ask, person: I32) -> I64:
    price: I64 = np.append(ask.price, np.int16(0))[person].astype(np.int64)
    return price
