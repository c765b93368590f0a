"""What a letter brings for its reader's calendar: whole series of meetings, each as an event of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.calendar import Event
from tenants.relationships.models import Meeting


async def of_series(session: AsyncSession, meeting: Meeting) -> list[Meeting]:
    """All of its series that were agreed, in the order of the rule; without one, itself."""
    if meeting.series_id is None:
        return [meeting]
    query = select(Meeting).where(
        Meeting.relationship_id == meeting.relationship_id,
        Meeting.series_id == meeting.series_id,
        Meeting.agreed_at.is_not(None),
    )
    return list((await session.execute(query.order_by(Meeting.series_wall))).scalars())


async def every_series(session: AsyncSession, meetings: Sequence[Meeting]) -> list[list[Meeting]]:
    """`of_series` of all of them, each series once, in the order of the first of theirs."""
    first = {one.series_id or one.id: one for one in reversed(meetings)}
    return [
        await of_series(session, first[id])
        for id in dict.fromkeys(one.series_id or one.id for one in meetings)
    ]


def brought(told: Sequence[Sequence[Event]]) -> dict[str, Any]:
    """Events, each with its exceptions, as parts of a letter: one object is about one of them (RFC 5546)."""
    return {"event": told[0][0], "exceptions": told[0][1:], "apart": told[1:]}
