"""What each pair is worth to the whole, who else would do, and why somebody is left: without all pairs at once."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, U64, Flags
from matcher.explaining import Line, Places, unmatched_mentee, unmatched_mentor
from matcher.forcing import FAR
from matcher.given import Given
from matcher.large.briefly import mentees_left, mentors_left
from matcher.large.pricing import Proved
from matcher.large.taking import some_mentees, some_mentors
from matcher.quotas import Floor
from matcher.results import NEXT_BEST, NextBest, Unmatched
from matcher.scan.packing import pack
from matcher.scan.scanning import Lists, top_mentees
from matcher.solve.margins import Margins
from matcher.solving import mixed

Tell = Callable[[str, float], None]

PAIRS_AT_ONCE = 1 << 21
PAIRS_EXPLAINED = 1 << 27
"""Pairs looked at one by one to say what would change that somebody is left, on each side."""

FEASIBLE = 8
"""Next best mentors that are priced where a quota or a lock may forbid some; three are wanted."""


class Case(NamedTuple):
    """A solved run as the explanations see it."""

    given: Given
    floor: Floor
    proved: Proved
    margins: Margins
    match: I32
    """int32[n]: real mentors, with locked pairs."""
    threads: int
    tell: Tell


def margins_of_pairs(case: Case) -> I32:
    """int32[n]: points that the total loses when a mentee's pair is forbidden, -1 for locked and unmatched ones."""
    lost = case.margins.forbidden(threads=case.threads)[: case.floor.mentees]
    lost = np.minimum(lost, 2 * case.floor.steep)
    lost[(case.match < 0) | ~case.floor.free] = -1
    return lost.astype(np.int32)


def next_best(case: Case, first: Lists) -> NextBest:
    """The three best other mentors of each mentee by score, then by key, and the price of forcing each."""
    n = case.floor.mentees
    most = FEASIBLE if may_be_kept(case).any() or len(case.given.locked) else NEXT_BEST
    other = (first.person >= 0) & (first.person != case.match[:, None]) & case.floor.free[:, None]
    other &= np.cumsum(other, axis=1) <= most
    rows, places = np.nonzero(other)
    mentor, score = first.person[rows, places], first.score[rows, places].astype(np.int32)
    pairs = np.column_stack([rows, mentor]).astype(np.int32)
    price = case.margins.forced(pairs, score, threads=case.threads)
    kept = price + score <= case.floor.steep // 2
    rows, mentor, score, price = rows[kept], mentor[kept], score[kept], price[kept]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows, side="left")
    kept = rank < NEXT_BEST
    found = NextBest(
        np.full((n, NEXT_BEST), -1, np.int32),
        np.zeros((n, NEXT_BEST), np.int16),
        np.full((n, NEXT_BEST), -1, np.int32),
    )
    at = rows[kept], rank[kept]
    found.mentor[at], found.score[at], found.margin[at] = mentor[kept], score[kept], price[kept]
    return found


def unmatched_mentees(case: Case) -> tuple[Unmatched, ...]:
    """A reason for every mentee without a mentor."""
    m = case.floor.mentors
    places = Places(places_left(case) > 0, place_values(case), may_be_kept(case))
    seats = case.proved.solution.match
    asked = {seat: asking_of_mentors(case, seat) for seat in np.unique(seats[np.flatnonzero(case.match < 0)])}
    left = np.flatnonzero(case.match < 0)
    fully, briefly = shared_out(case.given.pool.mentees.key, left, m)
    found = mentees_left(case.given, briefly, places.has_room, seats[: case.floor.mentees] >= m, case.threads)
    for rows, done in blocks(fully, m):
        part = some_mentees(case.given.pool, case.given.criteria, case.given.forbidden, rows)
        for a, i in enumerate(rows.tolist()):
            cost = asked[seats[i]] + case.margins.state.u[i]
            line = Line(part.mask[a], part.score[a], capped(case, cost), np.full(m, a), np.arange(m))
            told = unmatched_mentee(part.scene, line, a, places, is_by_quota=bool(seats[i] >= m))
            found.append(told._replace(person=i))
        case.tell("explaining", 0.3 + 0.3 * done)
    return tuple(sorted(found))


def asking_of_mentors(case: Case, seat: int) -> I64:
    """int64[m]: the score at which a mentee without price who sits nowhere (-1), or with a stand-in, would get each mentor."""
    m, state = case.floor.mentors, case.margins.state
    if seat < 0:
        cost: I64 = state.v[:m] + case.margins.hub.home[:m]
    else:
        somebody = int(np.flatnonzero(case.proved.solution.match == seat)[0])
        pairs = np.column_stack([np.full(m, somebody), np.arange(m)]).astype(np.int32)
        cost = case.margins.forced(pairs, np.zeros(m, np.int32), threads=case.threads) - state.u[somebody]
    cost[case.floor.capacity[:m] <= 0] = FAR
    return cost


