"""The product, in which the same histories happen: real actions, the real jobs and sweeps, letters that go out."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from infra import clock
from infra.db.batches import within
from infra.errors import HouseError
from infra.outbox import enqueue
from tenants.evaluations import actions as evaluations
from tenants.evaluations.models import Evaluation
from tenants.gatherings import reminding as workshops
from tenants.notifications.models import Letter, LetterState, Task
from tenants.relationships import following, notices
from tenants.relationships.agreements import reviews
from tenants.relationships.keeping import met, reminding, rhythm
from tenants.relationships.models import Relationship
from tenants.reports import digest
from tests.histories.acting import Nothing
from tests.histories.giving import Giving
from tests.histories.script import Step
from workers.timetable import TURNS

LETTERS = {
    "proposal.meet", "proposal.remind", "proposal.contact", "proposal.go_on", "proposal.closed",
    "relationship.confirmed", "relationship.ended", "follow_up.asked", "follow_up.reminder", "evaluation.asked",
    "evaluation.reminder", "meeting.proposed", "meeting.agreed", "meeting.cancelled", "meeting.moved",
    "meeting.reminder", "meeting.did_you_meet", "relationship.quiet", "relationship.not_heard", "notice.given",
    "notice.taken_back", "registration.left", "registration.left_told", "workshop.invited", "workshop.moved",
    "workshop.reminder", "workshop.place", "workshop.cancelled", "workshop.opinion",
    "party.ask", "party.remind", "party.late", "party.closed", "relationship.parted", "agreement.changed", "agreement.to_sign", "relationship.coordinator", "desk.handed_over",
    "agreement.signed", "agreement.review",
}  # fmt: skip
TASKS = {
    "proposal.check_up", "proposal.unanswered", "proposal.next", "relationship.check_up", "relationship.left",
    "relationship.quiet", "relationship.not_heard", "relationship.doubt", "agreement.copy", "notice.given",
    "notice.breach", "notice.confidence", "evaluation.call", "evaluation.goes_on", "registration.left",
    "registration.returned", "workshop.attendance", "party.next", "party.unanswered", "agreement.signed",
    "agreement.amended", "agreement.review",
}  # fmt: skip
# What is compared each morning, and what happens before a history begins.
EARLIER = {digest.KIND, "registration.read", "registration.received"}
OF = func.coalesce(Relationship.proposal_id, Relationship.party_id).label("of")
LAST_PROMISED = 10  # the hour after which the letter of the morning is no more than looked for
TO_ANY = ("registration.left_told",)  # the first of the coordinators
MORNING = re.compile(r"(One|\d+) things?(?:,.*?(\d+|it is) late| today)")


class House(Giving):
    async def sweep(self, *, every: bool) -> None:
        """As the relay does each hour: a job for `every` turn of the timetable; else what they do about pairs, at once."""
        async with self.stage.session() as session:
            if every:
                for turn in TURNS:
                    await enqueue(session, turn.job(), key=f"{turn.name}:{clock.now().isoformat()}")
            else:
                await following.follow_up(within(session), self.stage.made.house)
                await rhythm.look(session, self.stage.made.house)
                await evaluations.follow_up(within(session), self.stage.made.house)
                await reviews.ask(session, self.stage.made.house)
        await self.look()

    async def look(self) -> None:
        """At a moment that matters: what the same turns do about hours, and whatever is due goes."""
        house = self.stage.made.house
        async with self.stage.session() as session:
            await notices.take_effect(session, house)
            if clock.local(clock.now(), self.zone).hour <= LAST_PROMISED:  # it is the morning's
                await digest.promise(session, house)
            await met.ask_all(within(session), house)
            await reminding.remind_all(within(session), house)
            await workshops.remind(session, house)
        await self.stage.drain()

    async def do(self, about: str, step: Step) -> str | None:
        """Carry out a step; the code with which it is refused, or nothing."""
        try:
            await getattr(self, f"_{step.deed}")(about, step)
        except Nothing:
            return "nothing"
        except HouseError as refused:
            return refused.code
        return None

    # What came of it

    async def open_tasks(self) -> Sequence[Any]:
        async with self.stage.session() as session:
            query = select(Task.id, Task.kind, Task.about, Task.due_on, Task.person_id).where(
                Task.done_at.is_(None), Task.kind.in_(TASKS)
            )
            tasks = (await session.execute(query.order_by(Task.due_on, Task.id))).all()
            if any("evaluation_id" in task.about for task in tasks):
                query = select(Evaluation.id, OF).join(
                    Relationship, Relationship.id == Evaluation.relationship_id
                )
                self.names |= {row.id: self.names[row.of] for row in await session.execute(query)}
            query = select(Relationship.id, OF)
            self.names |= {row.id: self.names[row.of] for row in await session.execute(query)}
        return tasks

    def about(self, task: Any) -> str:
        one = "participation_id" if task.kind == "evaluation.call" else "evaluation_id"
        of = (one, "proposal_id", "party_id", "relationship_id", "participation_id", "workshop_id")
        ids = [task.about.get(name) for name in of]
        return self.names[UUID(next(id for id in ids if id))]

    async def letters(self) -> Counter[tuple[date, str, str]]:
        """What has been sent, by day, reader and kind."""
        async with self.stage.session() as session:
            query = select(Letter.sent_at, Letter.person_id, Letter.kind).where(
                Letter.state == LetterState.SENT, Letter.kind.in_(LETTERS)
            )
            rows = (await session.execute(query)).all()
        return Counter(
            (clock.local(at, self.zone).date(), "coordinator" if kind in TO_ANY else self.names[reader], kind)
            for at, reader, kind in rows
        )

    async def left_over(self) -> list[tuple[str, str]]:
        """Letters that neither went out nor were taken back, and kinds that the model does not know."""
        async with self.stage.session() as session:
            query = select(Letter.kind, Letter.state).where(
                Letter.state.not_in((LetterState.SENT, LetterState.WITHDRAWN)), Letter.due_at <= clock.now()
            )
            return [(row.kind, row.state) for row in await session.execute(query)]

    async def unknown(self) -> set[str]:
        """Kinds of letters and tasks that the model says nothing about."""
        async with self.stage.session() as session:
            letters = await session.execute(select(Letter.kind).distinct())
            tasks = await session.execute(select(Task.kind).distinct())
            return {*letters.scalars(), *tasks.scalars()} - LETTERS - TASKS - EARLIER

    def morning(self, mails: Sequence[Any]) -> list[tuple[date, str, int, int]]:
        """What the letters of this morning have said: how much there is, and how much of it is late."""
        found = []
        for mail in mails:
            if told := MORNING.fullmatch(mail["Subject"]):
                number, late = (1 if one in ("One", "it is") else int(one or 0) for one in told.groups())
                who = next(name for address, name in self.addresses.items() if address in mail["To"])
                found.append((clock.today(self.zone), who, number, late))
        return sorted(found, reverse=True)
