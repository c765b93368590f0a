"""
Who leads what in a large pool: first by the prices, then changed as long as that gains; their mentees exactly each time.

What a change would gain is seen at prices between those of the bound and those of the groups as they are. The first
say what is worth leading at all, the second who is missed where; neither alone gets as far.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.duals import Prices
from matcher.large.floor import graph_of
from matcher.scan.spreading import Pause as Tell
from matcher.solve.graph import Graph
from matcher.solve.solving import Solution, solve_graph
from matcher.structures.covering import part
from matcher.structures.group_known import MENTEE, Known, Response, respond, topics_of, with_more
from matcher.structures.group_lists import Led, best_offers
from matcher.structures.groups_large import HIGHEST, Priced

SEATS_EACH = 32
"""Mentees looked for of each group that is to be led, beside those known."""

CHANGES = 50
"""How often some mentors change what they lead."""

FIRST_CHANGED = 12
"""The part of all mentors that change in one go; more after a change for the better, fewer after one for the worse."""

MIXES = (9, 6, 3, 1)
"""Tenths of the bound's prices in those at which changes are seen, in turn."""

Bar = Callable[[I32, I32], Flags]
"""Which of these pairs (mentees, mentors) may not be, beside all limits."""


class Made(NamedTuple):
    """Who is with whom, and the topic and language of each mentor (int32[m, 2], -1 = leads none)."""

    mentor: I32
    """int32[n], -1 = in no group"""
    led: I32
    value: int
    """With what locks add."""
    price: I64
    """int64[n]: of the mentees, at these groups."""


class Seats(NamedTuple):
    """Pairs of those who lead and whoever is known to fit."""

    mentee: I32
    mentor: I32
    worth: I32


def make(x: Led, start: Priced, known: Known, threads: int, tell: Tell) -> Made:
    """Groups: who leads by the prices, then changed as long as that gains."""
    led = codes(known, respond(known, start.price, x.room, x.least), len(x.room))
    known = looked_for(x, led, start.price, known, threads, part(tell, 0, 0.1))
    best = filled(x, led, seats_of(known, led), tell)
    share = FIRST_CHANGED
    for number in range(CHANGES):
        tell(0.1 + 0.8 * number / CHANGES)
        tenths = MIXES[number % len(MIXES)]
        price = (tenths * start.price + (10 - tenths) * np.clip(best.price, 0, HIGHEST)) // 10
        led = changed(x, best, known, price, len(x.room) // share + 1)
        now = filled(x, led, seats_of(known, led), tell)
        if now.value > best.value:
            best, share = now, max(2 * share // 3, 6)
        elif share > 2 * len(x.room):
            break
        else:
            share = share * 3 // 2
    known = looked_for(x, best.led, np.clip(best.price, 0, HIGHEST), known, threads, part(tell, 0.9, 1))
    return max(best, filled(x, best.led, seats_of(known, best.led), tell), key=lambda made: made.value)


def looked_for(x: Led, led: I32, price: I64, known: Known | None, threads: int, tell: Tell) -> Known:
    found = best_offers(x, price, threads, tell, only=led, each=SEATS_EACH, offers=1)
    return with_more(known, found, tell)


def codes(known: Known, found: Response, mentors: int) -> I32:
    led = np.full((mentors, 2), -1, np.int32)
    here = np.flatnonzero(found.offer >= 0)
    led[here, 0], led[here, 1] = topics_of(known, found.offer[here])
    return led


def changed(x: Led, now: Made, known: Known, price: I64, most: int) -> I32:
    """
    Who leads what when up to so many mentors change to what gains most, beside what they gain now.

    No mentee is counted on by two of them: a change is worth at most what it gains at the prices, and nearly that alone.
    """
    found = respond(known, price, x.room, x.least)
    new = codes(known, found, len(x.room))
    seats = seats_of(known, now.led)
    inside = now.mentor[seats.mentee] == seats.mentor
    has = np.zeros(len(x.room), np.int64)
    np.add.at(has, seats.mentor[inside], seats.worth[inside] - price[seats.mentee[inside]])
    more = np.where((new == now.led).all(axis=1), 0, found.gain - has)
    used, led, count = np.zeros(len(price), np.bool_), now.led.copy(), 0
    for j in np.argsort(-more, kind="stable").tolist():
        if more[j] <= 0 or count == most:
            break
        mentees = found.inside[j][found.inside[j] >= 0]
        if not used[mentees].any():
            used[mentees] = True
            led[j] = new[j]
            count += 1
    return led


def seats_of(known: Known, led: I32) -> Seats:
    topic, language = topics_of(known, np.arange(len(known.mentor)))
    is_led = (led[known.mentor, 0] == topic) & (led[known.mentor, 1] == language)
    count = np.diff(known.start)
    here = np.repeat(is_led, count)
    return Seats(
        (known.cell[here] & MENTEE).astype(np.int32),
        np.repeat(known.mentor, np.where(is_led, count, 0)),
        known.worth[here],
    )


def seated(x: Led, led: I32, price: I64, threads: int, bar: Bar, tell: Tell) -> Made:
    """The best mentees for those who lead, but for pairs that may not be."""
    seats = seats_of(looked_for(x, led, price, None, threads, tell), led)
    open_to = ~bar(seats.mentee, seats.mentor) | (x.lock[seats.mentee] >= 0)
    return filled(x, led, Seats(*(column[open_to] for column in seats)), tell)


def filled(x: Led, led: I32, seats: Seats, tell: Tell) -> Made:
    """The best mentees for those who lead; groups that cannot be filled are given up, the emptiest first."""
    room, led = np.where(led[:, 0] >= 0, x.room, 0).astype(np.int32), led.copy()
    has_lock = np.zeros(len(room), np.bool_)
    has_lock[x.lock[x.lock >= 0]] = True
    lift, found = np.zeros(len(room), np.int32), None
    graph = graph_of(seats.mentee, seats.mentor, seats.worth, len(x.lock))
    while True:
        found = solved(graph, room, found, tell)
        load = np.bincount(found.match[found.match >= 0], minlength=len(room))
        short = np.flatnonzero((room > 0) & (load < x.least))
        if not len(short):
            break
        lifted = short[has_lock[short] & (lift[short] == 0)]
        if len(lifted):
            lift[lifted] = HIGHEST
            graph = graph_of(seats.mentee, seats.mentor, seats.worth + lift[seats.mentor], len(x.lock))
            found = None
        short = np.setdiff1d(short, lifted)
        if len(short):
            given_up = emptiest(short, load)
            room[given_up], led[given_up] = 0, -1
    inside = found.match[seats.mentee] == seats.mentor
    return Made(found.match, led, int(seats.worth[inside].sum(dtype=np.int64)), found.mentee_price)


def solved(graph: Graph, room: I32, before: Solution | None, tell: Tell) -> Solution:
    """After some groups were given up, only those who were in them look for another."""
    if before is None:
        return solve_graph(graph, room, watch=lambda _: tell(0))
    stays = (before.match >= 0) & (room[before.match] > 0)
    return solve_graph(
        graph,
        room,
        start=Prices(before.mentee_price, before.mentor_price),
        match=np.where(stays, before.match, -1).astype(np.int32),
        watch=lambda _: tell(0),
    )


def emptiest(short: I64, load: I64) -> I64:
    """All who have nobody; if each has somebody, half of those who have fewest."""
    least = int(load[short].min())
    found: I64 = short[load[short] == least]
    return found if least == 0 else found[: len(found) // 2 + 1]
