"""Opportunities as coordinators keep them, and who may act on which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.opportunities.models import (
    Opportunity,
    OpportunityInterest,
    OpportunityProgramme,
    OpportunityState,
)
from tenants.organisations import queries as organisations
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Programme
from tenants.registration.counting import number_within_reach, within_reach
from tenants.registration.models import Participation, Status

MOST_LISTED = 500  # interested people on one page


@dataclass(frozen=True, slots=True)
class Listed:
    """One opportunity in a coordinator's list. `interested` are those within her reach."""

    id: UUID
    kind: str
    state: str
    title: str
    language: str
    last_on: date
    is_proposal: bool
    interested: int

    @property
    def key(self) -> tuple[date, UUID]:
        return self.last_on, self.id


@dataclass(frozen=True, slots=True)
class Interested:
    """Somebody who is interested, with the participation by which she saw it."""

    person_id: UUID
    participation_id: UUID
    full_name: str
    role: str


async def today(session: AsyncSession) -> date:
    """Last days end by the organisation's clock."""
    return clock.today((await organisations.own(session)).time_zone)


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    states: Sequence[str] = (),
    kind: str = "",
    programme_id: UUID | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int = 50,
) -> list[Listed]:
    """By last day, the soonest first; what people of other offices have proposed is not among them."""
    actor.require(Permission.OPPORTUNITIES_KEEP)
    one = Opportunity
    query: Any = (
        select(
            one.id, one.kind, one.state, one.title, one.language, one.last_on, one.is_proposal,
            _interested_in(actor).label("interested"),
        )
        .where(_kept_by(actor))
        .order_by(one.last_on, one.id)
        .limit(limit)
    )  # fmt: skip
    if states:
        query = query.where(one.state.in_(states))
    if kind:
        query = query.where(one.kind == kind)
    if programme_id is not None:
        query = query.where(_is_for([programme_id]))
    if after is not None:
        query = query.where(tuple_(one.last_on, one.id) > tuple_(*after))
    return [Listed(*row) for row in await session.execute(query)]


async def counts(session: AsyncSession, actor: Actor) -> dict[str, int]:
    """How many there are in each state, in one query."""
    actor.require(Permission.OPPORTUNITIES_KEEP)
    query = select(Opportunity.state, func.count()).where(_kept_by(actor)).group_by(Opportunity.state)
    return {row[0]: row[1] for row in await session.execute(query)}


async def access(
    session: AsyncSession, actor: Actor, opportunity_id: UUID, *, lock: bool = False
) -> Opportunity:
    """
    For a coordinator.

    Raises:
        NotFound: no such opportunity, or a proposal of somebody beyond her offices.
    """
    actor.require(Permission.OPPORTUNITIES_KEEP)
    return await one_of(session, opportunity_id, _kept_by(actor), lock=lock)


async def programmes_of(session: AsyncSession, opportunity_id: UUID) -> list[Programme]:
    query = (
        select(Programme)
        .join(OpportunityProgramme, OpportunityProgramme.programme_id == Programme.id)
        .where(OpportunityProgramme.opportunity_id == opportunity_id)
        .order_by(Programme.slug)
    )
    return list(await session.scalars(query))


async def interested(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> list[Interested]:
    """
    Who is interested and still takes part, as far as a coordinator's offices reach.

    Raises:
        NotFound: not hers to know.
    """
    await access(session, actor, opportunity_id)
    people = people_of(opportunity_id).where(within_reach(actor))
    return [Interested(*row) for row in await session.execute(people)]


def people_of(opportunity_id: UUID) -> Any:
    return (
        select(Person.id, Participation.id, Person.full_name, Participation.role)
        .join(OpportunityInterest, OpportunityInterest.person_id == Person.id)
        .join(Participation, Participation.id == OpportunityInterest.participation_id)
        .where(OpportunityInterest.opportunity_id == opportunity_id, Participation.status != Status.LEFT)
        .order_by(OpportunityInterest.created_at, OpportunityInterest.id)
        .limit(MOST_LISTED)
    )


async def poster(session: AsyncSession, one: Opportunity) -> str:
    """The name of the participant who posted it; empty of the organisation's own, and of somebody who is gone."""
    if not one.is_proposal or one.posted_by is None:
        return ""
    query = select(Person.full_name).where(Person.id == one.posted_by, Person.is_active)
    return (await session.scalar(query)) or ""


def open_to(person_id: Any, day: date) -> ColumnElement[bool]:
    """Opportunities on which this person can act on that day: her programmes', while she takes part in them."""
    return and_(
        Opportunity.state == OpportunityState.OPEN, Opportunity.last_on >= day, _put_before(person_id)
    )


def over_for(person_id: Any, day: date) -> ColumnElement[bool]:
    """Those that were open to her, and have had their last day or were closed since."""
    was_open = Opportunity.state.in_((OpportunityState.OPEN, OpportunityState.CLOSED))
    is_over = or_(Opportunity.state == OpportunityState.CLOSED, Opportunity.last_on < day)
    return and_(was_open, Opportunity.published_at.is_not(None), is_over, _put_before(person_id))


def _put_before(person_id: Any) -> ColumnElement[bool]:
    hers = (
        select(OpportunityProgramme.id)
        .join(
            Participation,
            and_(
                Participation.organisation_id == OpportunityProgramme.organisation_id,
                Participation.programme_id == OpportunityProgramme.programme_id,
            ),
        )
        .where(
            OpportunityProgramme.organisation_id == Opportunity.organisation_id,
            OpportunityProgramme.opportunity_id == Opportunity.id,
            Participation.person_id == person_id,
            Participation.status != Status.LEFT,
        )
    )
    return hers.exists()


def _interested_in(actor: Actor) -> Any:
    belongs = and_(
        OpportunityInterest.organisation_id == Opportunity.organisation_id,
        OpportunityInterest.opportunity_id == Opportunity.id,
    )
    return number_within_reach(actor, OpportunityInterest, belongs).correlate(Opportunity).scalar_subquery()


def _is_for(programme_ids: Sequence[UUID]) -> ColumnElement[bool]:
    return exists().where(
        OpportunityProgramme.organisation_id == Opportunity.organisation_id,
        OpportunityProgramme.opportunity_id == Opportunity.id,
        OpportunityProgramme.programme_id.in_(programme_ids),
    )


def _kept_by(actor: Actor) -> ColumnElement[bool]:
    """Whoever works for some offices sees the proposals of their people, and whatever was once published."""
    if not actor.offices:
        return Opportunity.id.is_not(None)
    return or_(
        ~Opportunity.is_proposal,
        Opportunity.published_at.is_not(None),
        Opportunity.office_id.in_(actor.offices),
    )


async def one_of(
    session: AsyncSession, opportunity_id: UUID, is_seen: ColumnElement[bool], *, lock: bool
) -> Opportunity:
    query = select(Opportunity).where(Opportunity.id == opportunity_id, is_seen)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="opportunity", id=str(opportunity_id))
    return found
