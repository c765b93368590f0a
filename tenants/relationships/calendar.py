"""
A meeting as an event of a calendar. Its uid is the meeting's own for ever, or that of its series; each change raises the
sequence. See docs/decisions/0021-events-of-calendars.md.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock
from infra.calendar import Event
from infra.db import bulk
from infra.errors import NotFound
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Programme
from tenants.registration.models import Participation
from tenants.relationships import series as monthly
from tenants.relationships.models import Meeting, MeetingState, Member, Relationship

LOOK_BACK = timedelta(days=366)
MOST = 500  # events in one file
ISOLATES = "\u2068\u2069"  # around names in sentences; calendars show them as boxes


def event(meeting: Meeting, *, other: str, url: str = "", is_accepted: bool = False) -> Event:
    """One meeting; of a series, an exception to its rule."""
    made = Event(
        uid=_uid(meeting),
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        summary=_("Mentoring: %(name)s", name=other.strip(ISOLATES)),
        location=meeting.place or "",
        url=url,
        is_cancelled=meeting.state == MeetingState.CANCELLED,
        time_zone=meeting.time_zone,
        changed_at=meeting.changed_at or meeting.agreed_at,
        is_accepted=is_accepted,
    )
    if meeting.series_wall is None:
        return made
    return replace(made, instead_of=_instant(meeting.series_wall, meeting.time_zone))


def whole(series: Sequence[Meeting], *, other: str, url: str = "", is_accepted: bool = False) -> Event:
    """
    A series by its rule, as it was agreed; in the order of its rule.

    What was moved or cancelled is an event of its own beside it (`exceptions`); where nothing is left, all is cancelled.
    """
    first, last = series[0], series[-1]
    assert first.series_wall is not None and last.series_wall is not None  # a row of a series has it
    zone = first.time_zone
    is_cancelled = _is_cancelled(series)
    return replace(
        event(first, other=other, url=url, is_accepted=is_accepted),
        sequence=max(one.sequence for one in series) if is_cancelled else 0,
        starts_at=_instant(first.series_wall, zone),
        minutes=_usual([one.minutes for one in series]),
        location=_usual([one.place or "" for one in series]),
        is_cancelled=is_cancelled,
        changed_at=first.changed_at if is_cancelled else first.agreed_at,
        rule=monthly.rule(first.series_wall, len(series)),
        until=_instant(last.series_wall, zone),
        instead_of=None,
    )


def exceptions(
    series: Sequence[Meeting], *, other: str, url: str = "", is_accepted: bool = False
) -> list[Event]:
    """What of a series is otherwise than its rule says; nothing beside one that is cancelled as a whole."""
    if _is_cancelled(series):
        return []
    rule = whole(series, other=other)
    return [
        event(one, other=other, url=url, is_accepted=is_accepted)
        for one in series
        if _is_exception(one, rule)
    ]


def left_out(rule: Event, series: Sequence[Meeting]) -> Event:
    """The rule without what was cancelled, for who has never had it in her calendar."""
    gone = [one for one in series if one.state == MeetingState.CANCELLED and one.series_wall]
    return replace(rule, left_out=tuple(_instant(one.series_wall or "", one.time_zone) for one in gone))


async def own(session: AsyncSession, actor: Actor, *, pages: str) -> list[Event]:
    """
    The actor's meetings that were agreed, of the last year and to come; one that was cancelled says so.

    `pages` is the address before the path of a pair's page. A series that reaches into that time is there as a whole:
    cut in its middle its rule would count other days.
    """
    since = clock.now() - LOOK_BACK
    found = await session.execute(
        _mine(actor).where(Meeting.starts_at > since).order_by(Meeting.starts_at.desc()).limit(MOST)
    )
    rows = list(found)[::-1]
    series = list({row[0].series_id for row in rows if row[0].series_id})
    if series:
        rows = [row for row in rows if row[0].series_id is None]
        rows += (await session.execute(_mine(actor).where(bulk.any_of(Meeting.series_id, series)))).all()
    return _events(rows, pages)


async def one(session: AsyncSession, actor: Actor, meeting_id: UUID, *, pages: str) -> list[Event]:
    """
    One meeting; of a series all of it, since calendars know an exception by its rule alone.

    Raises:
        NotFound: none of the actor's meetings, or one that was never agreed.
    """
    row = (await session.execute(_mine(actor).where(Meeting.id == meeting_id))).one_or_none()
    if row is None:
        raise NotFound(kind="meeting", id=str(meeting_id))
    if row[0].series_id is None:
        return _events([row], pages)
    rows = await session.execute(_mine(actor).where(Meeting.series_id == row[0].series_id))
    return _events(rows.all(), pages)


def _events(rows: Sequence[Any], pages: str) -> list[Event]:
    """Single meetings, and each series once with its exceptions; in the order of time."""
    series: dict[UUID, list[Any]] = {}
    found = []
    for row in rows:
        if row[0].series_id is None:
            found.append(event(row[0], other=row[1], url=_page(row[0], pages)))
        else:
            series.setdefault(row[0].series_id, []).append(row)
    for several in series.values():
        meetings = sorted((row[0] for row in several), key=lambda each: each.series_wall)
        url = _page(meetings[0], pages)
        found.append(whole(meetings, other=several[0][1], url=url))
        found += exceptions(meetings, other=several[0][1], url=url)
    return sorted(found, key=lambda each: each.starts_at)


def _is_cancelled(series: Sequence[Meeting]) -> bool:
    return all(one.state == MeetingState.CANCELLED for one in series)


def _is_exception(meeting: Meeting, rule: Event) -> bool:
    return (
        meeting.state == MeetingState.CANCELLED
        or meeting.wall_time != meeting.series_wall
        or (meeting.minutes, meeting.place or "") != (rule.minutes, rule.location)
    )


def _page(meeting: Meeting, pages: str) -> str:
    return f"{pages}/me/pair/{meeting.relationship_id}"


def _uid(meeting: Meeting) -> str:
    return f"{meeting.series_id or meeting.id}@meetings.mentorweave"


def _instant(wall: str, zone: str) -> datetime:
    meant = datetime.fromisoformat(wall)
    return clock.instant(meant.date(), meant.time(), zone)


def _usual(values: Sequence[Any]) -> Any:
    """What most of them have: what differs is an exception."""
    return Counter(values).most_common(1)[0][0]


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
