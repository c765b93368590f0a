"""
What came of a run: its pairs, those left out, and the names that a coordinator may see beside them.

Whoever asks has found the run by `queries.access_run`; of a run that is not here there is nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, or_, select, true, tuple_, union
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import NotFound
from tenants.actor import Actor
from tenants.organisations.models import Office
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.pools.models import Side
from tenants.proposals.models import Proposal, ProposalState, Unmatched
from tenants.proposals.party_models import Seat
from tenants.registration.models import ParticipantRole, Participation


class Sort(StrEnum):
    SCORE = "score"
    MARGIN = "margin"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of a result, with what a coordinator needs to place her; without a name (`is_hidden`), no more than the id."""

    participation_id: UUID
    person_id: UUID
    role: str
    full_name: str
    time_zone: str
    office: str | None
    sector: str | None
    languages: list[Any]
    topics_offered: list[str]
    topics_wanted: list[str]
    capacity: int

    @property
    def is_hidden(self) -> bool:
        return not self.full_name


@dataclass(frozen=True, slots=True)
class Pair:
    """A proposal of a run. `sort_key` goes back into `after`."""

    id: UUID
    mentor_id: UUID
    mentee_id: UUID
    state: str
    score: int
    most: int
    contributions: list[dict[str, Any]]
    alternatives: list[dict[str, Any]]
    key: Any

    @property
    def sort_key(self) -> tuple[Any, UUID]:
        return self.key, self.id


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody without a partner."""

    id: UUID
    participation_id: UUID
    side: str
    reason: str
    facts: dict[str, Any]
    change: dict[str, Any]


def _order(sort: Sort) -> tuple[Any, bool]:
    """What a list of pairs is sorted by, and whether the greatest comes first."""
    if sort is Sort.NAME:
        return Person.search_key, False
    if sort is Sort.MARGIN:
        return Proposal.score - func.coalesce(
            cast(Proposal.alternatives[0]["score"].astext, Integer), 0
        ), False
    return Proposal.score, True


async def pairs(
    session: AsyncSession,
    actor: Actor,
    run_id: UUID,
    *,
    sort: Sort = Sort.SCORE,
    after: tuple[Any, UUID] | None = None,
    limit: int = 50,
) -> list[Pair]:
    """The proposals of a run: highest score, narrowest margin to the next best, or mentee's name first."""
    actor.require(Permission.PROPOSAL_READ)
    key, is_falling = _order(sort)
    query = select(
        Proposal.id, Proposal.mentor_id, Proposal.mentee_id, Proposal.state, Proposal.score, Proposal.most,
        Proposal.contributions, Proposal.alternatives, key,
    ).where(Proposal.run_id == run_id)  # fmt: skip
    if sort is Sort.NAME:
        query = query.join(
            Participation,
            and_(
                Participation.organisation_id == Proposal.organisation_id,
                Participation.id == Proposal.mentee_id,
            ),
        ).join(
            Person,
            and_(
                Person.organisation_id == Participation.organisation_id, Person.id == Participation.person_id
            ),
        )
    if actor.offices:
        query = query.where(_is_mine(actor))
    order = tuple_(key, Proposal.id)
    if after is not None:
        query = query.where(order < tuple_(*after) if is_falling else order > tuple_(*after))
    direction = (key.desc(), Proposal.id.desc()) if is_falling else (key, Proposal.id)
    rows = await session.execute(query.order_by(*direction).limit(limit))
    return [Pair(*row) for row in rows]


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    mine = _mine(actor)
    return or_(Proposal.mentor_id.in_(mine), Proposal.mentee_id.in_(mine))


def _mine(actor: Actor) -> Select[Any]:
    return select(Participation.id).where(Participation.office_id.in_(actor.offices))


def _is_known(actor: Actor) -> ColumnElement[bool]:
    """Participations of the actor's offices, and those whom a run has put beside one of these."""
    mine = _mine(actor)
    beside = union(
        select(Proposal.mentor_id).where(Proposal.mentee_id.in_(mine)),
        select(Proposal.mentee_id).where(Proposal.mentor_id.in_(mine)),
        select(Seat.participation_id).where(
            Seat.party_id.in_(select(Seat.party_id).where(Seat.participation_id.in_(mine)))
        ),
    )
    return or_(Participation.office_id.in_(actor.offices), Participation.id.in_(beside))


async def scores(
    session: AsyncSession, actor: Actor, run_id: UUID, *, most: int | None = None
) -> list[tuple[UUID, UUID, int]]:
    """(mentor, mentee, score) of every pair of a run that this actor may see, highest first; `most` of them."""
    actor.require(Permission.PROPOSAL_READ)
    query = select(Proposal.mentor_id, Proposal.mentee_id, Proposal.score).where(Proposal.run_id == run_id)
    if actor.offices:
        query = query.where(_is_mine(actor))
    rows = await session.execute(query.order_by(Proposal.score.desc(), Proposal.id.desc()).limit(most))
    return [(row[0], row[1], row[2]) for row in rows]


