"""
The stable matching of a pool of any size: the pairs of `matcher.modes.greedy.stable`, from a few lists.

Taking pairs from the best down is never regretted. So known pairs are taken in their order up to where somebody's list
ends who is still to be had; then lists are made anew among those who are left. Mentees' lists nearly always do. Where all want
the same mentors each would know only these; there mentors' lists say whom they get. Where all of both
sides have the same favourites, a few people at the top of it are asked, and get long lists.
"""

from collections.abc import Callable

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.given import Given
from matcher.large.ranking import Ranking, joined, listed, some
from matcher.modes import greedy
from matcher.scan.fewer import with_mentors
from matcher.scan.layout import Packed
from matcher.scan.lists import Lists
from matcher.scan.scanning import HIGHEST_PRICE, top_mentees, top_mentors
from matcher.solve.picking import UNSURE, Frontier, Pairs, Room, take

MOST_ENTRIES = 1 << 20
"""Of longer lists than the first, all together."""

FEWEST_EACH = 16
"""Entries of a list, as long as so many are open."""

MOST_OF_MENTOR = 1024
"""Entries of a mentor's list: buffers are made for 2,048 mentors at a time."""

AT_ONCE = 1 << 19
"""Pairs that are sorted together: a tenth of a second."""

FEW_LEFT = 4
"""Who has less than one in so many entries left is asked along with those who stand in the way."""

SHARE = 16
"""One in so many of the open people of a side is asked at least: less is not worth a scan."""

LITTLE = 8
"""Lists that bring less than one in so many of the open mentees a mentor are made otherwise the next time."""

COST_OF_ENTRY = 60
"""Pairs that are scanned in the time in which one entry is kept, sorted and taken."""

COST_OF_SCAN = 1000
"""The same of what each scan costs beside it, for each person of the pool."""

HOPED = 0.05
"""The share of open mentees for whom mentors' lists should do, where they were not tried."""

STALE = 1.1
"""By so much what was not tried again becomes more promising with each time."""

UNASKED = 1 << 60
ALL = -1
"""Of somebody whose pairs are all known."""


