"""
Groups of a large pool: prices from passes over all pairs, then the mentors who lead, then their mentees exactly.

Between two passes the prices are improved on the lists of the last one (`group_prices` says why they bound). Whoever leads
is changed as long as that gains: at the prices of those seated, a mentor takes the offer that would earn her most.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.large.floor import graph_of
from matcher.scan.spreading import Pause as Tell
from matcher.solve.graph import Graph
from matcher.solve.solving import solve_graph
from matcher.structures.group_lists import BONUS, Led, Offered, best_offers

PASSES = 6
"""Over all pairs, to find prices; as many again at most to change who leads."""

ROUNDS = 40
"""Steps of the subgradient between two of them, on the lists."""

HIGHEST = 30_000
"""Prices above every score say nothing more."""

FIRST_CHANGED = 12
"""The part of all mentors that change what they lead in one go, at most."""

SEATS_EACH = 32
"""Mentees known of each group that is to be led."""

Bar = Callable[[I32, I32], Flags]
"""Which of these pairs (mentees, mentors) may not be, beside all limits."""


class Priced(NamedTuple):
    """Over all pairs: no groups earn more than `bound`, what locks add taken off."""

    bound: int
    price: I64
    offers: Offered


class Made(NamedTuple):
    """Who is with whom, and the topic and language of each mentor (int32[m, 2], -1 = leads none)."""

    mentor: I32
    """int32[n], -1 = in no group"""
    led: I32
    value: int
    price: I64
    """int64[n]: of the mentees, at these groups."""
    profit: I64
    """int64[m]: what each mentor gains at them."""


def find_prices(x: Led, value: int, threads: int, tell: Tell) -> Priced:
    """Prices that some passes find, the best of them first."""
    start = np.zeros(len(x.lock), np.int64)
    first = best_offers(x, start, threads, lambda done: tell(done / (PASSES + 1)))
    price, best = top_of(first, len(x.lock)), priced(x, start, first)
    offers = first
    for number in range(PASSES):

        def part(done: float, number: int = number) -> None:
            tell((number + 1 + done) / (PASSES + 1))

        price = lowered(x, merged(offers, best.offers), price, value, part)
        offers = best_offers(x, price, threads, part)
        now = priced(x, price, offers)
        best = min(best, now, key=lambda one: one.bound)
    return best


def priced(x: Led, price: I64, offers: Offered) -> Priced:
    locks = int((x.lock >= 0).sum())
    return Priced(int(price.sum()) + int(offers.most.sum()) - BONUS * locks, price, offers)


def top_of(offers: Offered, n: int) -> I64:
    """A first guess: nine tenths of the most that each mentee earns in any of these lists."""
    best = np.zeros(n, np.int64)
    there = offers.mentee >= 0
    np.maximum.at(best, offers.mentee[there], np.minimum(offers.worth[there], HIGHEST))
    return best * 9 // 10


def merged(one: Offered, other: Offered) -> Offered:
    """Both lists, mentor by mentor."""
    if one is other:
        return one
    order = np.argsort(np.concatenate([one.mentor, other.mentor]), kind="stable")
    columns = (np.concatenate([a, b])[order] for a, b in zip(one[:6], other[:6], strict=True))
    return Offered._make([*columns, np.maximum(one.most, other.most)])


def gains(x: Led, offers: Offered, price: I64) -> tuple[I64, Flags]:
    """int64[S]: what each listed offer adds at these prices, and bool[S, K]: of whom."""
    net = np.where(offers.mentee >= 0, offers.worth - price[offers.mentee], -HIGHEST - BONUS)
    rank = np.empty_like(net)
    np.put_along_axis(rank, np.argsort(-net, axis=1, kind="stable"), np.arange(net.shape[1])[None, :], axis=1)
    taken = (rank < x.least) | ((rank < x.room[offers.mentor][:, None]) & (net > 0))
    return np.where(taken, net, 0).sum(axis=1), taken


def best_each(offers: Offered, gain: I64) -> I64:
    """Places of the offer that gains most, of every mentor for whom one gains anything."""
    order = np.lexsort((np.arange(len(gain)), -gain, offers.mentor))
    first = np.ones(len(order), np.bool_)
    first[1:] = np.diff(offers.mentor[order]) > 0
    best: I64 = order[first]
    return best[gain[best] > 0]


def lowered(x: Led, offers: Offered, price: I64, value: int, tell: Tell) -> I64:
    """The prices of the lowest bound that the subgradient finds on the lists."""
    best, at, share, stale = -1, price, 1, 0
    for _ in range(ROUNDS):
        tell(0)
        gain, taken = gains(x, offers, price)
        lead = best_each(offers, gain)
        bound = int(price.sum()) + int(gain[lead].sum())
        stale += 1
        if best < 0 or bound < best:
            best, at, stale = bound, price, 0
        elif stale >= 4:
            share, stale, price = 2 * share, 0, at
            gain, taken = gains(x, offers, price)
            lead = best_each(offers, gain)
        inside = offers.mentee[lead][taken[lead]]
        slope = 1 - np.bincount(inside[inside >= 0], minlength=len(price))
        slope[(price == 0) & (slope > 0)] = 0
        steep = int((slope * slope).sum())
        if steep == 0:
            break
        step = max((best - value) // (20 * share * steep), 1)
        price = np.clip(price - step * slope, 0, HIGHEST)
    return at


def make(x: Led, start: Priced, threads: int, bar: Bar, tell: Tell) -> Made:
    """Groups: who leads by the prices, then changed as long as that gains."""
    gain, _ = gains(x, start.offers, start.price)
    led = codes(x, start.offers, best_each(start.offers, gain))
    best = seated(x, led, start.price, threads, bar, tell)
    share = FIRST_CHANGED
    for number in range(PASSES):

        def part(done: float, number: int = number) -> None:
            tell((number + done) / PASSES)

        price = np.clip(best.price, 0, HIGHEST)
        led = changed(x, best, best_offers(x, price, threads, part), price, len(x.room) // share + 1)
        now = seated(x, led, price, threads, bar, tell)
        if now.value > best.value:
            best = now
        else:
            share *= 4
    return best


def changed(x: Led, now: Made, offers: Offered, price: I64, most: int) -> I32:
    """
    Who leads what when up to so many mentors change to what gains most, beside what they gain now.

    No mentee is counted on by two of them: a change is worth at most what it gains at the prices, and nearly that alone.
    """
    gain, taken = gains(x, offers, price)
    best = best_each(offers, gain)
    more = gain[best] - now.profit[offers.mentor[best]]
    used, led, count = np.zeros(len(price), np.bool_), now.led.copy(), 0
    for at in np.lexsort((np.arange(len(best)), -more)).tolist():
        offer = best[at]
        inside = offers.mentee[offer][taken[offer] & (offers.mentee[offer] >= 0)]
        if more[at] <= 0 or count == most:
            break
        if not used[inside].any():
            used[inside] = True
            led[offers.mentor[offer]] = offers.topic[offer], offers.language[offer]
            count += 1
    return led


def codes(x: Led, offers: Offered, lead: I64) -> I32:
    found = np.full((len(x.room), 2), -1, np.int32)
    found[offers.mentor[lead], 0], found[offers.mentor[lead], 1] = offers.topic[lead], offers.language[lead]
    return found


def seated(x: Led, led: I32, price: I64, threads: int, bar: Bar, tell: Tell) -> Made:
    """The best mentees for those who lead; groups that cannot be filled are given up, the emptiest first."""
    offers = best_offers(x, price, threads, tell, only=led, each=SEATS_EACH, offers=1)
    there = offers.mentee >= 0
    mentor = np.broadcast_to(offers.mentor[:, None], there.shape)[there]
    mentee, worth = offers.mentee[there], offers.worth[there]
    held = x.lock[mentee] >= 0
    open_to = ~bar(mentee, mentor) | held
    mentor, mentee, worth = mentor[open_to], mentee[open_to], worth[open_to]
    room, led = np.where(led[:, 0] >= 0, x.room, 0).astype(np.int32), led.copy()
    has_lock = np.zeros(len(room), np.bool_)
    has_lock[x.lock[x.lock >= 0]] = True
    lift = np.zeros(len(room), np.int32)
    while True:
        tell(0)
        keep = room[mentor] > 0
        graph: Graph = graph_of(mentee[keep], mentor[keep], (worth + lift[mentor])[keep], len(price))
        found = solve_graph(graph, room, watch=lambda _: tell(0))
        load = np.bincount(found.match[found.match >= 0], minlength=len(room))
        short = np.flatnonzero((room > 0) & (load < x.least))
        if not len(short):
            break
        lifted = short[has_lock[short] & (lift[short] == 0)]
        lift[lifted] = HIGHEST
        short = np.setdiff1d(short, lifted)
        if len(short):
            given_up = emptiest(short, load)
            room[given_up], led[given_up] = 0, -1
    inside = found.match[mentee] == mentor
    points = np.where(held[open_to], worth - BONUS, worth)
    return Made(found.match, led, int(points[inside].sum()), found.mentee_price, load * found.mentor_price)


def emptiest(short: I64, load: I64) -> I64:
    """All who have nobody; if each has somebody, half of those who have fewest."""
    least = int(load[short].min())
    found: I64 = short[load[short] == least]
    return found if least == 0 else found[: len(found) // 2 + 1]
