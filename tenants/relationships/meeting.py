"""
Meetings of a pair, group or circle: one proposes times, another agrees to one; anybody may cancel or ask to move it.

In a group or circle the first of the others who agrees fixes the time, and all are told.

A time is kept as the wall time and zone of whoever proposed it, with the
instant computed by `infra.clock`, so that both see it in their own zone and a
change of the clocks moves nothing. Whether they met is `keeping.met`.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.permissions import Permission
from tenants.relationships import queries, rules, series
from tenants.relationships.events import Event
from tenants.relationships.keeping import met
from tenants.relationships.keeping.models import Met
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
    instead_of: UUID | None = None,
    monthly: bool = False,
) -> list[Meeting]:
    """
    Offer up to three times, written like 2026-11-23T14:00 in the proposer's zone, in place of her earlier offers.

    `instead_of` offers them for a meeting that is agreed, which stands until somebody agrees to another
    time. `monthly` offers one time with the same weekday of each month after it, to the end of the mentoring.

    Raises:
        NotFound: not one of the actor's pairs, or no meeting of it.
        RelationshipEnded: it is closed.
        MeetingClosed: the meeting that would move is cancelled, or over.
        MeetingTime: a time that cannot be used, an unknown zone, too long a meeting or place.
    """
    relationship, me = await _own(session, actor, relationship_id)
    slots = rules.read_slots(wall_times, zone)
    minutes, place = rules.tidy_meeting(minutes, place)
    if monthly:
        if len(slots) > 1 or instead_of is not None:
            raise rules.MeetingTime(Problem("monthly", "meeting_monthly_alone"))
        slots = series.monthly(slots[0][0], zone, relationship.ends_on)
    if instead_of is not None:
        await _must_move(session, relationship, instead_of)
    await drop_offers(session, relationship, of=me)
    series_id = ids.new() if monthly else None
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
            instead_of=instead_of,
            series_id=series_id,
            series_wall=wall if series_id else None,
        )
        for wall, moment in slots
    ]
    session.add_all(made)
    await session.flush()
    await tell(session, actor, relationship, "meeting.proposed", made[0], but=me)
    audit.record(
        session, actor, Event.MEETING_PROPOSED, kind="relationship", id=relationship.id, times=len(made)
    )
    return made


async def agree(session: AsyncSession, actor: Actor, meeting_id: UUID) -> Meeting:
    """
    Say yes to one of the other's times; all other open offers of the pair fall away.

    Of monthly meetings she agrees to all that are to come. A time that was offered in place of a meeting moves it: that
    meeting is returned, the same as before at another time.

    Raises:
        NotFound: not a meeting of the actor's pairs.
        MeetingClosed: cancelled, held, or over; so is the one that would move.
        OwnMeeting: her own offer.
    """
    meeting, relationship, me = await access(session, actor, meeting_id)
    if (moved := await _moved_already(session, meeting)) is not None:
        return moved  # a second click on the same button
    rules.must_be_to_come(meeting)
    if meeting.proposed_by == me:
        raise rules.OwnMeeting
    if meeting.state == MeetingState.AGREED:
        return meeting
    if meeting.instead_of is not None:
        return await _move(session, actor, relationship, meeting, me)
    now = clock.now()
    for one in await _offered_together(session, meeting):
        if one.starts_at > now:  # the first of every month may be over by the time that she says yes
            one.state = MeetingState.AGREED
            one.agreed_at = now
    await session.flush()
    await drop_offers(session, relationship)
    await tell(session, actor, relationship, "meeting.agreed", meeting, me=me)
    audit.record(session, actor, Event.MEETING_AGREED, kind="meeting", id=meeting.id)
    return meeting


async def cancel(session: AsyncSession, actor: Actor, meeting_id: UUID) -> Meeting:
    """
    Either of the two cancels what was agreed, and all are told at once; an offer is only taken back.

    Raises:
        NotFound: not a meeting of the actor's pairs.
        MeetingClosed: cancelled or held already, or its hour has come: whether they met is asked then.
    """
    meeting, relationship, me = await access(session, actor, meeting_id)
    rules.must_be_open(meeting)
    was_agreed = meeting.state == MeetingState.AGREED
    if was_agreed:
        rules.must_be_to_come(meeting)
    for one in [meeting] if was_agreed else await _offered_together(session, meeting):
        one.state = MeetingState.CANCELLED
        one.sequence += 1
    if was_agreed:
        meeting.cancelled_by = me
        meeting.changed_at = clock.now()
        await session.flush()
        await drop_offers(session, relationship, instead_of=[meeting.id])
        await tell(session, actor, relationship, "meeting.cancelled", meeting, me=me)
    audit.record(session, actor, Event.MEETING_CANCELLED, kind="meeting", id=meeting.id)
    return meeting


async def hold(session: AsyncSession, actor: Actor, meeting_id: UUID) -> Meeting:
    """One of the two says that an agreed meeting took place; see `keeping.met.say`."""
    return await met.say(session, actor, meeting_id, Met.MET)


async def _must_move(session: AsyncSession, relationship: Relationship, meeting_id: UUID) -> Meeting:
    found = (
        await session.execute(
            select(Meeting)
            .where(Meeting.id == meeting_id, Meeting.relationship_id == relationship.id)
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="meeting", id=str(meeting_id))
    if found.state != MeetingState.AGREED:
        raise rules.MeetingClosed(state=found.state)
    rules.must_be_to_come(found)
    return found


async def _move(
    session: AsyncSession, actor: Actor, relationship: Relationship, offer: Meeting, me: UUID
) -> Meeting:
    """The meeting stays the same one to every calendar; only its time is another."""
    assert offer.instead_of is not None
    meeting = await _must_move(session, relationship, offer.instead_of)
    if meeting.series_id is None:
        meeting.wall_time, meeting.time_zone = offer.wall_time, offer.time_zone
    else:  # one of many keeps the clock of all
        local = clock.local(offer.starts_at, meeting.time_zone)
        meeting.wall_time = local.replace(tzinfo=None).isoformat(timespec="minutes")
    meeting.starts_at = offer.starts_at
    meeting.minutes, meeting.place = offer.minutes, offer.place
    meeting.sequence += 1
    meeting.moved += 1
    meeting.changed_at = clock.now()
    await session.flush()
    await drop_offers(session, relationship)
    await tell(session, actor, relationship, "meeting.moved", meeting, me=offer.proposed_by, agreed_by=me)
    audit.record(session, actor, Event.MEETING_MOVED, kind="meeting", id=meeting.id)
    return meeting


async def _moved_already(session: AsyncSession, offer: Meeting) -> Meeting | None:
    """The meeting that stands at the time of an offer to move it; None where there is nothing of the kind."""
    if offer.instead_of is None or offer.state != MeetingState.CANCELLED:
        return None
    query = select(Meeting).where(
        Meeting.id == offer.instead_of,
        Meeting.starts_at == offer.starts_at,
        Meeting.state == MeetingState.AGREED,
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _offered_together(session: AsyncSession, meeting: Meeting) -> Sequence[Meeting]:
    """All offers of its series that stand; without one, the offer alone."""
    if meeting.series_id is None:
        return [meeting]
    query = select(Meeting).where(
        Meeting.relationship_id == meeting.relationship_id,
        Meeting.series_id == meeting.series_id,
        Meeting.state == MeetingState.PROPOSED,
    )
    return (await session.execute(query)).scalars().all()


async def _own(session: AsyncSession, actor: Actor, relationship_id: UUID) -> tuple[Relationship, UUID]:
    """The pair, locked: two who agree to two times at once wait for each other."""
    actor.require(Permission.OWN_CASE)
    relationship, me = await queries.own_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    return relationship, me


async def access(session: AsyncSession, actor: Actor, meeting_id: UUID) -> tuple[Meeting, Relationship, UUID]:
    """
    One of the actor's, with its pair, which is locked, and her participation.

    Raises:
        NotFound: not a meeting of the actor's pairs. RelationshipEnded: it is closed.
    """
    pair = await session.scalar(select(Meeting.relationship_id).where(Meeting.id == meeting_id))
    if pair is None:
        raise NotFound(kind="meeting", id=str(meeting_id))
    try:
        relationship, me = await _own(session, actor, pair)
    except rules.PartOver:
        raise  # she may know that there is a group, and that she is not in it any more
    except NotFound as error:
        raise NotFound(kind="meeting", id=str(meeting_id)) from error
    query = select(Meeting).where(Meeting.id == meeting_id).execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one(), relationship, me


async def drop_offers(
    session: AsyncSession,
    relationship: Relationship,
    *,
    of: UUID | None = None,
    instead_of: Sequence[UUID] = (),
) -> None:
    """Take back what is offered: by one of them, or in place of some meetings; all of it without either."""
    query = (
        update(Meeting)
        .where(Meeting.relationship_id == relationship.id, Meeting.state == MeetingState.PROPOSED)
        .values(state=MeetingState.CANCELLED, sequence=Meeting.sequence + 1)
    )
    if of is not None:
        query = query.where(Meeting.proposed_by == of)
    if instead_of:
        query = query.where(bulk.any_of(Meeting.instead_of, instead_of))
    await session.execute(query)


async def tell(
    session: AsyncSession,
    actor: Actor,
    relationship: Relationship,
    kind: str,
    meeting: Meeting,
    *,
    me: UUID | None = None,
    but: UUID | None = None,
    **about: Any,
) -> None:
    """
    One letter to each, `but` one. In a pair the key of the other's has no reader in it, as it always had; whoever did
    it (`me`) gets one too, for her calendar.
    """
    for one in await queries.people(session, relationship):
        if one.participation_id == but:
            continue
        is_other = relationship.party_id is None and one.participation_id != me
        reader = "" if is_other else f":{one.participation_id}"
        await notifications.write(
            session, actor, kind, key=f"{kind}:{meeting.id}:{meeting.sequence}{reader}", person_id=one.person_id,
            meeting_id=meeting.id, relationship_id=relationship.id, by=me or but, **about,
        )  # fmt: skip
