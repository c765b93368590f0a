"""Reading proposals: as a coordinator, who sees both answers, or as one of the two, who sees her own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.proposals.models import Answer, AskedFor, Hold, NeverAgain, Proposal, ProposalState
from tenants.proposals.rules import pair_key
from tenants.registration.models import Participation

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as the other may see her; contact data only once it is released."""

    participation_id: UUID
    person_id: UUID
    role: str
    full_name: str
    email: str | None
    phone: str | None
    time_zone: str
    entity: str | None
    grade: str | None
    experience_years: int | None
    office_id: UUID | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A proposal as one of the two sees it: what she answered, never what the other did."""

    proposal: Proposal
    me: Side
    other: Side
    my_answers: dict[str, bool]


async def access_proposal(
    session: AsyncSession, actor: Actor, proposal_id: UUID, *, lock: bool = False
) -> Proposal:
    """
    As a coordinator of one of the two.

    Raises:
        NotFound: no such proposal among the actor's cases.
    """
    actor.require(Permission.PROPOSAL_READ)
    query = select(Proposal).where(Proposal.id == proposal_id)
    found = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if found is None or (actor.offices and not await _is_of_my_offices(session, actor, found)):
        raise NotFound(kind="proposal", id=str(proposal_id))
    return found


async def _is_of_my_offices(session: AsyncSession, actor: Actor, proposal: Proposal) -> bool:
    offices = await session.execute(
        select(Participation.office_id).where(Participation.id.in_((proposal.mentor_id, proposal.mentee_id)))
    )
    return any(actor.sees_office(office) for office in offices.scalars())


async def sides(session: AsyncSession, proposal: Proposal) -> tuple[Side, Side]:
    """Mentor and mentee with all their data, for the house's own use."""
    rows = await session.execute(
        select(
            Participation.id,
            Participation.person_id,
            Participation.role,
            Person.full_name,
            Person.email,
            Person.phone,
            Person.time_zone,
            Participation.entity,
            Participation.grade,
            Participation.experience_years,
            Participation.office_id,
        )
        .join(
            Person,
            and_(
                Person.organisation_id == Participation.organisation_id, Person.id == Participation.person_id
            ),
        )
        .where(Participation.id.in_((proposal.mentor_id, proposal.mentee_id)))
    )
    by_id = {row.id: Side(*row) for row in rows}
    return by_id[proposal.mentor_id], by_id[proposal.mentee_id]


async def see(session: AsyncSession, actor: Actor, proposal_id: UUID) -> Seen:
    """
    As one of the two.

    Raises:
        NotFound: not one of the actor's proposals, or not (yet) hers to see.
    """
    proposal = (
        await session.execute(
            select(Proposal).where(Proposal.id == proposal_id, Proposal.state != ProposalState.DRAFT)
        )
    ).scalar_one_or_none()
    if proposal is None or actor.person_id is None:
        raise NotFound(kind="proposal", id=str(proposal_id))
    mentor, mentee = await sides(session, proposal)
    if actor.person_id not in (mentor.person_id, mentee.person_id):
        raise NotFound(kind="proposal", id=str(proposal_id))
    me, other = (mentor, mentee) if actor.person_id == mentor.person_id else (mentee, mentor)
    rows = await session.execute(
        select(Answer.asked_for, Answer.is_yes).where(
            Answer.proposal_id == proposal.id, Answer.participation_id == me.participation_id
        )
    )
    answers = {row.asked_for: row.is_yes for row in rows}
    return Seen(proposal, me, other if is_released(proposal) else _without_contact(other), answers)


def is_released(proposal: Proposal) -> bool:
    """Whether the two may know how to reach each other (K30)."""
    return proposal.state in (ProposalState.MEETING, ProposalState.CONFIRMED)


def _without_contact(side: Side) -> Side:
    return Side(
        side.participation_id, side.person_id, side.role, side.full_name, None, None, side.time_zone,
        side.entity, side.grade, side.experience_years, side.office_id,
    )  # fmt: skip


async def own(session: AsyncSession, actor: Actor) -> list[Any]:
    """The actor's own proposals that have been sent, with her role in each, the newest first."""
    person_id = actor.require_person()
    rows = await session.execute(
        select(Proposal, Participation.role)
        .join(
            Participation,
            and_(
                Participation.organisation_id == Proposal.organisation_id,
                or_(Participation.id == Proposal.mentor_id, Participation.id == Proposal.mentee_id),
            ),
        )
        .where(Participation.person_id == person_id, Proposal.state != ProposalState.DRAFT)
        .order_by(Proposal.sent_at.desc(), Proposal.id)
    )
    return list(rows)


