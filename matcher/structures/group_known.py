"""
All offers that passes over a large pool have found so far, and what each mentor would do at prices of mentees.

A pass lists only the best mentees of its own prices, the same for many mentors; at other prices others are the best. So
what each pass lists is kept beside what was listed before.
"""

from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64
from matcher.compiling import lean
from matcher.scan.spreading import Pause as Tell
from matcher.structures.group_lists import Offered

NOBODY = -(1 << 62)

A_PIECE = 2_000
"""Mentors whose lists are joined in one go: some hundredths of a second."""

MENTEE = (1 << 20) - 1
LANGUAGE, TOPIC, MENTOR = 20, 32, 40
"""A cell: the last 20 bits are the mentee, and from these on stands the rest."""

NO_CELLS = np.zeros(0, np.int64)


class Known(NamedTuple):
    """S offers, those of one mentor beside each other, with E mentees in all."""

    cell: I64
    """int64[E], ascending: mentor, topic, language and mentee in one number."""
    worth: I32
    """int32[E]"""
    start: I64
    """int64[S + 1]"""
    mentor: I32
    """int32[S]"""


NOTHING = Known(NO_CELLS, NO_CELLS.astype(np.int32), np.zeros(1, np.int64), NO_CELLS.astype(np.int32))


class Response(NamedTuple):
    """What each mentor would lead at some prices."""

    gain: I64
    """int64[m]"""
    offer: I64
    """int64[m], -1 = none"""
    inside: I32
    """int32[m, most]: whom she would take, -1 = no more."""
    taken: I32
    """int32[n]: how many mentors would take each mentee."""


def with_more(known: Known | None, found: Offered, tell: Tell) -> Known:
    """Some mentors after the other, as to sort all in one go would take seconds, and much memory."""
    known = known or NOTHING
    size = len(known.cell) + int((found.mentee >= 0).sum())
    cells, worths, starts, end = np.empty(size, np.int64), np.empty(size, np.int32), [NO_CELLS], 0
    for begin in range(0, len(found.most), A_PIECE):
        tell(0)
        here = slice(*np.searchsorted(found.mentor, (begin, begin + A_PIECE)))
        old = slice(*np.searchsorted(known.cell, np.array([begin, begin + A_PIECE]) << MENTOR))
        there = found.mentee[here] >= 0
        code = found.mentor[here].astype(np.int64) << MENTOR | found.topic[here].astype(np.int64) << TOPIC
        code |= found.language[here].astype(np.int64) << LANGUAGE
        new = (code[:, None] | found.mentee[here])[there]
        cell, at = np.unique(np.concatenate([known.cell[old], new]), return_index=True)
        cells[end : end + len(cell)] = cell
        worths[end : end + len(cell)] = np.concatenate([known.worth[old], found.worth[here][there]])[at]
        starts.append(end + np.flatnonzero(np.diff(cell >> LANGUAGE, prepend=-1)))
        end += len(cell)
    start = np.concatenate(starts)
    return Known(cells[:end], worths[:end], np.append(start, end), (cells[start] >> MENTOR).astype(np.int32))


def topics_of(known: Known, offer: I64) -> tuple[I16, I16]:
    """Topic and language of each offer."""
    code = known.cell[known.start[offer]]
    return (code >> TOPIC & 255).astype(np.int16), (code >> LANGUAGE & 4095).astype(np.int16)


def respond(known: Known, price: I64, room: I32, least: int) -> Response:
    most = max(int(room.max(initial=0)), least, 1)
    found = Response(
        np.zeros(len(room), np.int64),
        np.full(len(room), -1, np.int64),
        np.full((len(room), most), -1, np.int32),
        np.zeros(len(price), np.int32),
    )
    take_best(known, price, room, least, np.empty((2, most), np.int64), *found)
    return found


@lean
def take_best(
    known: Known, price: I64, room: I32, least: int, keys: I64, gain: I64, offer: I64, inside: I32, taken: I32
) -> None:
    """keys int64[2, most]: (worth - price, mentee) of the offer looked at, and of the mentor's best one so far."""
    best = np.int64(0)
    for s in range(len(known.mentor)):
        j = known.mentor[s]
        more = best_of_offer(known, s, price, room[j], least, keys[0])
        if more > best:
            best = more
            gain[j], offer[j] = more, s
            for k in range(keys.shape[1]):
                keys[1, k] = keys[0, k]
        if s + 1 == len(known.mentor) or known.mentor[s + 1] != j:
            if best > 0:
                for k in range(room[j]):
                    if keys[1, k] != NOBODY and (k < least or keys[1, k] >> 20 > 0):
                        inside[j, k] = keys[1, k] & MENTEE
                        taken[inside[j, k]] += 1
            best = np.int64(0)


@lean
def best_of_offer(known: Known, s: int, price: I64, room: int, least: int, keys: I64) -> Any:
    """What the best mentees of the offer add; 0 where they are too few. keys: the best of them, descending."""
    for k in range(len(keys)):
        keys[k] = NOBODY
    for e in range(known.start[s], known.start[s + 1]):
        i = known.cell[e] & MENTEE
        key = ((known.worth[e] - price[i]) << 20) | i
        if room > 0 and key > keys[room - 1]:
            at = room - 1
            while at > 0 and keys[at - 1] < key:
                keys[at] = keys[at - 1]
                at -= 1
            keys[at] = key
    total = np.int64(0)
    for k in range(room):
        if keys[k] == NOBODY:
            return total if k >= least else np.int64(0)
        if k >= least and keys[k] >> 20 <= 0:
            return total
        total += keys[k] >> 20
    return total
