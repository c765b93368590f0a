"""A caseload goes to colleagues: whose, to whom, what would go where, and then at once."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency

from infra import ids
from infra.errors import Invalid, WrongState
from infra.language import gettext as _
from infra.language import ngettext
from tenants.permissions import Permission
from tenants.reports import caseloads as matches
from tenants.reports.deeds import caseloads, handing_over, planning
from tenants.reports.deeds.keeping import Done, done_before
from tenants.reports.deeds.models import DeedKind
from tenants.reports.deeds.planning import Plan
from tenants.reports.deeds.rules import going
from web import query, tasks
from web.door import Door, Page
from web.forms import refused
from web.pages.many import read_once, told
from web.pages.pipeline import read_ids
from web.refusals import said
from web.rendering import FormState

PATH = "/c/hand-over"
NOBODY = "nobody"
KINDS = ("case", "proposal", "party", "appointment", "task")


@get(PATH)
async def choose(door: NamedDependency[Door]) -> Page:
    """Whose caseload: one's own, a colleague's, or that of nobody."""
    door.actor.require(Permission.PEOPLE_CHANGE)
    return await _page(door, query.text(door.request, "from"), [], None, FormState())


@post(PATH)
async def look(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    whose, to = filled.text("from"), read_ids(filled.texts("to"))
    try:
        planned = await planning.plan(door.session, door.actor, to=to, from_id=_id(whose))
    except Invalid as error:
        return await _page(door, whose, to, None, refused(filled, error), status=422)
    return await _page(door, whose, to, planned, FormState(filled))


@post(PATH + "/do")
async def do(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    whose, to, once = filled.text("from"), read_ids(filled.texts("to")), read_once(filled)
    if (before := await done_before(door.session, door.actor, once)) is not None:
        return told(door, DeedKind.HAND_OVER, Done(before, []), "/c/pairs")
    try:
        done, _plan = await handing_over.hand_over(
            door.session, door.actor, to=to, from_id=_id(whose), once=once
        )
    except Invalid as error:
        return await _page(door, whose, to, None, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(PATH, said=said(error))
    return told(door, DeedKind.HAND_OVER, done, "/c/pairs")


async def _page(
    door: Door, whose: str, to: list[UUID], planned: Plan | None, form: FormState, *, status: int = 200
) -> Page:
    colleagues = await caseloads.colleagues(door.session, door.actor)
    leavers = await caseloads.leavers(door.session, door.actor)
    holders = [(one.id, one.full_name, one.running) for one in colleagues] + leavers
    without = await caseloads.without(door.session, door.actor)
    names = {one.id: one.full_name for one in colleagues}
    context: dict[str, Any] = {
        "form": form,
        "whose": whose or (NOBODY if without else str(door.actor.person_id)),
        "nobody": NOBODY,
        "without": without,
        "holders": holders,
        "colleagues": [(one.id, one.full_name, one.running) for one in colleagues],
        "to": [str(one) for one in to],
        "planned": planned,
        "once": ids.new(),
        "going": [],
        "staying": [],
    }
    if planned is not None:
        meters = await matches.after(door.session, _cases(planned))
        able = going([one.row for one in planned.given])
        context |= {
            "number": len(able),
            "going": [(one, _title(one.row)) for one in planned.given if one.to is not None],
            "staying": [(one, _title(one.row), said(one.row.refusal)) for one in planned.given if one.row.refusal],
            "shares": [
                (names[id], [_count(kind, counts[kind]) for kind in KINDS if kind in counts], meters.get(id))
                for id, counts in planned.counts.items()
            ],
        }  # fmt: skip
    return door.page("many/hand_over.html", status=status, **context)


def _cases(planned: Plan) -> dict[UUID, list[UUID]]:
    """Which cases each would get."""
    found: dict[UUID, list[UUID]] = {id: [] for id in planned.counts}
    for one in planned.given:
        if one.to is not None and one.item.kind == "case":
            found.setdefault(one.to.id, []).append(one.item.id)
    return found


def _title(row: Any) -> str:
    if row.task_id:
        return _(tasks.kind_of(row.kind).title)
    names = {
        "case": _("Case"),
        "proposal": _("Open proposal"),
        "party": _("Group or circle that is asked"),
        "appointment": _("Interview to come"),
    }
    return names[row.kind]


def _count(kind: str, number: int) -> str:
    match kind:
        case "case":
            return ngettext("one case", "%(num)s cases", number)
        case "proposal":
            return ngettext("one proposal", "%(num)s proposals", number)
        case "party":
            return ngettext("one group or circle", "%(num)s groups or circles", number)
        case "appointment":
            return ngettext("one interview", "%(num)s interviews", number)
        case _:
            return ngettext("one task", "%(num)s tasks", number)


def _id(whose: str) -> UUID | None:
    try:
        return UUID(whose)
    except ValueError:
        return None  # the cases of nobody


ROUTES = [choose, look, do]
