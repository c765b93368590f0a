"""A run of groups in a pool that is too large for all pairs at once: the same limits, scores and reasons, row by row."""

from functools import partial

import numpy as np

from matcher.columns import I16, I32, I64, Flags
from matcher.digest import VERSION, digest
from matcher.errors import LockedRefused
from matcher.explaining import binding_limit
from matcher.given import Given, Pairs
from matcher.large.taking import failed_of_pairs, pairless
from matcher.locks import check_locked
from matcher.results import Unmatched, Waterfall
from matcher.scan.spreading import Pause
from matcher.structures.covering import part
from matcher.structures.crowds import Scenery, scenery
from matcher.structures.group_counts import Left, count_left, failed_with
from matcher.structures.group_leading import Made, make, seated
from matcher.structures.group_lists import BONUS, Led, wants_of
from matcher.structures.group_quotas import Limits, counting, leaving, limits_of, mentors_at_most
from matcher.structures.group_results import TOO_FEW_PLACES, GroupMatching, parts_in_groups
from matcher.structures.groups import Group, Groups
from matcher.structures.groups_large import Priced, find_prices
from matcher.structures.ordering import moved, reordered
from matcher.structures.parting import BY_TOPIC, mentee_pairs, parted
from matcher.unanswered import has_no_answer
from matcher.watching import Watch


class Barred:
    """Pairs that may not be although no limit forbids them: quotas, and mentees who are kept apart."""

    def __init__(self, mentees: int, mentors: int) -> None:
        self.count = mentees, mentors
        self.cells: set[int] = set()
        self.blocks: list[tuple[Flags, Flags]] = []

    def add(self, mentees: I64, mentors: I64) -> None:
        if len(mentees) == len(mentors) == 1:
            self.cells.add(int(mentees[0]) * self.count[1] + int(mentors[0]))
            return
        block = np.zeros(self.count[0], np.bool_), np.zeros(self.count[1], np.bool_)
        block[0][mentees], block[1][mentors] = True, True
        self.blocks.append(block)

    def __call__(self, mentee: I32, mentor: I32) -> Flags:
        cells = np.fromiter(self.cells, np.int64, len(self.cells))
        bad: Flags = np.isin(mentee.astype(np.int64) * self.count[1] + mentor, cells)
        for mentees, mentors in self.blocks:
            bad |= mentees[mentee] & mentors[mentor]
        return bad


def groups_of_many(
    x: Given, sizes: tuple[int, int], apart: Pairs, threads: int, watch: Watch
) -> GroupMatching:
    """
    Raises:
        InvalidColumn, LockedRefused, Cancelled: as `propose_groups`.
    """
    failed = failed_of_pairs(x.pool, x.criteria, x.forbidden, x.locked)[0]
    check_locked(x, failed.tolist())
    strangers = mentee_pairs(apart, len(x.pool.mentees.key))
    rows, columns = (np.argsort(people.key, kind="stable") for people in (x.pool.mentees, x.pool.mentors))
    inside = x._replace(
        pool=reordered(x.pool, rows, columns),
        forbidden=moved(x.forbidden, rows, columns),
        locked=moved(x.locked, rows, columns),
    )
    left = count_left(
        seen_whole(inside, partial(watch, "scoring")), threads, lambda done: watch("scoring", done)
    )
    led = asked(inside, sizes, partial(watch, "scoring"))
    limits = limits_of(inside.pool.mentees.organisation, inside.pool.mentors.organisation, x.quotas)
    solving = partial(watch, "solving")
    priced, known = find_prices(led, threads, part(solving, 0, 0.5))
    barred = Barred(len(rows), len(columns))
    made = make(led, priced, known, threads, part(solving, 0.5, 0.9))
    del known  # hundreds of megabytes in a pool of 100,000
    strange = np.argsort(rows)[strangers].astype(np.int32).reshape(-1, 2)
    while out := leave(inside, made, limits, strange, sizes[0]):
        for mentees, mentors in out:
            barred.add(mentees, mentors)
        made = seated(led, made.led, made.price.clip(0), threads, barred, part(solving, 0.9, 0.9))
    watch("explaining", 0)
    mentor = np.append(columns, -1)[made.mentor[np.argsort(rows)]]
    found = told(x, mentor, made.led[np.argsort(columns)], sizes, strangers)
    return proved(found, inside, priced, limits, rows, left, columns, watch)


def seen_whole(x: Given, pause: Pause) -> Scenery:
    return scenery(x.pool, x.criteria, x.forbidden, in_groups=True, pause=pause)


def asked(x: Given, sizes: tuple[int, int], pause: Pause) -> Led:
    lock = np.full(len(x.pool.mentees.key), -1, np.int32)
    lock[x.locked[:, 0]] = x.locked[:, 1]
    s = scenery(x.pool, x.criteria, x.forbidden, in_groups=True, with_topics=False, pause=pause)
    return Led(
        s,
        wants_of(s.mentees, x.criteria.topic_points.astype(np.int32)),
        max(1, x.criteria.language_minimum),
        np.where(
            x.pool.mentors.capacity >= sizes[0], np.minimum(x.pool.mentors.capacity, sizes[1]), 0
        ).astype(np.int32),
        sizes[0],
        lock,
    )


