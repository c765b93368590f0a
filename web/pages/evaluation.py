"""A participant's own evaluation: five minutes, without a script, and to be mended for two weeks."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, WrongState
from infra.language import gettext as _
from tenants.evaluations import actions, ends, outcome_asking, queries, rules
from tenants.evaluations.forms import MAX_COMMENT, MAX_OTHER
from tenants.evaluations.models import Evaluation, EvaluationState
from tenants.programmes import queries as programmes
from tenants.registration import queries as registrations
from tenants.registration.telling import shown_in
from web import evaluating
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

PATH = "/me/evaluation/{evaluation_id:uuid}"


@get(PATH)
async def show(door: NamedDependency[Door], evaluation_id: FromPath[UUID]) -> Page:
    row = await queries.own_shown(door.session, door.actor, evaluation_id)
    one: Evaluation = row.Evaluation
    if one.state == EvaluationState.ASKED or ("change" in door.request.query_params and _may_mend(one)):
        return await _form(door, row, FormState(actions.filling(one)))
    return await _settled(door, row)


@post(PATH)
async def go_on(door: NamedDependency[Door], evaluation_id: FromPath[UUID]) -> Page:
    """The first half is kept, and the second one asked."""
    filled = await door.form()
    row = await queries.own_shown(door.session, door.actor, evaluation_id)
    first, _second = actions.parts(row.Evaluation)
    try:
        await actions.begin(door.session, door.actor, evaluation_id, evaluating.given(first, filled))
    except Invalid as error:
        return await _form(door, row, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"/me/evaluation/{evaluation_id}", said=said(error))
    return door.go(f"/me/evaluation/{evaluation_id}/end")


@get(PATH + "/end")
async def show_end(door: NamedDependency[Door], evaluation_id: FromPath[UUID]) -> Page:
    row = await queries.own_shown(door.session, door.actor, evaluation_id)
    if not _is_begun(row.Evaluation):
        return door.go(f"/me/evaluation/{evaluation_id}")
    return await _form(door, row, FormState(actions.filling(row.Evaluation)), part=2)


@post(PATH + "/end")
async def send(door: NamedDependency[Door], evaluation_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    row = await queries.own_shown(door.session, door.actor, evaluation_id)
    first, second = actions.parts(row.Evaluation)
    filling = actions.filling(row.Evaluation)
    begun = {name: value for name, value in filling.items() if name in rules.fields(first)}
    try:
        answers = begun | evaluating.given(second, filled)
        await actions.answer(door.session, door.actor, evaluation_id, answers)
    except Invalid as error:
        if not _is_begun(row.Evaluation):
            return door.go(f"/me/evaluation/{evaluation_id}")
        return await _form(door, row, refused(filled, error), part=2, status=422)
    except WrongState as error:
        return door.go(f"/me/evaluation/{evaluation_id}", said=said(error))
    return door.go(f"/me/evaluation/{evaluation_id}", said=_("Thank you for your feedback!"))


async def _form(door: Door, row: Any, form: FormState, *, part: int = 1, status: int = 200) -> Page:
    one: Evaluation = row.Evaluation
    return door.page(
        "evaluation/form.html",
        status=status,
        form=form,
        row=row,
        one=one,
        part=part,
        names=await queries.others(door.session, one),
        over=await ends.last_day_of(door.session, one) if part == 1 else None,
        fields=evaluating.fields(actions.parts(one)[part - 1]),
        today=clock.today(door.actor.time_zone),
        programme=await _introduced(door, one),
        most_comment=MAX_COMMENT,
        most_other=MAX_OTHER,
    )


async def _settled(door: Door, row: Any) -> Page:
    one: Evaluation = row.Evaluation
    return door.page(
        "evaluation/settled.html",
        one=one,
        names=await queries.others(door.session, one),
        programme=await _introduced(door, one),
        told=evaluating.told(actions.form(one), queries.sent(one)),
        may_mend=_may_mend(one),
        asks_outcomes=await outcome_asking.is_open_at_the_end(
            door.session, await registrations.own_participation(door.session, one.participation_id)
        ),
    )


async def _introduced(door: Door, one: Evaluation) -> str:
    programme = await programmes.own_programme(door.session, one.programme_id)
    await introduce(door, programme)
    return shown_in(programme, programme.name)


def _may_mend(one: Evaluation) -> bool:
    try:
        rules.must_be_open(one, clock.now())
    except rules.EvaluationSettled:
        return False
    return True


def _is_begun(one: Evaluation) -> bool:
    return "ended" in actions.filling(one) and _may_mend(one)


ROUTES = [show, go_on, show_end, send]
