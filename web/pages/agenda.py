"""The coordinator's calendar: what comes on which day of the next four weeks, and her own feed."""

from datetime import date, timedelta
from itertools import groupby

from litestar import get
from litestar.di import NamedDependency

from infra import clock, language
from infra.language import N_, ngettext
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.relationships import feeds
from tenants.reports import agenda
from tenants.reports.agenda import HAS_HOUR, TITLES, Item, Kind
from web import query, tasks
from web.door import Door, Page
from web.pages.workshops import names

PATH = "/c/calendar"
WEEKS = 4
AT_ONCE = 120  # rows, with which the page stays below 50 kB
FAR = timedelta(days=732)
NAMES = {
    Kind.CHECK_UP: N_("Check-ups"),
    Kind.INTERVIEW: N_("Interviews"),
    Kind.MEETING: N_("Meetings"),
    Kind.WORKSHOP: N_("Workshops"),
    Kind.ANSWER: N_("Answers"),
    Kind.REPLY: N_("Replies"),
    Kind.END: N_("Ends"),
    Kind.TASK: N_("Other tasks"),
}
PAGES = {
    Kind.CHECK_UP: "/c/pairs/{relationship_id}",
    Kind.END: "/c/pairs/{relationship_id}",
    Kind.MEETING: "/c/pairs/{relationship_id}/log?show=meetings",
    Kind.REPLY: "/c/pairs/{relationship_id}/log?show=replies",
}


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.PEOPLE_READ)
    zone = door.actor.time_zone
    today = clock.today(zone)
    first = _monday(query.text(door.request, "from"), today)
    last = first + timedelta(weeks=WEEKS) - timedelta(days=1)
    kind = query.one_of(door.request, "show", [one.value for one in Kind])
    kinds = [Kind(kind)] if kind else list(Kind)
    found = await agenda.agenda(door.session, door.actor, first, last, kinds=kinds, limit=AT_ONCE)
    busiest = max(_weeks(found, first), key=lambda one: one[1])
    return door.page(
        "agenda/agenda.html",
        days=[(day, list(items)) for day, items in groupby(found, key=lambda one: one.day)],
        total=len(found),
        is_cut=len(found) >= AT_ONCE,
        weeks=[
            (language.day_short(day), f"#w-{day.isoformat()}", number) for day, number in _weeks(found, first)
        ],
        busiest=(language.day(busiest[0]), busiest[1]) if busiest[1] else None,
        mondays={day for day, _number in _weeks(found, first)},
        title=_title,
        timed=HAS_HOUR,
        address=_address,
        kinds=[("", _("Everything"))] + [(one.value, _(NAMES[one])) for one in Kind],
        kind=kind,
        first=first,
        earlier=door.view.with_query(**{"from": (first - timedelta(weeks=WEEKS)).isoformat()}),
        later=door.view.with_query(**{"from": (first + timedelta(weeks=WEEKS)).isoformat()}),
        has_feed=await feeds.own(door.session, door.actor) is not None,
        today=today,
        zone=zone,
        **names(),
        counted=ngettext("One thing in four weeks", "%(num)s things in four weeks", len(found)),
    )


def _weeks(found: list[Item], first: date) -> list[tuple[date, int]]:
    """Each Monday with how much its week holds."""
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return [(day, sum(day <= one.day < day + timedelta(weeks=1) for one in found)) for day in mondays]


def _title(item: Item) -> str:
    if item.gathering is not None:
        return language.isolated(item.gathering.of.title)
    return _(tasks.kind_of(item.task_kind).title) if item.kind is Kind.TASK else _(TITLES[item.kind])


def _address(item: Item) -> str:
    if item.kind is Kind.TASK:
        return f"/c/today/{item.id}"
    if item.kind is Kind.INTERVIEW:
        return f"/c/appointments/{item.id}"
    if item.kind is Kind.WORKSHOP:
        return f"/c/workshops/{item.id}"
    if item.kind is Kind.ANSWER:
        return (
            "/c/proposals/{proposal_id}".format(**item.about)
            if "proposal_id" in item.about
            else f"/c/groups/{item.id}"
        )
    return PAGES[item.kind].format(**item.about)


def _monday(text: str, today: date) -> date:
    """The Monday of the week that was asked for, or of this one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    if abs(day - today) > FAR:
        day = today
    return day - timedelta(days=day.weekday())


ROUTES = [show]
