"""A meeting as an event of a calendar. Its uid is the meeting's own for ever; a cancellation raises the sequence."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock
from infra.calendar import Event
from infra.errors import NotFound
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Programme
from tenants.registration.models import Participation
from tenants.relationships.models import Meeting, MeetingState, Member, Relationship

LOOK_BACK = timedelta(days=366)
MOST = 500  # events in one file
ISOLATES = "\u2068\u2069"  # around names in sentences; calendars show them as boxes


def event(meeting: Meeting, *, other: str, url: str = "") -> Event:
    return Event(
        uid=f"{meeting.id}@meetings.mentorweave",
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        summary=_("Mentoring: %(name)s", name=other.strip(ISOLATES)),
        location=meeting.place or "",
        url=url,
        is_cancelled=meeting.state == MeetingState.CANCELLED,
    )


async def own(session: AsyncSession, actor: Actor, *, pages: str) -> list[Event]:
    """
    The actor's meetings that were agreed, of the last year and to come; one that was cancelled says so.

    `pages` is the address before the path of a pair's page.
    """
    since = clock.now() - LOOK_BACK
    rows = await session.execute(
        _mine(actor).where(Meeting.starts_at > since).order_by(Meeting.starts_at.desc()).limit(MOST)
    )
    return [event(row[0], other=row[1], url=f"{pages}/me/pair/{row[0].relationship_id}") for row in rows][
        ::-1
    ]


async def one(session: AsyncSession, actor: Actor, meeting_id: UUID, *, pages: str) -> Event:
    """
    Raises:
        NotFound: none of the actor's meetings, or one that was never agreed.
    """
    row = (await session.execute(_mine(actor).where(Meeting.id == meeting_id))).one_or_none()
    if row is None:
        raise NotFound(kind="meeting", id=str(meeting_id))
    return event(row[0], other=row[1], url=f"{pages}/me/pair/{row[0].relationship_id}")


def _mine(actor: Actor) -> Any:
    """Agreed meetings of the actor's pairs, groups and circles; of a pair with the name of the other."""
    actor.require(Permission.OWN_CASE)
    person_id = actor.require_person()
    mine = select(Participation.id).where(Participation.person_id == person_id)
    other, person = aliased(Participation), aliased(Person)
    organisation = Meeting.organisation_id
    of_parties = select(Member.relationship_id).where(
        Member.participation_id.in_(mine), Member.left_at.is_(None)
    )
    return (
        select(Meeting, func.coalesce(person.full_name, Programme.name[actor.language].astext, ""))
        .join(
            Relationship,
            and_(Relationship.organisation_id == organisation, Relationship.id == Meeting.relationship_id),
        )
        .join(
            Programme,
            and_(Programme.organisation_id == organisation, Programme.id == Relationship.programme_id),
        )
        .outerjoin(
            other,
            and_(
                other.organisation_id == organisation,
                other.id.in_((Relationship.mentor_id, Relationship.mentee_id)),
                other.person_id != person_id,
            ),
        )
        .outerjoin(person, and_(person.organisation_id == organisation, person.id == other.person_id))
        .where(
            Meeting.agreed_at.is_not(None),
            or_(
                Relationship.mentor_id.in_(mine),
                Relationship.mentee_id.in_(mine),
                Relationship.id.in_(of_parties),
            ),
        )
    )