async def spread(session: AsyncSession, actor: Actor, run_id: UUID) -> list[tuple[int, int]]:
    """(score, pairs that have it) of a run, of those pairs that this actor may see."""
    actor.require(Permission.PROPOSAL_READ)
    query = select(Proposal.score, func.count()).where(Proposal.run_id == run_id).group_by(Proposal.score)
    if actor.offices:
        query = query.where(_is_mine(actor))
    return [(row[0], row[1]) for row in await session.execute(query)]


async def drafts(session: AsyncSession, actor: Actor, run_id: UUID) -> int:
    """How many proposals of a run that this actor may approve nobody has approved yet."""
    actor.require(Permission.PROPOSAL_READ)
    query = (
        select(func.count())
        .select_from(Proposal)
        .where(Proposal.run_id == run_id, Proposal.state == ProposalState.DRAFT)
    )
    if actor.offices:
        query = query.where(_is_mine(actor))
    return int((await session.execute(query)).scalar_one())


async def access_pair(session: AsyncSession, actor: Actor, run_id: UUID, proposal_id: UUID) -> Pair:
    """
    Raises:
        NotFound: no such proposal of this run, or none of the actor's offices.
    """
    actor.require(Permission.PROPOSAL_READ)
    query = select(
        Proposal.id, Proposal.mentor_id, Proposal.mentee_id, Proposal.state, Proposal.score, Proposal.most,
        Proposal.contributions, Proposal.alternatives, Proposal.score,
    ).where(Proposal.run_id == run_id, Proposal.id == proposal_id)  # fmt: skip
    if actor.offices:
        query = query.where(_is_mine(actor))
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound(kind="proposal", id=str(proposal_id))
    return Pair(*found)


async def mentors(
    session: AsyncSession, actor: Actor, run_id: UUID, *, called: str = "", limit: int = 300
) -> list[tuple[UUID, str]]:
    """
    The mentors, or peers, that took part in a run whom this actor may know, by name; `called` is how a name or address begins.
    """
    actor.require(Permission.PROPOSAL_READ)
    there = union(
        select(Proposal.mentor_id).where(Proposal.run_id == run_id),
        select(Proposal.mentee_id).where(Proposal.run_id == run_id),
        select(Unmatched.participation_id).where(Unmatched.run_id == run_id, Unmatched.side != Side.MENTEE),
    )
    query = (
        select(Participation.id, Person.full_name)
        .join(
            Person,
            and_(
                Person.organisation_id == Participation.organisation_id, Person.id == Participation.person_id
            ),
        )
        .where(Participation.id.in_(there), Participation.role != ParticipantRole.MENTEE)
        .order_by(Person.search_key, Participation.id)
        .limit(limit)
    )
    if actor.offices:
        query = query.where(_is_known(actor))
    query = people.matching(query, called)
    return [(row[0], row[1]) for row in await session.execute(query)]


async def unmatched(
    session: AsyncSession,
    actor: Actor,
    run_id: UUID,
    *,
    side: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Left]:
    """People whom a run left out, each with the reason that binds; `id` of the last one goes on from there."""
    actor.require(Permission.PROPOSAL_READ)
    query = select(
        Unmatched.id, Unmatched.participation_id, Unmatched.side, Unmatched.reason, Unmatched.facts, Unmatched.change
    ).where(Unmatched.run_id == run_id)  # fmt: skip
    if side is not None:
        query = query.where(Unmatched.side == side)
    if actor.offices:
        mine = select(Participation.id).where(Participation.office_id.in_(actor.offices))
        query = query.where(Unmatched.participation_id.in_(mine))
    if after is not None:
        query = query.where(Unmatched.id > after)
    return [Left(*row) for row in await session.execute(query.order_by(Unmatched.id).limit(limit))]


async def named(
    session: AsyncSession, actor: Actor, participation_ids: Collection[UUID]
) -> dict[UUID, Named]:
    """
    Who the ids of a result are.

    A coordinator of some offices learns the names of her own people and of those
    whom a run has put beside them; of all others a result tells her only that there is somebody.
    """
    actor.require(Permission.PROPOSAL_READ)
    if not participation_ids:
        return {}
    query = (
        select(
            Participation.id, Participation.person_id, Participation.role, Person.full_name, Person.time_zone,
            Office.name, Participation.sector, Participation.languages, Participation.topics_offered,
            Participation.topics_wanted, Participation.capacity,
            _is_known(actor) if actor.offices else true(),
        )
        .join(
            Person,
            and_(
                Person.organisation_id == Participation.organisation_id, Person.id == Participation.person_id
            ),
        )
        .outerjoin(
            Office,
            and_(Office.organisation_id == Participation.organisation_id, Office.id == Participation.office_id),
        )
        .where(Participation.id.in_(set(participation_ids)))
    )  # fmt: skip
    rows = await session.execute(query)
    return {row[0]: Named(*row[:-1]) if row[-1] else _hidden(row) for row in rows}


def _hidden(row: Any) -> Named:
    return Named(row[0], row[1], row[2], "", "UTC", None, None, [], [], [], 0)
