"""
How a case keeps its meetings (U09): how many were held, who proposes, who cancels, and where the two say different things.

What fell away because the relationship ended was cancelled by nobody, and counts as neither kept nor cancelled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.relationships import queries
from tenants.relationships.keeping import met
from tenants.relationships.keeping.models import Met
from tenants.relationships.models import Meeting, MeetingState, Relationship


@dataclass(frozen=True, slots=True)
class Share:
    """What one of its people did."""

    participation_id: UUID
    name: str
    proposed: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class Kept:
    """`disputed` are meetings of which one says that they met, and another that they did not."""

    held: int
    missed: int
    cancelled: int
    moved: int
    shares: Sequence[Share]
    disputed: Sequence[Meeting]

    @property
    def agreed(self) -> int:
        """Meetings that were agreed and whose time is over, or that were cancelled."""
        return self.held + self.missed + self.cancelled

    @property
    def rate(self) -> float | None:
        return self.held / self.agreed if self.agreed else None


async def of_case(
    session: AsyncSession, actor: Actor, relationship_id: UUID
) -> tuple[Sequence[Meeting], Kept]:
    """
    The meetings of a case in order of time, without offers that came to nothing, and what they come to.

    Raises:
        NotFound: not one of the actor's cases.
    """
    relationship = await queries.access_relationship(session, actor, relationship_id)
    every = await queries.meetings(session, relationship_id)
    found = [one for one in every if one.agreed_at is not None or one.state == MeetingState.HELD]
    people = await queries.people(session, relationship)
    return found, await reckon(session, relationship, found, people)


async def reckon(
    session: AsyncSession,
    relationship: Relationship,
    found: Sequence[Meeting],
    people: Sequence[queries.Belonging],
) -> Kept:
    counted = [one for one in found if not _fell_with_the_end(one, relationship)]
    over = [one.id for one in found if one.state in (MeetingState.HELD, MeetingState.MISSED)]
    said: dict[UUID, set[str]] = {}
    for each in await met.answers(session, over) if over else []:
        said.setdefault(each.meeting_id, set()).add(str(each.answer))
    shares = [
        Share(
            one.participation_id,
            one.full_name,
            sum(each.proposed_by == one.participation_id for each in found),
            sum(each.cancelled_by == one.participation_id for each in found),
        )
        for one in people
    ]

    def count(state: MeetingState) -> int:
        return sum(one.state == state for one in counted)

    return Kept(
        count(MeetingState.HELD),
        count(MeetingState.MISSED),
        count(MeetingState.CANCELLED),
        sum(one.moved for one in found),
        shares,
        [one for one in found if {Met.MET, Met.NOT_MET} <= said.get(one.id, set())],
    )


def _fell_with_the_end(meeting: Meeting, relationship: Relationship) -> bool:
    return (
        meeting.state == MeetingState.CANCELLED
        and meeting.cancelled_by is None
        and relationship.ended_at is not None
        and meeting.changed_at == relationship.ended_at
    )
