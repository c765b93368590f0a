"""Workshops by chance, of everybody in a programme: more want to come than there are places for."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from tests.histories.script import History, Planned, Step, Terms

ROUGHLY = 380  # days, over which they lie


def workshops(seed: str, histories: Sequence[History], begin: date, each: int) -> dict[str, Planned]:
    """So many for each programme, the same for the same seed."""
    rng = random.Random(f"{seed} workshops")
    found = {}
    for terms in dict.fromkeys(history.terms for history in histories):
        people = [one.name for history in histories if history.terms == terms for one in history.members]
        for _ in range(each):
            name = f"workshop {len(found)}"
            found[name] = Planned(terms, tuple(_Chance(rng, terms, people, begin).steps()))
    return found


class _Chance:
    def __init__(self, rng: random.Random, terms: Terms, people: Sequence[str], begin: date) -> None:
        self.rng, self.terms, self.people, self.begin = rng, terms, people, begin
        self.some = rng.sample(people, min(len(people), 12))

    def steps(self) -> list[Step]:
        return sorted(self._steps(), key=lambda step: step.at)

    def _steps(self) -> Iterator[Step]:
        day, ahead = self.rng.uniform(3, ROUGHLY), self.rng.choice((1, 2, 9, 20))
        facts = {"in_days": ahead, "hour": self.rng.randrange(8, 20)}
        audience = self.rng.choice(("everybody", "everybody", "mentors", "mentees"))
        yield self.step(day, "plan", audience=audience, places=self.rng.choice((0, 1, 2, 4)), **facts)
        for _ in range(self.rng.choice((1, 1, 2))):
            when = day + self.rng.uniform(0, ahead)
            yield self.step(when, "invite", network=self.likely(0.3))
            if self.likely(0.2):
                yield self.step(when, "undo_invitations", minutes=self.rng.choice((1, 5, 9, 11)))
        for who in self.some:
            yield from self._answers(who, day, ahead)
        yield from self._changes(day, ahead)
        yield from self._afterwards(day + ahead)

    def _answers(self, who: str, day: float, ahead: int) -> Iterator[Step]:
        for _ in range(self.rng.choice((0, 1, 1, 2, 3))):
            when, yes = day + self.rng.uniform(0.2, ahead + 0.5), self.likely(0.75)
            if self.likely(0.2):
                yield self.step(when, "come", of=who, yes=yes)
            else:
                yield self.step(when, "come", who, yes=yes)

    def _changes(self, day: float, ahead: int) -> Iterator[Step]:
        if self.likely(0.35):
            when = day + self.rng.uniform(0, ahead)
            later = {"in_days": self.rng.choice((1, 3, ahead)), "hour": self.rng.randrange(8, 20)}
            yield self.step(when, "move_workshop", **later)
        if self.likely(0.3):
            yield self.step(
                day + self.rng.uniform(0, ahead), "change_places", places=self.rng.choice((1, 3, 5))
            )
        if self.likely(0.15):
            yield self.step(day + self.rng.uniform(0, ahead + 1), "cancel_workshop")

    def _afterwards(self, day: float) -> Iterator[Step]:
        """Ticked, ticked anew, and what those say who were there."""
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            came = ",".join(one for one in self.some if self.likely(0.6))
            yield self.step(day + self.rng.choice((-0.5, 0.9, 1, 4)), "attend", came=came)
        for who in self.some:
            if self.likely(0.4):
                yield self.step(day + self.rng.choice((1, 5, 30, 65)), "opinion", who)

    def step(
        self, day: float, deed: str, who: str = "", *, minutes: int | None = None, **facts: object
    ) -> Step:
        """On a day from the beginning, at some minute of it; `minutes` after the last deed."""
        if minutes is not None:
            at = self.last + timedelta(minutes=minutes)
        else:
            minute = self.rng.randrange(1_440)
            at = datetime.combine(self.begin + timedelta(days=int(day)), time(minute // 60, minute % 60))
        self.last = at
        return Step(at, deed, who, 0, tuple(facts.items()))

    def likely(self, chance: float) -> bool:
        return self.rng.random() < chance
