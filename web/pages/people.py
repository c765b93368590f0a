"""Everybody in the organisation: found by name, narrowed by their part, kept as an address."""

from urllib.parse import urlencode
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency

from infra.http import paging
from infra.language import gettext as _
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.registration.models import ParticipantRole, Status
from tenants.registration.words import ROLE_NAMES, STATUS_NAMES
from tenants.reports import people, pipeline
from tenants.reports.deeds.models import DeedKind
from tenants.reports.people import Wanted
from tenants.reports.pipeline import ORDER
from web import query
from web.door import Door, Page
from web.pages.pipeline import cycle_name
from web.selecting import verbs

AT_ONCE = 50
PATH = "/c/people"


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    wanted = _wanted(door)
    after = query.after(door.request, tuple[str, UUID])
    rows = await people.people(door.session, door.actor, wanted, after=after, limit=AT_ONCE + 1)
    total = await people.count_people(door.session, door.actor, wanted)
    cycles = {
        one.id: cycle_name(one, door.language) for one in await pipeline.cycles(door.session, door.actor)
    }
    next_page = ""
    if len(rows) > AT_ONCE:
        next_page = address(wanted, after=paging.encode(rows[AT_ONCE - 1].key))
    return door.page(
        "people/list.html",
        rows=rows[:AT_ONCE],
        total=total,
        wanted=wanted,
        next=next_page,
        first=address(wanted) if after else "",
        narrowed=address(wanted) != PATH,
        here=address(wanted),
        views=_views(),
        cycles=cycles,
        offices=await organisations.offices(door.session),
        spoken=[(one.code, one.native) for one in door.view.offered],
        roles=[(one.value, _(ROLE_NAMES[one.value])) for one in ParticipantRole],
        statuses=[(people.TAKES_PART, _("Takes part now"))]
        + [(one.value, _(STATUS_NAMES[one])) for one in ORDER],
        role_names={name: _(words) for name, words in ROLE_NAMES.items()},
        status_names={one.value: _(words) for one, words in STATUS_NAMES.items()},
        verbs=verbs(DeedKind.REMIND, DeedKind.WRITE),
        may_tick=door.actor.may(Permission.PEOPLE_CHANGE),
        all_ticked=bool(query.text(door.request, "all")),
    )


def address(wanted: Wanted, **more: str) -> str:
    """The address of a view of the table: it can be kept, or sent to a colleague."""
    given = {
        "q": wanted.search,
        "role": wanted.role,
        "status": wanted.status,
        "cycle": str(wanted.cycle_id or ""),
        "office": str(wanted.office_id or ""),
        "language": wanted.language,
        "email": "none" if wanted.without_email else "",
        "left": "" if wanted.is_active else "yes",
    } | more
    kept = {name: value for name, value in given.items() if value}
    return f"{PATH}?{urlencode(kept)}" if kept else PATH


def _views() -> list[tuple[str, str, None]]:
    """Views that most coordinators come back to."""
    return [
        (_("All"), PATH, None),
        (_("Mentors ready to be matched"), address(Wanted(role="mentor", status=Status.READY)), None),
        (_("Mentees ready to be matched"), address(Wanted(role="mentee", status=Status.READY)), None),
        (_("Without e-mail"), address(Wanted(without_email=True)), None),
        (_("Have left"), address(Wanted(is_active=False)), None),
    ]


def _wanted(door: Door) -> Wanted:
    request = door.request
    return Wanted(
        search=query.text(request, "q"),
        role=query.one_of(request, "role", [one.value for one in ParticipantRole]),
        status=query.one_of(request, "status", [people.TAKES_PART, *(one.value for one in ORDER)]),
        cycle_id=query.uuid(request, "cycle"),
        office_id=query.uuid(request, "office"),
        language=query.one_of(request, "language", door.organisation.languages),
        without_email=query.text(request, "email") == "none",
        is_active=query.text(request, "left") != "yes",
    )


ROUTES = [show]
