"""The product, in which the same histories happen: real actions, the real jobs and sweeps, letters that go out."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from infra import clock
from infra.db.batches import within
from infra.errors import HouseError
from infra.outbox import enqueue
from tenants.evaluations import actions as evaluations
from tenants.evaluations.models import Evaluation
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter, LetterState, Task
from tenants.proposals import actions as proposals
from tenants.proposals import answering
from tenants.proposals.models import AskedFor
from tenants.registration import actions as registration
from tenants.registration import leaving
from tenants.registration.models import Status
from tenants.relationships import actions as relationships
from tenants.relationships import following, meeting, returning
from tenants.relationships.models import EndReason, Relationship
from tests.histories.script import Step
from tests.pairing import Somebody, Stage
from workers.timetable import TURNS

ANSWERS = {
    "often": "monthly", "how": "in_person", "benefit": "learned", "network": "some", "satisfied": "satisfied",
    "relationship": "good",
}  # fmt: skip
LETTERS = {
    "proposal.meet", "proposal.remind", "proposal.contact", "proposal.go_on", "proposal.closed",
    "relationship.confirmed", "relationship.ended", "follow_up.asked", "follow_up.reminder", "evaluation.asked",
    "evaluation.reminder", "meeting.proposed", "meeting.agreed", "meeting.cancelled", "registration.left",
    "registration.left_told",
}  # fmt: skip
TASKS = {
    "proposal.check_up", "proposal.unanswered", "proposal.next", "relationship.check_up", "relationship.left",
    "evaluation.call", "evaluation.goes_on", "registration.left", "registration.returned",
}  # fmt: skip


class Nothing(Exception):
    """There is nothing (yet) that the step could be about."""


class House:
    def __init__(self, stage: Stage, zone: str) -> None:
        self.stage, self.zone = stage, zone
        self.people: dict[str, Somebody] = {}
        self.pairs: dict[str, tuple[UUID, UUID]] = {}  # run, proposal
        self.meetings: dict[str, list[UUID]] = defaultdict(list)
        self.names: dict[UUID, str] = {}

    @property
    def by(self) -> Any:
        return self.stage.by

    async def sweep(self, *, every: bool) -> None:
        """As the relay does each hour: a job for `every` turn of the timetable; else what they do about pairs, at once."""
        async with self.stage.session() as session:
            if every:
                for turn in TURNS:
                    await enqueue(session, turn.job(), key=f"{turn.name}:{clock.now().isoformat()}")
            else:
                await following.follow_up(within(session), self.stage.made.house)
                await evaluations.follow_up(within(session), self.stage.made.house)
        await self.stage.drain()

    async def do(self, pair: str, step: Step) -> str | None:
        """Carry out a step; the code with which it is refused, or nothing."""
        try:
            await getattr(self, f"_{step.deed}")(pair, step)
        except Nothing:
            return "nothing"
        except HouseError as refused:
            return refused.code
        return None

    async def _act(self, action: Any, *what: Any, by: Any = None, **facts: Any) -> Any:
        actor = by or self.by
        async with self.stage.session(actor) as session:
            return await action(session, actor, *what, **facts)

    def _on(self, step: Step) -> date:
        return clock.today(self.zone) + timedelta(days=int(str(step["in_days"])))

    # Proposals

    async def _propose(self, pair: str, step: Step) -> None:
        await self._act(proposals.approve, self.pairs[pair][0])

    async def _undo(self, pair: str, step: Step) -> None:
        await self._act(proposals.undo_approval, self.pairs[pair][0])

    async def _withdraw(self, pair: str, step: Step) -> None:
        await self._act(proposals.withdraw_proposal, self.pairs[pair][1])

    async def _answer(self, pair: str, step: Step) -> None:
        about = (self.pairs[pair][1], AskedFor(str(step["to"])))
        her = self.people[step.who].actor
        await self._act(relationships.answer, *about, by=her, is_yes=step["yes"])

    async def _note_answer(self, pair: str, step: Step) -> None:
        of = self.people[str(step["of"])].id
        about = (self.pairs[pair][1], of, AskedFor(str(step["to"])))
        await self._act(relationships.note_answer, *about, is_yes=step["yes"])

    async def _set_day(self, pair: str, step: Step) -> None:
        by = self.people[step.who].actor if step.who else None
        await self._act(answering.note_first_meeting, self.pairs[pair][1], by=by, on=self._on(step))

    # People

    async def _leave(self, pair: str, step: Step) -> None:
        her = self.people[step.who]
        await self._act(leaving.leave, her.id, by=her.actor)

    async def _come_back(self, pair: str, step: Step) -> None:
        her = self.people[step.who]
        await self._act(returning.come_back, her.id, by=her.actor)

    async def _make_ready(self, pair: str, step: Step) -> None:
        await self._act(registration.make_ready, self.people[str(step["of"])].id)

    # The year

    async def _case(self, pair: str) -> Relationship:
        async with self.stage.session() as session:
            query = select(Relationship).where(Relationship.proposal_id == self.pairs[pair][1])
            found = (await session.execute(query)).scalar_one_or_none()
        if found is None:
            raise Nothing
        return found

    async def _check_up_done(self, pair: str, step: Step) -> None:
        await self._act(relationships.finish_check_up, (await self._case(pair)).id)

    async def _check_up_moved(self, pair: str, step: Step) -> None:
        await self._act(relationships.set_check_up, (await self._case(pair)).id, on=self._on(step))

    async def _end(self, pair: str, step: Step) -> None:
        case = await self._case(pair)
        wishes = {f"{role}_goes_on_as": Status(str(step[role])) for role in ("mentor", "mentee")}
        await self._act(relationships.end, case.id, reason=EndReason.GOALS_REACHED, **wishes)

    async def _reply(self, pair: str, step: Step) -> None:
        case, her = await self._case(pair), self.people[step.who]
        async with self.stage.session(her.actor) as session:
            mine = await following.own_of(session, her.actor, case.id)
        if not mine:
            raise Nothing
        await self._act(following.reply, mine[0].id, by=her.actor, goals="Two of three.", news=None)

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
        await self._act(evaluations.answer, found, _form(bool(step["goes_on"])), by=her)

    async def _record(self, pair: str, step: Step) -> None:
        found = await self._evaluation(pair, str(step["of"]))
        await self._act(evaluations.record, found, _form(bool(step["goes_on"])))

    async def _close_evaluation(self, pair: str, step: Step) -> None:
        await self._act(evaluations.close, await self._evaluation(pair, str(step["of"])))

    async def _offer(self, pair: str, step: Step) -> None:
        case, her = await self._case(pair), self.people[step.who].actor
        wall = f"{self._on(step).isoformat()}T17:00"
        made = await self._act(meeting.propose, case.id, by=her, wall_times=[wall], zone=her.time_zone)
        self.meetings[pair] += [one.id for one in made]

    async def _of_meeting(self, pair: str, step: Step, action: Any) -> None:
        if not self.meetings[pair]:
            raise Nothing
        await self._act(action, self.meetings[pair][-1], by=self.people[step.who].actor)

    async def _agree(self, pair: str, step: Step) -> None:
        await self._of_meeting(pair, step, meeting.agree)

    async def _cancel(self, pair: str, step: Step) -> None:
        await self._of_meeting(pair, step, meeting.cancel)

    async def _hold(self, pair: str, step: Step) -> None:
        await self._of_meeting(pair, step, meeting.hold)

    async def _tick(self, pair: str, step: Step) -> None:
        for task in await self.open_tasks():
            if task.kind == step["kind"] and self.about(task) == f"pair {pair}":
                await self._act(notifications.finish_task, task.id)
                return
        raise Nothing

    # What came of it

    async def open_tasks(self) -> Sequence[Any]:
        async with self.stage.session() as session:
            query = select(Task.id, Task.kind, Task.about, Task.due_on).where(
                Task.done_at.is_(None), Task.kind.in_(TASKS)
            )
            tasks = (await session.execute(query.order_by(Task.due_on, Task.id))).all()
            if any("evaluation_id" in task.about for task in tasks):
                query = select(Evaluation.id, Relationship.proposal_id).join(
                    Relationship, Relationship.id == Evaluation.relationship_id
                )
                self.names |= {row.id: self.names[row.proposal_id] for row in await session.execute(query)}
            query = select(Relationship.id, Relationship.proposal_id)
            self.names |= {row.id: self.names[row.proposal_id] for row in await session.execute(query)}
        return tasks

    def about(self, task: Any) -> str:
        one = "participation_id" if task.kind == "evaluation.call" else "evaluation_id"
        ids = [task.about.get(name) for name in (one, "proposal_id", "relationship_id", "participation_id")]
        return self.names[UUID(next(id for id in ids if id))]

    async def letters(self) -> Counter[tuple[date, str, str]]:
        """What has been sent, by day, reader and kind."""
        async with self.stage.session() as session:
            query = select(Letter.sent_at, Letter.person_id, Letter.kind).where(
                Letter.state == LetterState.SENT, Letter.kind.in_(LETTERS)
            )
            rows = (await session.execute(query)).all()
        return Counter(
            (clock.local(at, self.zone).date(), self.names[reader], kind) for at, reader, kind in rows
        )

    async def left_over(self) -> list[tuple[str, str]]:
        """Letters that neither went out nor were taken back, and kinds that the model does not know."""
        async with self.stage.session() as session:
            query = select(Letter.kind, Letter.state).where(
                Letter.state.not_in((LetterState.SENT, LetterState.WITHDRAWN)), Letter.due_at <= clock.now()
            )
            return [(row.kind, row.state) for row in await session.execute(query)]

    async def unknown(self) -> Counter[str]:
        """Kinds of letters and tasks that the model says nothing about."""
        async with self.stage.session() as session:
            letters = await session.execute(select(Letter.kind).where(Letter.kind.not_in(LETTERS)))
            tasks = await session.execute(select(Task.kind).where(Task.kind.not_in(TASKS)))
            return Counter([*letters.scalars(), *tasks.scalars()])


def _form(goes_on: bool) -> dict[str, Any]:
    return ANSWERS | ({"ended": "no"} if goes_on else {"ended": "yes", "why": ["year_over"]})
