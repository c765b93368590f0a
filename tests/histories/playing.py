"""Plays histories day by day, in the product and in the model, and says where the two differ."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import time_machine

from infra import clock
from infra.db.session import Database
from infra.ground import Ground
from tests.histories import building
from tests.histories.desk import Rules
from tests.histories.house import House
from tests.histories.programmes import DAYS
from tests.histories.script import History, Planned, Step, moment

MORNING = time(8, 30)  # by the coordinator's clock
SWEPT_AT = time(10)
ENOUGH = 40  # differences: what follows from them tells nothing more
LOOKED_EACH = 20  # days, also where nothing is to happen
Deed = tuple[datetime, str, Step]


class Play:
    """
    `every_day`: each day with all turns of the timetable, and compared each evening. Else only those days are
    lived on which somebody does something, or something happens by itself, by the model, and some between.
    """

    def __init__(
        self, house: House, histories: Sequence[History], planned: Mapping[str, Planned], *, every_day: bool
    ) -> None:
        self.house, self.every_day = house, every_day
        self.model = Rules(house.zone, list(histories), {name: one.terms for name, one in planned.items()})
        self.differences: list[str] = []
        self.known: dict[str, tuple[object, object]] = {}  # what differs, so that it is told once
        self.days: dict[date, list[Deed]] = {}
        for at, history in enumerate(histories):
            self._enter({f"{at}.{number}": history.steps_of(number) for number in range(len(history.pairs))})
        self._enter({name: one.steps for name, one in planned.items()})

    def _enter(self, steps: Mapping[str, Sequence[Step]]) -> None:
        for about, several in steps.items():
            for step in several:
                deed = (moment(step.at, self.house.zone), about, step)
                self.days.setdefault(step.at.date(), []).append(deed)

    async def run(self, begin: date, hand: Any, mails: list[Any]) -> None:
        self.hand, self.mails = hand, mails
        day = begin
        while day < begin + timedelta(days=DAYS) and len(self.differences) < ENOUGH:
            await self._live(day)
            day = self._next(day)
        await self._compare(letters=True)

    def _next(self, day: date) -> date | None:
        after = day + timedelta(days=1)
        if self.every_day:
            return after
        by_itself = self.model.next_day()
        days = [one for one in self.days if one > day] + ([max(by_itself, after)] if by_itself else [])
        return min([*days, day + timedelta(days=LOOKED_EACH)])

    async def _live(self, day: date) -> None:
        zone = self.house.zone
        deeds = sorted(self.days.get(day, []), key=lambda deed: deed[0])
        swept_at = datetime.combine(day, SWEPT_AT)
        self.model.look_later(datetime.combine(day, MORNING), self.model.morning_letter)
        for at, about, step in [deed for deed in deeds if deed[0] < moment(swept_at, zone)]:
            await self._do(at, about, step)
        await self._stop_until(swept_at)
        self.hand.move_to(moment(swept_at, zone))
        await self.house.sweep(every=self.every_day)  # and whatever else is due
        self.model.until(swept_at)
        self.model.sweep()
        self._look_in_the_model(swept_at)
        for at, about, step in [deed for deed in deeds if deed[0] >= moment(swept_at, zone)]:
            await self._do(at, about, step)
        evening = datetime.combine(day, time(23, 59, 30))
        await self._stop_until(evening)
        # Where midnight comes twice, the last moment of the day is meant.
        self.hand.move_to(
            moment(datetime.combine(day + timedelta(days=1), time()), zone) - timedelta(seconds=30)
        )
        await self.house.stage.drain()
        self.model.until(evening)
        if self.every_day:
            await self._compare()
        await self._compare_mornings()

    async def _stop_until(self, wall: datetime) -> None:
        """What happens by itself, before what people do; where it comes of a look of each hour, the house looks."""
        while (at := self.model.next_moment()) and at <= wall:
            at = max(at, self.model.now)
            self.hand.move_to(max(moment(at, self.house.zone), clock.now()))
            if self.model.looks_by(at):
                await self.house.look()
                self._look_in_the_model(at)
            else:
                await self.house.stage.drain()
                self.model.until(at)

    def _look_in_the_model(self, at: datetime) -> None:
        self.model.until(at)
        self.model.look()
        self.model.until(at)

    async def _do(self, at: datetime, about: str, step: Step) -> None:
        await self._stop_until(step.at)
        self.hand.move_to(at)
        await self.house.stage.drain()
        self.model.until(step.at)
        expected, found = self.model.do(about, step), await self.house.do(about, step)
        if expected != found:
            self.differences.append(f"{about}: {step}: {found}, not {expected}")
        if found is None:
            await self.house.stage.drain()
            self.model.until(step.at)

    async def _compare_mornings(self) -> None:
        said = self.house.morning(self.mails)
        if said != sorted(self.model.mornings, reverse=True):
            self.differences.append(f"morning's letter: {said}, not {self.model.mornings}")
            await self._compare()
        self.model.mornings.clear()
        self.mails.clear()

    async def _compare(self, *, letters: bool = False) -> None:
        ours, theirs = self.model.standing(), await building.standing(self.house)
        day = f"{self.model.today:%Y-%m-%d}"
        for what in sorted(ours.keys() | theirs.keys()):
            found, expected = theirs.get(what), ours.get(what)
            if found != expected and self.known.get(what) != (found, expected):
                self.differences.append(f"{day} {what}: {found}, not {expected}")
                self.known[what] = found, expected
        if letters:
            mine, sent = Counter(self.model.letters), await self.house.letters()
            self.differences += [f"letter more: {one}" for one in sorted((sent - mine).elements())]
            self.differences += [f"letter less: {one}" for one in sorted((mine - sent).elements())]
            self.differences += [f"letter {kind} is {state}" for kind, state in await self.house.left_over()]
            self.differences += [f"unknown: {kind}" for kind in sorted(await self.house.unknown())]


async def play(
    database: Database,
    ground: Ground,
    mails: list[Any],
    histories: Sequence[History],
    planned: Mapping[str, Planned],
    *,
    zone: str,
    begin: date,
    every_day: bool,
) -> Play:
    with time_machine.travel(moment(datetime.combine(begin, time(0)), zone), tick=False) as hand:
        house = await building.build(database, ground, zone, histories, planned)
        playing = Play(house, histories, planned, every_day=every_day)
        await playing.run(begin, hand, mails)
    return playing
