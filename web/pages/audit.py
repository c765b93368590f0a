"""The trail for an organisation's owner: what was done, by whom, and whether anything of it was changed since."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency

from infra import clock
from infra.http import paging
from infra.language import gettext as _
from infra.language import isolated
from tenants.audit import queries
from tenants.audit.queries import Filter, ListedEvent
from tenants.audit.words import ACTOR_NAMES, EVENTS, GROUP_NAMES, WORDS, Group
from tenants.people import queries as people
from tenants.permissions import Permission
from web import query
from web.door import Door, Page
from web.spreadsheets import as_csv

PATH = "/a/audit"
AT_ONCE = 50
MOST_IN_A_FILE = 20_000


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    asked = _asked(door)
    rows = await queries.events(
        door.session,
        door.actor,
        _filter(door, asked),
        after=query.after(door.request, tuple[datetime, UUID]),
        limit=AT_ONCE + 1,
    )
    names = await _names(door)
    last = rows[AT_ONCE - 1] if len(rows) > AT_ONCE else None
    zone = door.actor.time_zone
    return door.page(
        "admin/audit.html",
        asked=asked,
        rows=[(row, *_words(row, names)) for row in rows[:AT_ONCE]],
        groups=[(group.value, _(name)) for group, name in GROUP_NAMES.items()],
        members=[(str(id), isolated(name)) for id, name in names.items()],
        chain=await queries.chain_state(door.session, door.actor),
        next=_address(PATH, asked, after=paging.encode(last.key)) if last else "",
        file=_address(f"{PATH}.csv", asked),
        is_narrowed=any(asked.values()),
        zone=zone,
        today=clock.today(zone),
        is_guard=not door.actor.may(Permission.ORGANISATION_CHANGE),
    )


@get(f"{PATH}.csv")
async def as_file(door: NamedDependency[Door]) -> Response[bytes]:
    """What the page would show, as a file; at most MOST_IN_A_FILE events, the newest first."""
    rows = await queries.events(door.session, door.actor, _filter(door, _asked(door)), limit=MOST_IN_A_FILE)
    names = await _names(door)
    head = [
        _("Number"), _("When"), _("Event"), _("What was done"), _("Who"), _("Kind of row"), _("Id of the row"),
        _("Details"),
    ]  # fmt: skip
    table = [head] + [_line(row, names) for row in rows]
    stamp = clock.today(door.actor.time_zone).isoformat()
    return Response(
        as_csv(table),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="audit-{stamp}.csv"'},
    )


def _line(row: ListedEvent, names: dict[UUID, str]) -> list[str | int]:
    what, who = _words(row, names)
    details = "; ".join(f"{name}={value}" for name, value in row.details.items())
    return [
        row.seq, row.at.isoformat(timespec="seconds"), row.event, what, who, row.object_kind,
        str(row.object_id or ""), details,
    ]  # fmt: skip


def _words(row: ListedEvent, names: dict[UUID, str]) -> tuple[str, str]:
    """What was done and by whom; somebody who works with no cases is not told a participant's name."""
    what = _(WORDS[row.event]) if row.event in WORDS else row.event
    known = names.get(row.person_id) if row.person_id else None
    if known is not None and row.actor_kind == "support":
        return what, _("Support, in the place of %(name)s", name=isolated(known))
    return what, known if known is not None else _(ACTOR_NAMES[row.actor_kind])


async def _names(door: Door) -> dict[UUID, str]:
    return {one.id: one.full_name for one in await people.members(door.session, door.actor)}


def _asked(door: Door) -> dict[str, str]:
    request = door.request
    return {
        "group": query.one_of(request, "group", [group.value for group in Group]),
        "by": str(query.uuid(request, "by") or ""),
        "since": _day(query.text(request, "since")),
        "until": _day(query.text(request, "until")),
    }


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _filter(door: Door, asked: dict[str, str]) -> Filter:
    zone = door.actor.time_zone
    since, until = asked["since"], asked["until"]
    return Filter(
        events=tuple(EVENTS[Group(asked["group"])]) if asked["group"] else (),
        person_id=UUID(asked["by"]) if asked["by"] else None,
        since=clock.instant(date.fromisoformat(since), time.min, zone) if since else None,
        until=clock.instant(date.fromisoformat(until) + timedelta(days=1), time.min, zone) if until else None,
    )


def _address(path: str, asked: dict[str, str], **more: str) -> str:
    named = {name: value for name, value in {**asked, **more}.items() if value}
    return f"{path}?{urlencode(named)}" if named else path


ROUTES = [show, as_file]
