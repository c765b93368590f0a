"""Deeds about meetings, the three questions and notice in the product."""

from uuid import UUID

from tenants.relationships import meeting, notices
from tenants.relationships.agreements.notice_models import Ground
from tenants.relationships.keeping import met, not_heard, noting
from tenants.relationships.keeping.models import GoesOn, Met
from tests.histories.cases import Cases
from tests.histories.script import Step


class Arranging(Cases):
    async def _offer(self, pair: str, step: Step, instead_of: UUID | None = None) -> None:
        case, her = await self._case(pair), self.people[step.who].actor
        wall = f"{self.on(step).isoformat()}T17:00"
        made = await self.act(
            meeting.propose, case.id, by=her, wall_times=[wall], zone=her.time_zone, instead_of=instead_of
        )
        for ids in (self.meetings[pair], self.offers[pair]):
            ids += [one.id for one in made]
        self.moves |= {one.id for one in made if instead_of}

    async def _stands(self, pair: str, who: str) -> UUID:
        """The last that was not offered in place of another."""
        found = [one for one in self.offers[pair] if one not in self.moves]
        if not found:
            await self._find_nothing(pair, who)
        return found[-1]

    async def _move(self, pair: str, step: Step) -> None:
        await self._offer(pair, step, await self._stands(pair, step.who))

    async def _agree(self, pair: str, step: Step) -> None:
        if not self.offers[pair]:
            await self._find_nothing(pair, step.who)
        await self.act(meeting.agree, self.offers[pair][-1], by=self.people[step.who].actor)

    async def _cancel(self, pair: str, step: Step) -> None:
        await self.act(meeting.cancel, await self._stands(pair, step.who), by=self.people[step.who].actor)

    async def _say(self, pair: str, step: Step) -> None:
        answer = Met.MET if step["met"] else Met.NOT_MET
        await self.act(met.say, await self._stands(pair, step.who), answer, by=self.people[step.who].actor)

    async def _note(self, pair: str, step: Step) -> None:
        case, her = await self._case(pair), self.people[step.who].actor
        noted = await self.act(noting.note, case.id, by=her, on=self.on(step))
        if noted.id not in self.meetings[pair]:
            self.meetings[pair].append(noted.id)

    async def _ask_three(self, pair: str, step: Step) -> None:
        await self.act(not_heard.ask, (await self._case(pair)).id)

    async def _answer_three(self, pair: str, step: Step) -> None:
        case, her = await self._case(pair), self.people[step.who].actor
        async with self.stage.session(her) as session:
            mine = await not_heard.own_of(session, her, case.id)
        if not mine:
            await self._find_nothing(pair, step.who)
        said = not_heard.Said(goes_on=GoesOn(str(step["goes_on"])))
        await self.act(not_heard.answer, mine[0].id, said, by=her)

    async def _give_notice(self, pair: str, step: Step) -> None:
        case, ground = await self._case(pair), Ground(str(step["ground"]))
        await self.act(notices.give, case.id, ground, by=self.people[step.who].actor, reason="She knows why.")

    async def _take_back_notice(self, pair: str, step: Step) -> None:
        await self.act(notices.take_back, (await self._case(pair)).id, by=self.people[step.who].actor)