class Side:
    """How far the lists of one side are known, and how the next ones are made."""

    def __init__(self, people: int, each: int, until: int) -> None:
        self.until = np.full(people, until, np.int64)
        """int64[people]: see `Frontier`."""
        self.asked = np.zeros(people, np.bool_)
        """bool[people]: the last time."""
        self.most, self.each = max(people, 1), each
        """How many are asked at once, and for how many entries."""
        self.gain = np.inf
        """Pairs taken for each that was scanned, the last time."""
        self.cost = 0

    def frontier(self, is_open: Flags) -> Frontier:
        people = np.flatnonzero(is_open & (self.until > ALL))
        people = people[np.argsort(-self.until[people], kind="stable")]
        return Frontier(people.astype(np.int32), self.until[people])

    def farthest(self, among: Flags) -> int:
        return int(self.until[among].max(initial=ALL))

    def whom(self, is_open: Flags, bound: int, left: I64) -> I32:
        """Who stands in the way, and who will do so soon, the first of them first; left int64[people]: known pairs still open."""
        people = self.frontier(is_open).person
        is_due = (self.until[people] >= bound) | (left[people] * FEW_LEFT < self.each)
        is_due[: int(is_open.sum()) // SHARE] = True
        people = people[is_due]
        return people[: max(self.most, int((self.until[people] == UNASKED).sum()))]

    def learn(self, taken: int, open_mentees: int, is_open: Flags) -> None:
        """
        What the last lists brought; when little, others are made the next time.

        Longer ones, for fewer people, where those who were asked stand in the way again, shorter ones for more where others do.
        """
        self.gain = taken / self.cost
        if taken * LITTLE >= open_mentees:
            return
        if self.farthest(is_open & self.asked) >= self.farthest(is_open & ~self.asked):
            self.each *= 2
            self.most = max(MOST_ENTRIES // self.each, 1)
        else:
            self.most = min(2 * self.most, len(self.until))
            self.each = max(min(self.each, MOST_ENTRIES // self.most), FEWEST_EACH)


class Search:
    """The pairs taken so far, and what is known of the others."""

    def __init__(
        self, x: Given, packed: Packed, first: Lists, threads: int, pause: Callable[[float], None]
    ) -> None:
        n, m = len(x.pool.mentees.key), len(x.pool.mentors.key)
        self.packed, self.threads, self.pause = packed, threads, pause
        self.ranking = Ranking(x.pool)
        self.room = room_of(x)
        self.match = np.full(n, -1, np.int32)
        self.at_first = max(int(self.room.wants.sum()), 1)
        self.pairs = Pairs(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))
        each = first.score.shape[1]
        self.mentees = Side(n, each, ALL)
        self.mentors = Side(m, each, UNASKED)
        self.add(self.mentees, np.arange(n, dtype=np.int32), first, m)

    def is_open(self) -> tuple[Flags, Flags]:
        room = self.room
        ours: Flags = room.wants & (room.mentee_quota[room.mentee_at] > 0)
        theirs: Flags = (room.places > 0) & (room.mentor_quota[room.mentor_at] > 0)
        return ours, theirs

    def tell(self, _done: float = 0) -> None:
        self.pause(1 - int(self.room.wants.sum()) / self.at_first)

    def add(self, side: Side, people: I32, lists: Lists, others: int) -> None:
        """Takes in what the lists of `people` hold; others: how many there are that could be in them."""
        width = lists.score.shape[1]
        step, parts = max(AT_ONCE // width, 1), [self.pairs]
        for begin in range(0, len(people), step):
            part = slice(begin, begin + step)
            one, other, score = listed(people[part], Lists._make(column[part] for column in lists))
            mentee, mentor = (one, other) if side is self.mentees else (other, one)
            parts.append(self.ranking.pairs(mentee, mentor, score))
            self.tell()
        self.pairs = joined(parts)
        self.tell()
        side.asked[:] = False
        side.asked[people] = True
        side.until[people] = ALL
        cut = np.flatnonzero(lists.length == width) if width < others else np.zeros(0, np.int64)
        one, other, score = people[cut], lists.person[cut, -1], lists.score[cut, -1]
        mentee, mentor = (one, other) if side is self.mentees else (other, one)
        side.until[one] = self.ranking.worth(mentee, mentor, score) >> UNSURE

    def take(self) -> int:
        """Takes what is known to be next, and answers how many pairs that were; keeps what it did not come to."""
        before = int(self.room.wants.sum())
        while True:
            ours, theirs = self.is_open()
            self.pairs = some(self.pairs, ours[self.pairs.mentee] & theirs[self.pairs.mentor])
            self.tell()
            rest = self.pairs
            if len(rest.worth) > AT_ONCE:
                is_next = rest.worth >= np.partition(rest.worth, -AT_ONCE)[-AT_ONCE]
                self.tell()
            else:
                is_next = np.ones(len(rest.worth), np.bool_)
            here = self.ranking.in_order(some(rest, is_next))
            self.tell()
            end = take(
                here, self.mentees.frontier(ours), self.mentors.frontier(theirs), self.room, self.match
            )
            self.tell()
            self.pairs = some(rest, ~is_next)
            if end < len(here.worth):
                self.pairs = joined([Pairs._make(column[end:] for column in here), self.pairs])
            if end < len(here.worth) or not len(self.pairs.worth):
                ours, theirs = self.is_open()
                self.pairs = some(self.pairs, ours[self.pairs.mentee] & theirs[self.pairs.mentor])
                return before - int(self.room.wants.sum())

    def ask(self, side: Side, bound: int) -> None:
        ours, theirs = self.is_open()
        is_ours = side is self.mentees
        mine, others = (ours, theirs) if is_ours else (theirs, ours)
        left = np.bincount(self.pairs.mentee if is_ours else self.pairs.mentor, minlength=len(mine))
        people = side.whom(mine, bound, left)
        self.tell()
        count = int(others.sum())
        each = min(side.each, count)
        side.cost = len(people) * (count + COST_OF_ENTRY * each) + COST_OF_SCAN * (len(ours) + len(theirs))
        lists = self.mentors_of(people, each, theirs) if is_ours else self.mentees_of(people, each, ours)
        self.add(side, people, lists, count)

    def mentors_of(self, people: I32, each: int, is_open: Flags) -> Lists:
        """Other processes know the whole pool; alone, a scan is quicker where the mentors who suit best are open."""
        packed, columns = self.packed, np.arange(len(is_open))
        if packed.others is None:
            columns = np.flatnonzero(is_open)
            packed = with_mentors(packed, columns)
            self.tell()
        price = np.where(is_open[columns], 0, HIGHEST_PRICE)
        lists = top_mentors(
            packed, people, each, mentor_price=price, above=0, is_scattered=True, threads=self.threads,
            pause=self.tell,
        )  # fmt: skip
        return lists._replace(person=np.append(columns, -1)[lists.person].astype(np.int32))

    def mentees_of(self, people: I32, each: int, is_open: Flags) -> Lists:
        few = with_mentors(self.packed, people.astype(np.int64))
        self.tell()
        rows = np.flatnonzero(is_open).astype(np.int32)
        return top_mentees(
            few, None, each, above=0, rows=rows, is_scattered=True, threads=self.threads, pause=self.tell
        )

    def next_side(self) -> Side:
        ours, theirs = self.is_open()
        n, m = int(ours.sum()), int(theirs.sum())
        if self.mentors.each > MOST_OF_MENTOR:
            return self.mentees
        hoped = self.mentors.gain
        if hoped == np.inf:
            hoped = HOPED * n / (m * (n + COST_OF_ENTRY * self.mentors.each))
        return self.mentees if self.mentees.gain >= hoped else self.mentors


def stable_of(x: Given, packed: Packed, first: Lists, threads: int, pause: Callable[[float], None]) -> I32:
    """
    int32[n], -1 = unmatched; locked mentees are left out. The same pairs as `matcher.modes.greedy.stable` gives.

    `first`: the best mentors of every mentee, with score > 0, `is_scattered`. Mentors' lists are made here alone, others
    together with `packed.others`.
    """
    search = Search(x, packed, first, threads, pause)
    search.take()
    while True:
        ours, theirs = search.is_open()
        bound = min(search.mentees.farthest(ours), search.mentors.farthest(theirs))
        if bound == ALL:
            return search.match
        side, before = search.next_side(), int(ours.sum())
        search.ask(side, bound)
        taken = search.take()
        ours, theirs = search.is_open()
        side.learn(taken, before, ours if side is search.mentees else theirs)
        other = search.mentors if side is search.mentees else search.mentees
        other.gain *= STALE


def room_of(x: Given) -> Room:
    left = greedy.room_of(x.pool, x.locked, x.quotas)
    wants, places = left.free.copy(), left.places
    return Room(
        wants,
        places,
        *quota_of(left.mentee_quota, x.pool.mentees.organisation),
        *quota_of(left.mentor_quota, x.pool.mentors.organisation),
    )


def quota_of(quota: I64, organisation: I32) -> tuple[I64, I32]:
    """One quota more, never used up, for whoever is of no organisation that has one."""
    has_one = (organisation >= 0) & (organisation < len(quota))
    at = np.where(has_one, organisation, len(quota)).astype(np.int32)
    return np.append(quota, greedy.NEVER), at
