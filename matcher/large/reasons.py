"""What each pair is worth to the whole, and why somebody is left: without all pairs at once."""

import numpy as np

from matcher.columns import I32, I64, U64, Flags
from matcher.explaining import Line, order_of, unmatched_mentor
from matcher.forcing import FAR
from matcher.large.briefly import FULL, QUOTA, TAKEN, mentees_left, mentors_left, spelled
from matcher.large.case import Case
from matcher.large.opening import (
    Offer,
    first_place,
    more_points,
    one_place_more,
    smallest,
    softer_limits,
    unhindered,
    where,
)
from matcher.large.taking import part_of
from matcher.large.weighing import bands
from matcher.modes.stages import Weighing, lowered
from matcher.results import Change, Unmatched
from matcher.scan.fewer import with_mentors, with_places
from matcher.scan.layout import Packed
from matcher.scan.scanning import HIGHEST_PRICE, top_mentees
from matcher.scan.waiting import before_mentees, before_mentors
from matcher.solving import mixed

PAIRS_EXPLAINED = 1 << 33
"""Pairs looked at to say what would change that somebody is left, on each side: some seconds; a pool of 100,000 needs fewer."""

SETTLED = 1 << 22
"""Mentors settled by the searches for margins: some two seconds at most."""


def margins_of_pairs(case: Case) -> tuple[I32, Flags]:
    """
    int32[n]: points that the total loses when a mentee's pair is forbidden, -1 for locked and unmatched ones.

    bool[n]: False where that many are lost at most.
    """
    found = case.margins.forbidden(threads=case.threads, most=SETTLED)
    lost = np.minimum(found.points[: case.floor.mentees], 2 * case.floor.steep)
    has_none = (case.match < 0) | ~case.floor.free
    lost[has_none] = -1
    return lost.astype(np.int32), found.is_exact[: case.floor.mentees] | has_none


def unmatched_mentees(case: Case) -> tuple[Unmatched, ...]:
    """A reason for every mentee without a mentor."""
    n, m, packed = case.floor.mentees, case.floor.mentors, case.packed
    seats = case.proved.solution.match[:n]
    left = np.flatnonzero(case.match < 0)
    fully, _ = shared_out(case.given.pool.mentees.key, left, m)
    value = place_values(case) if len(fully) else np.zeros(m, np.int64)
    place = np.where(may_be_kept(case), FAR, value)
    known, groups = np.full(len(left), -1, np.int64), []
    for done, seat in enumerate(np.unique(seats[fully]).tolist(), 1):
        people = fully[seats[fully] == seat]
        at = np.searchsorted(left, people)
        price = unlifted(case, capped(case, asking_of_mentors(case, seat) + case.margins.state.u[people[0]]))
        waiting = before_mentees(packed, packed.row_of[people], price, place, threads=case.threads)
        known[at] = unhindered(waiting, packed.rules)
        groups.append((at, price, waiting))
        case.tell("explaining", 0.3 + 0.3 * done / len(np.unique(seats[fully])))
    brief = mentees_left(case.given, packed, left, places_left(case) > 0, seats >= m, case.threads, known)
    changes: list[tuple[Change, ...]] = [()] * len(left)
    for at, price, waiting in groups:
        reason = brief.reason[at]
        offers = [unless_below(case, one, price) for one in softer_limits(waiting, price, packed.rules)]
        for what, here in (("place", reason == FULL), ("capacity", reason != QUOTA)):
            offers.append(where(sure_above(case, one_place_more(what, waiting, value, packed.rules)), here))
        points = more_points(waiting, price, packed.rules)
        offers.append(where(points, (reason == FULL) & (points.score >= case.least)))
        put(changes, at, smallest(offers))
    return tuple(spelled(brief, changes))


def put(changes: list[tuple[Change, ...]], at: I64, found: list[tuple[Change, ...]]) -> None:
    for place, few in zip(at.tolist(), found, strict=True):
        changes[place] = few


def asking_of_mentors(case: Case, seat: int) -> I64:
    """int64[m]: the score at which a mentee without price who sits nowhere (-1), or with a stand-in, would get each mentor."""
    m, state = case.floor.mentors, case.margins.state
    way = case.margins.hub.home if seat < 0 else case.margins.to_mentor(seat)
    closed = case.floor.capacity[:m] <= 0
    return np.where(closed, FAR, state.v[:m] + np.where(closed, 0, way[:m]))


