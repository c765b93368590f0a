"""Workshops on the coordinator's side: those to come and those that are over, planning one, changing it, cancelling it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import Conflict, HouseError, Invalid, NotFound, Problem, WrongState
from infra.http import paging
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.gatherings import actions, queries, rules
from tenants.gatherings.models import GatheringKind, Workshop
from tenants.gatherings.rules import Asked
from tenants.gatherings.words import AUDIENCES, KINDS, STATES
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import Cycle, Programme
from tenants.registration.appointments.rules import is_a_zone
from tenants.registration.telling import shown_in
from tenants.reports.figures import Period
from web import query
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/c/workshops"
ONE = PATH + "/{workshop_id:uuid}"
AT_ONCE = 50
SHOWN = ("over",)


@get(PATH)
async def workshops(door: NamedDependency[Door]) -> Page:
    is_over = query.one_of(door.request, "show", SHOWN) == "over"
    after = query.after(door.request, tuple[datetime, UUID])
    period = _period(door) if is_over else None
    kind = query.one_of(door.request, "kind", list(GatheringKind)) if is_over else ""
    rows = await queries.listed(
        door.session, door.actor, is_over=is_over, held=(period.begins, period.ends) if period else None,
        kind=kind, after=after, limit=AT_ONCE + 1,
    )  # fmt: skip
    shown = rows[:AT_ONCE]
    last = shown[-1].workshop if len(rows) > AT_ONCE else None
    found = await queries.of_programmes(door.session, [one.workshop for one in shown])
    return door.page(
        "workshops/list.html",
        rows=[(one, shown_in(found[one.workshop.programme_id], one.workshop.title)) for one in shown],
        is_over=is_over,
        only=_only(period, kind),
        may_plan=door.actor.may(Permission.STATUS_CHANGE),
        tabs=[(_("To come"), PATH, None), (_("Past"), f"{PATH}?show=over", None)],
        here=f"{PATH}?show=over" if is_over else PATH,
        next=door.view.with_query(after=paging.encode((last.starts_at, last.id))) if last else "",
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
        **names(),
    )


def _period(door: Door) -> Period | None:
    """The days whose workshops the figures count; None where none were asked for, or none that there are."""
    try:
        since, until = (date.fromisoformat(query.text(door.request, name)) for name in ("since", "until"))
        return Period(since, until, door.organisation.time_zone)
    except (ValueError, Invalid):
        return None


def _only(period: Period | None, kind: str) -> list[str]:
    """To which of them the list is narrowed, in words."""
    told = [_(KINDS[GatheringKind(kind)])] if kind else []
    if period is not None:
        first, last = language.day(period.since), language.day(period.until - timedelta(days=1))
        told.append(_("held from %(first)s to %(last)s", first=first, last=last))
    return told


@get(PATH + "/new")
async def new(door: NamedDependency[Door]) -> Page:
    return await _plan_page(door, query.uuid(door.request, "cycle"), FormState())


@post(PATH)
async def plan(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    cycle_id = _uuid(filled.text("cycle"))
    if cycle_id is None:
        raise NotFound(kind="cycle")
    try:
        made = await actions.plan(
            door.session,
            door.actor,
            cycle_id,
            _asked(door, filled),
            office_id=_uuid(filled.text("office_id")),
        )
    except Invalid as error:
        return await _plan_page(door, cycle_id, refused(filled, error), status=422)
    return door.go(f"{PATH}/{made.id}", said=_("It is planned. Nobody is invited yet."))


@get(ONE + "/change")
async def change_form(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    return await _change_page(door, workshop_id, FormState())


@post(ONE + "/change")
async def change(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    before = (await queries.access(door.session, door.actor, workshop_id)).sequence
    try:
        found = await actions.change(
            door.session, door.actor, workshop_id, _asked(door, filled), version=version_of(filled)
        )
    except Invalid as error:
        return await _change_page(door, workshop_id, refused(filled, error), status=422)
    except (WrongState, Conflict) as error:
        return door.go(f"{PATH}/{workshop_id}", said=said(error))
    told = _("Saved. Whoever was told of it gets a letter in ten minutes.") if found.sequence > before else _("Saved.")  # fmt: skip
    return door.go(f"{PATH}/{workshop_id}", said=told)


@post(ONE + "/cancel")
async def cancel(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await actions.cancel(door.session, door.actor, workshop_id, version=version_of(filled))
    except (WrongState, Conflict) as error:
        return door.go(f"{PATH}/{workshop_id}", said=said(error))
    return door.go(
        f"{PATH}/{workshop_id}", said=_("It is cancelled. Whoever was told of it is told that, too.")
    )


async def _plan_page(door: Door, cycle_id: UUID | None, form: FormState, *, status: int = 200) -> Page:
    door.actor.require(Permission.STATUS_CHANGE)
    choices = await _cycles(door)
    if not choices:
        return door.page("workshops/new.html", form=form, choices=[], cycle=None)
    chosen = next((one for one in choices if one[1].id == cycle_id), choices[0])
    programme, cycle = chosen
    offices = [one for one in await organisations.offices(door.session, open_only=True) if door.actor.sees_office(one.id)]  # fmt: skip
    return door.page(
        "workshops/new.html",
        status=status,
        form=form,
        choices=[
            (one.id, f"{language.isolated(shown_in(of, of.name))} · {language.isolated(one.name)}")
            for of, one in choices
        ],
        cycle=cycle,
        offices=[(one.id, one.name) for one in offices],
        must_have_office=bool(door.actor.offices),
        **_fields(door, programme, form, None),
    )


async def _change_page(door: Door, workshop_id: UUID, form: FormState, *, status: int = 200) -> Page:
    door.actor.require(Permission.STATUS_CHANGE)
    found = await queries.access(door.session, door.actor, workshop_id)
    try:
        rules.must_be_planned(found)
    except HouseError as error:
        return door.go(f"{PATH}/{workshop_id}", said=said(error))
    programme = await programmes.own_programme(door.session, found.programme_id)
    return door.page(
        "workshops/change.html",
        status=status,
        form=form,
        one=found,
        title=shown_in(programme, found.title),
        **_fields(door, programme, form, found),
    )


def _fields(door: Door, programme: Programme, form: FormState, kept: Workshop | None) -> dict[str, Any]:
    """What both forms need; `kept` is what stands now."""
    kept_zone = kept.time_zone if kept else door.actor.time_zone
    zone = str(form.values.get("zone", ""))
    return {
        "kept": kept,
        "zone": zone if is_a_zone(zone) else kept_zone,
        "spoken": [(code, language.language_name(code)) for code in programme.languages],
        "kinds": [(one.value, _(words)) for one, words in KINDS.items()],
        "audiences": [(one.value, _(words)) for one, words in AUDIENCES.items()],
        "usual": rules.USUAL_MINUTES,
        "most": {"title": rules.MAX_TITLE, "words": rules.MAX_WORDS, "place": rules.MAX_PLACE, "link": rules.MAX_LINK},
    }  # fmt: skip


async def _cycles(door: Door) -> Sequence[tuple[Programme, Cycle]]:
    """Those for which a workshop can be planned, the newest of each programme first."""
    found = await programmes.programmes(door.session, door.actor, limit=AT_ONCE)
    cycles = await programmes.cycles_of(door.session, [one.id for one in found])
    return [(one, cycle) for one in found for cycle in cycles[one.id]]


def _asked(door: Door, filled: Form) -> Asked:
    """
    Raises:
        Invalid: a number that is none.
    """
    numbers = {name: _number(filled.text(name)) for name in ("minutes", "places")}
    problems = [
        Problem(name, "not_a_number")
        for name, value in numbers.items()
        if value is None and (filled.text(name) or name == "minutes")
    ]
    if problems:
        raise Invalid(*problems)
    zone = filled.text("zone")
    return Asked(
        kind=filled.text("kind"),
        audience=filled.text("audience"),
        title=_texts(filled, "title_"),
        words=_texts(filled, "words_"),
        wall=filled.text("at"),
        zone=zone if is_a_zone(zone) else door.actor.time_zone,
        minutes=numbers["minutes"] or 0,
        place=filled.text("place"),
        link=filled.text("link"),
        language=filled.text("language"),
        places=numbers["places"],
    )


def _texts(filled: Form, beginning: str) -> dict[str, str]:
    return {name.removeprefix(beginning): filled.text(name) for name in filled if name.startswith(beginning)}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def version_of(filled: Form) -> int | None:
    return _number(filled.text("version"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def names() -> dict[str, Any]:
    return {
        "kind_names": {one.value: _(words) for one, words in KINDS.items()},
        "audience_names": {one.value: _(words) for one, words in AUDIENCES.items()},
        "state_names": {one.value: _(words) for one, words in STATES.items()},
    }


ROUTES = [workshops, new, plan, change_form, change, cancel]
