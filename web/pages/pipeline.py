"""Everybody on the way to a relationship, as a list or a board; "Move to…" for one or for many."""

import base64
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import WrongState
from infra.http import paging
from infra.language import gettext as _
from infra.language import isolated, ngettext
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes.rules import text_in
from tenants.registration.models import ParticipantRole, Status
from tenants.registration.words import ROLE_NAMES, STATUS_NAMES
from tenants.reports import moving, pipeline
from tenants.reports.deeds.models import DeedKind
from tenants.reports.pipeline import LONG_WAIT, ORDER, STAGES, Chosen, CycleName, Waiter
from web import query, summaries
from web.door import Door, Page
from web.forms import within
from web.refusals import said
from web.selecting import verbs

AT_ONCE = 36  # rows on a page of the list: with their menus it stays below 50 kB
PATH = "/c/pipeline"


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    chosen = _chosen(door)
    is_board = query.text(door.request, "as") == "board"
    by_status, long = await pipeline.counts(door.session, door.actor, chosen)
    cycles = await pipeline.cycles(door.session, door.actor)
    context: dict[str, Any] = {
        "chosen": chosen,
        "is_board": is_board,
        "total": sum(by_status.get(status, 0) for status in STAGES),
        "counts": by_status,
        "long": long,
        "goal": LONG_WAIT.days,
        "stages": [
            {
                "label": _(STATUS_NAMES[one]),
                "value": by_status.get(one, 0),
                "href": address(chosen, status=one.value),
            }
            for one in STAGES
        ],
        "cycles": [(one.id, cycle_name(one, door.language)) for one in cycles],
        "offices": await organisations.offices(door.session),
        "statuses": [(one.value, _(STATUS_NAMES[one])) for one in ORDER],
        "roles": [(one.value, _(ROLE_NAMES[one.value])) for one in ParticipantRole],
        "status_names": {one.value: _(words) for one, words in STATUS_NAMES.items()},
        "role_names": {name: _(words) for name, words in ROLE_NAMES.items()},
        "stage_values": [one.value for one in STAGES],
        "ways_on": {one.value: ways_on(one.value) for one in ORDER}.__getitem__,
        "waited": _waited,
        "narrowed": address(chosen) != PATH,
        "list_address": address(chosen),
        "board_address": address(chosen, **{"as": "board"}),
        "move_query": f"?{door.request.url.query}" if door.request.url.query else "",
    }
    if is_board:
        context["board"] = await pipeline.board(door.session, door.actor, chosen)
        context["more"] = {one.value: address(chosen, status=one.value) for one in STAGES}
        return door.page("pipeline/board.html", **context)
    after = query.after(door.request, tuple[int, datetime, UUID])
    rows = await pipeline.waiters(door.session, door.actor, chosen, after=after, limit=AT_ONCE + 1)
    context["rows"] = rows[:AT_ONCE]
    may_write = door.actor.may(Permission.PEOPLE_CHANGE)
    context["verbs"] = verbs(DeedKind.REMIND, DeedKind.WRITE) if may_write else []
    context["next"] = ""
    if len(rows) > AT_ONCE:
        context["next"] = address(chosen, after=paging.encode(rows[AT_ONCE - 1].key))
    context["first"] = address(chosen) if after else ""
    context["all_ticked"] = bool(query.text(door.request, "all"))
    context["shown_of"] = by_status.get(chosen.status, 0) if chosen.status else context["total"]
    return door.page("pipeline/list.html", **context)