def capped(case: Case, cost: I64) -> I32:
    """FAR where only a broken quota or lock would do it."""
    ask: I32 = np.where(cost > case.floor.steep // 2, FAR, cost).astype(np.int32)
    return ask


def unmatched_mentors(case: Case) -> tuple[Unmatched, ...]:
    """A reason for every mentor without a mentee."""
    n, m = case.floor.mentees, case.floor.mentors
    load = np.bincount(case.match[case.match >= 0], minlength=m)
    price = np.where(case.floor.free, case.proved.solution.mentee_price[:n], FAR)
    is_kept = may_be_kept(case)
    of_free_place = asking_of_mentees(case)
    fully, briefly = shared_out(case.given.pool.mentors.key, np.flatnonzero(load == 0), n)
    found = mentors_left(case.given, briefly, case.match < 0, case.threads)
    for columns, done in blocks(fully, n):
        part = some_mentors(case.given.pool, case.given.criteria, case.given.forbidden, columns)
        for b, j in enumerate(columns.tolist()):
            ask = capped(case, asking_with(case, j, of_free_place))
            line = Line(part.mask[:, b], part.score[:, b], ask, np.arange(n), np.full(n, b))
            told = unmatched_mentor(part.scene, line, b, case.match < 0, price, is_kept=bool(is_kept[j]))
            found.append(told._replace(person=j))
        case.tell("explaining", 0.6 + 0.4 * done)
    return tuple(sorted(found))


def asking_of_mentees(case: Case) -> I64:
    """int64[n]: the score at which a free place would get each mentee."""
    n, state = case.floor.mentees, case.margins.state
    seat = case.proved.solution.match[:n]
    cost: I64 = state.u[:n] + np.append(case.margins.hub.away, 0)[seat]  # nobody loses when nobody has her
    cost[~case.floor.free] = FAR
    return cost


def asking_with(case: Case, j: int, of_free_place: I64) -> I64:
    """int64[n]: the score at which mentor j would get each mentee. Her places may all be taken by stand-ins."""
    n, state = case.floor.mentees, case.margins.state
    if case.floor.capacity[j] <= 0:
        return np.full(n, FAR, np.int64)
    if state.load[j] < case.floor.capacity[j]:
        return of_free_place
    pairs = np.column_stack([np.arange(n), np.full(n, j)]).astype(np.int32)
    cost: I64 = case.margins.forced(pairs, np.zeros(n, np.int32), threads=case.threads)
    cost[~case.floor.free] = FAR
    return cost


def shared_out(key: U64, people: I64, others: int) -> tuple[I64, I64]:
    """Those whose every pair is looked at, as far as that is done in time, chosen by key alone; and the rest."""
    most = PAIRS_EXPLAINED // max(others, 1)
    order = np.argsort(mixed(key[people]), kind="stable")
    return np.sort(people[order[:most]]), np.sort(people[order[most:]])


def blocks(people: I64, others: int) -> Iterator[tuple[I64, float]]:
    """Some of the people at a time, and the share done after them."""
    step = max(1, PAIRS_AT_ONCE // max(others, 1))
    for at in range(0, len(people), step):
        yield people[at : at + step], min(at + step, len(people)) / len(people)


def may_be_kept(case: Case) -> Flags:
    """bool[m]: a quota rules the places of the mentor's organisation."""
    is_kept: Flags = np.isin(
        case.given.pool.mentors.organisation, np.flatnonzero(case.given.quotas.mentors >= 0)
    )
    return is_kept


def places_left(case: Case) -> I64:
    places = case.given.pool.mentors.capacity
    left: I64 = places - np.bincount(case.match[case.match >= 0], minlength=len(places))
    return left


def place_values(case: Case) -> I64:
    """int64[m]: what one more place with each mentor would add to the total."""
    n, m = case.floor.mentees, case.floor.mentors
    value = case.proved.solution.mentor_price[:m].copy()
    closed = np.flatnonzero(case.given.pool.mentors.capacity == 0).astype(np.int32)
    if len(closed) and n:
        opened = np.maximum(case.given.pool.mentors.capacity, 1)
        pool = case.given.pool._replace(mentors=case.given.pool.mentors._replace(capacity=opened))
        price = np.where(case.floor.free, case.proved.solution.mentee_price[:n], 1 << 15)
        best = top_mentees(
            pack(pool, case.given.criteria, case.given.forbidden),
            closed,
            1,
            mentee_price=price,
            above=0,
            threads=case.threads,
        )
        gain = best.score[:, 0] - np.where(best.length > 0, price[best.person[:, 0]], 0)
        value[closed] = np.where(best.length > 0, np.maximum(gain, 0), 0)
    return value
