"""
What each mentor of a large pool could lead: of every topic and language the best mentees at their prices.

All pairs are looked at, mentor by mentor; kept are only the best offers of each with their first mentees. So what a mentor
gains at most, and with it the bound of `group_prices`, is exact over all pairs and offers.
"""

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64, U8
from matcher.compiling import lean
from matcher.scan.spreading import Pause as Tell
from matcher.scan.spreading import in_order
from matcher.structures.crowds import SHIFT, TOPICS, Crowd, Scenery
from matcher.structures.facing import SPAN, face, see
from matcher.structures.peering import FAR, keep

EACH = 12
"""Mentees kept of an offer, where a group is no larger."""

OFFERS = 6
"""Offers kept of a mentor, those that gain most."""

A_TASK = 64
"""Mentors of a task: a hundredth of a second with 100,000 mentees."""

BONUS = 400_000
"""What a mentee whom a lock keeps is worth more with her mentor: above anything that others earn in one group."""


class Wants(NamedTuple):
    """Mentees by the topics that they want."""

    mentee: I32
    """int32[k], ascending within a topic"""
    points: I32
    """int32[k]: that the topic earns her."""
    at: I64
    """int64[256, spans + 1]: where those of each span of rows begin."""


class Led(NamedTuple):
    """What a pass is asked."""

    scenery: Scenery
    """Without points of topics."""
    wants: Wants
    level: int
    """Least level of the language of a group."""
    room: I32
    """int32[m]: most mentees of each mentor, 0 for who leads none."""
    least: int
    lock: I32
    """int32[n]: the only mentor of a mentee, -1 = any."""


class Choices(NamedTuple):
    """What L mentors may lead: any of these topics in any of these languages."""

    mentor: I32
    """int32[L]"""
    topic: I16
    topic_start: I64
    """int64[L + 1]"""
    language: I32
    language_start: I64
    """int64[L + 1]"""


class Offered(NamedTuple):
    """S offers, best first of each mentor, those of one beside each other."""

    mentor: I32
    topic: I16
    language: I16
    gain: I64
    """int64[S]"""
    mentee: I32
    """int32[S, K], -1 = no more; best first by what they add."""
    worth: I32
    """int32[S, K], with `BONUS` for those whom a lock keeps."""
    most: I64
    """int64[m]: what the best offer of each gains, 0 where none does."""


def wants_of(mentees: Crowd, points: I32) -> Wants:
    """`points` int32[R] by the rank of the topic."""
    count = np.diff(mentees.topic_start)
    row = np.repeat(np.arange(len(count)), count)
    rank = np.arange(len(row)) - mentees.topic_start[row]
    order = np.argsort(mentees.topic, kind="stable")
    spans = np.arange(0, len(count) + SPAN, SPAN)
    place = mentees.topic[order].astype(np.int64) * (spans[-1] + 1) + row[order]
    at = np.searchsorted(place, np.arange(TOPICS)[:, None] * (spans[-1] + 1) + spans)
    return Wants(row[order].astype(np.int32), points[rank[order]].astype(np.int32), at.astype(np.int64))


