"""
Many shortest ways at once, each from two small searches that others share.

Where everybody asks, one search into each mentor and one out of each is enough for all questions about her: both stop
after so many mentors, and where they meet is a way. It is a shortest one if it is no longer than the two reached
together (Pohl 1971); otherwise it is an upper bound, mostly a near one.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import kernel
from matcher.solve.arcs import Arcs
from matcher.solve.state import State

SLACKER = 4
"""A search ends between two distances, so that the order of rows is nothing to it; but after so many times its size it ends."""

CROWDED, LEAST_CROWD = 4, 1024
"""As long as nothing is any way off, it ends with so many times its size in sight, or with so many: two such searches meet by chance."""

UNSEEN = 1 << 30
"""Longer than any way that is looked at."""


class Room(NamedTuple):
    """Scratch of one search, wiped by the list of what it touched."""

    at: I64
    """int64[m]: length of the best way known, UNSEEN between searches."""
    heap: I64
    """int64[h]: length << 32 | mentor, a binary heap, least first."""
    touched: I32
    """int32[m]"""
    tally: I64
    """int64[1]: how many were touched."""


class Balls(NamedTuple):
    """What the searches into mentors found; only for those asked for."""

    begin: I64
    """int64[m + 1]"""
    mentor: I32
    """Mentors settled: from them the way is known."""
    far: I32
    """int32: lengths as in `Arcs`."""
    radius: I64
    """int64[m]: every way shorter than this is known; the bound of the search when all below it are."""


class Question(NamedTuple):
    """Sorted by `start`; all lengths as in `Arcs`."""

    start: I32
    """int32[k]: a mentor, or a mentee when `Ways.of_mentees`."""
    target: I32
    nearest: I64
    """int64[k]: the length of a way that is known; lowered to the best found."""


@kernel
def offer(room: Room, size: int, j: int, far: int) -> int:
    """Labels mentor j if it is nearer so, and puts her into the heap; answers the heap's size."""
    if far >= room.at[j]:
        return size
    if room.at[j] == UNSEEN:
        room.touched[room.tally[0]] = j
        room.tally[0] += 1
    room.at[j] = far
    if size == len(room.heap):
        return size  # too many ways at once: this one is known, but not followed
    entry = (np.int64(far) << 32) | j
    hole = size
    while hole > 0:
        above = (hole - 1) >> 1
        if room.heap[above] <= entry:
            break
        room.heap[hole] = room.heap[above]
        hole = above
    room.heap[hole] = entry
    return size + 1


@kernel
def take_first(heap: I64, size: int) -> int:
    """Removes the least entry; answers the size left."""
    size -= 1
    entry = heap[size]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= entry:
            break
        heap[hole] = heap[child]
        hole = child
    if size > 0:
        heap[hole] = entry
    return size


@kernel
def settle(
    begin: I64, load: I32, group: I32, indptr: I64, node: I32, length: I64, room: Room, size: int, most: int, bound: int,
    mentor: I32, far: I32,
) -> tuple[int, int]:  # fmt: skip
    """
    Settles about `most` mentors; returns how many, and the length below which every way was found.

    From mentor j moves lead along those of group[begin[j] .. begin[j] + load[j]]: the arcs indptr, node, length of
    each. mentor and far, int32 of up to SLACKER * most, are filled with those settled.
    """
    count, last, crowd = 0, -1, max(CROWDED * most, LEAST_CROWD)
    if size == len(room.heap):
        return 0, 0
    while size > 0:
        key, j = room.heap[0] >> 32, room.heap[0] & 0xFFFFFFFF
        if room.at[j] != key:
            size = take_first(room.heap, size)
            continue
        if count == len(mentor) or (count >= most and key > last):
            return count, key
        if key == 0 and room.tally[0] >= crowd:
            return count + level(room, size, mentor[count:], far[count:]), 0
        size = take_first(room.heap, size)
        mentor[count], far[count] = j, key
        count += 1
        last = key
        for k in range(begin[j], begin[j] + load[j]):
            for e in range(indptr[group[k]], indptr[group[k] + 1]):
                if key + length[e] >= bound:
                    break
                size = offer(room, size, node[e], key + length[e])
        if size == len(room.heap):
            return count, key  # somebody may have been left out of the heap
    return count, bound


