"""A meeting that somebody notes by its day, since nobody had planned it here."""

from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.relationships import queries, rules
from tenants.relationships.events import Event
from tenants.relationships.keeping import met, rhythm
from tenants.relationships.keeping.models import Met
from tenants.relationships.models import Meeting, MeetingState, Relationship

NOTED_WITHIN = timedelta(days=366)


async def note(session: AsyncSession, actor: Actor, relationship_id: UUID, *, on: date) -> Meeting:
    """
    Say that they have met on a day. Once for each day; where they had agreed to meet on it, that is the meeting.

    Raises:
        NotFound: not one of the actor's pairs. RelationshipEnded: it is closed.
        MeetingTime: a day to come, before they began, or longer ago than a year.
        MeetingNotYet: the hour on which they agreed for this day is still to come.
    """
    actor.require(Permission.OWN_CASE)
    relationship, me = await queries.own_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    zone = actor.time_zone
    first = clock.local(max(relationship.begun_at, clock.now() - NOTED_WITHIN), zone).date()
    rules.must_be_noted_day(on, first, clock.today(zone))
    stands = await _of_day(session, relationship, on, zone)
    if stands is None:
        return await _note(session, actor, relationship, me, on)
    if stands.state == MeetingState.HELD:
        return stands
    if stands.starts_at > clock.now():
        raise rules.MeetingNotYet
    return await met.keep(session, actor, stands, relationship, me, Met.MET)


async def _of_day(session: AsyncSession, relationship: Relationship, on: date, zone: str) -> Meeting | None:
    """One that was held before one that is agreed and over, and both before one that they missed or that is to come."""
    found = [one for one in await queries.meetings(session, relationship.id) if _is_on(one, on, zone)]
    return min(found, key=_weight, default=None)


def _is_on(meeting: Meeting, on: date, zone: str) -> bool:
    if meeting.state not in met.ASKABLE:
        return False
    if meeting.agreed_at is None and meeting.wall_time.startswith(on.isoformat()):
        return True  # noted by the other, who may live by another date
    return clock.local(meeting.starts_at, zone).date() == on


def _weight(meeting: Meeting) -> tuple[bool, bool, bool]:
    return (
        meeting.state != MeetingState.HELD,
        meeting.starts_at > clock.now(),
        meeting.state != MeetingState.AGREED,
    )


async def _note(
    session: AsyncSession, actor: Actor, relationship: Relationship, me: UUID, on: date
) -> Meeting:
    zone = actor.time_zone
    moment = min(clock.instant(on, time(12), zone), clock.now())
    noted = Meeting(
        organisation_id=actor.organisation_id,
        relationship_id=relationship.id,
        proposed_by=me,
        state=MeetingState.HELD,
        wall_time=clock.local(moment, zone).replace(tzinfo=None).isoformat(timespec="minutes"),
        time_zone=zone,
        starts_at=moment,
        minutes=60,
        asked_at=clock.now(),
    )
    session.add(noted)
    await session.flush()
    audit.record(session, actor, Event.MEETING_NOTED, kind="meeting", id=noted.id)
    await rhythm.heard(session, actor, relationship.id)
    return noted
