"""For whoever watches over data protection: what is kept of people, and the proofs of deletions."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency

from infra import clock
from infra.errors import NotFound
from infra.http import paging
from infra.language import gettext as _
from tenants.mapping import Purpose, Table
from tenants.permissions import Permission
from tenants.privacy import queries, telling
from tenants.privacy.mapped import tables
from tenants.privacy.words import ERASING_NAMES, EXPORT_NAMES, KIND_NAMES, PURPOSES, ROWS_NAMES, STATE_NAMES
from web import query
from web.door import Door, Page

PATH = "/a/privacy"
AT_ONCE = 25


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.PRIVACY_READ)
    number = query.text(door.request, "number").strip()
    rows = await _proofs(door, number)
    last = rows[AT_ONCE - 1] if len(rows) > AT_ONCE else None
    mapped = list(tables().values())
    return door.page(
        "data_rights/data_map.html",
        number=number,
        is_guard=not door.actor.may(Permission.ORGANISATION_CHANGE),
        rows=rows[:AT_ONCE],
        next=f"{PATH}?{urlencode({'after': paging.encode(last.key)})}" if last else "",
        state_names={code: _(name) for code, name in STATE_NAMES.items()},
        groups=[
            (_(PURPOSES[purpose]), [one for one in mapped if one.purpose is purpose]) for purpose in Purpose
        ],
        kept=telling.kept,
        told=_told,
        tables=len(mapped),
        columns=sum(len(one.columns) for one in mapped),
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
    )


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


ROUTES = [show]
