"""Deeds about groups and circles in the product, as far as they are not those of pairs."""

from uuid import UUID

from sqlalchemy import select

from tenants.proposals.parties import actions
from tenants.registration.models import Status
from tenants.relationships import parties
from tenants.relationships.models import Relationship
from tests.histories.acting import Nothing
from tests.histories.agreeing import Agreeing
from tests.histories.script import Step


class Gathering(Agreeing):
    async def _case(self, pair: str) -> Relationship:
        if pair not in self.parties:
            return await super()._case(pair)
        async with self.stage.session() as session:
            query = select(Relationship).where(Relationship.party_id == self._party(pair))
            found = (await session.execute(query)).scalar_one_or_none()
        if found is None:
            raise Nothing
        return found

    def _party(self, pair: str) -> UUID:
        return self.pairs[pair][1]

    async def _withdraw(self, pair: str, step: Step) -> None:
        if pair not in self.parties:
            return await super()._withdraw(pair, step)
        await self.act(actions.withdraw, self._party(pair))

    async def _answer(self, pair: str, step: Step) -> None:
        if pair not in self.parties:
            return await super()._answer(pair, step)
        her = self.people[step.who].actor
        await self.act(parties.answer, self._party(pair), by=her, is_yes=step["yes"])

    async def _note_answer(self, pair: str, step: Step) -> None:
        if pair not in self.parties:
            return await super()._note_answer(pair, step)
        of = self.people[str(step["of"])].id
        await self.act(parties.note_answer, self._party(pair), of, is_yes=step["yes"])

    async def _begin_now(self, pair: str, step: Step) -> None:
        await self.act(parties.begin_now, self._party(pair))

    async def _let_go(self, pair: str, step: Step) -> None:
        case, of = await self._case(pair), self.people[str(step["of"])].id
        await self.act(parties.remove, case.id, of, goes_on_as=Status(str(step["wish"])))
