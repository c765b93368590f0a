"""A conflict on a case: opened, mediated step by step, closed. Read by those who accompany the case, and nobody else."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import HouseError, Invalid, LimitReached, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.relationships import queries as relationships
from tenants.relationships.conflicts import actions, rules, steps
from tenants.relationships.conflicts.models import ConflictState, Outcome
from tenants.relationships.conflicts.queries import Shown
from tenants.relationships.conflicts.words import CHECKLIST, OUTCOMES
from tenants.reports.deeds import caseloads
from web import query
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

OF_CASE = "/c/pairs/{relationship_id:uuid}/conflict"
PATH = "/c/conflicts/{conflict_id:uuid}"
STEP = PATH + "/steps/{step_id:uuid}"


@get(OF_CASE)
async def begin(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    return await _begin(door, relationship_id, FormState())


@post(OF_CASE)
async def open_it(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        conflict = await actions.open_conflict(
            door.session,
            door.actor,
            relationship_id,
            summary=filled.text("summary"),
            concern_id=_id(filled.text("concern")),
            helper_id=_id(filled.text("helper_id")),
        )
    except Invalid as error:
        return await _begin(door, relationship_id, refused(filled, error), status=422)
    except rules.ConflictOpen as error:
        return door.go(f"/c/pairs/{relationship_id}", said=said(error))
    return door.go(
        f"/c/conflicts/{conflict.id}", said=_("The conflict is open. The first steps lie on the desk.")
    )


@get(PATH)
async def show(door: NamedDependency[Door], conflict_id: FromPath[UUID]) -> Page:
    return await _page(door, conflict_id, FormState())


@post(STEP + "/done")
async def done(door: NamedDependency[Door], conflict_id: FromPath[UUID], step_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await steps.do_step(door.session, door.actor, conflict_id, step_id, note=filled.text("note"))
    except (Invalid, WrongState) as error:
        return await _refused(door, conflict_id, filled, error)
    return door.go(f"/c/conflicts/{conflict_id}", said=_("Noted."))


@post(STEP + "/open")
async def reopen(door: NamedDependency[Door], conflict_id: FromPath[UUID], step_id: FromPath[UUID]) -> Page:
    try:
        await steps.reopen_step(door.session, door.actor, conflict_id, step_id)
    except WrongState as error:
        return door.go(f"/c/conflicts/{conflict_id}", said=said(error))
    return door.go(f"/c/conflicts/{conflict_id}", said=_("This step is to be taken again."))


@post(STEP + "/due")
async def move(door: NamedDependency[Door], conflict_id: FromPath[UUID], step_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await steps.move_step(door.session, door.actor, conflict_id, step_id, due_on=_day(filled))
    except (Invalid, WrongState) as error:
        return await _refused(door, conflict_id, filled, error)
    return door.go(f"/c/conflicts/{conflict_id}", said=_("The day is set."))


@post(PATH + "/steps")
async def add(door: NamedDependency[Door], conflict_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await steps.add_step(
            door.session, door.actor, conflict_id, title=filled.text("title"), due_on=_day(filled)
        )
    except (Invalid, WrongState, LimitReached) as error:
        return await _refused(door, conflict_id, filled, error)
    return door.go(f"/c/conflicts/{conflict_id}", said=_("The step is added."))


@post(PATH + "/helper")
async def helper(door: NamedDependency[Door], conflict_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await actions.set_helper(door.session, door.actor, conflict_id, _id(filled.text("helper_id")))
    except (Invalid, WrongState) as error:
        return await _refused(door, conflict_id, filled, error)
    return door.go(f"/c/conflicts/{conflict_id}", said=_("Noted."))


@post(PATH + "/agreed")
async def agree(door: NamedDependency[Door], conflict_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    is_shared = filled.text("shared") == "yes"
    try:
        await actions.agree(
            door.session, door.actor, conflict_id, words=filled.text("agreed"), is_shared=is_shared
        )
    except Invalid as error:
        return await _refused(door, conflict_id, filled, error)
    words = _("Saved. They see it on their page.") if is_shared else _("Saved. Only you see it.")
    return door.go(f"/c/conflicts/{conflict_id}", said=words)


@post(PATH + "/close")
async def close(door: NamedDependency[Door], conflict_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await actions.close(door.session, door.actor, conflict_id, outcome=filled.text("outcome"))
    except (Invalid, WrongState) as error:
        return await _refused(door, conflict_id, filled, error)
    return door.go(f"/c/conflicts/{conflict_id}", said=_("The conflict is closed."))


async def _refused(door: Door, conflict_id: UUID, filled: Form, error: HouseError) -> Page:
    if isinstance(error, Invalid):
        return await _page(door, conflict_id, refused(filled, error), status=422)
    return door.go(f"/c/conflicts/{conflict_id}", said=said(error))


async def _begin(door: Door, relationship_id: UUID, form: FormState, *, status: int = 200) -> Page:
    row = await relationships.shown(door.session, door.actor, relationship_id)
    return door.page(
        "conflicts/begin.html",
        status=status,
        form=form,
        row=row,
        one=row.Relationship,
        concern=query.uuid(door.request, "concern") or form.value("concern"),
        colleagues=await _colleagues(door),
    )


async def _page(door: Door, conflict_id: UUID, form: FormState, *, status: int = 200) -> Page:
    found = await actions.read(door.session, door.actor, conflict_id)
    row = await relationships.named(door.session, found.relationship.id)
    today = clock.today(door.actor.time_zone)
    conflict = found.conflict
    return door.page(
        "conflicts/conflict.html",
        status=status,
        form=form,
        found=found,
        conflict=conflict,
        row=row,
        is_open=conflict.state == ConflictState.OPEN,
        steps=[(one, _(CHECKLIST.get(one.item, one.item)) if one.item else one.title) for one in found.steps],
        next_id=found.next_step.id if found.next_step else None,
        left=sum(one.done_on is None for one in found.steps),
        outcome=_(OUTCOMES[Outcome(conflict.outcome)]) if conflict.outcome else "",
        outcomes=[(one.value, _(words)) for one, words in OUTCOMES.items()],
        colleagues=await _colleagues(door),
        readers=_readers(found, row),
        today=today,
        zone=door.actor.time_zone,
    )


def _readers(found: Shown, row: Any) -> list[str]:
    return list(dict.fromkeys(name for name in (row.coordinator_name, found.opened_by, found.helper) if name))


async def _colleagues(door: Door) -> list[tuple[str, str]]:
    found = await caseloads.colleagues(door.session, door.actor)
    return [(str(one.id), one.full_name) for one in found if one.id != door.actor.person_id]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(filled: Form) -> date:
    text = filled.text("due_on")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(Problem("due_on", "bad_format" if text else "missing")) from error


ROUTES = [begin, open_it, show, done, reopen, move, add, helper, agree, close]
