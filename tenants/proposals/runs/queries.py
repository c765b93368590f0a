"""Reading runs and pair wishes; what came of a run is in `results`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra.errors import NotFound
from infra.outbox.models import JobState, OutboxJob
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.proposals.models import MatchingRun, PairWish
from tenants.proposals.runs.rules import OPEN, job_key
from tenants.registration.models import Participation


@dataclass(frozen=True, slots=True)
class Listed:
    """A run in a list."""

    id: UUID
    number: int
    cycle_id: UUID
    state: str
    created_at: datetime
    ended_at: datetime | None
    result: dict[str, Any]
    is_proved: bool
    error: str | None
    started_by: str


@dataclass(frozen=True, slots=True)
class Wish:
    id: UUID
    kind: str
    mentor_id: UUID
    mentee_id: UUID
    created_at: datetime


async def access_run(session: AsyncSession, actor: Actor, run_id: UUID, *, lock: bool = False) -> MatchingRun:
    """
    Raises:
        NotFound: no such run in this organisation.
    """
    actor.require(Permission.RUN_READ)
    query = select(MatchingRun).where(MatchingRun.id == run_id)
    found = (
        await session.execute(
            query.with_for_update().execution_options(populate_existing=True) if lock else query
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="run", id=str(run_id))
    return found


async def runs(
    session: AsyncSession,
    actor: Actor,
    *,
    cycle_id: UUID | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[Listed]:
    """Runs, the newest first; the number of the last one goes on from there."""
    actor.require(Permission.RUN_READ)
    query = (
        select(
            MatchingRun.id, MatchingRun.number, MatchingRun.cycle_id, MatchingRun.state, MatchingRun.created_at,
            MatchingRun.ended_at, MatchingRun.result,
            func.coalesce(MatchingRun.certificate["ok"].as_boolean(), False),
            MatchingRun.error, Person.full_name,
        )
        .join(
            Person,
            and_(Person.organisation_id == MatchingRun.organisation_id, Person.id == MatchingRun.started_by),
        )
        .order_by(MatchingRun.number.desc())
        .limit(limit)
    )  # fmt: skip
    if cycle_id is not None:
        query = query.where(MatchingRun.cycle_id == cycle_id)
    if after is not None:
        query = query.where(MatchingRun.number < after)
    return [Listed(*row) for row in await session.execute(query)]


async def open_run(session: AsyncSession, pool_id: UUID) -> MatchingRun | None:
    """The run of the pool that waits or works, if any."""
    query = select(MatchingRun).where(MatchingRun.pool_id == pool_id, MatchingRun.state.in_(OPEN))
    found: MatchingRun | None = await session.scalar(query)
    return found


async def is_open(session: AsyncSession, run_id: UUID) -> bool:
    """Whether the run still waits or works, for the worker that does it."""
    state = await session.scalar(select(MatchingRun.state).where(MatchingRun.id == run_id))
    return state in OPEN


async def kept_inputs(session: AsyncSession, run_id: UUID) -> bytes | None:
    """What a finished run keeps of its columns and prices, for the worker that looks at it again."""
    query = select(MatchingRun.inputs).where(MatchingRun.id == run_id)
    return (await session.execute(query)).scalar_one_or_none()


async def lost(session: AsyncSession) -> Sequence[MatchingRun]:
    """Open runs whose job was given up: every try ended the worker itself, so nobody could say so."""
    job = aliased(OutboxJob)
    query = (
        select(MatchingRun)
        .join(
            job,
            and_(
                job.organisation_id == MatchingRun.organisation_id,
                job.key == literal(job_key("")) + func.cast(MatchingRun.id, job.key.type),
            ),
        )
        .where(MatchingRun.state.in_(OPEN), job.state == JobState.DEAD)
        .with_for_update(of=MatchingRun)
    )
    return (await session.execute(query)).scalars().all()


async def wishes(
    session: AsyncSession,
    actor: Actor,
    cycle_id: UUID,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int | None = None,
) -> list[Wish]:
    """
    What coordinators want kept together and apart in the next runs of a cycle, the oldest wish first.

    A coordinator of some offices sees the wishes that are about at least one of her people.
    """
    actor.require(Permission.RUN_READ)
    query = (
        select(PairWish.id, PairWish.kind, PairWish.mentor_id, PairWish.mentee_id, PairWish.created_at)
        .where(PairWish.cycle_id == cycle_id)
        .order_by(PairWish.created_at, PairWish.id)
        .limit(limit)
    )
    if actor.offices:
        mine = select(Participation.id).where(Participation.office_id.in_(actor.offices))
        query = query.where(or_(PairWish.mentor_id.in_(mine), PairWish.mentee_id.in_(mine)))
    if after is not None:
        query = query.where(tuple_(PairWish.created_at, PairWish.id) > tuple_(*after))
    return [Wish(*row) for row in await session.execute(query)]