def capped(case: Case, cost: I64) -> I32:
    """FAR where only a broken quota or lock would do it."""
    ask: I32 = np.where(cost > case.floor.steep // 2, FAR, cost).astype(np.int32)
    return ask


def unmatched_mentors(case: Case) -> tuple[Unmatched, ...]:
    """A reason for every mentor without a mentee."""
    n, m = case.floor.mentees, case.floor.mentors
    left = np.flatnonzero(np.bincount(case.match[case.match >= 0], minlength=m) == 0)
    fully, _ = shared_out(case.given.pool.mentors.key, left, n)
    # Places that only stand-ins take are not free, and each such mentor asks for prices of her own.
    is_full = (case.margins.state.load[fully] > 0) & (case.floor.capacity[fully] > 0)
    people, known = fully[~is_full], np.full(len(left), -1, np.int64)
    at = np.searchsorted(left, people)
    price = unlifted(case, capped(case, asking_of_mentees(case)))
    place = np.where(case.floor.free, case.proved.solution.mentee_price[:n] - case.lift, FAR)
    packed = with_mentors(case.packed, people)
    waiting = before_mentors(
        packed, packed.lane_of, price, place, threads=case.threads,
        pause=lambda done: case.tell("explaining", 0.6 + 0.4 * done),
    )  # fmt: skip
    known[at] = unhindered(waiting, packed.rules)
    brief = mentors_left(case.given, case.packed, left, case.match < 0, case.threads, known)
    closed = (case.given.pool.mentors.capacity[people] == 0) & ~may_be_kept(case)[people]
    offers = [unless_below(case, one, price) for one in softer_limits(waiting, price, packed.rules)]
    points = more_points(waiting, price, packed.rules)
    offers.append(where(points, (brief.reason[at] == TAKEN) & (points.score >= case.least)))
    offers.append(where(sure_above(case, first_place(waiting, place, packed.rules)), closed))
    changes: list[tuple[Change, ...]] = [()] * len(left)
    put(changes, at, smallest(offers))
    found = spelled(brief, changes)
    for j in fully[is_full].tolist():
        found[int(np.searchsorted(left, j))] = mentor_by_herself(case, j)
    return tuple(found)


def mentor_by_herself(case: Case, j: int) -> Unmatched:
    """Every pair of hers looked at."""
    n = case.floor.mentees
    state, seat = case.margins.state, case.proved.solution.match[: case.floor.mentees]
    way = np.append(case.margins.from_mentor(j), case.margins.hub.home[j])[seat]
    cost = np.where(case.floor.free, state.u[:n] + state.v[j] + way, FAR)
    part = part_of(case.given.pool, case.given.criteria, case.given.forbidden, np.arange(n), np.array([j]))
    order = order_of(case.given.pool.mentees.key)
    legal, score, ask = part.mask[:, 0] == 0, part.score[:, 0], capped(case, cost)
    below = np.where(legal, FAR, np.minimum(ask + case.lift // 2, FAR))
    ask = np.where(score < case.least, below, ask).astype(np.int32)
    weight = score + np.int32(case.lift)
    line = Line(part.mask[:, 0], weight, ask, np.arange(n), np.zeros(n, np.int64), order)
    price = np.where(case.floor.free, case.proved.solution.mentee_price[:n], FAR)
    is_kept = bool(may_be_kept(case)[j])
    told = unmatched_mentor(part.scene, line, 0, case.match < 0, price, is_kept=is_kept)
    return lowered(told, Weighing(False, case.lift, case.least))._replace(person=j)


def asking_of_mentees(case: Case) -> I64:
    """int64[n]: the score at which a free place would get each mentee."""
    n, state = case.floor.mentees, case.margins.state
    seat = case.proved.solution.match[:n]
    cost: I64 = state.u[:n] + np.append(case.margins.hub.away, 0)[seat]  # nobody loses when nobody has her
    cost[~case.floor.free] = FAR
    return cost


def shared_out(key: U64, people: I64, others: int) -> tuple[I64, I64]:
    """Those whose every pair is looked at, as far as that is done in time, chosen by key alone; and the rest."""
    most = PAIRS_EXPLAINED // max(others, 1)
    order = np.argsort(mixed(key[people]), kind="stable")
    return np.sort(people[order[:most]]), np.sort(people[order[most:]])


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
    """int64[m]: what one more place with each mentor would add to the total, without the lift."""
    n, m = case.floor.mentees, case.floor.mentors
    value = case.proved.solution.mentor_price[:m] - case.lift
    closed = np.flatnonzero(case.given.pool.mentors.capacity == 0).astype(np.int32)
    if len(closed) and n:
        opened = with_places(case.packed, np.maximum(case.given.pool.mentors.capacity, 1))
        value[closed] = np.maximum(best_gains(case, opened, closed), 0) - case.lift
    return value


def best_gains(case: Case, packed: Packed, mentors: I32) -> I64:
    """int64[p]: the most that a pair with each of these mentors would leave above what is paid for the mentee now."""
    price = np.where(
        case.floor.free, case.proved.solution.mentee_price[: case.floor.mentees] - case.lift, FAR
    )
    gain = np.full(len(mentors), -FAR, np.int64)
    for rows in bands(price):
        base = int(price[rows].min())
        if base >= FAR:
            break
        best = top_mentees(
            packed, mentors, 1, mentee_price=np.clip(price - base, 0, HIGHEST_PRICE), rows=rows.astype(np.int32),
            threads=case.threads,
        )  # fmt: skip
        left = best.score[:, 0] - price[best.person[:, 0]]
        gain = np.where(best.length > 0, np.maximum(gain, left), gain)
    return gain


def unlifted(case: Case, cost: I32) -> I64:
    """As a score; FAR stays."""
    price: I64 = np.where(cost < FAR, cost.astype(np.int64) - case.lift, FAR)
    return price


def unless_below(case: Case, given: Offer, price: I64) -> Offer:
    """A pair below the floor may stand only where it places one person more."""
    surplus = given.score - np.append(price, 0)[given.person]
    is_sure = (given.score >= case.least) | (surplus > case.lift // 2)
    return given._replace(certain=given.certain & is_sure)


def sure_above(case: Case, given: Offer) -> Offer:
    """With one more place, a pair below the floor could still have to give way to one above it."""
    return given._replace(certain=given.certain & (given.score >= case.least))
