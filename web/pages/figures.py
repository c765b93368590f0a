"""The figures of a network by office, the pairs behind each number, and all of it as a table to take along."""

from datetime import date
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from infra import clock
from infra.errors import Invalid
from infra.language import gettext as _
from tenants.gatherings.models import GatheringKind
from tenants.gatherings.words import KINDS
from tenants.reports import activities, figures
from tenants.reports.activities import Activity
from tenants.reports.figures import Figures, Measure, Period, Row
from web import query
from web.door import Door, Page
from web.spreadsheets import as_csv

PATH = "/c/figures"
WITHOUT = "none"  # the pairs of mentees without an office


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    period, is_odd = _period(door)
    found = await figures.figures(door.session, door.actor, period)
    measure = query.one_of(door.request, "behind", Measure)
    held = f"/c/workshops?show=over&since={period.since.isoformat()}&until={period.until.isoformat()}"
    return door.page(
        "figures/figures.html",
        found=found,
        is_odd=is_odd,
        since=period.since.isoformat(),
        until=period.until.isoformat(),
        last=clock.local(period.ends, period.zone).date(),
        measures=_words(),
        behind=await _behind(door, period, Measure(measure)) if measure else [],
        measure=measure,
        most=figures.MOST_LISTED,
        links_of={row.office_id: _links(door, row) for row in found.offices},
        all_links=_links(door, None),
        file=f"{PATH}.csv?since={period.since.isoformat()}&until={period.until.isoformat()}",
        activities=[_activity(one, held) for one in await _activities(door, found)],
        held=held,
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
    )


@get(PATH + ".csv")
async def save(door: NamedDependency[Door]) -> Response[bytes]:
    period, _is_odd = _period(door)
    found = await figures.figures(door.session, door.actor, period)
    words = _words()
    head = [
        _("Office"),
        *words.values(),
        _("Go on, of new matches"),
        _("Completed, of those whose time was over"),
    ]
    rows = [_line(row, row.office or _("No office")) for row in found.offices]
    return Response(
        as_csv([head, *rows, _line(found.total, _("All offices"))]),
        media_type="text/csv",
        headers={
            "content-disposition": f'attachment; filename="figures-{period.since.isoformat()}-{period.until.isoformat()}.csv"'
        },
    )


async def _activities(door: Door, found: Figures) -> list[Activity]:
    period = found.period
    return await activities.activities(door.session, door.actor, found.facts, period.begins, period.ends)


def _activity(one: Activity, held: str) -> tuple[str, int, str]:
    """What it is called, how often there was some, and where they are listed."""
    words = {
        activities.MEETINGS: (_("Meetings of pairs, groups and circles"), "/c/pairs"),
        activities.OPPORTUNITIES: (_("Opportunities on the board"), "/c/opportunities"),
        activities.NETWORKS: (_("Sub-networks"), "/c/networks"),
        activities.NEWSLETTERS: (_("Newsletters"), "/c/newsletters"),
    }
    if one.kind in words:
        name, href = words[one.kind]
        return name, one.number, href
    return _(KINDS[GatheringKind(one.kind)]), one.number, f"{held}&kind={one.kind}"


def _line(row: Row, name: str) -> list[str | int | float]:
    shares = [round(one, 4) if one is not None else "" for one in (row.continuation, row.completion)]
    return [name, *(row.counts[one] for one in Measure), *shares]


def _words() -> dict[Measure, str]:
    return {
        Measure.NEW: _("New matches"),
        Measure.GO_ON: _("Go on after the first meeting"),
        Measure.CONFIRMED: _("Pairs that began"),
        Measure.DUE: _("Time was over"),
        Measure.COMPLETED: _("Completed their time"),
    }


def _period(door: Door) -> tuple[Period, bool]:
    """The period that was asked for; where it cannot be used, the last twelve months, and that it was odd."""
    zone = door.organisation.time_zone
    usual = figures.year_to(clock.today(zone), zone)
    texts = query.text(door.request, "since"), query.text(door.request, "until")
    if not any(texts):
        return usual, False
    try:
        since, until = (date.fromisoformat(one) if one else None for one in texts)
        return Period(since or usual.since, until or usual.until, zone), False
    except (ValueError, Invalid):
        return usual, True


async def _behind(door: Door, period: Period, measure: Measure) -> list[Any]:
    office = query.text(door.request, "office")
    return await figures.behind(
        door.session, door.actor, period, measure, office_id=query.uuid(door.request, "office"),
        without_office=office == WITHOUT,
    )  # fmt: skip


def _links(door: Door, row: Row | None) -> dict[Measure, str]:
    office = None if row is None else str(row.office_id or WITHOUT)
    return {one: f"{door.view.with_query(behind=one.value, office=office)}#behind" for one in Measure}


ROUTES = [show, save]
