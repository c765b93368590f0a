"""
Meetings of a pair: one proposes times, the other agrees to one; either may cancel.

A time is kept as the wall time and zone of whoever proposed it, with the
instant computed by `infra.clock`, so that both see it in their own zone and a
change of the clocks moves nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.registration.models import Participation
from tenants.relationships import queries, rules
from tenants.relationships.events import Event
from tenants.relationships.models import Meeting, MeetingState, Relationship


async def propose(
    session: AsyncSession,
    actor: Actor,
    relationship_id: UUID,
    *,
    wall_times: Sequence[str],
    zone: str,
    minutes: int = 60,
    place: str | None = None,
) -> list[Meeting]:
    """
    Offer up to three times, written like 2026-11-23T14:00 in the proposer's zone.

    Raises:
        NotFound: not one of the actor's pairs.
        MeetingTime: a time that cannot be read, is over, or an unknown zone.
    """
    relationship, me = await queries.own_relationship(session, actor, relationship_id)
    rules.must_be_running(relationship)
    moments = _read(wall_times, zone)
    made = [
        Meeting(
            organisation_id=actor.organisation_id,
            relationship_id=relationship.id,
            proposed_by=me,
            wall_time=wall,
            time_zone=zone,
            starts_at=moment,
            minutes=minutes,
            place=place or None,
        )
        for wall, moment in moments
    ]
    session.add_all(made)
    await session.flush()
    await _tell_other(session, actor, relationship, me, "meeting.proposed", made[0])
    audit.record(
        session, actor, Event.MEETING_PROPOSED, kind="relationship", id=relationship.id, times=len(made)
    )
    return made


async def agree(session: AsyncSession, actor: Actor, meeting_id: UUID) -> Meeting:
    """
    Say yes to one of the other's times; her other open offers fall away.

    Raises:
        NotFound, MeetingClosed, OwnMeeting
    """
    meeting, relationship, me = await _access(session, actor, meeting_id)
    rules.must_be_open(meeting)
    if meeting.proposed_by == me:
        raise rules.OwnMeeting
    if meeting.state == MeetingState.AGREED:
        return meeting
    meeting.state = MeetingState.AGREED
    for other in await queries.meetings(session, relationship.id):
        if other.state == MeetingState.PROPOSED and other.id != meeting.id:
            other.state = MeetingState.CANCELLED
    await _tell_other(session, actor, relationship, me, "meeting.agreed", meeting)
    audit.record(session, actor, Event.MEETING_AGREED, kind="meeting", id=meeting.id)
    return meeting


async def cancel(session: AsyncSession, actor: Actor, meeting_id: UUID) -> Meeting:
    """Either of the two cancels; the other is told at once."""
    meeting, relationship, me = await _access(session, actor, meeting_id)
    rules.must_be_open(meeting)
    meeting.state = MeetingState.CANCELLED
    meeting.sequence += 1
    await _tell_other(session, actor, relationship, me, "meeting.cancelled", meeting)
    audit.record(session, actor, Event.MEETING_CANCELLED, kind="meeting", id=meeting.id)
    return meeting


async def hold(session: AsyncSession, actor: Actor, meeting_id: UUID) -> Meeting:
    """One of the two says that it took place."""
    meeting, _, _ = await _access(session, actor, meeting_id)
    rules.must_be_open(meeting)
    meeting.state = MeetingState.HELD
    audit.record(session, actor, Event.MEETING_HELD, kind="meeting", id=meeting.id)
    return meeting


def _read(wall_times: Sequence[str], zone: str) -> list[tuple[str, datetime]]:
    if zone not in available_timezones():
        raise rules.MeetingTime(Problem("zone", "time_zone_unknown", {"found": zone}))
    read = []
    for number, text in enumerate(wall_times):
        try:
            wall = datetime.fromisoformat(text)
        except ValueError as error:
            raise rules.MeetingTime(
                Problem(f"times[{number}]", "meeting_time_unreadable", {"found": text})
            ) from error
        moment = clock.instant(wall.date(), wall.time(), zone)
        if moment <= clock.now():
            raise rules.MeetingTime(Problem(f"times[{number}]", "meeting_in_the_past", {"found": text}))
        read.append((wall.replace(tzinfo=None).isoformat(timespec="minutes"), moment))
    if not read:
        raise rules.MeetingTime(Problem("times", "missing"))
    return read


async def _access(
    session: AsyncSession, actor: Actor, meeting_id: UUID
) -> tuple[Meeting, Relationship, UUID]:
    query = select(Meeting).where(Meeting.id == meeting_id).with_for_update()
    meeting = (await session.execute(query)).scalar_one_or_none()
    if meeting is None:
        raise NotFound(kind="meeting", id=str(meeting_id))
    relationship, me = await queries.own_relationship(session, actor, meeting.relationship_id)
    rules.must_be_running(relationship)
    return meeting, relationship, me


async def _tell_other(
    session: AsyncSession, actor: Actor, relationship: Relationship, me: UUID, kind: str, meeting: Meeting
) -> None:
    other = relationship.mentee_id if me == relationship.mentor_id else relationship.mentor_id
    person_id = await session.scalar(select(Participation.person_id).where(Participation.id == other))
    await notifications.write(
        session, actor, kind, key=f"{kind}:{meeting.id}:{meeting.sequence}", person_id=person_id,
        meeting_id=meeting.id, relationship_id=relationship.id,
    )  # fmt: skip
