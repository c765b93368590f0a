"""
Quotas of organisations in groups: at most so many mentees of one, or so many places with mentors of one.

The groups are made as if there were none; whoever is over a quota then leaves, the fewest points first, and the rest is made
anew. What no groups within the quotas can beat is bounded by prices as ever, with two things more: of an organisation's
mentees only so many are in groups, so only so many of their prices count, the highest; and of its mentors
only as many lead a group as the places are enough for, so only the best of their gains count.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Quotas
from matcher.errors import LockedRefused
from matcher.modes.pausing import Pause
from matcher.structures.group_prices import Choices, all_choices, priced, takings
from matcher.structures.group_search import most_of
from matcher.structures.groups import Groups
from matcher.structures.offers import GroupPool, Offers, in_key_order, offers_of

STEPS = 120


class Limits(NamedTuple):
    """Organisations of both sides, by row, and how many of each there may be; -1 = no limit."""

    mentee_organisation: I32
    mentor_organisation: I32
    mentees: I32
    """int32[O]"""
    places: I32
    """int32[O]: places with mentors of the organisation."""


def limits_of(mentee_organisation: I32, mentor_organisation: I32, quotas: Quotas) -> Limits:
    count = max(int(mentee_organisation.max(initial=-1)), int(mentor_organisation.max(initial=-1))) + 1

    def column(given: I32) -> I32:
        filled = np.full(max(count, len(given)), -1, np.int32)
        filled[: len(given)] = given
        return filled

    return Limits(mentee_organisation, mentor_organisation, column(quotas.mentees), column(quotas.mentors))


def leaving(found: Groups, limits: Limits, locked: I32, least: int) -> list[tuple[I64, I64]]:
    """
    (mentees, mentors) of whom none may be together any more, so that the quotas are kept; nothing once they are.

    Raises:
        LockedRefused: locked mentees alone are more than a quota allows (limit "quota").
    """
    kept = dict(locked.tolist())
    everybody, all_mentors = np.arange(len(found.group)), np.arange(len(limits.mentor_organisation))
    out: list[tuple[I64, I64]] = []
    for organisation, most in enumerate(limits.mentees.tolist()):
        inside = np.flatnonzero((limits.mentee_organisation == organisation) & (found.group >= 0))
        if 0 <= most < len(inside):
            free = [i for i in inside.tolist() if i not in kept]
            if len(free) < len(inside) - most:
                i = next(i for i in inside.tolist() if i in kept)
                raise LockedRefused(i, kept[i], "quota")
            stay = staying(found, set(inside.tolist()), set(kept), most, least)
            out.append((np.array([i for i in free if i not in stay]), all_mentors))
    for organisation, most in enumerate(limits.places.tolist()):
        groups = [g for g in found.groups if limits.mentor_organisation[g.mentor] == organisation]
        used = sum(len(g.mentees) for g in groups)
        if 0 <= most < used:
            theirs = np.flatnonzero(limits.mentor_organisation == organisation)
            spare = [i for g in groups if len(g.mentees) > least for i in g.mentees if i not in kept]
            if spare:
                i = min(spare, key=lambda i: (int(found.points[i]), i))
                out.append((np.array([i]), theirs))
                continue
            open_groups = [g for g in groups if not set(g.mentees) & set(kept)]
            if not open_groups:
                i = groups[0].mentees[0]
                raise LockedRefused(i, groups[0].mentor, "quota")
            worst = min(open_groups, key=lambda g: (g.value, g.mentor))
            out.append((everybody, np.array([worst.mentor])))
    return out


def staying(found: Groups, inside: set[int], locked: set[int], most: int, least: int) -> set[int]:
    """
    At most `most` mentees out of `inside`, chosen so that what stays of the groups is worth most.

    A multiple-choice knapsack (Kellerer, Pferschy and Pisinger 2004, chapter 11): of each group some of those inside stay,
    the locked ones and then those with most points, as long as it does not fall below `least`; or none does.
    """
    best: I64 = np.zeros(most + 1, np.int64)
    who: list[list[int]] = [[] for _ in range(most + 1)]
    for group in found.groups:
        theirs = sorted(
            inside & set(group.mentees), key=lambda i: (i not in locked, -int(found.points[i]), i)
        )
        others = [i for i in group.mentees if i not in inside]
        worth_of_others = sum(int(found.points[i]) for i in others) if len(others) >= least else 0
        held = len(locked & set(theirs))
        before, before_who = best, who
        if not held:
            best, who = before + worth_of_others, [list(one) for one in before_who]
        else:
            best, who = np.full(most + 1, np.iinfo(np.int64).min // 2), [[] for _ in range(most + 1)]
        everybody = sum(int(found.points[i]) for i in others)
        for k in range(max(1, held), min(len(theirs), most) + 1):
            everybody_and_k = everybody + sum(int(found.points[i]) for i in theirs[:k])
            if len(others) + k < least and not held:
                continue
            gained = before[: most + 1 - k] + everybody_and_k
            for at in np.flatnonzero(gained > best[k:]).tolist():
                who[at + k] = before_who[at] + theirs[:k]
            best[k:] = np.maximum(best[k:], gained)
    return set(who[int(np.argmax(best))])


def bound_within(offers: Offers, price: I64, most: I64, limits: Limits) -> int:
    """
    No groups within the quotas earn more; `most` is what each mentor gains at the prices at best.

    price int64[n], most int64[m], both in the order of the offers, as `limits` is.
    """
    value = 0
    for prices, organisation, allowed in (
        (price, limits.mentee_organisation, limits.mentees),
        (most, limits.mentor_organisation, mentors_at_most(limits.places, offers.least)),
    ):
        value += int(counting(prices, organisation, allowed).sum())
    return value


def mentors_at_most(places: I32, least: int) -> I32:
    """int32[O]: of how many mentors the places are enough for a smallest group each, -1 = any number."""
    enough: I32 = np.where(places < 0, -1, places // least).astype(np.int32)
    return enough


def counting(values: I64, organisation: I32, allowed: I32) -> I64:
    """The values, 0 for those beyond the highest that their organisation is allowed."""
    counted = values.copy()
    for code in np.flatnonzero(allowed >= 0).tolist():
        rows = np.flatnonzero(organisation == code)
        order = rows[np.argsort(-values[rows], kind="stable")]
        counted[order[int(allowed[code]) :]] = 0
    return counted


def proved(
    pool: GroupPool,
    rows: I64,
    columns: I64,
    limits: Limits,
    sizes: tuple[int, int],
    start: I64,
    value: int,
    pause: Pause,
) -> tuple[int, I64]:
    """
    The lowest bound within the quotas that some steps of the subgradient find, and its prices by row of the pool.

    `rows` and `columns` are the orders of keys; `start` prices by row; `value` what was reached.
    """
    offers = offers_of(in_key_order(pool, rows, columns), *sizes)
    here = Limits(
        limits.mentee_organisation[rows], limits.mentor_organisation[columns], limits.mentees, limits.places
    )
    choices = all_choices(offers)
    price, best = start[rows], (-1, start[rows])
    share, stale = 1, 0
    for _ in range(STEPS):
        pause()
        bound, slope = _at(offers, choices, price, here)
        if best[0] < 0 or bound < best[0]:
            best, stale = (bound, price), 0
        else:
            stale += 1
        steep = int((slope * slope).sum())
        if best[0] <= value or steep == 0:
            break
        if stale == 4:
            share, stale, price = 2 * share, 0, best[1]
            continue
        step = max((bound - value) // (share * steep), 1)
        price = np.maximum(price - step * slope, 0)
    return best[0], best[1][np.argsort(rows)]


def _at(offers: Offers, choices: Choices, price: I64, limits: Limits) -> tuple[int, I64]:
    """The bound at these prices and the way down: who counts, less who is taken by mentors that count."""
    at = priced(offers, choices, price)
    most = most_of(at) if len(offers.mentor) else np.zeros(offers.mentors, np.int64)
    leads = counting(most, limits.mentor_organisation, mentors_at_most(limits.places, offers.least))
    counted = counting(price + 1, limits.mentee_organisation, limits.mentees) > 0
    slope = counted.astype(np.int64)
    led = at.best[(at.best >= 0) & (leads > 0)]
    if len(led):
        order, fill = takings(offers.worth[led], offers.room[led], offers.least, price)
        taken = order[np.arange(order.shape[1]) < fill[:, None]]
        slope = slope - np.bincount(taken, minlength=len(price))
    slope[(price == 0) & (slope > 0)] = 0
    return bound_within(offers, price, most, limits), slope
