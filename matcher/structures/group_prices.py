"""
A bound on what groups can earn together.

Every mentee gets a price; each mentor then takes her best offer at those prices, not minding whom others
take. The prices and what all mentors gain bound every set of groups (Lagrangian relaxation of "each mentee
once"; Fisher, "The Lagrangian relaxation method", 1981), whatever the prices: only how near the bound
comes depends on them.
"""

from typing import NamedTuple

import numpy as np

from matcher.assigning import assign
from matcher.columns import I64, Flags
from matcher.modes.pausing import Pause
from matcher.structures.offers import Offers

FAR = 1 << 50
"""Beyond any sum of points."""


class Choices(NamedTuple):
    """What is still open: which offers a mentor may take, and whether she may lead none."""

    offer: Flags
    """bool[S]"""
    none: Flags
    """bool[m]"""


class Priced(NamedTuple):
    """`bound` for all groups within the choices, at `price`."""

    bound: int
    price: I64
    """int64[n] >= 0"""
    gain: I64
    """int64[S]: what each offer gains at these prices; -FAR or less when it cannot stand."""
    best: I64
    """int64[m]: the offer that gains most, -1 = none."""


def all_choices(offers: Offers) -> Choices:
    return Choices(np.ones(len(offers.mentor), np.bool_), np.ones(offers.mentors, np.bool_))


def takings(worth: I64, room: I64, least: int, price: I64) -> tuple[I64, I64]:
    """
    For each row of worths int64[k, n]: (mentees in order of what they add int64[k, most], how many are taken).

    The first `least` are taken in any case, the others, up to the room, while they add anything.
    """
    net = np.where(worth > 0, worth - price, -FAR)
    most = min(int(room.max(initial=0)), net.shape[1])
    order = np.argsort(-net, axis=1, kind="stable")[:, :most]
    top = np.take_along_axis(net, order, axis=1)
    fill = np.minimum((top > 0).sum(axis=1), room)
    return order, np.maximum(fill, least)


def gains(worth: I64, room: I64, least: int, price: I64) -> I64:
    """int64[k]: the sum of what those taken add."""
    net = np.where(worth > 0, worth - price, -FAR)
    most = min(int(room.max(initial=0)), net.shape[1])
    if most < net.shape[1] and most > 0:
        net = -np.partition(-net, most - 1, axis=1)[:, :most]
    top = -np.sort(-net, axis=1)
    place = np.arange(top.shape[1])
    taken = (place < least) | ((place < room[:, None]) & (top > 0))
    total: I64 = np.where(taken, top, 0).sum(axis=1)
    return total


def priced(offers: Offers, choices: Choices, price: I64) -> Priced:
    gain = np.full(len(offers.mentor), -2 * FAR)
    here = np.flatnonzero(choices.offer)
    gain[here] = gains(offers.worth[here], offers.room[here], offers.least, price)
    most = np.where(choices.none, 0, -2 * FAR)
    np.maximum.at(most, offers.mentor, gain)
    best = np.full(offers.mentors, -1)
    reaches = np.flatnonzero(choices.offer & (gain == most[offers.mentor]) & (gain > -FAR))
    best[offers.mentor[reaches[::-1]]] = reaches[::-1]
    best[choices.none & (most == 0)] = -1
    return Priced(int(price.sum()) + int(most.sum()), price, gain, best)


def first_prices(offers: Offers) -> I64:
    """Mentees' prices when every mentor could give each mentee a topic and a language of her own."""
    n = offers.worth.shape[1]
    best = np.zeros((offers.mentors, n), np.int64)
    np.maximum.at(best, offers.mentor, offers.worth)
    room = np.zeros(offers.mentors, np.int32)
    room[offers.mentor] = offers.room
    row, column = np.nonzero(best.T)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=n))]).astype(np.int64)
    return assign(indptr, column.astype(np.int32), best.T[row, column].astype(np.int32), room).mentee_price


def lowered(offers: Offers, choices: Choices, start: Priced, value: int, rounds: int, pause: Pause) -> Priced:
    """
    The lowest bound that `rounds` steps of the subgradient find from `start`.

    Whoever several mentors take gets dearer, whom none takes cheaper, in steps that shrink when nothing
    comes of them (Held, Wolfe, Crowder 1974).
    """
    best, now, share, stale = start, start, 1, 0
    for _ in range(rounds):
        pause()
        if best.bound <= value:
            break
        rows = now.best[now.best >= 0]
        order, fill = takings(offers.worth[rows], offers.room[rows], offers.least, now.price)
        taken = order[np.arange(order.shape[1]) < fill[:, None]]
        slope = 1 - np.bincount(taken, minlength=len(now.price))
        slope[(now.price == 0) & (slope > 0)] = 0
        steep = int((slope * slope).sum())
        if steep == 0:
            break
        step = max((now.bound - value) // (share * steep), 1)
        now = priced(offers, choices, np.maximum(now.price - step * slope, 0))
        stale += 1
        if now.bound < best.bound:
            best, stale = now, 0
        elif stale == 3:
            share, stale, now = 2 * share, 0, best
    return best