@kernel
def level(room: Room, size: int, mentor: I32, far: I32) -> int:
    """Puts down who stands in the heap at no distance, since nothing can bring her nearer; answers how many there was room for."""
    count = 0
    for at in range(size):
        j = room.heap[at] & 0xFFFFFFFF
        if room.heap[at] >> 32 == 0 and count < len(mentor):
            mentor[count], far[count] = j, 0
            count += 1
    return count


@kernel
def wipe(room: Room) -> None:
    for k in range(room.tally[0]):
        room.at[room.touched[k]] = UNSEEN
    room.tally[0] = 0


@kernel
def search_into(
    arcs: Arcs, former: I32, number: I32, room: Room, targets: I32, bound: I64, most: int,
    count: I32, mentor: I32, far: I32, radius: I64,
) -> None:  # fmt: skip
    """
    Of each target: count int32[k], mentor and far int32[k, up to SLACKER * most], radius int64[k]; bound int64[k].

    former int32[arcs]: the mentor whom the mentee of an arc leaves. Each mentor is a group of herself alone: number
    int32[m] is 0, 1, 2 ...
    """
    itself, one = number.astype(np.int64), np.ones_like(number)
    for k in range(len(targets)):
        size = offer(room, 0, targets[k], 0)
        count[k], radius[k] = settle(
            itself, one, number, arcs.into_indptr, former, arcs.into_length, room, size, most, bound[k], mentor[k],
            far[k],
        )  # fmt: skip
        wipe(room)


@kernel
def meet(
    arcs: Arcs, state: State, room: Room, of_mentees: bool, ask: Question, first: int, last: int, most: int,
    balls: Balls, is_exact: I64,
) -> None:  # fmt: skip
    """
    Answers questions first .. last - 1, whose starts lie wholly within; is_exact int64[k] is 1 for shortest ways.

    From a mentee the way begins with a move of her own.
    """
    width = min(SLACKER * most, len(state.v))
    mentor, far = np.empty(width, np.int32), np.empty(width, np.int32)
    k = first
    while k < last:
        start, end, bound = ask.start[k], k, 0
        while end < last and ask.start[end] == start:
            bound = max(bound, ask.nearest[end])
            end += 1
        size = 0
        if of_mentees:
            for e in range(arcs.indptr[start], arcs.indptr[start + 1]):
                if arcs.length[e] >= bound:
                    break
                size = offer(room, size, arcs.mentor[e], arcs.length[e])
        else:
            size = offer(room, size, start, 0)
        _, radius = settle(
            state.begin, state.load, state.owner, arcs.indptr, arcs.mentor, arcs.length, room, size, most, bound,
            mentor, far,
        )  # fmt: skip
        for at in range(k, end):
            nearest = ask.nearest[at]
            for e in range(balls.begin[ask.target[at]], balls.begin[ask.target[at] + 1]):
                here = room.at[balls.mentor[e]]
                if here < UNSEEN:
                    nearest = min(nearest, here + balls.far[e])
            ask.nearest[at] = nearest
            is_exact[at] = 1 if nearest <= radius + balls.radius[ask.target[at]] else 0
        wipe(room)
        k = end


@kernel
def flood(ahead: bool, arcs: Arcs, state: State, former: I32, number: I32, room: Room, j: int) -> None:
    """Labels in `room` every mentor whom a way from j reaches (`ahead`), or from whom one reaches j."""
    mentor, far = np.empty(len(number), np.int32), np.empty(len(number), np.int32)
    itself, one = number.astype(np.int64), np.ones_like(number)
    size = offer(room, 0, j, 0)
    if ahead:
        settle(
            state.begin, state.load, state.owner, arcs.indptr, arcs.mentor, arcs.length, room, size, len(number),
            UNSEEN, mentor, far,
        )  # fmt: skip
    else:
        settle(
            itself, one, number, arcs.into_indptr, former, arcs.into_length, room, size, len(number), UNSEEN, mentor,
            far,
        )  # fmt: skip


def new_room(mentors: int, arcs: int, most: int) -> Room:
    """For searches that settle about `most`; with all mentors, for every arc there is."""
    entries = arcs if most >= mentors else min(arcs, 64 * SLACKER * most)
    return Room(
        np.full(mentors, UNSEEN, np.int64), np.empty(entries + 1024, np.int64), np.empty(mentors, np.int32),
        np.zeros(1, np.int64),
    )  # fmt: skip
