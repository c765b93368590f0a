"""Who joins which group, once every mentor has her topic and language: exact."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.duals import Market
from matcher.solving import any_optimum
from matcher.structures.offers import Offers


class Seats(NamedTuple):
    value: int
    offer: I32
    """int32[n]: the offer that she joins, -1 = none."""
    is_full: bool
    """Every group that was to be led has enough mentees."""


def seat(offers: Offers, led: I64) -> Seats:
    """
    The greatest value when the mentors of `led` (int64[k], offers of different mentors) lead these groups.

    The places up to `least` of each group are worth so much more that they are filled first: if all
    can be, all are.
    """
    n, k = offers.worth.shape[1], len(led)
    worth = offers.worth[led].T
    steep = int(worth.max(initial=0)) * (n + 1) + 1
    room = offers.room[led]
    first, more = np.where(worth > 0, worth + steep, 0), worth
    places = np.concatenate([np.full(k, offers.least), room - offers.least])
    match = any_optimum(Market(np.hstack([first, more]), places))
    group = np.where(match >= k, match - k, match)
    joined = np.flatnonzero(match >= 0)
    load = np.bincount(group[joined], minlength=k)
    offer = np.full(n, -1, np.int32)
    offer[joined] = led[group[joined]]
    return Seats(int(worth[joined, group[joined]].sum()), offer, bool((load >= offers.least).all()))


def seat_some(offers: Offers, led: I64) -> Seats:
    """The same, but groups that cannot all be filled are given up, the emptiest and last first."""
    while True:
        seats = seat(offers, led)
        if seats.is_full:
            return seats
        load = np.bincount(seats.offer[seats.offer >= 0], minlength=len(offers.mentor))[led]
        led = np.delete(led, len(led) - 1 - int(np.argmin(load[::-1])))
