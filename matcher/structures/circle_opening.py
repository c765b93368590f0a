"""The first circles of a large pool: whoever is hardest to seat begins one, then whoever adds most joins."""

from matcher.columns import I32, I64, Flags
from matcher.compiling import lean
from matcher.structures.circle_round import OUT, Round, gain_of, has_common, put

LOOKED_AT = 3_000
"""People still out of whom the best is taken where nobody whom the others like most is left."""


@lean
def open_circles(r: Round, order: I32, rooms: I32, least: int, begun: Flags, at: I64, pieces: int) -> bool:
    """
    Fills up to `pieces` circles; at int64[2]: the next circle and the first in `order` who may be out. True when done.

    order int32[n]: who begins, the hardest to seat first. begun bool[n]: who could not make a circle whole.
    """
    for _ in range(pieces):
        while at[1] < len(order) and (r.circle[order[at[1]]] != OUT or begun[order[at[1]]]):
            at[1] += 1
        if at[0] >= len(rooms) or at[1] >= len(order):
            return True
        first = order[at[1]]
        begun[first] = True
        fill(r, at[0], rooms[at[0]], first, order, at[1])
        if r.size[at[0]] >= least:
            at[0] += 1
        else:
            for k in range(r.size[at[0]]):
                r.circle[r.members[at[0], k]], r.value[r.members[at[0], k]] = OUT, 0
            r.size[at[0]] = 0
    return False


@lean
def fill(r: Round, circle: int, room: int, first: int, order: I32, begin: int) -> None:
    seat(r, circle, first, 0)
    while r.size[circle] < room:
        best, most = -1, -1
        for k in range(r.size[circle]):
            near = r.near[r.members[circle, k]]
            for e in range(len(near)):
                if near[e] >= 0 and r.circle[near[e]] == OUT:
                    gain = gain_of(r, near[e], circle, OUT, r.found[0])
                    if gain > most and has_common(r, circle, OUT, near[e]):
                        best, most = near[e], gain
        if best < 0:
            best, most = look_around(r, circle, order, begin)
        if best < 0:
            return
        seat(r, circle, best, most)


@lean
def look_around(r: Round, circle: int, order: I32, begin: int) -> tuple[int, int]:
    """Of the first who are out, whoever adds most, and how much; -1 where nobody fits."""
    best, most, at, seen = -1, -1, begin, 0
    while at < len(order) and seen < LOOKED_AT:
        person = order[at]
        at += 1
        if r.circle[person] == OUT:
            seen += 1
            gain = gain_of(r, person, circle, OUT, r.found[0])
            if gain > most and has_common(r, circle, OUT, person):
                best, most = person, gain
    return best, most


@lean
def seat(r: Round, circle: int, person: int, gain: int) -> None:
    for k in range(r.size[circle]):
        r.value[r.members[circle, k]] += r.worth[person, r.members[circle, k]]
    r.members[circle, r.size[circle]] = person
    r.size[circle] += 1
    r.circle[person], r.value[person] = circle, gain


@lean
def room_for(r: Round, person: int, but: int) -> tuple[int, int]:
    """The circle to which she adds most beyond its planned size, and how much; -1 where none takes her."""
    best, most = -1, -1
    for circle in range(len(r.size)):
        if circle != but and 0 < r.size[circle] < r.members.shape[1]:
            gain = gain_of(r, person, circle, OUT, r.found[0])
            if gain > most and has_common(r, circle, OUT, person):
                best, most = circle, gain
    return best, most


@lean
def squeeze(r: Round, person: int) -> None:
    """Seats somebody who is out; if nobody has room for her, in place of somebody for whom another circle has."""
    best, most = room_for(r, person, OUT)
    if best >= 0:
        seat(r, best, person, most)
        return
    for circle in range(len(r.size)):
        for k in range(r.size[circle]):
            leaving = r.members[circle, k]
            if (
                has_common(r, circle, leaving, person)
                and gain_of(r, person, circle, leaving, r.found[1]) >= 0
            ):
                best, most = room_for(r, leaving, circle)
                if best >= 0:
                    gain = gain_of(r, person, circle, leaving, r.found[1])
                    put(r, circle, leaving, person, r.found[1])
                    r.value[person] = gain
                    seat(r, best, leaving, most)
                    return
