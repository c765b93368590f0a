"""
Circles by local search: a start that seats the hardest first, then the best exchange again and again.

After an exchange both stay for some steps, also where every exchange loses (Glover, "Tabu search", 1989), so
that the search leaves a local best behind; what it returns is the best it saw.
"""

import numpy as np

from matcher.columns import I64, Flags
from matcher.modes.pausing import Pause
from matcher.solving import mixed
from matcher.structures.circle_pool import CircleRules, Peers, could_meet
from matcher.structures.circle_tables import OUT, Tables

STARTS = 4
LOOK, ENOUGH = 6, 2
"""People looked at for a seat; candidates for each seat after it that are enough."""
WORK = 400_000_000
"""Cells (people times people) of all steps together: some seconds."""
LEAST_STEPS, MOST_STEPS = 100, 3_000
PATIENCE = 8
"""Steps per person without anything better, after which the search ends."""
NEVER = -(1 << 60)


def rooms(people: int, rules: CircleRules) -> tuple[int, ...]:
    """Sizes of the circles, none more than one above another, as near the wished size as can be."""
    fewest, most = -(-people // rules.most), people // rules.least
    if people < rules.least:
        return ()
    count = min(max((2 * people + rules.size) // (2 * rules.size), fewest, 1), max(most, 1))
    each, more = divmod(min(people, count * rules.most), count)
    return tuple(each + (k < more) for k in range(count))


def search(p: Peers, pause: Pause) -> Tables:
    """The best circles found: most people, then the greatest value."""
    sizes = rooms(len(p.worth), p.rules)
    best = Tables(p, sizes)
    for number in range(STARTS if sizes else 0):
        tables = start(p, sizes, number, pause)
        best = max(best, tables, key=lambda t: (t.placed, t.value))
    improve(best, pause)
    squeeze(best)
    return best


def start(p: Peers, sizes: tuple[int, ...], number: int, pause: Pause) -> Tables:
    """
    Circle by circle: who has fewest that she could meet begins it, then whoever adds most joins.

    The starts differ in whom a circle begins with: the hardest to seat, or the first by a hash.
    """
    n = len(p.worth)
    tables, order = Tables(p, sizes), could_meet(p).sum(axis=1)
    if number:
        order = mixed(np.arange(n, dtype=np.uint64) + np.uint64(n * number)).argsort().argsort()
    begun = np.zeros(n, np.bool_)
    for circle, room in enumerate(sizes):
        pause()
        while not tables.members[circle]:
            able = np.flatnonzero(~begun & (tables.circle == OUT))
            if len(able) == 0:
                break
            first = int(able[np.argmin(order[able])])
            begun[first] = True
            fill(tables, circle, room, first)
    for circle in range(len(sizes)):
        tables.renew(circle)
    squeeze(tables)
    return tables


def fill(tables: Tables, circle: int, room: int, first: int) -> None:
    """Seat `first` and then others up to the room; nobody, when the circle cannot be made whole."""
    tables.sit(first, circle)
    while len(tables.members[circle]) < room:
        able = np.flatnonzero(may_join(tables, circle, room) & (tables.circle == OUT))
        if len(able) == 0:
            break
        tables.sit(next_one(tables, circle, room, able), circle)
    if not is_whole(tables, circle):
        for person in list(tables.members[circle]):
            tables.leave(person)


def next_one(tables: Tables, circle: int, room: int, able: I64) -> int:
    """
    The person who adds most of those who leave enough others for the seats after her, else who leaves most.

    Who adds much may speak few languages or have few hours, and would close the circle to all others.
    """
    best = able[np.argsort(-tables.gain[able, circle], kind="stable")][:LOOK]
    seats = room - len(tables.members[circle]) - 1
    left = []
    for person in best.tolist():
        fit = tables.fits([*tables.members[circle], person], is_whole=False)
        left.append(int((fit[able]).sum()))
        if left[-1] >= ENOUGH * seats:
            return int(person)
    return int(best[int(np.argmax(left))])


def may_join(tables: Tables, circle: int, room: int) -> Flags:
    """Who fits, keeping enough free seats for the grades that are still missing."""
    others = tables.members[circle]
    fit = tables.fits(others, is_whole=False)
    wanted = tables.peers.rules.grades_least
    missing = wanted - tables.grades(others)
    if wanted > 1 and missing > 0 and room - len(others) <= missing:
        grade = tables.peers.grade
        fit &= (grade >= 0) & ~np.isin(grade, grade[others])
    return fit


def is_whole(tables: Tables, circle: int) -> bool:
    people, rules = tables.members[circle], tables.peers.rules
    return len(people) >= rules.least and (
        rules.grades_least < 2 or tables.grades(people) >= rules.grades_least
    )


def squeeze(tables: Tables) -> None:
    """Seat whoever is out where she adds most, beyond the planned size if need be, up to the most."""
    for person in np.flatnonzero(tables.circle == OUT).tolist():
        places = [
            (int(tables.gain[person, circle]), -circle)
            for circle, people in enumerate(tables.members)
            if people
            and len(people) < tables.peers.rules.most
            and tables.fits(people, is_whole=False)[person]
        ]
        if places:
            circle = -max(places)[1]
            tables.sit(person, circle)
            tables.rooms[circle] = max(tables.rooms[circle], len(tables.members[circle]))
            tables.renew(circle)


def improve(tables: Tables, pause: Pause) -> None:
    """The best exchange that is not held back, for a number of steps; ends at the best seen."""
    n = len(tables.circle)
    if n < 2 or not tables.placed:
        return
    held: I64 = np.zeros(n, np.int64)
    value = best = tables.value
    swaps: list[tuple[int, int]] = []
    kept = 0
    for step in range(1, min(max(WORK // (n * n), LEAST_STEPS), MOST_STEPS)):
        pause()
        gain = np.where(tables.may_swap(), tables.swap_gains(), NEVER)
        free = held < step
        # Held back or not, an exchange that beats the best seen is taken.
        gain[~(free[:, None] & free) & (gain <= best - value)] = NEVER
        one, other = divmod(int(np.argmax(gain)), n)
        if gain[one, other] == NEVER or len(swaps) - kept > PATIENCE * n:
            break
        value += int(gain[one, other])
        tables.swap(one, other)
        swaps.append((one, other))
        # Differing times keep it from going round in circles.
        held[one], held[other] = step + 4 + step % 5, step + 7 + step % 3
        if value > best:
            best, kept = value, len(swaps)
    for one, other in reversed(swaps[kept:]):
        tables.swap(one, other)
