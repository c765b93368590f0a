"""
Prices of a large pool's mentees: what no groups can beat is their sum and what each mentor gains at them at most.

Each pass over all pairs says what its prices prove, and finds offers for the lists; between two passes the prices are
improved on all that was found so far (`group_prices` says why they bound). After five or six passes nothing new is found.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I64
from matcher.scan.spreading import Pause as Tell
from matcher.structures.covering import part
from matcher.structures.group_known import Known, respond, with_more
from matcher.structures.group_lists import BONUS, Led, Offered, best_offers

PASSES = 6
"""Over all pairs."""

ROUNDS = 60
"""Steps of the subgradient between two of them, on the lists."""

HIGHEST = 30_000
"""Prices above every score say nothing more."""

MEMORY = 11
"""Sixteenths of its last direction that a step keeps (Camerini, Fratta and Maffioli 1975): without, it goes to and fro."""

STALE = 6
"""Steps without a better bound, after which they become half as long."""


class Priced(NamedTuple):
    """Over all pairs: no groups earn more than `bound`, what locks add taken off."""

    bound: int
    price: I64
    most: I64
    """int64[m]: what each mentor gains at most."""


def find_prices(x: Led, threads: int, tell: Tell) -> tuple[Priced, Known]:
    """The best prices of some passes, and all that was found on the way."""
    price = np.zeros(len(x.lock), np.int64)
    here = part(tell, 0, 1 / (PASSES + 1))
    found = best_offers(x, price, threads, here)
    best, known = priced(x, price, found), with_more(None, found, here)
    price = top_of(found, len(price))
    for number in range(1, PASSES + 1):
        here = part(tell, number / (PASSES + 1), (number + 1) / (PASSES + 1))
        price = lowered(x, known, price, here)
        found = best_offers(x, price, threads, here)
        before = len(known.cell)
        best, known = (
            min(best, priced(x, price, found), key=lambda one: one.bound),
            with_more(known, found, here),
        )
        if len(known.cell) == before:
            break
    return best, known


def priced(x: Led, price: I64, found: Offered) -> Priced:
    locks = int((x.lock >= 0).sum())
    return Priced(int(price.sum()) + int(found.most.sum()) - BONUS * locks, price, found.most)


def top_of(found: Offered, n: int) -> I64:
    """A first guess: nine tenths of the most that each mentee earns in any of these lists."""
    best = np.zeros(n, np.int64)
    there = found.mentee >= 0
    np.maximum.at(best, found.mentee[there], np.minimum(found.worth[there], HIGHEST))
    return best * 9 // 10


def lowered(x: Led, known: Known, price: I64, tell: Tell) -> I64:
    """The prices of the lowest bound that the subgradient finds on the lists."""
    best, at, share, stale = -1, price, 1, 0
    way = np.zeros(len(price), np.int64)
    for _ in range(ROUNDS):
        tell(0)
        found = respond(known, price, x.room, x.least)
        bound = int(price.sum()) + int(found.gain.sum())
        stale += 1
        if best < 0 or bound < best:
            best, at, stale = bound, price, 0
        elif stale >= STALE:
            share, stale, price = 2 * share, 0, at
            found, way = respond(known, price, x.room, x.least), np.zeros(len(price), np.int64)
        slope = 1 - found.taken.astype(np.int64)
        slope[(price == 0) & (slope > 0)] = 0
        way = 16 * slope + way * MEMORY // 16
        steep = int((way * way).sum())
        if steep == 0:
            break
        # A fiftieth of the bound is hoped for at first.
        step = 16 * (best // (50 * share))
        price = np.clip(price - step * way // steep, 0, HIGHEST)
    return at
