"""Circles while they are being made: who sits where, and who could take whose seat."""

import numpy as np

from matcher.columns import I64, Flags
from matcher.structures.circle_pool import Peers

OUT = -1


class Tables:
    """
    Everybody is in a circle or out. `gain[i, c]` is what i earns with all members of circle c; `takes[j, i]`
    says that i could take j's seat, the others staying; the seats of those who are out are free for all.
    """

    def __init__(self, p: Peers, rooms: tuple[int, ...]) -> None:
        n = len(p.worth)
        self.peers = p
        self.rooms = list(rooms)
        self.circle: I64 = np.full(n, OUT, np.int64)
        self.members: list[list[int]] = [[] for _ in rooms]
        self.gain: I64 = np.zeros((n, len(rooms) + 1), np.int64)
        """The last column stands for those who are out: 0."""
        self.takes: Flags = np.ones((n, n), np.bool_)

    def fits(self, others: list[int], *, is_whole: bool) -> Flags:
        """bool[n]: could sit with these. A whole circle also keeps its number of grades."""
        p, rules = self.peers, self.peers.rules
        fit: Flags = np.logical_not(p.apart[:, others].any(axis=1))
        languages = p.speaks[others].all(axis=0)
        fit &= p.speaks[:, languages].any(axis=1)
        hours = p.hours[others].all(axis=0)
        fit &= p.hours[:, hours].sum(axis=1) >= rules.hours_least
        if rules.organisation_most:
            count = np.bincount(p.organisation[others], minlength=len(p.worth))
            fit &= count[p.organisation] < rules.organisation_most
        if is_whole and rules.grades_least > 1:
            present = np.unique(p.grade[others])
            present = present[present >= 0]
            is_new = (p.grade >= 0) & ~np.isin(p.grade, present)
            fit &= len(present) + is_new >= rules.grades_least
        return fit

    def grades(self, people: list[int]) -> int:
        grades = np.unique(self.peers.grade[people])
        return int((grades >= 0).sum())

    def sit(self, person: int, circle: int) -> None:
        self.members[circle].append(person)
        self.circle[person] = circle
        self.gain[:, circle] += self.peers.worth[:, person]

    def leave(self, person: int) -> None:
        circle = int(self.circle[person])
        self.members[circle].remove(person)
        self.circle[person] = OUT
        self.gain[:, circle] -= self.peers.worth[:, person]
        self.takes[person] = True

    def swap(self, one: int, other: int) -> None:
        """Change seats; at most one of them is out."""
        here, there = int(self.circle[one]), int(self.circle[other])
        for person, circle in ((one, here), (other, there)):
            if circle != OUT:
                self.leave(person)
        for person, circle in ((one, there), (other, here)):
            if circle != OUT:
                self.sit(person, circle)
        for circle in (here, there):
            if circle != OUT:
                self.renew(circle)

    def renew(self, circle: int) -> None:
        """Who could take each seat of the circle."""
        for seat in self.members[circle]:
            others = [person for person in self.members[circle] if person != seat]
            self.takes[seat] = self.fits(others, is_whole=True)

    def swap_gains(self) -> I64:
        """int64[n, n]: what the value gains when two change seats, whether or not they may."""
        n = len(self.circle)
        at = self.gain[:, self.circle]
        hers = self.gain[np.arange(n), self.circle]
        sits = (self.circle != OUT).astype(np.int64)
        gained: I64 = at + at.T - hers[:, None] - hers - (sits[:, None] + sits) * self.peers.worth
        return gained

    def may_swap(self) -> Flags:
        may: Flags = self.takes & self.takes.T & (self.circle[:, None] != self.circle)
        return may

    @property
    def value(self) -> int:
        return int(self.gain[np.arange(len(self.circle)), self.circle].sum()) // 2

    @property
    def placed(self) -> int:
        return int((self.circle != OUT).sum())
