"""
What it costs to force one pair, from the prices of a run and one repair: nothing is solved again.

The mentor has to let somebody go, who goes elsewhere, and so on, until a place is free, somebody is left unmatched, or
the place is reached that the mentee gave up. The cheapest such chain is a shortest path over prices minus scores
(`matcher.forcing`), searched here from the mentor on; of each person met, the pairs that could matter are scored when
she is met. So it is exact over all pairs, and few of them are looked at.
"""

from heapq import heappop, heappush
from typing import NamedTuple, Protocol

import numpy as np

from matcher.columns import I32, I64
from matcher.given import Given
from matcher.quotas import Floor, floor
from matcher.scan.layout import Packed
from matcher.scan.packing import pack
from matcher.scan.scanning import HIGHEST_PRICE, top_mentors
from matcher.tables import max_score

FEW = 32
"""Mentors fetched of each person met; eight times as many where these do not reach far enough."""

BATCH = 512
"""People looked up at a time."""

NO_WAY = 1 << 40

STEPS = 1_000
"""Moves followed before a run is rather solved anew: a large pool where places are scarce takes longer than that."""

MENTOR, PERSON = 0, 1
"""What an entry of the heap is."""


class TooFar(Exception):
    """The search followed as many moves as it may, and there are more."""


class Optimum(Protocol):
    """Of a matching of greatest total, what a repair starts from: named as in `results.Matching`."""

    @property
    def mentee(self) -> I32: ...
    @property
    def mentor(self) -> I32: ...
    @property
    def mentee_price(self) -> I64: ...
    @property
    def mentor_price(self) -> I64: ...
    @property
    def mentee_quota_price(self) -> I64: ...
    @property
    def mentor_quota_price(self) -> I64: ...


class Standing(NamedTuple):
    """A run as it stands on the floor: people first, then stand-ins."""

    floor: Floor
    packed: Packed
    match: I32
    mentee_price: I64
    mentor_price: I64
    holders: dict[int, list[int]]
    """Mentees of each mentor who has some."""
    mentee_organisation: I32
    mentor_organisation: I32
    stand_in: dict[int, int]
    """Column of the stand-in mentor of each organisation that has one."""


class Row(NamedTuple):
    """Where one mentee could go."""

    mentor: list[int]
    slack: list[int]
    known: int
    """Every move that costs less is here."""


def force(
    x: Given, matching: Optimum, mentee: int, mentor: int, points: int, *, steps: int | None = None
) -> tuple[bool, int | None]:
    """
    Whether a pair is matched, and the points lost when it is forced; None when locks or quotas leave no way.

    `matching` is a result of this pool, of greatest total; a pair that a limit forbids is answered as if none did.

    Raises:
        TooFar: it takes more than so many steps.
    """
    where = np.flatnonzero(matching.mentee == mentee)
    if len(where) and matching.mentor[where[0]] == mentor:
        return True, 0
    run = stand(x, matching)
    if not run.floor.free[mentee] or run.floor.capacity[mentor] <= 0:
        return False, None
    way = cheapest(run, mentor, int(run.match[mentee]), steps)
    ask = int(run.mentee_price[mentee] + run.mentor_price[mentor]) + way
    # See `dense.asking_scores`: what costs more would leave a stand-in out and break a quota.
    return False, None if ask > run.floor.steep // 2 else ask - points


def stand(x: Given, matching: Optimum) -> Standing:
    """Prices and pairs with the stand-ins put back, of which a matching keeps only what they did to prices."""
    ground = floor(x.pool, x.locked, x.quotas, max_score(x.criteria))
    n, m = ground.mentees, ground.mentors
    rows, columns = n + len(ground.stand_in_of), len(ground.capacity)
    match = np.full(rows, -1, np.int32)
    match[matching.mentee] = matching.mentor
    match[~np.append(ground.free, np.ones(rows - n, np.bool_))] = -1
    u, v = np.zeros(rows, np.int64), np.zeros(columns, np.int64)
    u[:n], v[:m] = matching.mentee_price, matching.mentor_price
    for organisation, _, column in ground.mentee_quota:
        quota = int(matching.mentee_quota_price[organisation])
        here = ground.free & (x.pool.mentees.organisation == organisation)
        u[:n][here] += quota
        v[column] = ground.steep - quota
        spare = np.flatnonzero(here & (match[:n] < 0))
        match[spare[: ground.capacity[column]]] = column
    for organisation, _ in ground.mentor_quota:
        quota = int(matching.mentor_quota_price[organisation])
        here = (x.pool.mentors.organisation == organisation) & (ground.capacity[:m] > 0)
        v[:m][here] += quota
        stand_ins = n + np.flatnonzero(ground.stand_in_of == organisation)
        u[stand_ins] = ground.steep - quota
        left = np.where(here & (matching.mentor_price == 0), ground.capacity[:m], 0)
        left -= np.where(left > 0, np.bincount(match[match >= 0], minlength=columns)[:m], 0)
        match[stand_ins] = np.repeat(np.arange(m), left)[: len(stand_ins)]
    holders: dict[int, list[int]] = {}
    for i in np.flatnonzero(match >= 0).tolist():
        holders.setdefault(int(match[i]), []).append(i)
    return Standing(
        ground, pack(x.pool, x.criteria, x.forbidden), match, u, v, holders, x.pool.mentees.organisation,
        x.pool.mentors.organisation, {organisation: column for organisation, _, column in ground.mentee_quota},
    )  # fmt: skip


