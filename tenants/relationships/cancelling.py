"""Meetings of every month, cancelled as a whole: what is to come falls away, what has been stays."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.relationships import meeting as meetings
from tenants.relationships import rules
from tenants.relationships.events import Event
from tenants.relationships.models import Meeting, MeetingState, Relationship


async def cancel_series(session: AsyncSession, actor: Actor, meeting_id: UUID) -> Sequence[Meeting]:
    """
    Cancel all meetings to come of the series to which one of them belongs; everybody gets one letter for all.

    Returns those that are cancelled, the soonest first; none on a second click.

    Raises:
        NotFound: not a meeting of the actor's pairs, or none of every month.
        RelationshipEnded: the pair is closed. MeetingClosed: the series is not agreed, so that there is nothing to cancel.
    """
    meeting, relationship, me = await meetings.access(session, actor, meeting_id)
    if meeting.series_id is None:
        raise NotFound(kind="meeting", id=str(meeting_id))
    series = await _of_series(session, relationship, meeting.series_id)
    if all(one.agreed_at is None for one in series):
        raise rules.MeetingClosed(state=meeting.state)
    now = clock.now()
    gone = [one for one in series if one.state == MeetingState.AGREED and one.starts_at > now]
    if not gone:
        return gone
    for one in gone:
        one.state = MeetingState.CANCELLED
        one.sequence += 1
        one.cancelled_by = me
        one.changed_at = now
    await session.flush()
    await meetings.drop_offers(session, relationship, instead_of=[one.id for one in gone])
    first = gone[0]
    await meetings.tell(
        session, actor, relationship, "meeting.cancelled", first, me=me, series_id=first.series_id
    )
    audit.record(session, actor, Event.SERIES_CANCELLED, kind="meeting", id=first.id, meetings=len(gone))
    return gone


async def _of_series(session: AsyncSession, relationship: Relationship, series_id: UUID) -> Sequence[Meeting]:
    query = select(Meeting).where(Meeting.relationship_id == relationship.id, Meeting.series_id == series_id)
    query = query.order_by(Meeting.starts_at).execution_options(populate_existing=True)
    return (await session.execute(query)).scalars().all()
