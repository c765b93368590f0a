"""The letters about one meeting: offered, agreed, moved, cancelled. What is agreed comes with its event for a calendar."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.calendar import Event
from infra.language import N_, moment_words, ngettext, time_zoned
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.relationships import calendar
from tenants.relationships import meeting_wording as wording
from tenants.relationships.addressing import Case, case_of
from tenants.relationships.models import Meeting, MeetingState
from tenants.relationships.wording import WHEN


async def _meeting(session: AsyncSession, promised: Letter, *states: MeetingState) -> Meeting | None:
    found = (
        await session.execute(select(Meeting).where(Meeting.id == UUID(promised.about["meeting_id"])))
    ).scalar_one_or_none()
    return found if found and found.state in states else None


def _when(meeting: Meeting, zone: str) -> str:
    return moment_words(meeting.starts_at, zone, clock.today(zone))


def _by_both_clocks(meeting: Meeting, case: Case) -> str:
    """The reader's, and beside it that of the other of a pair who lives by another; a group has too many for a line."""
    words = _when(meeting, case.zone)
    other = case.others[0].time_zone
    if not case.other or time_zoned(meeting.starts_at, other) == time_zoned(meeting.starts_at, case.zone):
        return words
    same_day = (
        clock.local(meeting.starts_at, other).date() == clock.local(meeting.starts_at, case.zone).date()
    )
    return f"{words} · {time_zoned(meeting.starts_at, other) if same_day else _when(meeting, other)}"


def _did_it(promised: Letter, case: Case) -> bool:
    """Whether the reader herself did what the letter tells: she gets it for her calendar."""
    return promised.about.get("by") == str(case.participation_id)


async def _offers(session: AsyncSession, first: Meeting) -> list[Meeting]:
    """All times that were offered together with this one and still stand."""
    rows = await session.execute(
        select(Meeting)
        .where(
            Meeting.relationship_id == first.relationship_id,
            Meeting.proposed_by == first.proposed_by,
            Meeting.state == MeetingState.PROPOSED,
        )
        .order_by(Meeting.starts_at)
    )
    return list(rows.scalars())


async def _of_series(session: AsyncSession, meeting: Meeting) -> list[Meeting]:
    """All of its series that were agreed, in the order of the rule; without one, itself."""
    if meeting.series_id is None:
        return [meeting]
    query = select(Meeting).where(
        Meeting.relationship_id == meeting.relationship_id,
        Meeting.series_id == meeting.series_id,
        Meeting.agreed_at.is_not(None),
    )
    return list((await session.execute(query.order_by(Meeting.series_wall))).scalars())


def _facts(meeting: Meeting, case: Case) -> list[tuple[str, str]]:
    place = [(_("Place"), meeting.place)] if meeting.place else []
    return [(_("When"), _by_both_clocks(meeting, case)), *place]


@letter("meeting.proposed", title=N_("A time for a meeting"), may_drop=True, words=wording.PROPOSED)
async def proposed(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await case_of(session, promised)
    meeting = await _meeting(session, promised, MeetingState.PROPOSED)
    if case is None or meeting is None:
        return None
    by = case.other or case.name_of(meeting.proposed_by)
    offers = await _offers(session, meeting)
    before = await _before(session, meeting, case)
    return Filling(
        {
            **case.who(session),
            wording.PROPOSER: by,
            wording.EVERY_MONTH: _every_month(meeting, len(offers)),
        },
        form="move" if before else "",
        facts=before
        + [
            (_("Time %(number)s", number=number), _by_both_clocks(offer, case))
            for number, offer in enumerate(offers[:1] if meeting.series_id else offers, start=1)
        ],
        button=(_("Choose a time"), desk.url(f"/me/pair/{case.relationship.id}")),
    )


async def _before(session: AsyncSession, offer: Meeting, case: Case) -> list[tuple[str, str]]:
    """When the meeting is that would move; nothing if none would."""
    if offer.instead_of is None:
        return []
    stands = (await session.execute(select(Meeting).where(Meeting.id == offer.instead_of))).scalar_one()
    return [(_("Agreed now"), _when(stands, case.zone))]


def _every_month(meeting: Meeting, count: int) -> list[str]:
    """The words for a series, which is written by the clock of whoever proposed it."""
    if meeting.series_id is None:
        return []
    words = ngettext(
        "It comes back every month on the same weekday: %(num)s meeting.",
        "It comes back every month on the same weekday: %(num)s meetings.",
        count,
    )
    return [words]


@letter("meeting.agreed", title=N_("A meeting is agreed"), may_drop=True, words=wording.AGREED)
async def agreed(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await case_of(session, promised)
    meeting = await _meeting(session, promised, MeetingState.AGREED)
    if case is None or meeting is None:
        return None
    series = await _of_series(session, meeting)
    if _did_it(promised, case):
        said = _("You agreed to this time. This letter brings it into your calendar.")
    elif case.other:
        said = _("%(name)s agreed to your time.", name=case.other)
    else:
        said = _("A time is agreed for all of you. Cancel it on your page if it cannot be held.")
    return Filling(
        {
            **case.who(session),
            wording.AGREED_BY: said,
            wording.EVERY_MONTH: _every_month(meeting, len(series)),
            WHEN: _when(series[0], case.zone),
        },
        facts=_facts(series[0], case),
        button=(case.open_page, _url(desk, case)),
        event=_whole(series, case, desk),
    )


@letter("meeting.moved", title=N_("A meeting has moved"), words=wording.MOVED)
async def moved(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """The same event at another time: calendars move what they have."""
    case = await case_of(session, promised)
    meeting = await _meeting(session, promised, MeetingState.AGREED)
    if case is None or meeting is None:
        return None
    return Filling(
        {**case.who(session), WHEN: _when(meeting, case.zone)},
        facts=_facts(meeting, case),
        button=(case.open_page, _url(desk, case)),
        event=calendar.event(meeting, other=case.with_whom, url=_url(desk, case)),
    )


@letter("meeting.cancelled", title=N_("A meeting is cancelled"), words=wording.CANCELLED)
async def cancelled(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await case_of(session, promised)
    meeting = await _meeting(session, promised, MeetingState.CANCELLED)
    if case is None or meeting is None:
        return None
    form = "own" if _did_it(promised, case) else "" if case.other else "party"
    return Filling(
        {**case.who(session), WHEN: _when(meeting, case.zone)},
        form=form,
        button=(_("Propose another time"), _url(desk, case)),
        event=calendar.event(meeting, other=case.with_whom),
    )


def _url(desk: Desk, case: Case) -> str:
    return desk.url(f"/me/pair/{case.relationship.id}")


def _whole(series: Sequence[Meeting], case: Case, desk: Desk) -> Event:
    first = series[0]
    if first.series_id is None:
        return calendar.event(first, other=case.with_whom, url=_url(desk, case))
    return calendar.whole(series, other=case.with_whom, url=_url(desk, case))
