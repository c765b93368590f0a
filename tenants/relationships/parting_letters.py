"""The letter to somebody who has left a group or circle that goes on without her."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.calendar import Event
from infra.language import N_, ngettext
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.relationships import calendar, wording
from tenants.relationships.addressing import Case, case_of_leaver
from tenants.relationships.afterwards import actions as afterwards
from tenants.relationships.afterwards.rules import PURPOSE
from tenants.relationships.bringing import brought, every_series
from tenants.relationships.models import Meeting, MeetingState


@letter("relationship.parted", title=N_("Your part in a group or circle is over"), words=wording.PARTED)
async def parted(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """K13, K43: what the end says to all of a relationship, to her alone. The others keep their meetings; her calendar does not."""
    found = await case_of_leaver(session, promised)
    if found is None:
        return None
    case, left_at = found
    asked = await afterwards.asked_of(session, case.relationship.id, case.participation_id)
    button = None  # who leaves the programme as well is asked nothing
    if asked is not None:
        button = (_("Choose what comes next for you"), desk.link("/next", PURPOSE, asked.id))
    fallen = await _fallen_for_her(session, case, left_at)
    return Filling(case.who(session), form=case.form, button=button, **fallen)


async def _fallen_for_her(session: AsyncSession, case: Case, left_at: datetime) -> dict[str, Any]:
    """
    What was agreed and to come when she left, also what the others have cancelled since: of that she was not told.
    """
    query = select(Meeting).where(
        Meeting.relationship_id == case.relationship.id,
        Meeting.agreed_at <= left_at,
        Meeting.starts_at > left_at,
        or_(
            Meeting.state == MeetingState.AGREED,
            and_(Meeting.state == MeetingState.CANCELLED, Meeting.changed_at > left_at),
        ),
    )
    gone = list((await session.execute(query.order_by(Meeting.starts_at))).scalars())
    if not gone:
        return {}
    gone_of = [
        _out_of_her_calendar(series, gone, case, left_at) for series in await every_series(session, gone)
    ]
    go_on = sum(one.state == MeetingState.AGREED for one in gone)
    told = [_without_you(go_on)] if go_on else []
    return {"after": told, **brought(gone_of)}


def _out_of_her_calendar(
    series: Sequence[Meeting], gone: Sequence[Meeting], case: Case, left_at: datetime
) -> list[Event]:
    """A change of hers alone: the meetings themselves stay as they are."""
    hers = {one.id for one in gone}
    is_whole = series[0].series_id is not None and all(
        one.id in hers or one.state == MeetingState.CANCELLED for one in series
    )
    if is_whole:
        stood = [calendar.whole(series, other=case.with_whom)]
        latest = max(one.sequence for one in series)
        return [replace(one, is_cancelled=True, sequence=latest + 1, changed_at=left_at) for one in stood]
    stood = [calendar.event(one, other=case.with_whom) for one in series if one.id in hers]
    return [replace(one, is_cancelled=True, sequence=one.sequence + 1, changed_at=left_at) for one in stood]


def _without_you(number: int) -> str:
    return ngettext(
        "The meeting that was still to come takes place without you.",
        "The %(num)s meetings that were still to come take place without you.",
        number,
    )