def _listed() -> Any:
    mentor, mentee = aliased(Participation), aliased(Participation)
    mentor_person, mentee_person = aliased(Person), aliased(Person)
    organisation = Proposal.organisation_id
    return (
        select(
            Proposal,
            mentor_person.full_name.label("mentor_name"),
            mentee_person.full_name.label("mentee_name"),
            mentor_person.time_zone.label("mentor_zone"),
            mentee_person.time_zone.label("mentee_zone"),
            mentor.person_id.label("mentor_person_id"),
            mentee.person_id.label("mentee_person_id"),
        )
        .join(mentor, and_(mentor.organisation_id == organisation, mentor.id == Proposal.mentor_id))
        .join(mentee, and_(mentee.organisation_id == organisation, mentee.id == Proposal.mentee_id))
        .join(
            mentor_person,
            and_(mentor_person.organisation_id == organisation, mentor_person.id == mentor.person_id),
        )
        .join(
            mentee_person,
            and_(mentee_person.organisation_id == organisation, mentee_person.id == mentee.person_id),
        )
    )


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    states: Sequence[str] = (),
    cycle_id: UUID | None = None,
    run_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Row[Any]]:
    """Proposals with both names, the newest first; (created_at, id) of the last one goes on from there."""
    actor.require(Permission.PROPOSAL_READ)
    query = _listed().order_by(Proposal.created_at.desc(), Proposal.id.desc()).limit(limit)
    if states:
        query = query.where(Proposal.state.in_(states))
    if cycle_id:
        query = query.where(Proposal.cycle_id == cycle_id)
    if run_id:
        query = query.where(Proposal.run_id == run_id)
    if actor.offices:
        mine = select(Participation.id).where(Participation.office_id.in_(actor.offices))
        query = query.where(or_(Proposal.mentor_id.in_(mine), Proposal.mentee_id.in_(mine)))
    if after:
        query = query.where(
            or_(
                Proposal.created_at < after[0],
                and_(Proposal.created_at == after[0], Proposal.id < after[1]),
            )
        )
    rows: Sequence[Row[Any]] = (await session.execute(query)).all()
    return rows


async def answers(session: AsyncSession, actor: Actor, proposal_id: UUID) -> Sequence[Answer]:
    """What both have said, with their reasons: for their coordinators only (K33)."""
    proposal = await access_proposal(session, actor, proposal_id)
    rows = await session.execute(
        select(Answer).where(Answer.proposal_id == proposal.id).order_by(Answer.created_at)
    )
    return rows.scalars().all()


async def said(session: AsyncSession, proposal_id: UUID, asked_for: AskedFor) -> dict[UUID, bool]:
    """Answers to one question by participation, for the house's own use."""
    rows = await session.execute(
        select(Answer.participation_id, Answer.is_yes).where(
            Answer.proposal_id == proposal_id, Answer.asked_for == asked_for
        )
    )
    return {row.participation_id: row.is_yes for row in rows}


async def free_places(session: AsyncSession, participation_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Capacity less the places that open proposals and running pairs hold."""
    held = (
        select(Hold.participation_id, func.count().label("held"))
        .where(Hold.participation_id.in_(participation_ids))
        .group_by(Hold.participation_id)
        .subquery()
    )
    rows = await session.execute(
        select(Participation.id, Participation.capacity - func.coalesce(held.c.held, 0))
        .outerjoin(held, held.c.participation_id == Participation.id)
        .where(Participation.id.in_(participation_ids))
    )
    return {row[0]: row[1] for row in rows}


async def is_known_pair(session: AsyncSession, one: UUID, other: UUID) -> bool:
    """Whether these two people have been proposed to each other before, and it did not come about."""
    first, second = pair_key(one, other)
    found = await session.execute(
        select(NeverAgain.id).where(NeverAgain.one_id == first, NeverAgain.other_id == second)
    )
    return found.first() is not None


async def caseload(session: AsyncSession, coordinator_id: UUID) -> int:
    """Matches that this coordinator has brought about in the last twelve months (K28)."""
    count = await session.execute(
        select(func.count())
        .select_from(Proposal)
        .where(
            Proposal.approved_by == coordinator_id,
            Proposal.state == ProposalState.CONFIRMED,
            Proposal.closed_at > clock.now() - YEAR,
        )
    )
    return count.scalar_one()
