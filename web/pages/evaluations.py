"""Evaluations for coordinators: who has not answered yet, what was said, how a programme asks, and the figures."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, Problem, WrongState
from infra.http import paging
from infra.language import gettext as _
from tenants.evaluations import actions, queries
from tenants.evaluations.forms import questions
from tenants.evaluations.models import EvaluationState
from tenants.evaluations.queries import Tally
from tenants.evaluations.rules import Asking
from tenants.evaluations.words import STATES, WORDINGS
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration.models import ParticipantRole
from tenants.registration.telling import shown_in
from tenants.registration.words import ROLE_NAMES
from web import evaluating, query
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/c/evaluations"
ONE = PATH + "/{evaluation_id:uuid}"
ASKING = PATH + "/asking/{programme_id:uuid}"
AT_ONCE = 50


@get(PATH)
async def listed(door: NamedDependency[Door]) -> Page:
    narrow = _narrowed(door)
    role = query.one_of(door.request, "role", ParticipantRole)
    state = query.one_of(door.request, "state", EvaluationState)
    rows = await queries.listed(
        door.session, door.actor, **narrow, role=role or None, state=EvaluationState(state) if state else None,
        chosen=_chosen(door), after=query.after(door.request, tuple[datetime, UUID]), limit=AT_ONCE + 1,
    )  # fmt: skip
    last = rows[AT_ONCE - 1] if len(rows) > AT_ONCE else None
    cursor = paging.encode((last.Evaluation.created_at, last.Evaluation.id)) if last else ""
    tallies = {
        one.value: await queries.tallies(door.session, door.actor, one, **narrow) for one in _roles(role)
    }
    found = await programmes.programmes(door.session, door.actor, limit=200)
    return door.page(
        "evaluations/list.html",
        counts=await queries.counts(door.session, door.actor, **narrow),
        rows=rows[:AT_ONCE],
        next=door.view.with_query(after=cursor) if last else "",
        role_names={code: _(words) for code, words in ROLE_NAMES.items()},
        programmes=[(str(one.id), shown_in(one, one.name)) for one in found],
        shown={
            name: query.text(door.request, name) for name in ("state", "role", "programme", "since", "until")
        },
        chosen=_chosen_words(door),
        figures=[
            (_(ROLE_NAMES[ParticipantRole(one)]), [_figure(door, one, tally) for tally in every])
            for one, every in tallies.items()
            if any(tally.answered for tally in every)
        ],
        may_change=door.actor.may(Permission.PROGRAMME_CHANGE),
        state_names={one.value: _(words) for one, words in STATES.items()},
        today=clock.today(door.actor.time_zone),
        zone=door.actor.time_zone,
        language=door.language,
    )


@get(ONE)
async def one(door: NamedDependency[Door], evaluation_id: FromPath[UUID]) -> Page:
    return await _page(door, evaluation_id, None)


@post(ONE)
async def record(door: NamedDependency[Door], evaluation_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    row = await queries.shown(door.session, door.actor, evaluation_id)
    answers = evaluating.given(actions.form(row.Evaluation), filled)
    try:
        await actions.record(door.session, door.actor, evaluation_id, answers)
    except Invalid as error:
        return await _page(door, evaluation_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"{PATH}/{evaluation_id}", said=said(error))
    return door.go(f"{PATH}/{evaluation_id}", said=_("What you were told is noted."))


@post(ONE + "/close")
async def close(door: NamedDependency[Door], evaluation_id: FromPath[UUID]) -> Page:
    try:
        await actions.close(door.session, door.actor, evaluation_id)
    except WrongState as error:
        return door.go(f"{PATH}/{evaluation_id}", said=said(error))
    return door.go(f"{PATH}/{evaluation_id}", said=_("We ask no more."))


@get(ASKING)
async def asking(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    return await _asking(door, programme_id, FormState())


@post(ASKING)
async def set_asking(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        wanted = Asking(
            is_on=filled.text("is_on") == "yes",
            wording=filled.text("wording"),
            benefit_many=filled.text("benefit_many") == "yes",
            remind_days=_days(filled.text("remind_days"), "remind_days"),
            call_days=_days(filled.text("call_days"), "call_days"),
        )
        await actions.set_asking(door.session, door.actor, programme_id, wanted)
    except Invalid as error:
        return await _asking(door, programme_id, refused(filled, error), status=422)
    return door.go(
        f"{PATH}/asking/{programme_id}", said=_("Saved. It holds for whoever is asked from now on.")
    )


async def _page(door: Door, evaluation_id: UUID, form: FormState | None, *, status: int = 200) -> Page:
    row = await queries.shown(door.session, door.actor, evaluation_id)
    found = row.Evaluation
    may_record = door.actor.may(Permission.EVALUATION_CHANGE) and (
        found.state == EvaluationState.ASKED or found.recorded_by is not None
    )
    answers = queries.sent(found)
    return door.page(
        "evaluations/one.html",
        status=status,
        row=row,
        one=found,
        form=form or FormState(answers),
        is_open=form is not None,
        names=await queries.others(door.session, found),
        told=evaluating.told(actions.form(found), answers),
        fields=evaluating.fields(actions.form(found)) if may_record else [],
        role=_(ROLE_NAMES[ParticipantRole(found.role)]),
        state=_(STATES[EvaluationState(found.state)]),
        today=clock.today(door.actor.time_zone),
        zone=door.actor.time_zone,
    )


async def _asking(door: Door, programme_id: UUID, form: FormState, *, status: int = 200) -> Page:
    door.actor.require(Permission.PROGRAMME_CHANGE)
    programme = await programmes.access_programme(door.session, door.actor, programme_id)
    return door.page(
        "evaluations/asking.html",
        status=status,
        form=form,
        programme_id=programme_id,
        programme=shown_in(programme, programme.name),
        asking=await queries.asking(door.session, programme_id),
        wordings=[(one.value, _(words)) for one, words in WORDINGS.items()],
    )


def _days(written: str, field: str) -> int:
    try:
        return int(written)
    except ValueError as error:
        raise Invalid(Problem(field, "missing" if not written else "bad_format")) from error


def _narrowed(door: Door) -> dict[str, Any]:
    zone = door.organisation.time_zone
    return {
        "programme_id": query.uuid(door.request, "programme"),
        "since": _midnight(query.text(door.request, "since"), zone),
        "until": _midnight(query.text(door.request, "until"), zone),
    }


def _midnight(written: str, zone: str) -> datetime | None:
    try:
        return clock.instant(date.fromisoformat(written), time.min, zone)
    except (ValueError, OverflowError):
        return None


def _roles(role: str) -> list[ParticipantRole]:
    return [ParticipantRole(role)] if role else list(ParticipantRole)


def _chosen(door: Door) -> tuple[str, str] | None:
    code, found, option = query.text(door.request, "answer").partition(":")
    return (code, option) if found else None


def _chosen_words(door: Door) -> str:
    """The answer by which the list is narrowed, in words."""
    chosen = _chosen(door)
    if chosen is None:
        return ""
    role = query.one_of(door.request, "role", ParticipantRole) or ParticipantRole.MENTOR
    for one in questions(role, "plain", benefit_many=True):
        if one.code == chosen[0] and chosen[1] in one.codes:
            return f"{_(one.words)} {_(dict(one.options)[chosen[1]])}"
    return ""


def _figure(door: Door, role: str, tally: Tally) -> dict[str, Any]:
    """One question with its counts; each count leads to the list behind it."""
    code = tally.question.code
    return {
        "id": f"{role}-{code}",
        "words": _(tally.question.words),
        "answered": tally.answered,
        "rows": [
            {
                "label": _(words),
                "value": count,
                "href": door.view.with_query(
                    answer=f"{code}:{option}", role=role, state="answered", after=None
                ),
            }
            for option, words, count in tally.counts
        ],
    }


ROUTES = [listed, one, record, close, asking, set_asking]
