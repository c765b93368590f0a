"""From who waits behind which door to the smallest changes, for many people at once."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.explaining import MOST_CHANGES
from matcher.forcing import FAR
from matcher.results import Change
from matcher.scan.layout import Rules
from matcher.scan.standing import BY_CAPACITY, NONE
from matcher.scan.waiting import Waiting, steps_of
from matcher.widening import RELAXABLE

HIGHEST, NOT_THERE = 1 << 20, 1 << 40
"""Above every score, and above all numbers that are made of scores and kinds of offers."""


class Offer(NamedTuple):
    """One kind of change, for each person; all columns have the length p."""

    what: str
    is_there: Flags
    amount: I64
    people: I64
    person: I32
    score: I64
    certain: Flags


def softer_limits(waiting: Waiting, price: I64, rules: Rules) -> list[Offer]:
    """For each limit the least relaxing that matches her, else that opens a pair."""
    begin = steps_of(rules).begin
    found = []
    for door, name in enumerate(RELAXABLE):
        steps = slice(begin[door], begin[door + 1])
        people, surplus, best = (column[steps] for column in waiting)
        wins = surplus > 0
        step = np.where(wins.any(axis=0), wins.argmax(axis=0), (people > 0).argmax(axis=0))
        at = step, np.arange(people.shape[1])
        counted = np.cumsum(people, axis=0, dtype=np.int64)[at]
        found.append(
            offer(name, counted > 0, step + 1, counted, best[at], surplus[at], price, surplus[at] > 0)
        )
    return found


def offer(
    what: str,
    is_there: Flags,
    amount: I64,
    people: I64,
    person: I32,
    surplus: I64,
    price: I64,
    certain: Flags,
) -> Offer:
    """`price` int64[others]: what the surplus is measured from."""
    score = surplus + np.append(price, 0)[person]
    return Offer(what, is_there, amount, people, person, score, certain)


def one_place_more(what: str, waiting: Waiting, value: I64, rules: Rules) -> Offer:
    """The mentor whose further place would come nearest to being this mentee's."""
    begin = steps_of(rules).begin
    first = begin[NONE] + 2 if what == "place" else begin[BY_CAPACITY]
    people, surplus, best = (column[first] for column in waiting)
    one = np.ones(len(people), np.int64)
    return offer(what, people > 0, one, people.astype(np.int64), best, surplus, value, surplus >= 0)


def first_place(waiting: Waiting, price: I64, rules: Rules) -> Offer:
    """For mentors who offer none: whom it would serve best. Those whom a lock keeps are counted too."""
    first = steps_of(rules).begin[BY_CAPACITY]
    people, surplus, best = (column[first : first + 2] for column in waiting)
    side = (people[0] == 0).astype(np.int64)
    at = side, np.arange(people.shape[1])
    counted = people.sum(axis=0, dtype=np.int64)
    one = np.ones(len(counted), np.int64)
    return offer("capacity", counted > 0, one, counted, best[at], surplus[at], price, surplus[at] > 0)


def more_points(waiting: Waiting, price: I64, rules: Rules) -> Offer:
    """The possible pair that is fewest points away from entering every optimum."""
    first = steps_of(rules).begin[NONE]
    people, surplus, best = (column[first] for column in waiting)
    sure = np.ones(len(people), np.bool_)
    return offer("points", people > 0, 1 - surplus, people.astype(np.int64), best, surplus, price, sure)


def unhindered(waiting: Waiting, rules: Rules) -> I64:
    """int64[p]: people of the other side who pass every limit, whether they can be had or not."""
    first = steps_of(rules).begin[NONE]
    found: I64 = waiting.people[first : first + 2].sum(axis=0, dtype=np.int64)
    return found


def where(given: Offer, these: Flags) -> Offer:
    return given._replace(is_there=given.is_there & these)


def smallest(offers: list[Offer]) -> list[tuple[Change, ...]]:
    """As `explaining.smallest`, for everybody: the order of offers as one number each, the least first."""
    names = [given.what for given in offers]
    place = np.argsort(np.argsort(names, kind="stable"))
    order = np.stack(
        [
            np.where(
                given.is_there,
                len(names)
                * ((~given.certain * 2 + (given.what == "points")) * HIGHEST + HIGHEST - 1 - given.score)
                + at,
                NOT_THERE,
            )
            for given, at in zip(offers, place.tolist(), strict=True)
        ],
        axis=1,
    )
    best = np.argsort(order, axis=1)[:, :MOST_CHANGES]
    rows = np.arange(len(best))[:, None]
    stands = order[rows, best] < NOT_THERE

    def told(field: str) -> list[int]:
        table = np.stack([getattr(given, field) for given in offers], axis=1)
        values: list[int] = table[rows, best][stands].tolist()
        return values

    what = [names[k] for k in best[stands].tolist()]
    columns = zip(
        what, told("amount"), told("people"), told("person"), told("score"), told("certain"), strict=True
    )
    changes = list(map(Change._make, columns))
    ends = np.cumsum(stands.sum(axis=1)).tolist()
    return [tuple(changes[begin:end]) for begin, end in pairwise([0, *ends])]


assert FAR == 1 << 29  # as the kernels of `scan.standing` have it
