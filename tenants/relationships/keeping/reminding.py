"""
The day before a meeting each of its people is reminded, at nine by her own clock; who does not want that, switches it off.

The letter is promised some hours ahead and looks at the meeting again before it goes. A meeting that moves has another
sequence, and so another reminder.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db.batches import Transactions, in_batches
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.relationships import staying
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState

KIND = "meeting.reminder"
REMIND_AT = time(9)  # the morning before, by the reader's clock
LOOK_AHEAD = timedelta(
    days=2
)  # nine in the morning of the day before is at most 39 hours away, and zones differ
LATELY = timedelta(hours=2)  # a reminder so soon after they agreed only repeats what they know
LEAST = timedelta(hours=2)  # before the meeting: later than that nobody is helped
AT_ONCE = 200
_Place = tuple[datetime, UUID]  # of a meeting among the others


async def remind_all(transactions: Transactions, actor: Actor) -> None:
    """As the house, each hour: promise the reminders of what is near. Each is promised once, however often this runs."""
    await in_batches(transactions, partial(_remind_next, actor, clock.now()))


async def _remind_next(
    actor: Actor, now: datetime, session: AsyncSession, after: _Place | None
) -> _Place | None:
    rows = await _near(session, now, after)
    if not rows:
        return None
    await _remind(session, actor, rows, now)
    return rows[-1].starts_at, rows[-1].id


async def _near(session: AsyncSession, now: datetime, after: _Place | None) -> Sequence[Any]:
    query = (
        select(
            Meeting.id, Meeting.starts_at, Meeting.sequence, Meeting.relationship_id,
            func.greatest(Meeting.created_at, Meeting.agreed_at, Meeting.changed_at).label("known_since"),
        )
        .join(
            Relationship,
            (Relationship.organisation_id == Meeting.organisation_id)
            & (Relationship.id == Meeting.relationship_id),
        )
        .where(
            Meeting.state == MeetingState.AGREED,
            Meeting.asked_at.is_(None),  # by which the index of what is still to come is found
            Meeting.starts_at > now + LEAST,
            Meeting.starts_at <= now + LOOK_AHEAD,
            Relationship.state == RelationshipState.RUNNING,
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(AT_ONCE)
    )  # fmt: skip
    if after is not None:
        query = query.where(tuple_(Meeting.starts_at, Meeting.id) > tuple_(*after))
    found: Sequence[Any] = (await session.execute(query)).all()
    return found


async def _remind(session: AsyncSession, actor: Actor, meetings: Sequence[Any], now: datetime) -> None:
    people: dict[UUID, list[Any]] = {}
    for row in await staying.people(session, list({one.relationship_id for one in meetings})):
        people.setdefault(row.id, []).append(row)
    by_hour: dict[datetime, list[Addressed]] = {}
    for meeting in meetings:
        for one in people.get(meeting.relationship_id, []):
            due_at = _morning_before(meeting.starts_at, one.time_zone)
            if due_at < meeting.known_since + LATELY:
                continue
            about = {
                "meeting_id": meeting.id, "relationship_id": meeting.relationship_id, "sequence": meeting.sequence,
            }  # fmt: skip
            key = f"{KIND}:{meeting.id}:{meeting.sequence}:{one.participation_id}"
            due_at = max(now.replace(microsecond=0), due_at)
            by_hour.setdefault(due_at, []).append(Addressed(key, one.person_id, about))
    for due_at, letters in by_hour.items():
        await notifications.write_all(session, actor, KIND, letters, due_at=due_at)


def _morning_before(moment: datetime, zone: str) -> datetime:
    return clock.instant(clock.local(moment, zone).date() - timedelta(days=1), REMIND_AT, zone)