def best_offers(
    x: Led, price: I64, threads: int, tell: Tell, *, only: I32 | None = None, each: int = EACH, offers: int = OFFERS
) -> Offered:  # fmt: skip
    """`only` int32[m, 2]: the one topic and language of each mentor, -1 = she leads none."""
    c = choices(x, only)
    each = max(each, int(x.room.max(initial=0)), x.least)
    asked = np.clip(price, 0, FAR // 4).astype(np.int32)
    widest = max(
        len(t) for t in (x.scenery.mentees.sights, x.scenery.mentees.works, x.scenery.mentees.circles)
    )
    codes = np.full((len(c.mentor), offers, 3), -1, np.int32)
    gain = np.zeros((len(c.mentor), offers), np.int64)
    found = np.full((len(c.mentor), offers, each), -1, np.int64)
    rows = np.diff(c.topic_start) * np.diff(c.language_start)

    def fill(begin: int, end: int) -> None:
        start = np.concatenate([[0], np.cumsum(rows[begin:end])]).astype(np.int64)
        keys = np.full((int(start[-1]), each), -1, np.int64)
        seen = np.empty((end - begin, 3, widest), np.int32)
        look(x, c, begin, start, asked, keys, seen, np.empty(SPAN, np.int32), np.empty(SPAN, np.uint8))
        choose(x, c, begin, start, keys, codes[begin:end], gain[begin:end], found[begin:end])

    begins = range(0, len(c.mentor), A_TASK)
    in_order([partial(fill, b, min(b + A_TASK, len(c.mentor))) for b in begins], threads, tell)
    return listed(codes, gain, found, asked, len(x.room))


def choices(x: Led, only: I32 | None) -> Choices:
    mentors = x.scenery.mentors
    if only is not None:
        led = np.flatnonzero(only[:, 0] >= 0)
        one = np.arange(len(led) + 1)
        return Choices(
            led.astype(np.int32), only[led, 0].astype(np.int16), one, only[led, 1].astype(np.int32), one
        )
    led = np.flatnonzero(x.room >= x.least)
    count = np.diff(mentors.topic_start)
    topic = mentors.topic[np.repeat(np.isin(np.arange(len(count)), led), count)]
    speaks = x.level <= mentors.levels[:, led].T
    return Choices(
        led.astype(np.int32),
        topic,
        np.concatenate([[0], np.cumsum(count[led])]).astype(np.int64),
        np.nonzero(speaks)[1].astype(np.int32),
        np.concatenate([[0], np.cumsum(speaks.sum(axis=1))]).astype(np.int64),
    )


def listed(codes: I32, gain: I64, keys: I64, price: I32, mentors: int) -> Offered:
    is_offer = codes[:, :, 0] >= 0
    codes, gain, keys = codes[is_offer], gain[is_offer], keys[is_offer]
    mentee = np.where(keys >= 0, keys & ((1 << 20) - 1), -1).astype(np.int32)
    worth = np.where(keys >= 0, (keys >> 42) - FAR + price[mentee], 0).astype(np.int32)
    most = np.zeros(mentors, np.int64)
    np.maximum.at(most, codes[:, 0], gain)
    return Offered(
        codes[:, 0].copy(), codes[:, 1].astype(np.int16), codes[:, 2].astype(np.int16), gain, mentee, worth, most
    )  # fmt: skip


@lean
def look(x: Led, c: Choices, begin: int, start: I64, price: I32, keys: I64, seen: I32, value: I32, level: U8) -> None:  # fmt: skip
    """keys int64[rows, K], those of each mentor from her `start`: of topic and language heaps of (worth - price, hash, mentee)."""
    s, n = x.scenery, len(price)
    for k in range(len(seen)):
        see(s.mentors, c.mentor[begin + k], False, s.mentees, s.tables, s.rules, seen[k])
    for span in range(x.wants.at.shape[1] - 1):
        first = span * SPAN
        width = min(SPAN, n - first)
        for k in range(len(seen)):
            j = c.mentor[begin + k]
            face(
                s.mentors, j, False, s.mentees, first, s.tables, s.rules, seen[k], value[:width], level[:width]
            )  # fmt: skip
            row, spoken = start[k], c.language_start[begin + k + 1] - c.language_start[begin + k]
            for t in range(c.topic_start[begin + k], c.topic_start[begin + k + 1]):
                join(x, c, begin + k, j, c.topic[t], span, value, price, keys[row : row + spoken])
                row += spoken


@lean
def join(x: Led, c: Choices, leader: int, j: int, topic: int, span: int, value: I32, price: I32, keys: I64) -> None:  # fmt: skip
    """Who of the span wants the topic comes into the heap of each language that she and the mentor speak."""
    first, begin = span * SPAN, c.language_start[leader]
    levels, wants = x.scenery.mentees.levels, x.wants
    bar = least_of(keys)
    for e in range(wants.at[topic, span], wants.at[topic, span + 1]):
        i = wants.mentee[e]
        worth = value[i - first]
        if worth >> SHIFT != 0:
            continue
        worth += wants.points[e]
        net = np.int64(worth - price[i])
        # Nearly all end here, before anything else of theirs is read.
        if worth <= 0 or (net < bar and x.lock[i] != j) or (x.lock[i] >= 0 and x.lock[i] != j):
            continue
        net += BONUS if x.lock[i] == j else 0
        for a in range(len(keys)):
            if net >= (keys[a, 0] >> 42) - FAR and levels[c.language[begin + a], i] >= x.level:
                keep(keys[a], net, j, i)
                bar = least_of(keys)


@lean
def least_of(keys: I64) -> Any:
    """Who adds less than this comes into none of the heaps."""
    least = np.int64(FAR)
    for a in range(len(keys)):
        least = min(least, (keys[a, 0] >> 42) - FAR)
    return least


@lean
def choose(x: Led, c: Choices, begin: int, start: I64, keys: I64, codes: I32, gain: I64, found: I64) -> None:
    """Of each mentor the offers that gain most, best first, of equals the first."""
    for k in range(len(codes)):
        leader = begin + k
        spoken = c.language_start[leader + 1] - c.language_start[leader]
        for row in range(start[k], start[k + 1]):
            sort(keys[row])
            more = gain_of(keys[row], x.least, x.room[c.mentor[leader]])
            at = len(gain[k]) - 1
            if more == -FAR or (codes[k, at, 0] >= 0 and gain[k, at] >= more):
                continue
            while at > 0 and (codes[k, at - 1, 0] < 0 or gain[k, at - 1] < more):
                gain[k, at] = gain[k, at - 1]
                for q in range(3):
                    codes[k, at, q] = codes[k, at - 1, q]
                for q in range(keys.shape[1]):
                    found[k, at, q] = found[k, at - 1, q]
                at -= 1
            gain[k, at] = more
            place = row - start[k]
            codes[k, at, 0] = c.mentor[leader]
            codes[k, at, 1] = c.topic[c.topic_start[leader] + place // spoken]
            codes[k, at, 2] = c.language[c.language_start[leader] + place % spoken]
            for q in range(keys.shape[1]):
                found[k, at, q] = keys[row, q]


@lean
def sort(keys: I64) -> None:
    """Descending."""
    for k in range(1, len(keys)):
        key, at = keys[k], k
        while at > 0 and keys[at - 1] < key:
            keys[at] = keys[at - 1]
            at -= 1
        keys[at] = key


@lean
def gain_of(keys: I64, least: int, room: int) -> Any:
    """What the best of these add: the first `least` in any case, then whoever adds anything; -FAR where they are too few."""
    total = np.int64(0)
    for place in range(room):
        if place >= len(keys) or keys[place] < 0:
            return total if place >= least else np.int64(-FAR)
        net = (keys[place] >> 42) - FAR
        if place >= least and net <= 0:
            return total
        total += net
    return total
