"""
What each mentor of a large pool could lead: of every topic and language the best mentees at their prices.

All pairs are looked at, mentor by mentor; kept are only the best offers of each with their first mentees. So what a mentor
gains at most, and with it the bound of `group_prices`, is exact over all pairs and offers.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64, U8
from matcher.compiling import lean
from matcher.scan.spreading import Pause as Tell
from matcher.scan.spreading import in_order
from matcher.structures.crowds import SHIFT, Scenery
from matcher.structures.facing import SPAN, face, see
from matcher.structures.peering import FAR, keep

EACH = 12
"""Mentees kept of an offer."""

OFFERS = 6
"""Offers kept of a mentor, those that gain most."""

A_TASK = 16
"""Mentors of a task: a tenth of a second."""

BONUS = 400_000
"""What a mentee whom a lock keeps is worth more with her mentor: above anything that others earn in one group."""


class Led(NamedTuple):
    """What a pass is asked."""

    scenery: Scenery
    """Without points of topics."""
    points: I32
    """int32[R]: by the rank of the topic."""
    level: int
    """Least level of the language of a group."""
    room: I32
    """int32[m]: most mentees of each mentor, 0 for who leads none."""
    least: int
    lock: I32
    """int32[n]: the only mentor of a mentee, -1 = any."""


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


def best_offers(
    x: Led,
    price: I64,
    threads: int,
    tell: Tell,
    *,
    only: I32 | None = None,
    each: int = EACH,
    offers: int = OFFERS,
) -> Offered:
    """`only` int32[m, 2]: the one topic and language of each mentor, -1 = she leads none."""
    leaders = np.flatnonzero(x.room >= x.least if only is None else only[:, 0] >= 0)
    asked = np.clip(price, 0, FAR // 4).astype(np.int32)
    widest = max(
        len(t) for t in (x.scenery.mentees.sights, x.scenery.mentees.works, x.scenery.mentees.circles)
    )

    def fill(mentors: I64) -> list[tuple[int, int, int, int, I64]]:
        seen, value, level = (
            np.empty((3, widest), np.int32),
            np.empty(SPAN, np.int32),
            np.empty(SPAN, np.uint8),
        )
        found = []
        for j in mentors.tolist():
            topics, languages = choices(x, j, only)
            slot = np.full(256, -1, np.int32)
            slot[topics] = np.arange(len(topics))
            keys = np.full((len(topics) * len(languages), each), -1, np.int64)
            if len(keys):
                look(x, j, asked, slot, languages, keys, seen, value, level)
                found += chosen(x, j, topics, languages, -np.sort(-keys, axis=1), offers)
        return found

    tasks = [leaders[at : at + A_TASK] for at in range(0, len(leaders), A_TASK)]
    rows = [row for part in in_order([partial(fill, task) for task in tasks], threads, tell) for row in part]
    return listed(rows, asked, len(x.room), each)


def choices(x: Led, j: int, only: I32 | None) -> tuple[I16, I32]:
    if only is not None:
        return only[j, :1].astype(np.int16), only[j, 1:]
    c = x.scenery.mentors
    topics = c.topic[c.topic_start[j] : c.topic_start[j + 1]]
    return topics, np.flatnonzero(c.levels[:, j] >= x.level).astype(np.int32)


def chosen(
    x: Led, j: int, topics: I16, languages: I32, keys: I64, offers: int
) -> list[tuple[int, int, int, int, I64]]:
    """The offers of one mentor that gain most, as (mentor, topic, language, gain, keys)."""
    net = np.where(keys >= 0, (keys >> 42) - FAR, 0)
    place = np.arange(keys.shape[1])
    taken = (keys >= 0) & ((place < x.least) | ((place < x.room[j]) & (net > 0)))
    gain = np.where((keys >= 0).sum(axis=1) >= x.least, (net * taken).sum(axis=1), -FAR)
    order = np.lexsort((np.arange(len(keys)), -gain))[:offers]
    return [
        (j, int(topics[k // len(languages)]), int(languages[k % len(languages)]), int(gain[k]), keys[k])
        for k in order.tolist()
        if gain[k] > -FAR
    ]


def listed(rows: list[tuple[int, int, int, int, I64]], price: I32, mentors: int, each: int) -> Offered:
    codes = np.array([row[:4] for row in rows], np.int64).reshape(len(rows), 4)
    keys = np.array([row[4] for row in rows], np.int64).reshape(len(rows), each)
    mentee = np.where(keys >= 0, keys & ((1 << 20) - 1), -1).astype(np.int32)
    worth = np.where(keys >= 0, (keys >> 42) - FAR + price[mentee], 0).astype(np.int32)
    most = np.zeros(mentors, np.int64)
    np.maximum.at(most, codes[:, 0], codes[:, 3])
    return Offered(
        codes[:, 0].astype(np.int32), codes[:, 1].astype(np.int16), codes[:, 2].astype(np.int16), codes[:, 3],
        mentee, worth, most,
    )  # fmt: skip


@lean
def look(
    x: Led, j: int, price: I32, slot: I32, languages: I32, keys: I64, seen: I32, value: I32, level: U8
) -> None:
    """keys int64[topics * languages, K]: heaps of (worth - price, hash, mentee)."""
    s, c = x.scenery, x.scenery.mentees
    see(s.mentors, j, False, c, s.tables, s.rules, seen)
    for first in range(0, len(price), SPAN):
        width = min(SPAN, len(price) - first)
        face(s.mentors, j, False, c, first, s.tables, s.rules, seen, value[:width], level[:width])
        for at in range(width):
            i = first + at
            if value[at] >> SHIFT != 0 or (x.lock[i] >= 0 and x.lock[i] != j):
                continue
            for k in range(c.topic_start[i], c.topic_start[i + 1]):
                row = slot[c.topic[k]]
                worth = value[at] + x.points[k - c.topic_start[i]]
                if row >= 0 and worth > 0:
                    worth += BONUS if x.lock[i] == j else 0
                    for a in range(len(languages)):
                        if c.levels[languages[a], i] >= x.level:
                            keep(keys[row * len(languages) + a], np.int64(worth - price[i]), j, i)