@post(PATH + "/{participation_id:uuid}/move")
async def move(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    back = _back(door)
    to = (await door.form()).text("to")
    try:
        moved = await moving.move(door.session, door.actor, participation_id, to)
    except WrongState as error:
        return door.go(back, said=said(error))
    words = _("%(name)s moved to %(status)s.", name=isolated(moved.full_name), status=_status(moved.status))
    return _moved(door, back, [moved.participation_id], words)


@post(PATH + "/selected")
async def preview(door: NamedDependency[Door]) -> Page:
    """How many would move and who could not, before anything is changed."""
    filled = await door.form()
    ids = read_ids(filled.texts("p"))
    to = filled.text("to")
    if not ids:
        return door.go(_back(door), said=_("Tick the people whom you want to move."))
    movers = await moving.rehearse(door.session, door.actor, ids, to)
    return door.page(
        "pipeline/moving.html",
        going=[one for one in movers if one.refusal is None],
        staying=[(one, said(one.refusal)) for one in movers if one.refusal],
        to=to,
        to_name=_status(to),
        query=f"?{door.request.url.query}" if door.request.url.query else "",
        back=_back(door),
        status_names={one.value: _(words) for one, words in STATUS_NAMES.items()},
        role_names={name: _(words) for name, words in ROLE_NAMES.items()},
    )


@post(PATH + "/move")
async def move_selected(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    ids = read_ids(filled.texts("p"))
    movers = await moving.move_many(door.session, door.actor, ids, filled.text("to"))
    moved = [one.participation_id for one in movers if one.refusal is None]
    words = ngettext(
        "One person moved to %(status)s.",
        "%(num)s people moved to %(status)s.",
        len(moved),
        status=_status(filled.text("to")),
    )
    if stayed := len(movers) - len(moved):
        words += " " + ngettext("One stays.", "%(num)s stay.", stayed)
    return _moved(door, _back(door), moved, words)


@post(PATH + "/undo")
async def undo(door: NamedDependency[Door]) -> Page:
    ids = unpacked(query.long_text(door.request, "p"))
    undone = await moving.undo_many(door.session, door.actor, ids)
    words = ngettext("One move is taken back.", "%(num)s moves are taken back.", undone)
    words += summaries.too_late(len(ids) - undone)
    return door.go(within(query.text(door.request, "back"), PATH), said=words)


def _moved(door: Door, back: str, ids: Sequence[UUID], words: str) -> Page:
    if not ids:
        return door.go(back, said=words)
    undo_at = f"{PATH}/undo?{urlencode({'p': packed(ids), 'back': back})}"
    return door.go(
        back, said=words, undo=undo_at, left=ngettext("One minute left", "%(num)s minutes left", 10)
    )


def packed(ids: Iterable[UUID]) -> str:
    """Ids in few letters, since the way back has to fit into a cookie."""
    return base64.urlsafe_b64encode(b"".join(one.bytes for one in ids)).decode().rstrip("=")


def unpacked(text: str) -> list[UUID]:
    """What `packed` made; of anything else, nothing."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return []
    return [UUID(bytes=raw[at : at + 16]) for at in range(0, len(raw) - 15, 16)][: moving.MOST]


def address(chosen: Chosen, **more: str) -> str:
    """The address of a view of the pipeline: it can be kept, or sent to a colleague."""
    given = {
        "status": chosen.status,
        "role": chosen.role,
        "cycle": str(chosen.cycle_id or ""),
        "office": str(chosen.office_id or ""),
        "q": chosen.search,
    } | more
    kept = {name: value for name, value in given.items() if value}
    return f"{PATH}?{urlencode(kept)}" if kept else PATH


def cycle_name(cycle: CycleName, language: str) -> str:
    programme = text_in(cycle.programme, language, cycle.languages)
    return _("%(programme)s, %(cycle)s", programme=programme, cycle=cycle.name)


def _chosen(door: Door) -> Chosen:
    request = door.request
    return Chosen(
        status=query.one_of(request, "status", [one.value for one in ORDER]),
        role=query.one_of(request, "role", [one.value for one in ParticipantRole]),
        cycle_id=query.uuid(request, "cycle"),
        office_id=query.uuid(request, "office"),
        search=query.text(request, "q"),
    )


def _back(door: Door) -> str:
    """The view of the pipeline from which a form was sent, or the page that it names."""
    asked = within(query.text(door.request, "back"), "")
    if asked:
        return asked
    return address(_chosen(door), **({"as": "board"} if query.text(door.request, "as") == "board" else {}))


def ways_on(status: str) -> list[tuple[str, str]]:
    """What "Move to…" offers."""
    return [(to.value, _(STATUS_NAMES[to])) for to in moving.ways_on(status)]


def _waited(waiter: Waiter) -> tuple[str, str]:
    """How long somebody has been where she is, and whether that is too long."""
    days = (clock.now() - waiter.status_at).days
    is_long = waiter.status == Status.REGISTERED and days >= LONG_WAIT.days
    words = ngettext("One day", "%(num)s days", days) if days else _("today")
    return words, "wait" if is_long else ""


def _status(value: str) -> str:
    return _(STATUS_NAMES[Status(value)])


def read_ids(texts: Iterable[str]) -> list[UUID]:
    """The ids that were ticked; what is none is none."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found[: moving.MOST]


ROUTES = [show, move, preview, move_selected, undo]
