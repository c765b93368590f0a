"""Plays histories day by day, in the product and in the model, and says where the two differ."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import time_machine

from infra.db.session import Database
from infra.ground import Ground
from tests.histories import building
from tests.histories.chance import DAYS
from tests.histories.house import House
from tests.histories.script import History, Step, moment
from tests.histories.year import Year

SWEPT_AT = time(10)
LOOKED_EACH = 20  # days, also where nothing is to happen
Deed = tuple[datetime, str, Step]


class Play:
    """
    `every_day`: each day with all turns of the timetable, and compared each evening. Else only those days are
    lived on which somebody does something, or something happens by itself, by the model, and some between.
    """

    def __init__(self, house: House, histories: Sequence[History], begin: date, *, every_day: bool) -> None:
        self.house, self.begin, self.every_day = house, begin, every_day
        self.model = Year(house.zone, list(histories))
        self.differences: list[str] = []
        self.days: dict[date, list[Deed]] = {}
        for at, history in enumerate(histories):
            for step in history.steps:
                deed = (moment(step.at, house.zone), f"{at}.{step.pair}", step)
                self.days.setdefault(step.at.date(), []).append(deed)

    async def run(self, hand: Any) -> None:
        day: date | None = self.begin
        while day is not None:
            await self._live(day, hand)
            day = self._next(day)
        await self._compare(letters=True)

    def _next(self, day: date) -> date | None:
        after = day + timedelta(days=1)
        if self.every_day:
            coming: date | None = after
        else:
            days = [one for one in self.days if one > day]
            by_itself = self.model.next_day()
            coming = min(
                [*days, *([max(by_itself, after)] if by_itself else []), day + timedelta(days=LOOKED_EACH)]
            )
        return coming if coming and coming < self.begin + timedelta(days=DAYS) else None

    async def _live(self, day: date, hand: Any) -> None:
        zone = self.house.zone
        deeds = sorted(self.days.get(day, []), key=lambda deed: deed[0])
        swept_at = moment(datetime.combine(day, SWEPT_AT), zone)
        for at, pair, step in [deed for deed in deeds if deed[0] < swept_at]:
            await self._do(at, pair, step, hand)
        hand.move_to(swept_at)
        await self.house.sweep(every=self.every_day)  # and whatever else is due
        self.model.until(datetime.combine(day, SWEPT_AT))
        self.model.sweep()
        for at, pair, step in [deed for deed in deeds if deed[0] >= swept_at]:
            await self._do(at, pair, step, hand)
        evening = datetime.combine(day, time(23, 59, 30))
        # Where midnight comes twice, the last moment of the day is meant.
        at = moment(datetime.combine(day + timedelta(days=1), time()), zone) - timedelta(seconds=30)
        if deeds:
            await self._move(hand, at, evening)
        if self.every_day:
            await self._compare()

    async def _move(self, hand: Any, at: datetime, wall: datetime) -> None:
        hand.move_to(at)
        await self.house.stage.drain()
        self.model.until(wall)

    async def _do(self, at: datetime, pair: str, step: Step, hand: Any) -> None:
        await self._move(hand, at, step.at)
        expected, found = self.model.do(pair, step), await self.house.do(pair, step)
        if expected != found:
            self.differences.append(f"{pair}: {step}: {found}, not {expected}")
        if found is None:
            await self.house.stage.drain()

    async def _compare(self, *, letters: bool = False) -> None:
        ours, theirs = self.model.standing(), await building.standing(self.house)
        day = f"{self.model.today:%Y-%m-%d}"
        for what in sorted(ours.keys() | theirs.keys()):
            if ours.get(what) != theirs.get(what):
                self.differences.append(f"{day} {what}: {theirs.get(what)}, not {ours.get(what)}")
        if letters:
            mine, sent = Counter(self.model.letters), await self.house.letters()
            self.differences += [f"letter more: {one}" for one in sorted((sent - mine).elements())]
            self.differences += [f"letter less: {one}" for one in sorted((mine - sent).elements())]
            self.differences += [f"letter {kind} is {state}" for kind, state in await self.house.left_over()]


async def play(
    database: Database,
    ground: Ground,
    histories: Sequence[History],
    *,
    zone: str,
    begin: date,
    every_day: bool,
) -> Play:
    with time_machine.travel(moment(datetime.combine(begin, time(0)), zone), tick=False) as hand:
        house = await building.build(database, ground, zone, histories)
        playing = Play(house, histories, begin, every_day=every_day)
        await playing.run(hand)
    return playing
