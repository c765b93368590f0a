"""A coordinator's day: what is late, due and coming, each thing done by one button."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import WrongState
from infra.language import gettext as _
from infra.language import ngettext
from tenants.permissions import Permission
from tenants.reports import doing, today
from tenants.reports.deeds.models import DeedKind
from tenants.reports.naming import Concerned
from tenants.reports.today import STRIP_DAYS, Line, Today
from web import query, tasks
from web.door import Door, Page
from web.refusals import said
from web.selecting import verbs
from web.summaries import caseload, news, ready, waiting, week_words

STEP = "conflict.step"
WEEKEND = (5, 6)  # no day to be called free: most offices rest


@dataclass(frozen=True, slots=True)
class Row:
    """One task as the page shows it; `about` is said to those who hear the button without its row."""

    id: UUID
    title: str
    href: str
    whom: Concerned
    due: str
    state: str
    about: str


@get("/c/today")
async def show(door: NamedDependency[Door]) -> Page:
    group = query.one_of(door.request, "show", tasks.GROUPS)
    day = _day(query.text(door.request, "day"))
    kinds = tasks.GROUPS[group][1] if group else ()
    desk = await today.today(door.session, door.actor, kinds=kinds, on=day)
    zone = door.actor.time_zone
    # As the side bar counts: what is due by today. What comes later is said apart.
    total = desk.counts.get(day, 0) if day else desk.count(last=desk.day)
    later = 0 if day else desk.count(last=desk.until) - total
    return door.page(
        "today/today.html",
        desk=desk,
        total=total,
        later=later,
        late=desk.count(last=desk.day - timedelta(days=1)),
        is_narrowed=bool(group or day),
        chosen_day=language.day_weekday(day) if day and day != desk.day else "",
        group=group,
        groups=[(name, _(words)) for name, (words, _kinds) in tasks.GROUPS.items()],
        sections=_sections(desk, zone),
        others=sum(one.count for one in desk.waiting),
        waiting=[waiting(one, desk.day, zone) for one in desk.waiting],
        week=_week(desk, group),
        week_words=week_words(*_extremes(desk)),
        caseload_words=caseload(desk.caseload) if desk.caseload else "",
        ready_words=ready(desk.ready),
        news=[(news(event, count), _list_of(event)) for event, count in desk.news.items()],
        longest=(clock.now() - desk.ready.since).days if desk.ready.since else 0,
        now=clock.now(),
        zone=zone,
        verbs=verbs(DeedKind.TICK, DeedKind.MOVE, DeedKind.REMIND, DeedKind.WRITE, DeedKind.HAND_OVER),
        all_ticked=bool(query.text(door.request, "all")),
        may_tick=door.actor.may(Permission.PEOPLE_CHANGE),
    )


@post("/c/today/{task_id:uuid}/done")
async def done(door: NamedDependency[Door], task_id: FromPath[UUID]) -> Page:
    try:
        ticked = await doing.tick(door.session, door.actor, task_id)
    except doing.LastStepTaken as error:
        return door.go("/c/today", said=said(error))
    title = _(tasks.kind_of(ticked.kind).title)
    if ticked.can_undo:
        return door.go(
            "/c/today",
            said=_("Done: %(what)s.", what=title),
            undo=f"/c/today/{task_id}/undo",
            left=ngettext("One minute left", "%(num)s minutes left", 10),
        )
    if ticked.kind == STEP:
        return door.go("/c/today", said=_("The step is taken. The next one lies on your desk."))
    if ticked.next_on is None:
        return door.go("/c/today", said=_("Done: %(what)s. It was the last one of this pair.", what=title))
    when = language.day_words(ticked.next_on, clock.today(door.actor.time_zone), relative=False)
    return door.go("/c/today", said=_("Done: %(what)s. The next one is on %(day)s.", what=title, day=when))


@post("/c/today/{task_id:uuid}/undo")
async def undo(door: NamedDependency[Door], task_id: FromPath[UUID]) -> Page:
    try:
        await doing.untick(door.session, door.actor, task_id)
    except WrongState as error:
        return door.go("/c/today", said=said(error))
    return door.go("/c/today", said=_("Taken back. It is on your desk again."))


def _list_of(event: str) -> str:
    """The list behind a number of the news."""
    if event.startswith("registration."):
        return "/c/pipeline?status=REGISTERED"
    if event in ("proposal.confirmed", "party.confirmed"):
        return "/c/pairs"
    return "/c/groups" if event.startswith("party.") else "/c/proposals"


def _sections(desk: Today, zone: str) -> list[tuple[str, str, list[Row]]]:
    later = _("Later this week")
    if desk.until - desk.day > timedelta(days=6):
        later = _("Until %(day)s", day=language.day_weekday(desk.until))
    if any(line.due_on > desk.until for line in desk.lines):
        later = _("Later")
    groups = (("late", _("Late"), desk.late), ("now", _("Today"), desk.now), ("later", later, desk.later))
    return [
        (name, heading, [row(line, desk.day, zone) for line in lines])
        for name, heading, lines in groups
        if lines
    ]


def row(line: Line, day: date, zone: str) -> Row:
    kind = tasks.kind_of(line.kind)
    due, state = _due(line, day, zone)
    title = _(kind.title)
    names = line.concerned.file or language.listed([one.full_name for one in line.concerned.people])
    return Row(
        id=line.id,
        title=title,
        href=kind.address(line.about, line.concerned),
        whom=line.concerned,
        due=due,
        state=state,
        about=f"{title}, {names}" if names else title,
    )


def _due(line: Line, day: date, zone: str) -> tuple[str, str]:
    late = (day - line.due_on).days
    if late > 0:
        return ngettext("One day late", "%(num)s days late", late), "late"
    if late == 0:
        at = _appointment(line, day, zone)
        return (language.time(at, zone), "strong") if at else (_("any time"), "muted")
    if -late > 6:
        return language.day_words(line.due_on, day), ""
    return language.day_near(line.due_on), ""


def _appointment(line: Line, day: date, zone: str) -> datetime | None:
    """The hour of an interview that is today."""
    if not line.kind.startswith("interview."):
        return None
    planned = [one.interview_on for one in line.concerned.people if one.interview_on]
    return next((at for at in planned if clock.local(at, zone).date() == day), None)


def _strip(desk: Today) -> list[date]:
    return [desk.day + timedelta(days=ahead) for ahead in range(STRIP_DAYS)]


def _week(desk: Today, group: str) -> list[dict[str, Any]]:
    narrowed = f"&show={group}" if group else ""
    late = desk.count(last=desk.day - timedelta(days=1))
    days: list[dict[str, Any]] = [
        {"count": late, "name": _("Late"), "href": "/c/today#late", "is_late": True}
    ]
    for day in _strip(desk):
        days.append(
            {
                "count": desk.counts.get(day, 0),
                "name": language.weekday_short(day),
                "date": language.number(day.day),
                "href": f"/c/today?day={day.isoformat()}{narrowed}",
                "is_today": day == desk.day,
            }
        )
    return days


def _extremes(desk: Today) -> tuple[str, str]:
    """The names of the fullest day of the strip, and of the first that is free; nothing for none."""
    days = _strip(desk)
    fullest = max(days, key=lambda day: desk.counts.get(day, 0))
    free = [day for day in days if not desk.counts.get(day) and day.weekday() not in WEEKEND]
    return (
        _called(fullest, desk.day) if desk.counts.get(fullest) else "",
        _called(free[0], desk.day) if free else "",
    )


def _called(day: date, today: date) -> str:
    return "today" if day == today else language.weekday(day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


ROUTES = [show, done, undo]
