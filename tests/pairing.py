"""Makes runs with drafts of proposals, and leads them as far as a test wants."""

from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from infra import clock, ids
from infra.db.session import Database
from infra.ground import Ground
from tenants import watchers
from tenants.actor import Actor, person
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter, Task
from tenants.permissions import Role
from tenants.pools.actions import ensure_pool
from tenants.programmes.actions import Launched
from tenants.programmes.models import ContactRelease
from tenants.proposals import actions as proposals
from tenants.proposals.models import AskedFor, Hold, MatchingRun, Proposal, RunState
from tenants.registration import actions as registration
from tenants.registration.models import Participation
from tenants.relationships import actions as relationships
from tenants.relationships.models import Relationship
from tests import making
from tests.making import Made
from tests.working import drain

assert watchers.WATCHERS  # importing them is what keeps the cards up to date

POINTS = [
    {"criterion": "topics", "points": 300, "most": 400},
    {"criterion": "languages", "points": 200, "most": 200},
    {"criterion": "overlap", "points": 20, "most": 150},
]
MONDAY = "2026-11-23T09:00:00Z"


@dataclass(frozen=True)
class Somebody:
    """One side: the actor she is when signed in, and her participation."""

    actor: Actor
    id: UUID
    role: str = "mentee"

    @property
    def person_id(self) -> UUID:
        return self.actor.require_person()


@dataclass
class Stage:
    """An organisation with a programme, and hands to lead proposals through it."""

    database: Database
    ground: Ground
    made: Made
    launched: Launched

    @property
    def by(self) -> Actor:
        return self.made.coordinator

    @asynccontextmanager
    async def session(self, actor: Actor | None = None):
        async with self.database.tenant_session((actor or self.made.house).context()) as session:
            yield session

    async def joins(self, role: str = "mentee", name: str = "Wanjiru Kamau", **facts: Any) -> Somebody:
        """Somebody who is ready to be matched."""
        entered = await making.participation(
            self.database, self.made, self.launched, role, name=name, **facts
        )
        async with self.session(self.by) as session:
            await registration.make_ready(session, self.by, entered.id)
            waiting = select(Letter.key).where(Letter.person_id == entered.person_id)
            await notifications.withdraw_letters(
                session, keys=list((await session.execute(waiting)).scalars())
            )
        actor = person(self.made.id, entered.person_id, frozenset({Role.PARTICIPANT}))
        return Somebody(actor, entered.id, role)

    async def drafts(self, *pairs: tuple[Somebody, Somebody], points: Sequence[Any] = POINTS) -> Any:
        """A run that is done and has these pairs, (mentor, mentee), as drafts: its id, and theirs in order."""
        async with self.session() as session:
            pool = await ensure_pool(session, self.made.house, self.launched.cycle.id)
            number = len((await session.execute(select(MatchingRun.id))).all()) + 1
            run = MatchingRun(
                organisation_id=self.made.id,
                number=number,
                pool_id=pool.id,
                cycle_id=self.launched.cycle.id,
                started_by=self.by.person_id,
                state=RunState.DONE,
                criteria={},
            )
            session.add(run)
            await session.flush()
            made = [
                Proposal(
                    organisation_id=self.made.id,
                    id=ids.random(),
                    run_id=run.id,
                    pool_id=pool.id,
                    cycle_id=self.launched.cycle.id,
                    mentor_id=mentor.id,
                    mentee_id=mentee.id,
                    score=sum(part["points"] for part in points),
                    most=sum(part["most"] for part in points),
                    contributions=list(points),
                )
                for mentor, mentee in pairs
            ]
            session.add_all(made)
        return run.id, [one.id for one in made]

    async def sent(self, *pairs: tuple[Somebody, Somebody]) -> list[UUID]:
        """The same, approved."""
        run_id, made = await self.drafts(*pairs)
        await self.approve(run_id)
        return made

    async def approve(self, run_id: UUID, only: Sequence[UUID] | None = None, **facts: Any) -> Any:
        async with self.session(self.by) as session:
            return await proposals.approve(session, self.by, run_id, only, **facts)

    async def answer(
        self, whose: Somebody, proposal_id: UUID, asked_for: AskedFor, is_yes: bool = True, **facts: Any
    ) -> Proposal:
        async with self.session(whose.actor) as session:
            return await relationships.answer(
                session, whose.actor, proposal_id, asked_for, is_yes=is_yes, **facts
            )

    async def both_meet(self, proposal_id: UUID, *two: Somebody) -> None:
        for one in two:
            await self.answer(one, proposal_id, AskedFor.MEET)

    async def both_go_on(self, proposal_id: UUID, *two: Somebody) -> None:
        for one in two:
            await self.answer(one, proposal_id, AskedFor.GO_ON)

    async def pair(self, mentor: Somebody, mentee: Somebody) -> Relationship:
        """A running pair. The clock has to be beyond the time in which approvals are taken back."""
        [proposal_id] = await self.sent((mentor, mentee))
        await self.become_known(proposal_id)
        await self.both_meet(proposal_id, mentor, mentee)
        await self.both_go_on(proposal_id, mentor, mentee)
        return await self.relationship(proposal_id)

    async def become_known(self, *proposal_ids: UUID) -> None:
        """As if it had been sent an hour ago, for tests that do not move the clock."""
        async with self.session() as session:
            await session.execute(
                update(Proposal)
                .where(Proposal.id.in_(proposal_ids))
                .values(sent_at=Proposal.sent_at - timedelta(hours=1))
            )

    async def relationship(self, proposal_id: UUID) -> Relationship:
        async with self.session() as session:
            return (
                await session.execute(select(Relationship).where(Relationship.proposal_id == proposal_id))
            ).scalar_one()

    async def read(self, proposal_id: UUID) -> Proposal:
        async with self.session() as session:
            return (await session.execute(select(Proposal).where(Proposal.id == proposal_id))).scalar_one()

    async def status(self, whose: Somebody) -> str:
        async with self.session() as session:
            query = select(Participation.status).where(Participation.id == whose.id)
            return (await session.execute(query)).scalar_one()

    async def held(self, whose: Somebody) -> int:
        async with self.session() as session:
            return len(
                (await session.execute(select(Hold.id).where(Hold.participation_id == whose.id))).all()
            )

    async def letters(self, whose: Somebody, *states: str) -> list[str]:
        """The kinds of her letters since she joined, in the order of their making."""
        async with self.session() as session:
            query = select(Letter.kind).where(
                Letter.person_id == whose.person_id, Letter.kind.not_like("registration.%")
            )
            query = query.order_by(Letter.id)
            if states:
                query = query.where(Letter.state.in_(states))
            return list((await session.execute(query)).scalars())

    async def tasks(self, *, is_open: bool = True) -> list[tuple[str, date]]:
        async with self.session() as session:
            query = select(Task.kind, Task.due_on).order_by(Task.due_on, Task.id)
            query = query.where(Task.kind.not_in(("registration.read", "agreement.copy")))
            if is_open:
                query = query.where(Task.done_at.is_(None))
            return [(row.kind, row.due_on) for row in await session.execute(query)]

    async def drain(self) -> list[str]:
        return await drain(self.ground, self.made.id)


async def stage(
    database: Database,
    ground: Ground,
    *,
    release: ContactRelease = ContactRelease.AFTER_BOTH_YES,
    **changed: Any,
) -> Stage:
    made = await making.organisation(database)
    launched = await making.programme(
        database, made, wants_interview=False, contact_release=release, **changed
    )
    return Stage(database, ground, made, launched)


def soon(**by: float) -> Any:
    return clock.now() + timedelta(**by)
