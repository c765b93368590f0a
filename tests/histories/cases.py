"""Deeds about a case in the product: its proposal, its people, its year."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from tenants.evaluations import actions as evaluations
from tenants.evaluations.models import Evaluation
from tenants.notifications import actions as notifications
from tenants.proposals import actions as proposals
from tenants.proposals import answering
from tenants.proposals.models import AskedFor
from tenants.registration import actions as registration
from tenants.registration import leaving
from tenants.registration.models import Status
from tenants.relationships import actions as relationships
from tenants.relationships import following, queries, returning
from tenants.relationships.models import EndReason, Relationship
from tests.histories.acting import Acting, Nothing
from tests.histories.script import Step

ANSWERS = {
    "often": "monthly", "how": "in_person", "benefit": "learned", "network": "some", "satisfied": "satisfied",
    "relationship": "good",
}  # fmt: skip


class Cases(Acting):
    # Proposals

    async def _propose(self, pair: str, step: Step) -> None:
        await self.act(proposals.approve, self.pairs[pair][0])

    async def _undo(self, pair: str, step: Step) -> None:
        await self.act(proposals.undo_approval, self.pairs[pair][0])

    async def _withdraw(self, pair: str, step: Step) -> None:
        await self.act(proposals.withdraw_proposal, self.pairs[pair][1])

    async def _answer(self, pair: str, step: Step) -> None:
        about = (self.pairs[pair][1], AskedFor(str(step["to"])))
        her = self.people[step.who].actor
        await self.act(relationships.answer, *about, by=her, is_yes=step["yes"])

    async def _note_answer(self, pair: str, step: Step) -> None:
        of = self.people[str(step["of"])].id
        about = (self.pairs[pair][1], of, AskedFor(str(step["to"])))
        await self.act(relationships.note_answer, *about, is_yes=step["yes"])

    async def _set_day(self, pair: str, step: Step) -> None:
        by = self.people[step.who].actor if step.who else None
        await self.act(answering.note_first_meeting, self.pairs[pair][1], by=by, on=self.on(step))

    # People

    async def _leave(self, pair: str, step: Step) -> None:
        her = self.people[step.who]
        await self.act(leaving.leave, her.id, by=her.actor)

    async def _come_back(self, pair: str, step: Step) -> None:
        her = self.people[step.who]
        await self.act(returning.come_back, her.id, by=her.actor)

    async def _make_ready(self, pair: str, step: Step) -> None:
        await self.act(registration.make_ready, self.people[str(step["of"])].id)

    # The year

    async def _case(self, pair: str) -> Relationship:
        async with self.stage.session() as session:
            query = select(Relationship).where(Relationship.proposal_id == self.pairs[pair][1])
            found = (await session.execute(query)).scalar_one_or_none()
        if found is None:
            raise Nothing
        return found

    async def _find_nothing(self, pair: str, who: str) -> None:
        """Nothing of the kind is there, for her who is in it; whoever is not finds no case at all."""
        case, her = await self._case(pair), self.people[who].actor
        async with self.stage.session(her) as session:
            await queries.own_relationship(session, her, case.id)
        raise Nothing

    async def _check_up_done(self, pair: str, step: Step) -> None:
        await self.act(relationships.finish_check_up, (await self._case(pair)).id)

    async def _check_up_moved(self, pair: str, step: Step) -> None:
        await self.act(relationships.set_check_up, (await self._case(pair)).id, on=self.on(step))

    async def _end(self, pair: str, step: Step) -> None:
        case = await self._case(pair)
        wishes = {f"{role}_goes_on_as": Status(str(step[role])) for role in ("mentor", "mentee")}
        await self.act(relationships.end, case.id, reason=EndReason.GOALS_REACHED, **wishes)

    async def _reply(self, pair: str, step: Step) -> None:
        case, her = await self._case(pair), self.people[step.who]
        async with self.stage.session(her.actor) as session:
            mine = await following.own_of(session, her.actor, case.id)
        if not mine:
            await self._find_nothing(pair, step.who)
        await self.act(following.reply, mine[0].id, by=her.actor, goals="Two of three.", news=None)

    async def _evaluation(self, pair: str, name: str) -> UUID:
        case = await self._case(pair)
        async with self.stage.session() as session:
            query = select(Evaluation.id).where(
                Evaluation.relationship_id == case.id, Evaluation.participation_id == self.people[name].id
            )
            found = (await session.execute(query)).scalar_one_or_none()
        if found is None:
            raise Nothing
        return found

    async def _evaluate(self, pair: str, step: Step) -> None:
        found = await self._evaluation(pair, step.who)
        her = self.people[step.who].actor
        await self.act(evaluations.answer, found, _form(bool(step["goes_on"])), by=her)

    async def _record(self, pair: str, step: Step) -> None:
        found = await self._evaluation(pair, str(step["of"]))
        await self.act(evaluations.record, found, _form(bool(step["goes_on"])))

    async def _close_evaluation(self, pair: str, step: Step) -> None:
        await self.act(evaluations.close, await self._evaluation(pair, str(step["of"])))

    async def _tick(self, pair: str, step: Step) -> None:
        for task in await self.open_tasks():
            if task.kind == step["kind"] and self.about(task) == f"pair {pair}":
                await self.act(notifications.finish_task, task.id)
                return
        raise Nothing


def _form(goes_on: bool) -> dict[str, Any]:
    return ANSWERS | ({"ended": "no"} if goes_on else {"ended": "yes", "why": ["year_over"]})
