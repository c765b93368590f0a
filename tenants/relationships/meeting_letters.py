"""The letters about a meeting: offered, agreed, moved, tomorrow, cancelled. What is agreed comes with its event for a calendar."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.calendar import Event
from infra.language import N_, moment_words, ngettext, time_zoned
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.relationships import calendar, staying
from tenants.relationships import meeting_wording as wording
from tenants.relationships.addressing import Case, case_of
from tenants.relationships.bringing import brought, every_series, of_series
from tenants.relationships.models import Meeting, MeetingState
from tenants.relationships.wording import WHEN

TOGETHER = timedelta(seconds=1)  # offers of one form are made within a moment of each other


async def _meeting(session: AsyncSession, promised: Letter, *states: MeetingState) -> Meeting | None:
    found = await _any(session, promised)
    return found if found and found.state in states else None


async def _any(session: AsyncSession, promised: Letter) -> Meeting | None:
    query = select(Meeting).where(Meeting.id == UUID(promised.about["meeting_id"]))
    return (await session.execute(query)).scalar_one_or_none()


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


async def _stays(session: AsyncSession, case: Case) -> bool:
    return await staying.stays(session, case.relationship.id, case.participation_id)


async def _offers(session: AsyncSession, first: Meeting) -> list[Meeting]:
    """All times that were offered together with this one and still stand, also where this one was taken back."""
    rows = await session.execute(
        select(Meeting)
        .where(
            Meeting.relationship_id == first.relationship_id,
            Meeting.proposed_by == first.proposed_by,
            Meeting.state == MeetingState.PROPOSED,
            Meeting.created_at.between(first.created_at - TOGETHER, first.created_at + TOGETHER),
        )
        .order_by(Meeting.starts_at)
    )
    return list(rows.scalars())


def _facts(meeting: Meeting, case: Case) -> list[tuple[str, str]]:
    place = [(_("Place"), meeting.place)] if meeting.place else []
    return [(_("When"), _by_both_clocks(meeting, case)), *place]


@letter("meeting.proposed", title=N_("A time for a meeting"), may_drop=True, words=wording.PROPOSED)
async def proposed(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await case_of(session, promised)
    found = await _any(session, promised)
    offers = await _offers(session, found) if found else []
    if case is None or not offers or not await _stays(session, case):
        return None
    meeting = offers[0]
    by = case.other or case.name_of(meeting.proposed_by)
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
    found = await _any(session, promised)
    series = await of_series(session, found) if found else []
    stands = [one for one in series if one.state == MeetingState.AGREED]
    if case is None or not stands:
        return None
    meeting = stands[0]
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
            wording.EVERY_MONTH: _every_month(meeting, len(stands)),
            WHEN: _when(meeting, case.zone),
        },
        facts=_facts(meeting, case),
        button=(case.open_page, _url(desk, case)),
        **_whole(series, case, desk, is_accepted=_comes(promised, meeting, case)),
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
        event=calendar.event(
            meeting, other=case.with_whom, url=_url(desk, case), is_accepted=_comes(promised, meeting, case)
        ),
    )


@letter("meeting.reminder", title=N_("Tomorrow is your meeting"), may_drop=True, words=wording.REMINDER)
async def reminder(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """Only while it stands as it did when it was promised, and to who still takes part."""
    case = await case_of(session, promised)
    meeting = await _meeting(session, promised, MeetingState.AGREED)
    if (
        case is None
        or meeting is None
        or str(meeting.sequence) != promised.about["sequence"]
        or meeting.starts_at <= clock.now()
        or not await _stays(session, case)
    ):
        return None
    return Filling(
        {**case.who(session), WHEN: _when(meeting, case.zone)},
        facts=_facts(meeting, case),
        button=(case.open_page, _url(desk, case)),
    )


@letter("meeting.cancelled", title=N_("A meeting is cancelled"), words=wording.CANCELLED)
async def cancelled(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    case = await case_of(session, promised)
    meeting = await _meeting(session, promised, MeetingState.CANCELLED)
    if case is None or meeting is None:
        return None
    if "series_id" in promised.about:
        return await _series_cancelled(session, promised, desk, case, meeting)
    form = "own" if _did_it(promised, case) else "" if case.other else "party"
    return Filling(
        {**case.who(session), WHEN: _when(meeting, case.zone)},
        form=form,
        button=(_("Propose another time"), _url(desk, case)),
        event=calendar.event(meeting, other=case.with_whom),
    )


async def _series_cancelled(
    session: AsyncSession, promised: Letter, desk: Desk, case: Case, first: Meeting
) -> Filling:
    """Calendars take out the whole event; where some of it has been, each of the others."""
    series = await of_series(session, first)
    gone = [one for one in series if _fell_with(one, first)]
    events = _out_of_calendars(series, gone, case)
    return Filling(
        {**case.who(session), wording.HOW_MANY: _do_not_take_place(len(gone))},
        form="series_own" if _did_it(promised, case) else "series",
        button=(_("Propose another time"), _url(desk, case)),
        event=events[0],
        exceptions=events[1:],
    )


async def fallen_by_the_end(session: AsyncSession, case: Case) -> dict[str, Any]:
    """
    What the letter about the end of a relationship says of agreed meetings to come, and what takes them out of calendars.
    """
    query = select(Meeting).where(
        Meeting.relationship_id == case.relationship.id,
        Meeting.state == MeetingState.CANCELLED,
        Meeting.agreed_at.is_not(None),
        Meeting.changed_at == case.relationship.ended_at,
    )
    gone = list((await session.execute(query.order_by(Meeting.starts_at))).scalars())
    if not gone:
        return {}
    told = [
        _out_of_calendars(series, [one for one in series if _fell_with(one, gone[0])], case)
        for series in await every_series(session, gone)
    ]
    return {"after": [_do_not_take_place(len(gone))], **brought(told)}


def _out_of_calendars(series: Sequence[Meeting], gone: Sequence[Meeting], case: Case) -> list[Event]:
    if series[0].series_id is not None and all(one.state == MeetingState.CANCELLED for one in series):
        return [calendar.whole(series, other=case.with_whom)]
    return [calendar.event(one, other=case.with_whom) for one in gone]


def _do_not_take_place(number: int) -> str:
    return ngettext(
        "The meeting that was still to come does not take place.",
        "The %(num)s meetings that were still to come do not take place.",
        number,
    )


def _fell_with(one: Meeting, first: Meeting) -> bool:
    return (one.state, one.changed_at) == (MeetingState.CANCELLED, first.changed_at)


def _comes(promised: Letter, meeting: Meeting, case: Case) -> bool:
    """Whether the reader has said so: both of a pair have; of a group who proposed the time, and who agreed to it."""
    said = {promised.about.get("by"), promised.about.get("agreed_by"), str(meeting.proposed_by)}
    return bool(case.other) or str(case.participation_id) in said


def _url(desk: Desk, case: Case) -> str:
    return desk.url(f"/me/pair/{case.relationship.id}")


def _whole(series: Sequence[Meeting], case: Case, desk: Desk, *, is_accepted: bool) -> dict[str, Any]:
    """What the letter brings for a calendar; of a series, without what was cancelled before the letter went."""
    first = series[0]
    url = _url(desk, case)
    if first.series_id is None:
        return {"event": calendar.event(first, other=case.with_whom, url=url, is_accepted=is_accepted)}
    facts: dict[str, Any] = {"other": case.with_whom, "url": url, "is_accepted": is_accepted}
    moved = [one for one in calendar.exceptions(series, **facts) if not one.is_cancelled]
    return {"event": calendar.left_out(calendar.whole(series, **facts), series), "exceptions": moved}
