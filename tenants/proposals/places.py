"""Places of a participation: who has one left, and the locks that give the last one once."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from tenants.people.models import Person
from tenants.pools.rules import MATCHABLE
from tenants.proposals.models import Hold, NeverAgain, Proposal, ProposalState
from tenants.proposals.rules import pair_key
from tenants.registration.models import ParticipantRole, Participation

TOGETHER = (ProposalState.OPEN, ProposalState.MEETING, ProposalState.CONFIRMED)  # as the unique index has it
# A mentee has one mentor at a time, whatever her roster said; as on the cards of a pool.
OFFERED = case((Participation.role == ParticipantRole.MENTEE, 1), else_=Participation.capacity)


def matchable() -> ColumnElement[bool]:
    """Whether a participation of an active person may be proposed, or begin a pair, in its present status."""
    return or_(
        *(
            and_(Participation.role == role, Participation.status.in_(statuses))
            for role, statuses in MATCHABLE.items()
        )
    )


async def lock(session: AsyncSession, participation_ids: Collection[UUID]) -> None:
    """
    Hold the participations still, in the order of their ids.

    To be taken after the proposal's lock and before the first row that refers to
    them is written: that row would hold them in a way that two could not leave.
    """
    await session.execute(
        select(Participation.id)
        .where(Participation.id.in_(participation_ids))
        .order_by(Participation.id)
        .with_for_update()
    )


async def free(session: AsyncSession, participation_ids: Collection[UUID]) -> dict[UUID, int]:
    """Places less those that open proposals and running pairs hold; none of somebody who cannot be matched now."""
    held = (
        select(Hold.participation_id, func.count().label("held"))
        .where(Hold.participation_id.in_(participation_ids))
        .group_by(Hold.participation_id)
        .subquery()
    )
    left = case(
        (and_(matchable(), Person.is_active), OFFERED - func.coalesce(held.c.held, 0)),
        else_=0,
    )
    rows = await session.execute(
        select(Participation.id, left)
        .join(Person, Person.id == Participation.person_id)
        .outerjoin(held, held.c.participation_id == Participation.id)
        .where(Participation.id.in_(participation_ids))
    )
    return {row[0]: row[1] for row in rows}


async def offered(session: AsyncSession, participation_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many places each offers, held or not; none of somebody who cannot be matched now."""
    rows = await session.execute(
        select(Participation.id, case((and_(matchable(), Person.is_active), OFFERED), else_=0))
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.id.in_(participation_ids))
    )
    return {row[0]: row[1] for row in rows}


async def tried(session: AsyncSession, proposals: Sequence[Proposal]) -> frozenset[UUID]:
    """
    Those proposals whose two people have been brought together before, in any cycle (K35), or are now: by a draft of
    a run and one made by hand.
    """
    mentor, mentee, other = aliased(Participation), aliased(Participation), aliased(Proposal)
    are_together = (
        select(other.id)
        .where(
            other.mentor_id == Proposal.mentor_id,
            other.mentee_id == Proposal.mentee_id,
            other.state.in_(TOGETHER),
        )
        .exists()
    )
    rows = await session.execute(
        select(Proposal.id, mentor.person_id, mentee.person_id, are_together)
        .join(mentor, mentor.id == Proposal.mentor_id)
        .join(mentee, mentee.id == Proposal.mentee_id)
        .where(Proposal.id.in_([one.id for one in proposals]))
    )
    found = rows.all()
    pairs = {row[0]: pair_key(row[1], row[2]) for row in found}
    now = {row[0] for row in found if row[3]}
    known = await session.execute(
        select(NeverAgain.one_id, NeverAgain.other_id).where(
            tuple_(NeverAgain.one_id, NeverAgain.other_id).in_(list(set(pairs.values())))
        )
    )
    never = {(row.one_id, row.other_id) for row in known}
    return frozenset(id for id, pair in pairs.items() if pair in never or id in now)


async def is_tried(session: AsyncSession, one: UUID, other: UUID) -> bool:
    """Whether these two people have been brought together before, and it is over."""
    first, second = pair_key(one, other)
    found = await session.execute(
        select(NeverAgain.id).where(NeverAgain.one_id == first, NeverAgain.other_id == second)
    )
    return found.first() is not None
