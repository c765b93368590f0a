"""Histories by chance: what people are likely to do, and now and then what nobody would expect."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from tests.histories.programmes import CHOICES, DESKS, GROUNDS, OFTEN, TERMS, TICKED, ZONES
from tests.histories.script import (
    CIRCLE,
    MENTEE,
    MENTOR,
    PAIR,
    PEER,
    History,
    Member,
    Step,
    moment,
)


def histories(seed: str, count: int, zone: str, begin: date) -> list[History]:
    """`count` of them from `begin` on, the same for the same seed."""
    return [
        _Chance(random.Random(f"{seed} {number}"), number, zone, begin).history() for number in range(count)
    ]


class _Chance:
    def __init__(self, rng: random.Random, number: int, zone: str, begin: date) -> None:
        self.rng, self.zone, self.begin = rng, zone, begin
        self.terms = rng.choice(TERMS)
        self.mentor = (
            self._member(f"Peer {number}", PEER, 1)
            if self.terms.structure == CIRCLE
            else self._member(f"Mentor {number}", MENTOR, rng.choice((1, 1, 2)))
        )
        letters = "abcd"[: rng.choice((1, 1, 2) if self.terms.structure == PAIR else (3, 3, 4))]
        role, word = (PEER, "Peer") if self.terms.structure == CIRCLE else (MENTEE, "Mentee")
        others = [self._member(f"{word} {number}{letter}", role, 1) for letter in letters]
        self.members = (self.mentor, *others)
        self.pairs: list[tuple[str, ...]] = [(self.mentor.name, one.name) for one in others]
        if self.terms.structure != PAIR:
            self.pairs = [tuple(one.name for one in self.members)]
        if rng.random() < 0.3:
            self.pairs.append(rng.choice(self.pairs))  # proposed to each other once more

    def _member(self, name: str, role: str, capacity: int) -> Member:
        return Member(name, role, capacity, self.rng.random() < 0.9, self.rng.choice(ZONES))

    def history(self) -> History:
        steps: list[Step] = []
        for number, _ in enumerate(self.pairs):
            late = 0 if number == 0 else self.rng.choice((0, 3, 40, 200))
            steps += self._case(number, late + self.rng.choice((0, 0, 1, 5)))
        steps.sort(key=lambda step: moment(step.at, self.zone))
        return History(self.terms, self.members, tuple(self.pairs), tuple(steps))

    def _case(self, pair: int, day: float) -> Iterator[Step]:
        both = self.pairs[pair]
        ask = self._proposal if self.terms.structure == PAIR else self._party
        begun = yield from ask(pair, day, both)
        yield from self._year(pair, begun, both)
        yield from self._agreeing(pair, begun, both)
        for to in DESKS[: self.rng.choice((0, 0, 1, 2))]:
            deed = "hand_over" if self.likely(0.95) else "hand_over_all"
            begun += self.rng.uniform(-1, 100)
            yield self.step(begun, deed, "", pair, to=to)
        if self.likely(0.25):
            yield from self._leaving(pair, day + self.rng.uniform(0, 380), self.rng.choice(both))
        for _ in range(self.rng.choice((0, 1, 3))):
            yield self._anything(pair, day + self.rng.uniform(0, 420), both)

    def _approval(self, pair: int, day: float) -> Iterator[Step]:
        yield self.step(day, "propose", "", pair)
        if self.likely(0.15):
            after = self.rng.choice((0.003, 0.005, 0.009))  # four, seven, thirteen minutes
            yield self.step(day, "undo", "", pair, minutes=int(after * 1440))
            yield self.step(day, "propose", "", pair, minutes=20)

    def _proposal(self, pair: int, day: float, both: tuple[str, ...]) -> Iterator[Step]:
        yield from self._approval(pair, day)
        last = day
        for who in both:
            if self.likely(0.92):
                when = day + self.rng.choice((0.3, 0.6, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 8, 10))
                yield self.answer(when, pair, who, "meet", self.likely(0.94))
                last = max(last, when)
        if self.likely(0.7):
            for _ in range(self.rng.choice((1, 1, 2, 3))):
                when = last + self.rng.uniform(0.1, 25)
                by = self.rng.choice((*both, ""))
                yield self.step(
                    when, "set_day", by, pair, in_days=self.rng.choice((-20, -1, 0, 1, 5, 14, 30, 70))
                )
        if self.likely(0.06):
            yield self.step(day + self.rng.uniform(0, 70), "withdraw", "", pair)
        begun = last
        for who in both:
            if self.likely(0.92):
                when = last + self.rng.choice((0.5, 3, 12, 15, 16, 20, 33, 60, 63, 70))
                yield self.answer(when, pair, who, "go_on", self.likely(0.93))
                begun = max(begun, when)
        return begun

    def _party(self, pair: int, day: float, people: tuple[str, ...]) -> Iterator[Step]:
        """All are asked together; some may leave it while the others go on."""
        yield from self._approval(pair, day)
        last = day
        for who in people:
            if self.likely(0.9):
                when = day + self.rng.choice((0.3, 0.6, 1, 1, 2, 2, 3, 4, 5, 8))
                yield self.answer(when, pair, who, "take_part", self.likely(0.88))
                last = max(last, when)
        if self.likely(0.3):
            yield self.step(day + self.rng.uniform(0.1, 9), "begin_now", "", pair)
        if self.likely(0.06):
            yield self.step(day + self.rng.uniform(0, 9), "withdraw", "", pair)
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            wish = self.rng.choice(CHOICES)
            gone = last + self.rng.uniform(1, 260)
            yield self.step(gone, "let_go", "", pair, of=self.rng.choice(people), wish=wish)
        return last

    def _agreeing(self, pair: int, begun: float, people: tuple[str, ...]) -> Iterator[Step]:
        """Filled in, signed by all, looked at again, changed."""
        day = begun + self.rng.choice((0.5, 3, 15, 30))
        for often in self.rng.sample(OFTEN, self.rng.choice((0, 1, 1, 2))):
            day += self.rng.choice((0.2, 1, 20, 90))
            if self.likely(0.5):
                yield self.step(day, "amend", self.rng.choice(people), pair)
            yield self.step(day, "fill", self.rng.choice(people), pair, often=often, is_said=self.likely(0.9))
            if self.likely(0.3):
                late = self.rng.choice(people)
                yield self.step(day + self.rng.uniform(0, 3), "open_agreement", late, pair)
                again = self.rng.choice(people)
                yield self.step(
                    day + self.rng.uniform(1, 5), "fill", again, pair, often="Often", is_said=True
                )
                yield self.step(
                    day + self.rng.uniform(4, 9), self.rng.choice(("sign", "sign", "drop")), late, pair
                )
            if self.likely(0.1):
                yield self.step(day + self.rng.uniform(0, 9), "change_text", "", pair)
            for who in people:
                if self.likely(0.9):
                    yield self.step(day + self.rng.choice((1, 2, 2, 8)), "sign", who, pair)
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            yield self.step(day + self.rng.uniform(20, 300), "keep", self.rng.choice(people), pair)

    def _year(self, pair: int, begun: float, both: tuple[str, ...]) -> Iterator[Step]:
        for after in self.terms.check_up_days:
            if self.likely(0.7):
                yield self.step(begun + after + self.rng.choice((-5, 0, 0, 1, 9)), "check_up_done", "", pair)
            for who in both:
                if self.likely(0.5):
                    yield self.step(begun + after + self.rng.uniform(0.5, 20), "reply", who, pair)
        if self.likely(0.4):
            day = begun + self.rng.uniform(0, 300)
            yield self.step(
                day, "check_up_moved", "", pair, in_days=self.rng.choice((-1, 0, 7, 90, 732, 733))
            )
        for _ in range(self.rng.choice((0, 1, 3, 6))):
            yield from self._meeting(pair, begun + self.rng.uniform(0, 300), both)
        yield from self._talking(pair, begun, both)
        over = begun + self.terms.term_months * 30.4
        if self.likely(0.75):
            over = begun + self.rng.uniform(1, self.terms.term_months * 31 + 25)
            wishes = {"mentor": self.rng.choice(CHOICES), "mentee": self.rng.choice(CHOICES)}
            if self.terms.structure != PAIR:
                wishes = dict.fromkeys(wishes, CHOICES[0])
            yield self.step(over, "end", "", pair, **wishes)
        for who in both:
            if self.likely(0.7):
                day = over + self.rng.uniform(0.5, 40)
                yield self.step(day, "evaluate", who, pair, goes_on=self.likely(0.2))
            if self.likely(0.2):
                deed = self.rng.choice(("record", "close_evaluation"))
                facts = {"of": who} | ({"goes_on": self.likely(0.3)} if deed == "record" else {})
                yield self.step(over + self.rng.uniform(0.5, 45), deed, "", pair, **facts)

    def _meeting(self, pair: int, day: float, both: tuple[str, ...]) -> Iterator[Step]:
        by, other = self.rng.sample(both, 2)
        ahead = self.rng.choice((1, 2, 6, 20))
        yield self.step(day, "offer", by, pair, in_days=ahead)
        agreed = day + self.rng.uniform(0, ahead)
        yield self.step(agreed, "agree", self.rng.choice((other, other, by)), pair)
        if self.likely(0.25):
            yield self.step(agreed, "move", by, pair, minutes=self.rng.choice((5, 300)), in_days=ahead + 2)
            yield self.step(
                agreed + self.rng.uniform(0, 2), "agree", self.rng.choice((other, other, by)), pair
            )
            ahead += 2
        if self.likely(0.3):
            yield self.step(day + self.rng.uniform(0, ahead), "cancel", self.rng.choice(both), pair)
        for who in both:
            if self.likely(0.4):
                after = day + ahead + self.rng.choice((-1, 0, 1, 1, 2, 30, 70))
                yield self.step(after, "say", who, pair, met=self.likely(0.7))

    def _talking(self, pair: int, begun: float, both: tuple[str, ...]) -> Iterator[Step]:
        """Noted meetings, the three questions, notice."""
        for _ in range(self.rng.choice((0, 0, 1, 4))):
            day, who = begun + self.rng.uniform(0, 330), self.rng.choice(both)
            yield self.step(day, "note", who, pair, in_days=self.rng.choice((-40, -3, -1, 0, 0, 1)))
        for _ in range(self.rng.choice((0, 0, 1, 2))):
            day = begun + self.rng.choice((5, 28, 29, 40, 100))
            yield self.step(day, "ask_three", "", pair)
            for who in both:
                if self.likely(0.5):
                    said = self.rng.choice(("yes", "yes", "no", "unsure"))
                    yield self.step(day + self.rng.uniform(0, 20), "answer_three", who, pair, goes_on=said)
        if self.likely(0.25):
            day, who = begun + self.rng.uniform(0, 330), self.rng.choice(both)
            yield self.step(day, "give_notice", who, pair, ground=self.rng.choice(GROUNDS))
            if self.likely(0.4):
                by = self.rng.choice((who, who, *both))
                yield self.step(day + self.rng.choice((0.1, 3, 25, 29)), "take_back_notice", by, pair)
            if self.likely(0.3):
                again = day + self.rng.uniform(0, 40)
                yield self.step(
                    again, "give_notice", self.rng.choice(both), pair, ground=self.rng.choice(GROUNDS)
                )

    def _leaving(self, pair: int, day: float, who: str) -> Iterator[Step]:
        yield self.step(day, "leave", who, pair)
        if self.likely(0.6):
            day += self.rng.choice((0.1, 1, 10, 80))
            yield self.step(day, "come_back", who, pair)
            if self.likely(0.6):
                yield self.step(day + self.rng.uniform(0.1, 30), "make_ready", "", pair, of=who)
            if self.likely(0.4):
                yield self.step(day + self.rng.uniform(0.1, 90), "leave", who, pair)

    def _anything(self, pair: int, day: float, both: tuple[str, ...]) -> Step:
        who = self.rng.choice(both)
        return self.rng.choice(
            (
                self.step(day, "tick", "", pair, kind=self.rng.choice(TICKED)),
                self.step(day, "propose", "", pair),
                self.step(day, "undo", "", pair),
                self.step(day, "withdraw", "", pair),
                self.answer(day, pair, who, self._question(), self.likely(0.8)),
                self.step(day % 30, "note_answer", "", pair, of=who, to=self._question(), yes=True),
                self.step(day, "come_back", who, pair),
                self.step(day, "check_up_done", "", pair),
                self.step(day, "reply", who, pair),
                self.step(day, "evaluate", who, pair, goes_on=False),
                self.step(day, "cancel", who, pair),
            )
        )

    def _question(self) -> str:
        return self.rng.choice(("meet", "go_on")) if self.terms.structure == PAIR else "take_part"

    def answer(self, day: float, pair: int, who: str, to: str, is_yes: bool) -> Step:
        if self.likely(0.15):
            return self.step(day, "note_answer", "", pair, of=who, to=to, yes=is_yes)
        return self.step(day, "answer", who, pair, to=to, yes=is_yes)

    def step(
        self, day: float, deed: str, who: str, pair: int, *, minutes: int | None = None, **facts: object
    ) -> Step:
        """On a day from the beginning, at some minute of it; `minutes` after the last deed of the case."""
        if minutes is not None:
            at = self.last + timedelta(minutes=minutes)
        else:
            minute = self.rng.choice((1, 479, 555, 720, 1_000, 1_438, self.rng.randrange(1_440)))
            at = datetime.combine(self.begin + timedelta(days=int(day)), time(minute // 60, minute % 60))
        self.last = at
        return Step(at, deed, who, pair, tuple(facts.items()))

    def likely(self, chance: float) -> bool:
        return self.rng.random() < chance