def listed(x: Given, mentor: I64, led: I32) -> tuple[Groups, I64, I16]:
    """The groups, who is in them (int64[p], ascending), and their contributions."""
    rows = np.flatnonzero(mentor >= 0)
    parts = parts_in_groups(x.pool, x.criteria, rows, mentor[rows], led[mentor[rows], 0].astype(np.int16))
    points = np.zeros(len(mentor), np.int32)
    points[rows] = parts.sum(axis=1)
    group = np.full(len(mentor), -1, np.int32)
    made = []
    order = rows[np.argsort(mentor[rows], kind="stable")]
    cuts = np.flatnonzero(np.diff(mentor[order])) + 1
    for number, inside in enumerate(np.split(order, cuts) if len(order) else ()):
        j = int(mentor[inside[0]])
        group[inside] = number
        made.append(
            Group(j, int(led[j, 0]), int(led[j, 1]), tuple(inside.tolist()), int(points[inside].sum()))
        )
    total = int(points.sum())
    nothing = np.zeros(0, np.int64)
    return Groups(tuple(made), group, points, len(rows), total, total, 0, nothing, total, 0), rows, parts


def leave(x: Given, made: Made, limits: Limits, apart: I32, least: int) -> list[tuple[I64, I64]]:
    """(mentees, mentors) of whom none may be together any more; nothing once quotas hold and nobody is with whom she is kept apart from."""
    if not len(apart) and (limits.mentees < 0).all() and (limits.places < 0).all():
        return []
    found, _, _ = listed(x, made.mentor.astype(np.int64), made.led)
    out = parted(found, apart, x.locked)
    kept = set(x.locked[:, 1].tolist())
    everybody = np.arange(len(made.mentor))
    for organisation in np.flatnonzero(limits.places >= 0).tolist():
        groups = [
            g
            for g in found.groups
            if limits.mentor_organisation[g.mentor] == organisation and g.mentor not in kept
        ]
        over = sum(len(g.mentees) for g in groups) - int(limits.places[organisation])
        worst = []
        for one in sorted(groups, key=lambda g: (g.value // len(g.mentees), g.mentor)):
            if over < 2 * len(one.mentees):
                break
            over -= len(one.mentees)
            worst.append(one.mentor)
        if worst:
            out.append((everybody, np.array(worst)))
    return out or leaving(found, limits, x.locked, least)


def told(x: Given, mentor: I64, led: I32, sizes: tuple[int, int], apart: I32) -> GroupMatching:
    """
    Without bound, prices and whom it leaves out.

    Raises:
        LockedRefused: a locked pair is in no group.
    """
    for i, j in x.locked.tolist():
        if mentor[i] != j:
            raise LockedRefused(i, j, BY_TOPIC)
    found, rows, parts = listed(x, mentor, led)
    here = mentor[rows]
    return GroupMatching(
        found.groups, rows.astype(np.int32), here.astype(np.int32), led[here, 0].astype(np.int16),
        led[here, 1].astype(np.int16), parts.sum(axis=1).astype(np.int16), parts, found.value, found.value,
        np.zeros(0, np.int64), 0, *sizes, 0, Waterfall(0, ()), (), (), x.locked, x.forbidden, apart,
        x.quotas.mentees, x.quotas.mentors, digest(x.pool, x.criteria), VERSION,
    )  # fmt: skip


def proved(
    found: GroupMatching,
    x: Given,
    priced: Priced,
    limits: Limits,
    rows: I64,
    left: Left,
    columns: I64,
    watch: Watch,
) -> GroupMatching:
    """With what is known of all: bound and prices, what limits leave, and whom the groups leave out."""
    value = int(counting(priced.price, limits.mentee_organisation, limits.mentees).sum())
    leaders = mentors_at_most(limits.places, found.least)
    value += int(counting(priced.most, limits.mentor_organisation, leaders).sum())
    value -= BONUS * len(x.locked)
    facts, whole = pairless(x.pool, x.criteria), seen_whole(x, partial(watch, "explaining"))
    inside, leading = np.zeros(len(rows), np.bool_), np.zeros(len(columns), np.bool_)
    inside[np.argsort(rows)[found.mentee]] = True
    leading[np.argsort(columns)[found.mentor]] = True

    def alone(side: str, at: int, possible: int, row: int) -> Unmatched:
        watch("explaining", 0)
        reason = BY_TOPIC if possible else binding_limit(failed_with(whole, side, at))
        if side == "mentors" and x.pool.mentors.capacity[at] < found.least:
            reason = TOO_FEW_PLACES if x.pool.mentors.capacity[at] else "capacity"
        return Unmatched(row, reason, has_no_answer(facts, side, at, reason), possible, ())

    mentees = [
        alone("mentees", at, int(left.mentees[at]), int(rows[at])) for at in np.flatnonzero(~inside).tolist()
    ]
    mentors = [
        alone("mentors", at, int(left.mentors[at]), int(columns[at]))
        for at in np.flatnonzero(~leading).tolist()
    ]
    watch("proving", 1)
    return found._replace(
        bound=value,
        price_bound=value,
        price=priced.price[np.argsort(rows)],
        pairs_possible=left.waterfall.left[-1],
        waterfall=left.waterfall,
        unmatched_mentees=tuple(sorted(mentees, key=lambda one: one.person)),
        unmatched_mentors=tuple(sorted(mentors, key=lambda one: one.person)),
    )
