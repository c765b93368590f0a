"""For whoever watches over data protection: what is kept of people, and the proofs of deletions."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency

from infra import clock
from infra.errors import Invalid, NotFound, Problem
from infra.http import paging
from infra.language import gettext as _
from infra.language import ngettext
from tenants.mapping import Purpose, Table
from tenants.permissions import Permission
from tenants.privacy import idling, queries, telling
from tenants.privacy.mapped import tables
from tenants.privacy.rules import IDLE_WAITING
from tenants.privacy.words import ERASING_NAMES, EXPORT_NAMES, KIND_NAMES, PURPOSES, ROWS_NAMES, STATE_NAMES
from web import query
from web.door import Door, Page
from web.forms import refused
from web.rendering import FormState

PATH = "/a/privacy"
AT_ONCE = 25
NEVER = ""
USUAL_MONTHS = (24, 36, 60, 120)


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    """With `?months=`, how many people a period would concern, before anybody decides."""
    return await _page(door, FormState())


@post(PATH + "/period")
async def set_period(door: NamedDependency[Door]) -> Page:
    """How long people are kept with whom nothing happens. Looked at first, then decided."""
    filled = await door.form()
    try:
        months = _months(filled.text("months"))
        if filled.text("look") and months is not None:
            return door.go(f"{PATH}?{urlencode({'months': months})}#period")
        await idling.set_period(door.session, door.actor, months)
    except Invalid as error:
        return await _page(door, refused(filled, error), status=422)
    return door.go(
        PATH + "#period",
        said=_("Nobody is let go by itself.")
        if months is None
        else _("From now on, people are asked in good time."),
    )


async def _page(door: Door, form: FormState, *, status: int = 200) -> Page:
    door.actor.require(Permission.PRIVACY_READ)
    number = query.text(door.request, "number").strip()
    rows = await _proofs(door, number)
    last = rows[AT_ONCE - 1] if len(rows) > AT_ONCE else None
    mapped = tables().values()
    return door.page(
        "data_rights/proofs.html",
        status=status,
        form=form,
        number=number,
        **await _period(door),
        is_guard=not door.actor.may(Permission.ORGANISATION_CHANGE),
        rows=rows[:AT_ONCE],
        next=f"{PATH}?{urlencode({'after': paging.encode(last.key)})}" if last else "",
        state_names={code: _(name) for code, name in STATE_NAMES.items()},
        tables=len(mapped),
        columns=sum(len(one.columns) for one in mapped),
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
    )


@get(PATH + "/map")
async def show_map(door: NamedDependency[Door]) -> Page:
    """Every column that is kept, one purpose at a time: all at once would be heavy."""
    door.actor.require(Permission.PRIVACY_READ)
    mapped = tables().values()
    known = [purpose for purpose in Purpose if any(one.purpose is purpose for one in mapped)]
    chosen = query.one_of(door.request, "of", [one.value for one in known]) or known[0].value
    return door.page(
        "data_rights/data_map.html",
        purposes=[(one.value, _(PURPOSES[one])) for one in known],
        chosen=chosen,
        listed=[one for one in mapped if one.purpose == chosen],
        kept=telling.kept,
        told=_told,
        tables=len(mapped),
        columns=sum(len(one.columns) for one in mapped),
    )


async def _period(door: Door) -> dict[str, Any]:
    standing = await idling.period(door.session, door.actor)
    asked = _asked(door)
    chosen = asked or standing
    months = sorted({*USUAL_MONTHS, *(one for one in (standing, asked) if one)})
    return {
        "standing": standing,
        "chosen": str(chosen or NEVER),
        "looked_at": asked,
        "concerned": await idling.count(door.session, door.actor, chosen) if chosen else None,
        "waiting_days": IDLE_WAITING.days,
        "periods": [
            (NEVER, _("until they ask for it")),
            *((str(one), ngettext("%(num)s month", "%(num)s months", one)) for one in months),
        ],
    }


def _asked(door: Door) -> int | None:
    try:
        months = _months(query.text(door.request, "months"))
    except Invalid:
        return None
    return months if months and idling.MONTHS[0] <= months <= idling.MONTHS[1] else None


def _months(written: str) -> int | None:
    """
    Raises:
        Invalid: something that is no number of months.
    """
    if not written.strip():
        return None
    least, most = idling.MONTHS
    if not (written.isascii() and written.isdigit() and len(written) <= len(str(most))):
        raise Invalid(Problem("months", "privacy.months", {"least": least, "most": most}))
    return int(written)


def _told(table: Table) -> tuple[str, list[tuple[str, str, str, str]]]:
    """What becomes of the rows, and name, kind, copy and deletion of each column."""
    return _(ROWS_NAMES[table.rows]), [
        (name, _(KIND_NAMES[one.kind]), _(EXPORT_NAMES[one.export]), _(one.why) if one.why else _(ERASING_NAMES[table.erasing(name)]))
        for name, one in table.columns.items()
    ]  # fmt: skip


async def _proofs(door: Door, number: str) -> list[queries.Proof]:
    if not number:
        after = query.after(door.request, tuple[datetime, UUID])
        return await queries.proofs(door.session, door.actor, after=after, limit=AT_ONCE + 1)
    try:
        return [await queries.proof(door.session, door.actor, number)]
    except NotFound:
        return []


ROUTES = [show, show_map, set_period]
