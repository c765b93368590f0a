"""One task of the desk: put off to another day, or given to a colleague."""

from datetime import date, timedelta
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import Invalid, Problem, WrongState
from infra.language import gettext as _
from infra.language import isolated
from tenants.notifications import desk, rules
from tenants.notifications.desk import Colleague
from tenants.reports import doing, today
from web import tasks
from web.door import Door, Page
from web.forms import refused
from web.pages.today import row
from web.refusals import said
from web.rendering import FormState

PATH = "/c/today/{task_id:uuid}"
EVERYBODY = "everybody"
AHEAD = (1, 3, 7)  # days, for the usual ways to put something off


@get(PATH)
async def show(door: NamedDependency[Door], task_id: FromPath[UUID]) -> Page:
    return await _page(door, task_id, FormState())


@post(PATH + "/postpone")
async def postpone(door: NamedDependency[Door], task_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    given = filled.text("on")
    try:
        on = _day(given)
        await doing.postpone(door.session, door.actor, task_id, on=on)
    except Invalid as error:
        return await _page(door, task_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go("/c/today", said=said(error))
    when = language.day_words(on, clock.today(door.actor.time_zone), relative=False)
    return door.go("/c/today", said=_("Put off until %(day)s.", day=when))


@post(PATH + "/assign")
async def assign(door: NamedDependency[Door], task_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    given = filled.text("person_id")
    try:
        to = None if given == EVERYBODY else _person(given)
        await desk.assign(door.session, door.actor, task_id, person_id=to)
    except Invalid as error:
        return await _page(door, task_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go("/c/today", said=said(error))
    if to is None:
        return door.go("/c/today", said=_("It is on everybody’s desk now."))
    name = await desk.name_of(door.session, door.actor, to)
    return door.go("/c/today", said=_("It is on the desk of %(name)s now.", name=isolated(name)))


async def _page(door: Door, task_id: UUID, form: FormState, *, status: int = 200) -> Page:
    try:
        task = await desk.open_task(door.session, door.actor, task_id)
    except WrongState as error:
        return door.go("/c/today", said=said(error))
    zone = door.actor.time_zone
    day = clock.today(zone)
    line = await today.line(door.session, task)
    return door.page(
        "today/task.html",
        status=status,
        form=form,
        task=task,
        one=row(line, day, zone),
        title=_(tasks.kind_of(task.kind).title),
        days=[(day + timedelta(ahead), language.day_near(day + timedelta(ahead))) for ahead in AHEAD],
        first=day.isoformat(),
        may_give=not task.kind.startswith(rules.PERSONAL),
        everybody=EVERYBODY,
        colleagues=_others(await desk.colleagues(door.session, door.actor, task), task.person_id),
    )


def _others(listed: list[Colleague], holder: UUID | None) -> list[tuple[str, str]]:
    return [(str(one.id), one.full_name) for one in listed if one.id != holder]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(Problem("on", "bad_format" if text else "missing")) from None


def _person(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(Problem("person_id", "not_a_choice" if text else "missing")) from None


ROUTES = [show, postpone, assign]
