"""What is told of those who are left, on either side, once it is known what the others would have to be given."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from matcher.columns import I64, U64, Flags
from matcher.forcing import FAR
from matcher.large.briefly import FULL, QUOTA, TAKEN, mentees_left, mentors_left, spelled
from matcher.large.case import Setting
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
from matcher.results import Change, Unmatched
from matcher.scan.fewer import with_mentors
from matcher.scan.waiting import before_mentees, before_mentors
from matcher.solving import mixed

PAIRS_EXPLAINED = 1 << 33
"""Pairs looked at to say what would change that somebody is left, on each side: some seconds; a pool of 100,000 needs fewer."""

Groups = Sequence[tuple[I64, Callable[[], I64]]]
"""People, and int64[others]: the score above which each of the others would be theirs, `FAR` where none will do."""


def mentees_told(s: Setting, left: I64, groups: Groups, value: I64, by_quota: Flags) -> list[Unmatched]:
    """
    A reason for each of the mentees `left`, int64[l]; changes for those in `groups`.

    value int64[m]: what one more place with each mentor is worth, as the score to come up to; by_quota bool[n].
    """
    packed = s.packed
    place = np.where(may_be_kept(s), FAR, value)
    known, seen = np.full(len(left), -1, np.int64), []
    for done, (people, asking) in enumerate(groups, 1):
        at, price = np.searchsorted(left, people), asking()
        waiting = before_mentees(packed, packed.row_of[people], price, place, threads=s.threads)
        known[at] = unhindered(waiting, packed.rules)
        seen.append((at, price, waiting))
        s.tell("explaining", 0.3 + 0.3 * done / len(groups))
    brief = mentees_left(s.given, packed, left, places_left(s) > 0, by_quota, s.threads, known)
    changes: list[tuple[Change, ...]] = [()] * len(left)
    for at, price, waiting in seen:
        reason = brief.reason[at]
        offers = [unless_below(s, one, price) for one in softer_limits(waiting, price, packed.rules)]
        for what, here in (("place", reason == FULL), ("capacity", reason != QUOTA)):
            offers.append(where(sure_above(s, one_place_more(what, waiting, value, packed.rules)), here))
        points = more_points(waiting, price, packed.rules)
        offers.append(where(points, (reason == FULL) & (points.score >= s.least)))
        put(changes, at, smallest(offers))
    return spelled(brief, changes)


def mentors_told(s: Setting, left: I64, groups: Groups, place: I64) -> list[Unmatched]:
    """As `mentees_told`, of mentors; place int64[n]: what a first place has to leave above."""
    known, seen = np.full(len(left), -1, np.int64), []
    for done, (people, asking) in enumerate(groups):
        at, price, packed = np.searchsorted(left, people), asking(), with_mentors(s.packed, people)
        waiting = before_mentors(
            packed,
            packed.lane_of,
            price,
            place,
            threads=s.threads,
            pause=partial(still, s, done, len(groups)),
        )
        known[at] = unhindered(waiting, packed.rules)
        seen.append((people, at, price, waiting))
    brief = mentors_left(s.given, s.packed, left, s.match < 0, s.threads, known)
    changes: list[tuple[Change, ...]] = [()] * len(left)
    for people, at, price, waiting in seen:
        closed = (s.given.pool.mentors.capacity[people] == 0) & ~may_be_kept(s)[people]
        offers = [unless_below(s, one, price) for one in softer_limits(waiting, price, s.packed.rules)]
        points = more_points(waiting, price, s.packed.rules)
        offers.append(where(points, (brief.reason[at] == TAKEN) & (points.score >= s.least)))
        offers.append(where(sure_above(s, first_place(waiting, place, s.packed.rules)), closed))
        put(changes, at, smallest(offers))
    return spelled(brief, changes)


def still(s: Setting, done: int, groups: int, share: float) -> None:
    s.tell("explaining", 0.6 + 0.4 * (done + share) / groups)


def put(changes: list[tuple[Change, ...]], at: I64, found: list[tuple[Change, ...]]) -> None:
    for place, few in zip(at.tolist(), found, strict=True):
        changes[place] = few


def unless_below(s: Setting, given: Offer, price: I64) -> Offer:
    """A pair below the floor may stand only where it places one person more."""
    surplus = given.score - np.append(price, 0)[given.person]
    is_sure = (given.score >= s.least) | (surplus > s.lift // 2)
    return given._replace(certain=given.certain & is_sure)


def sure_above(s: Setting, given: Offer) -> Offer:
    """With one more place, a pair below the floor could still have to give way to one above it."""
    return given._replace(certain=given.certain & (given.score >= s.least))


def shared_out(key: U64, people: I64, others: int) -> tuple[I64, I64]:
    """Those whose every pair is looked at, as far as that is done in time, chosen by key alone; and the rest."""
    most = PAIRS_EXPLAINED // max(others, 1)
    order = np.argsort(mixed(key[people]), kind="stable")
    return np.sort(people[order[:most]]), np.sort(people[order[most:]])


def may_be_kept(s: Setting) -> Flags:
    """bool[m]: a quota rules the places of the mentor's organisation."""
    is_kept: Flags = np.isin(s.given.pool.mentors.organisation, np.flatnonzero(s.given.quotas.mentors >= 0))
    return is_kept


def places_left(s: Setting) -> I64:
    places = s.given.pool.mentors.capacity
    left: I64 = places - np.bincount(s.match[s.match >= 0], minlength=len(places))
    return left
