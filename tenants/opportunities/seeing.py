"""Opportunities as those see them who take part: what is open to somebody, and what she has posted herself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.opportunities import queries
from tenants.opportunities.models import Opportunity, OpportunityInterest
from tenants.permissions import Permission
from tenants.programmes.models import Programme, ProgrammeState
from tenants.registration.models import Participation, Status


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody takes part in, and may post to."""

    participation_id: UUID
    office_id: UUID | None
    programme: Programme


async def parts(session: AsyncSession, actor: Actor) -> list[Part]:
    """What the actor takes part in and may post to: programmes that are not closed."""
    query = (
        select(Participation.id, Participation.office_id, Programme)
        .join(Programme, Programme.id == Participation.programme_id)
        .where(
            Participation.person_id == actor.require_person(),
            Participation.status != Status.LEFT,
            Programme.state == ProgrammeState.OPEN,
        )
        .order_by(Participation.created_at, Participation.id)
    )
    found: dict[UUID, Part] = {}
    for participation_id, office_id, programme in await session.execute(query):
        found.setdefault(programme.id, Part(participation_id, office_id, programme))
    return list(found.values())


async def seen(
    session: AsyncSession,
    actor: Actor,
    *,
    kind: str = "",
    after: tuple[date, UUID] | None = None,
    limit: int = 50,
) -> list[tuple[Opportunity, bool]]:
    """Those open to the actor, the soonest last day first, and whether she has said that she is interested."""
    person_id = actor.require_person()
    actor.require(Permission.OWN_CASE)
    mine = exists().where(
        OpportunityInterest.opportunity_id == Opportunity.id, OpportunityInterest.person_id == person_id
    )
    query: Any = (
        select(Opportunity, mine)
        .where(queries.open_to(person_id, await queries.today(session)))
        .order_by(Opportunity.last_on, Opportunity.id)
        .limit(limit)
    )
    if kind:
        query = query.where(Opportunity.kind == kind)
    if after is not None:
        query = query.where(tuple_(Opportunity.last_on, Opportunity.id) > tuple_(*after))
    return [(one, bool(is_hers)) for one, is_hers in await session.execute(query)]


async def posted(session: AsyncSession, actor: Actor) -> Sequence[Opportunity]:
    """What the actor has proposed, the newest first."""
    query = (
        select(Opportunity)
        .where(Opportunity.posted_by == actor.require_person(), Opportunity.is_proposal)
        .order_by(Opportunity.created_at.desc(), Opportunity.id.desc())
        .limit(50)
    )
    return (await session.scalars(query)).all()


async def see(
    session: AsyncSession, actor: Actor, opportunity_id: UUID, *, lock: bool = False
) -> Opportunity:
    """
    One that is open to the actor, or that she has posted herself.

    Raises:
        NotFound: neither.
    """
    person_id = actor.require_person()
    actor.require(Permission.OWN_CASE)
    is_seen = or_(
        queries.open_to(person_id, await queries.today(session)),
        and_(Opportunity.posted_by == person_id, Opportunity.is_proposal),
    )
    return await queries.one_of(session, opportunity_id, is_seen, lock=lock)


async def is_over(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> bool:
    """Whether it was open to the actor and is no more: whoever comes late by a letter, or an old page, is told so."""
    over = queries.over_for(actor.require_person(), await queries.today(session))
    found = await session.scalar(select(Opportunity.id).where(Opportunity.id == opportunity_id, over))
    return found is not None


async def of_own(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> list[queries.Interested]:
    """
    Who is interested in what the actor has posted herself; nobody, once she takes part in nothing any more.

    Raises:
        NotFound: not hers.
    """
    actor.require(Permission.OWN_CASE)
    is_hers = and_(Opportunity.posted_by == actor.require_person(), Opportunity.is_proposal)
    await queries.one_of(session, opportunity_id, is_hers, lock=False)
    if not await parts(session, actor):
        return []
    return [queries.Interested(*row) for row in await session.execute(queries.people_of(opportunity_id))]


async def is_interested(session: AsyncSession, person_id: UUID, opportunity_id: UUID) -> bool:
    query = select(OpportunityInterest.id).where(
        OpportunityInterest.opportunity_id == opportunity_id, OpportunityInterest.person_id == person_id
    )
    return (await session.execute(query)).first() is not None
