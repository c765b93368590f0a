"""What each pair is worth to the whole, and why somebody is left: without all pairs at once."""

from functools import partial

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.explaining import Line, order_of, unmatched_mentor
from matcher.forcing import FAR
from matcher.large.case import Case
from matcher.large.taking import part_of
from matcher.large.waiters import may_be_kept, mentees_told, mentors_told, shared_out
from matcher.large.weighing import bands
from matcher.modes.stages import Weighing, lowered
from matcher.results import Unmatched
from matcher.scan.fewer import with_places
from matcher.scan.layout import Packed
from matcher.scan.scanning import HIGHEST_PRICE, top_mentees

SETTLED = 1 << 22
"""Mentors settled by the searches for margins: some two seconds at most."""


def margins_of_pairs(case: Case) -> tuple[I32, Flags]:
    """
    int32[n]: points that the total loses when a mentee's pair is forbidden, -1 for locked and unmatched ones.

    bool[n]: False where that many are lost at most.
    """
    found = case.margins.forbidden(threads=case.setting.threads, most=SETTLED)
    lost = np.minimum(found.points[: case.setting.floor.mentees], 2 * case.setting.floor.steep)
    has_none = (case.setting.match < 0) | ~case.setting.floor.free
    lost[has_none] = -1
    return lost.astype(np.int32), found.is_exact[: case.setting.floor.mentees] | has_none


def unmatched_mentees(case: Case) -> tuple[Unmatched, ...]:
    """A reason for every mentee without a mentor."""
    s = case.setting
    seats = case.proved.solution.match[: s.floor.mentees]
    left = np.flatnonzero(s.match < 0)
    fully, _ = shared_out(s.given.pool.mentees.key, left, s.floor.mentors)
    groups = [
        (people, partial(price_of_seat, case, seat, people))
        for seat, people in ((seat, fully[seats[fully] == seat]) for seat in np.unique(seats[fully]).tolist())
    ]
    value = place_values(case) if len(fully) else np.zeros(s.floor.mentors, np.int64)
    return tuple(mentees_told(s, left, groups, value, seats >= s.floor.mentors))


def price_of_seat(case: Case, seat: int, people: I64) -> I64:
    return unlifted(case, capped(case, asking_of_mentors(case, seat) + case.margins.state.u[people[0]]))


def unmatched_mentors(case: Case) -> tuple[Unmatched, ...]:
    """A reason for every mentor without a mentee."""
    s = case.setting
    n, m = s.floor.mentees, s.floor.mentors
    left = np.flatnonzero(np.bincount(s.match[s.match >= 0], minlength=m) == 0)
    fully, _ = shared_out(s.given.pool.mentors.key, left, n)
    # Places that only stand-ins take are not free, and each such mentor asks for prices of her own.
    is_full = (case.margins.state.load[fully] > 0) & (s.floor.capacity[fully] > 0)
    place = np.where(s.floor.free, case.proved.solution.mentee_price[:n] - s.lift, FAR)
    groups = [(fully[~is_full], lambda: unlifted(case, capped(case, asking_of_mentees(case))))]
    found = mentors_told(s, left, groups, place)
    for j in fully[is_full].tolist():
        found[int(np.searchsorted(left, j))] = mentor_by_herself(case, j)
    return tuple(found)


def asking_of_mentors(case: Case, seat: int) -> I64:
    """int64[m]: the score at which a mentee without price who sits nowhere (-1), or with a stand-in, would get each mentor."""
    m, state = case.setting.floor.mentors, case.margins.state
    way = case.margins.hub.home if seat < 0 else case.margins.to_mentor(seat)
    closed = case.setting.floor.capacity[:m] <= 0
    return np.where(closed, FAR, state.v[:m] + np.where(closed, 0, way[:m]))


def capped(case: Case, cost: I64) -> I32:
    """FAR where only a broken quota or lock would do it."""
    ask: I32 = np.where(cost > case.setting.floor.steep // 2, FAR, cost).astype(np.int32)
    return ask


def mentor_by_herself(case: Case, j: int) -> Unmatched:
    """Every pair of hers looked at."""
    n = case.setting.floor.mentees
    state, seat = case.margins.state, case.proved.solution.match[: case.setting.floor.mentees]
    way = np.append(case.margins.from_mentor(j), case.margins.hub.home[j])[seat]
    cost = np.where(case.setting.floor.free, state.u[:n] + state.v[j] + way, FAR)
    part = part_of(
        case.setting.given.pool,
        case.setting.given.criteria,
        case.setting.given.forbidden,
        np.arange(n),
        np.array([j]),
    )
    order = order_of(case.setting.given.pool.mentees.key)
    legal, score, ask = part.mask[:, 0] == 0, part.score[:, 0], capped(case, cost)
    below = np.where(legal, FAR, np.minimum(ask + case.setting.lift // 2, FAR))
    ask = np.where(score < case.setting.least, below, ask).astype(np.int32)
    weight = score + np.int32(case.setting.lift)
    line = Line(part.mask[:, 0], weight, ask, np.arange(n), np.zeros(n, np.int64), order)
    price = np.where(case.setting.floor.free, case.proved.solution.mentee_price[:n], FAR)
    is_kept = bool(may_be_kept(case.setting)[j])
    told = unmatched_mentor(part.scene, line, 0, case.setting.match < 0, price, is_kept=is_kept)
    return lowered(told, Weighing(False, case.setting.lift, case.setting.least))._replace(person=j)


def asking_of_mentees(case: Case) -> I64:
    """int64[n]: the score at which a free place would get each mentee."""
    n, state = case.setting.floor.mentees, case.margins.state
    seat = case.proved.solution.match[:n]
    cost: I64 = state.u[:n] + np.append(case.margins.hub.away, 0)[seat]  # nobody loses when nobody has her
    cost[~case.setting.floor.free] = FAR
    return cost


def place_values(case: Case) -> I64:
    """int64[m]: what one more place with each mentor would add to the total, without the lift."""
    n, m = case.setting.floor.mentees, case.setting.floor.mentors
    value = case.proved.solution.mentor_price[:m] - case.setting.lift
    closed = np.flatnonzero(case.setting.given.pool.mentors.capacity == 0).astype(np.int32)
    if len(closed) and n:
        opened = with_places(case.setting.packed, np.maximum(case.setting.given.pool.mentors.capacity, 1))
        value[closed] = np.maximum(best_gains(case, opened, closed), 0) - case.setting.lift
    return value


def best_gains(case: Case, packed: Packed, mentors: I32) -> I64:
    """int64[p]: the most that a pair with each of these mentors would leave above what is paid for the mentee now."""
    price = np.where(
        case.setting.floor.free,
        case.proved.solution.mentee_price[: case.setting.floor.mentees] - case.setting.lift,
        FAR,
    )
    gain = np.full(len(mentors), -FAR, np.int64)
    for rows in bands(price):
        base = int(price[rows].min())
        if base >= FAR:
            break
        best = top_mentees(
            packed, mentors, 1, mentee_price=np.clip(price - base, 0, HIGHEST_PRICE), rows=rows.astype(np.int32),
            threads=case.setting.threads,
        )  # fmt: skip
        left = best.score[:, 0] - price[best.person[:, 0]]
        gain = np.where(best.length > 0, np.maximum(gain, left), gain)
    return gain


def unlifted(case: Case, cost: I32) -> I64:
    """As a score; FAR stays."""
    price: I64 = np.where(cost < FAR, cost.astype(np.int64) - case.setting.lift, FAR)
    return price