def cheapest(run: Standing, source: int, target: int, steps: int | None = None) -> int:
    """
    Points lost when mentor `source` takes one more mentee and `target` (-1: nobody) loses one.

    Dijkstra's method. The heap also holds people whose further moves are not known yet, as far away as these could be.
    """
    found: dict[int, Row] = {}
    at, nearest = {source: 0}, exit_from(run, source, 0)
    heap, taken = [(0, MENTOR, source, 0)], 0
    while heap and heap[0][0] < nearest:
        if taken == steps:
            raise TooFar
        taken += 1
        key, kind, who, far = heappop(heap)
        if kind == MENTOR:
            if key > at[who]:
                continue
            nearest = min(nearest, key if who == target else exit_from(run, who, key))
            people = run.holders.get(who, [])
            if any(i not in found for i in people):
                fetch(run, found, [i for i in beside(run, heap, who) if i not in found], nearest)
        else:
            if far + found[who].known <= key:
                others = (i for _, what, i, _ in heap[:BATCH] if what == PERSON)
                fetch(run, found, [who, *(i for i in others if i != who)], nearest)
            people, key = [who], far
        for i in people:
            row = found[i]
            for k, slack in zip(row.mentor, row.slack, strict=True):
                if key + slack >= nearest:
                    break
                if key + slack < at.get(k, NO_WAY):
                    at[k] = key + slack
                    heappush(heap, (key + slack, MENTOR, k, 0))
            if key + row.known < nearest:
                heappush(heap, (key + row.known, PERSON, i, key))
    return nearest


def beside(run: Standing, heap: list[tuple[int, int, int, int]], mentor: int) -> list[int]:
    """Everybody who is held by a mentor in the heap: they will be wanted soon, and are quicker looked up together."""
    mentors = {mentor, *(who for _, kind, who, _ in heap[:BATCH] if kind == MENTOR)}
    return [i for j in sorted(mentors) for i in run.holders.get(j, [])]


def exit_from(run: Standing, mentor: int, at: int) -> int:
    """The chain ends here: a place is free, or one of hers stays unmatched."""
    holders = run.holders.get(mentor, [])
    if len(holders) < run.floor.capacity[mentor]:
        return at
    return at + min((int(run.mentee_price[i]) for i in holders), default=NO_WAY)


def fetch(run: Standing, found: dict[int, Row], people: list[int], reach: int) -> None:
    """Rows of these people, as far as `reach`, or of as many mentors as before times eight."""
    n = run.floor.mentees
    real = [i for i in people if i < n]
    for wide in sorted({width_of(found, i) for i in real}):
        rows = np.array([i for i in real if width_of(found, i) == wide], np.int32)
        keep = min(wide, len(run.packed.lane_of))
        price, u = run.mentor_price[: run.floor.mentors], run.mentee_price[rows]
        lists = top_mentors(run.packed, rows, keep, mentor_price=price, above=u - reach - 1)
        for at, i in enumerate(rows.tolist()):
            count = int(lists.length[at])
            mentor, score = (
                lists.person[at, :count].astype(np.int64),
                lists.score[at, :count].astype(np.int64),
            )
            slack = u[at] + price[mentor] - score
            known = reach
            if count == keep < len(run.packed.lane_of):
                known = int(u[at] - (score - np.minimum(price[mentor], HIGHEST_PRICE)).min())
            found[i] = with_stand_in(run, i, mentor, slack, known)
    for i in people:
        if i >= n:
            found[i] = of_stand_in(run, i)


def width_of(found: dict[int, Row], i: int) -> int:
    return 8 * max(len(found[i].mentor), FEW) if i in found else FEW


def with_stand_in(run: Standing, i: int, mentor: I64, slack: I64, known: int) -> Row:
    """A real mentee's row; hers may be a quota's stand-in, too. Mentors who offer no place are no way."""
    is_open = run.floor.capacity[mentor] > 0
    mentor, slack = mentor[is_open], slack[is_open]
    column = run.stand_in.get(int(run.mentee_organisation[i]))
    if column is not None:
        mentor = np.append(mentor, column)
        slack = np.append(slack, run.mentee_price[i] + run.mentor_price[column] - run.floor.steep)
    order = np.argsort(slack, kind="stable")
    return Row(mentor[order].tolist(), slack[order].tolist(), known)


def of_stand_in(run: Standing, i: int) -> Row:
    """A stand-in may take every place of its organisation."""
    organisation = run.floor.stand_in_of[i - run.floor.mentees]
    mentor = np.flatnonzero(
        (run.mentor_organisation == organisation) & (run.floor.capacity[: run.floor.mentors] > 0)
    )
    slack = run.mentee_price[i] + run.mentor_price[mentor] - run.floor.steep
    order = np.argsort(slack, kind="stable")
    return Row(mentor[order].tolist(), slack[order].tolist(), NO_WAY)
