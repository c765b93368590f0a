"""Reading proposals: as a coordinator, who sees both answers, or as one of the two, who sees her own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.notifications.models import Letter, LetterState
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.proposals import places, rules
from tenants.proposals.models import Answer, AskedFor, Hold, Proposal, ProposalState
from tenants.registration.models import Participation

_FIRST_LETTERS = ("meet", "contact")  # by which somebody learns of a proposal


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
    found = await own_proposal(session, proposal_id, lock=lock)
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
    return (await sides_of(session, [proposal]))[proposal.id]


async def sides_of(session: AsyncSession, proposals: Sequence[Proposal]) -> dict[UUID, tuple[Side, Side]]:
    """The same for many proposals, by their ids, in one query."""
    both = [one for proposal in proposals for one in (proposal.mentor_id, proposal.mentee_id)]
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
        .where(bulk.any_of(Participation.id, both))
    )
    by_id = {row.id: Side(*row) for row in rows}
    return {one.id: (by_id[one.mentor_id], by_id[one.mentee_id]) for one in proposals}


async def see(session: AsyncSession, actor: Actor, proposal_id: UUID, *, lock: bool = False) -> Seen:
    """
    As one of the two.

    `lock` holds the proposal and then both participations, as every change of a
    proposal does.

    Raises:
        NotFound: not one of the actor's proposals, or not (yet) hers to see.
    """
    proposal = await own_proposal(session, proposal_id, lock=lock)
    if proposal is None or proposal.state == ProposalState.DRAFT or actor.person_id is None:
        raise NotFound(kind="proposal", id=str(proposal_id))
    mentor, mentee = await sides(session, proposal)
    if actor.person_id not in (mentor.person_id, mentee.person_id):
        raise NotFound(kind="proposal", id=str(proposal_id))
    me, other = (mentor, mentee) if actor.person_id == mentor.person_id else (mentee, mentor)
    if me.participation_id not in await told(session, proposal):
        raise NotFound(kind="proposal", id=str(proposal_id))
    if lock:
        await places.lock(session, (proposal.mentor_id, proposal.mentee_id))
    rows = await session.execute(
        select(Answer.asked_for, Answer.is_yes).where(
            Answer.proposal_id == proposal.id, Answer.participation_id == me.participation_id
        )
    )
    answers = {row.asked_for: row.is_yes for row in rows}
    return Seen(proposal, me, other if is_released(proposal) else _without_contact(other), answers)


async def told(session: AsyncSession, proposal: Proposal, *, lock: bool = False) -> frozenset[UUID]:
    """
    Which participations know of the proposal: their first letter has left, or it can no longer be taken back.

    `lock` keeps letters that wait from leaving until this transaction is over.
    """
    return (await told_of(session, [proposal], lock=lock))[proposal.id]


async def told_of(
    session: AsyncSession, proposals: Sequence[Proposal], *, lock: bool = False
) -> dict[UUID, frozenset[UUID]]:
    """The same for many proposals, by their ids, in one query at most."""
    first = [
        rules.letter_key(one, kind, side)
        for one in proposals
        if one.sent_at is not None and (lock or not rules.told_about(one))
        for kind in _FIRST_LETTERS
        for side in (one.mentor_id, one.mentee_id)
    ]
    query = select(Letter.key, Letter.state).where(bulk.texts(Letter.key, first)).order_by(Letter.id)
    rows = (await session.execute(query.with_for_update() if lock else query)).all() if first else []
    here = (LetterState.WAITING, LetterState.WITHDRAWN)
    gone = {row.key for row in rows if row.state not in here}
    return {one.id: _told(one, gone) for one in proposals}


def _told(proposal: Proposal, gone: Collection[str]) -> frozenset[UUID]:
    both = (proposal.mentor_id, proposal.mentee_id)
    if proposal.sent_at is None:
        return frozenset()
    if rules.told_about(proposal):
        return frozenset(both)
    return frozenset(
        side
        for side in both
        if any(rules.letter_key(proposal, kind, side) in gone for kind in _FIRST_LETTERS)
    )


def is_released(proposal: Proposal) -> bool:
    """Whether the two may know how to reach each other (K30)."""
    return proposal.state in (ProposalState.MEETING, ProposalState.CONFIRMED)


def _without_contact(side: Side) -> Side:
    return Side(
        side.participation_id, side.person_id, side.role, side.full_name, None, None, side.time_zone,
        side.entity, side.grade, side.experience_years, side.office_id,
    )  # fmt: skip


async def own(session: AsyncSession, actor: Actor) -> list[Any]:
    """The actor's own proposals that she has been told of, with her role in each, the newest first."""
    person_id = actor.require_person()
    rows = await session.execute(
        select(Proposal, Participation.role, Participation.id.label("participation_id"))
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
    found = rows.all()
    knows = await told_of(session, [row.Proposal for row in found])
    return [row for row in found if row.participation_id in knows[row.Proposal.id]]


async def said(session: AsyncSession, proposal_id: UUID, asked_for: AskedFor) -> dict[UUID, bool]:
    """Answers to one question by participation, for the house's own use."""
    rows = await session.execute(
        select(Answer.participation_id, Answer.is_yes).where(
            Answer.proposal_id == proposal_id, Answer.asked_for == asked_for
        )
    )
    return {row.participation_id: row.is_yes for row in rows}


async def own_proposal(session: AsyncSession, proposal_id: UUID, *, lock: bool = False) -> Proposal | None:
    """For the house's own use, whoever acts."""
    query = select(Proposal).where(Proposal.id == proposal_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def held_until(session: AsyncSession, proposal_id: UUID) -> datetime | None:
    """Until when its places are kept: the end of the time to answer, or to meet."""
    until: datetime | None = await session.scalar(
        select(func.max(Hold.until)).where(Hold.proposal_id == proposal_id)
    )
    return until
