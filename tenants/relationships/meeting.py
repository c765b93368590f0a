"""
Meetings of a pair, group or circle: one proposes times, another agrees to one; anybody may cancel.

In a group or circle the first of the others who agrees fixes the time, and all are told.

A time is kept as the wall time and zone of whoever proposed it, with the
instant computed by `infra.clock`, so that both see it in their own zone and a
change of the clocks moves nothing.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.permissions import Permission
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
    Offer up to three times, written like 2026-11-23T14:00 in the proposer's zone, in place of her earlier offers.

    Raises:
        NotFound: not one of the actor's pairs.
        RelationshipEnded: it is closed.
        MeetingTime: a time that cannot be used, an unknown zone, too long a meeting or place.
    """
    relationship, me = await _own(session, actor, relationship_id)
    slots = rules.read_slots(wall_times, zone)
    minutes, place = rules.tidy_meeting(minutes, place)
    await _drop_offers(session, relationship, of=me)
    made = [
        Meeting(
            organisation_id=actor.organisation_id,
            relationship_id=relationship.id,
            proposed_by=me,
            wall_time=wall,
            time_zone=zone,
            starts_at=moment,
            minutes=minutes,
            place=place,
        )
        for wall, moment in slots
    ]
    session.add_all(made)
    await session.flush()
    await _tell_others(session, actor, relationship, me, "meeting.proposed", made[0])
    audit.record(
        session, actor, Event.MEETING_PROPOSED, kind="relationship", id=relationship.id, times=len(made)
    )
    return made


async def agree(session: AsyncSession, actor: Actor, meeting_id: UUID) -> Meeting:
    """
    Say yes to one of the other's times; all other open offers of the pair fall away.

    Raises:
        NotFound: not a meeting of the actor's pairs.
        MeetingClosed: cancelled, held, or over.
        OwnMeeting: her own offer.
    """
    meeting, relationship, me = await _access(session, actor, meeting_id)
    rules.must_be_to_come(meeting)
    if meeting.proposed_by == me:
        raise rules.OwnMeeting
    if meeting.state == MeetingState.AGREED:
        return meeting
    meeting.state = MeetingState.AGREED
    meeting.agreed_at = clock.now()
    await session.flush()
    await _drop_offers(session, relationship)
    await _tell_others(session, actor, relationship, me, "meeting.agreed", meeting)
    audit.record(session, actor, Event.MEETING_AGREED, kind="meeting", id=meeting.id)
    return meeting


async def cancel(session: AsyncSession, actor: Actor, meeting_id: UUID) -> Meeting:
    """
    Either of the two cancels what was agreed, and the other is told at once; an offer is only taken back.

    Raises:
        NotFound: not a meeting of the actor's pairs.
        MeetingClosed: cancelled or held already.
    """
    meeting, relationship, me = await _access(session, actor, meeting_id)
    rules.must_be_open(meeting)
    was_agreed = meeting.state == MeetingState.AGREED
    meeting.state = MeetingState.CANCELLED
    meeting.sequence += 1
    if was_agreed:
        await _tell_others(session, actor, relationship, me, "meeting.cancelled", meeting)
    audit.record(session, actor, Event.MEETING_CANCELLED, kind="meeting", id=meeting.id)
    return meeting


async def hold(session: AsyncSession, actor: Actor, meeting_id: UUID) -> Meeting:
    """
    One of the two says that an agreed meeting took place.

    Raises:
        NotFound: not a meeting of the actor's pairs.
        MeetingClosed: it was not agreed, or is still to come.
    """
    meeting, _, _ = await _access(session, actor, meeting_id)
    rules.must_be_agreed(meeting)
    meeting.state = MeetingState.HELD
    audit.record(session, actor, Event.MEETING_HELD, kind="meeting", id=meeting.id)
    return meeting


async def _own(session: AsyncSession, actor: Actor, relationship_id: UUID) -> tuple[Relationship, UUID]:
    """The pair, locked: two who agree to two times at once wait for each other."""
    actor.require(Permission.OWN_CASE)
    relationship, me = await queries.own_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    return relationship, me


async def _access(
    session: AsyncSession, actor: Actor, meeting_id: UUID
) -> tuple[Meeting, Relationship, UUID]:
    pair = await session.scalar(select(Meeting.relationship_id).where(Meeting.id == meeting_id))
    if pair is None:
        raise NotFound(kind="meeting", id=str(meeting_id))
    try:
        relationship, me = await _own(session, actor, pair)
    except NotFound as error:
        raise NotFound(kind="meeting", id=str(meeting_id)) from error
    query = select(Meeting).where(Meeting.id == meeting_id).execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one(), relationship, me


async def _drop_offers(session: AsyncSession, relationship: Relationship, *, of: UUID | None = None) -> None:
    query = (
        update(Meeting)
        .where(Meeting.relationship_id == relationship.id, Meeting.state == MeetingState.PROPOSED)
        .values(state=MeetingState.CANCELLED, sequence=Meeting.sequence + 1)
    )
    await session.execute(query if of is None else query.where(Meeting.proposed_by == of))


async def _tell_others(
    session: AsyncSession, actor: Actor, relationship: Relationship, me: UUID, kind: str, meeting: Meeting
) -> None:
    """One letter to each; the key of a pair's has no reader in it, as it always had."""
    others = [one for one in await queries.people(session, relationship) if one.participation_id != me]
    for one in others:
        reader = "" if relationship.party_id is None else f":{one.participation_id}"
        await notifications.write(
            session, actor, kind, key=f"{kind}:{meeting.id}:{meeting.sequence}{reader}", person_id=one.person_id,
            meeting_id=meeting.id, relationship_id=relationship.id,
        )  # fmt: skip
