"""
Outcomes: what a programme asks about its effects, with the numbers for coordinators; and the questions themselves,
for her own page and for a coordinator whom she tells.
"""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Invalid, NotFound, Problem
from infra.http.forms import Form
from infra.http.uploads import attachment
from infra.language import N_, isolated
from infra.language import gettext as _
from tenants.evaluations import outcome_answers, outcomes
from tenants.evaluations.outcome_models import Indicator, IndicatorKind, Moment
from tenants.people import queries as people
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import Programme
from tenants.programmes.rules import text_in
from tenants.registration import queries as registration
from tenants.registration.models import ParticipantRole, Participation
from web import query
from web.door import Door, Page
from web.forms import refused, sentence
from web.pages.programme import introduce
from web.rendering import FormState
from web.spreadsheets import as_csv

PATH = "/c/outcomes"
OWN = "/me/outcomes/{participation_id:uuid}"
TOLD = PATH + "/of/{participation_id:uuid}"
SETS = {
    "network": N_("Six questions of a mentor network: work, education, society, language, belief in oneself"),
    "political": N_("A political programme: who stood for election, who was elected"),
}
SCALE = (
    (1, N_("Not at all")), (2, N_("A little")), (3, N_("Partly")), (4, N_("Mostly")), (5, N_("Fully")),
)  # fmt: skip
FACT = ((1, N_("Yes")), (0, N_("No")))


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    return await _page(door, FormState())


@get(PATH + ".csv")
async def save(door: NamedDependency[Door]) -> Response[bytes]:
    door.actor.require(Permission.EVALUATION_READ)
    chosen, _listed = await _chosen(door)
    rows: list[list[str | int | float]] = [[_("Question"), _("Answered"), _("Better, or yes"), _("Share")]]
    if chosen is not None:
        rows += [
            [
                _words(one.indicator, chosen, door.language),
                _cell(one.answered),
                _cell(one.good),
                "" if one.share is None else round(one.share, 4),
            ]
            for one in await outcomes.counted(door.session, door.actor, chosen.id)
        ]
    headers = {"content-disposition": attachment(f"{_('Outcomes')}.csv")}
    return Response(as_csv(rows), media_type="text/csv", headers=headers)


@post(PATH + "/{programme_id:uuid}/take-up")
async def take_up(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    await outcomes.take_up(door.session, door.actor, programme_id, filled.text("set"))
    return door.go(f"{PATH}?programme={programme_id}", said=_("These questions are asked from now on."))


@post(PATH + "/{programme_id:uuid}/add")
async def add(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    programme = await programmes.access_programme(door.session, door.actor, programme_id)
    label = {code: filled.text(f"label_{code}") for code in programme.languages}
    try:
        if filled.text("kind") not in set(IndicatorKind):
            raise Invalid(Problem("kind", "missing"))
        kind = IndicatorKind(filled.text("kind"))
        await outcomes.define(door.session, door.actor, programme_id, kind=kind, label=label)
    except Invalid as error:
        return door.go(f"{PATH}?programme={programme_id}", said=sentence(error.problems[0]))
    return door.go(f"{PATH}?programme={programme_id}", said=_("This question is asked from now on."))


@post(PATH + "/indicators/{indicator_id:uuid}/close")
async def close(door: NamedDependency[Door], indicator_id: FromPath[UUID]) -> Page:
    closed = await outcomes.close(door.session, door.actor, indicator_id)
    return door.go(
        f"{PATH}?programme={closed.programme_id}", said=_("It is asked no more. What was answered stays.")
    )


@get(TOLD)
async def told(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    door.actor.require(Permission.EVALUATION_CHANGE)
    return await _questions(
        door, participation_id, FormState(), f"{PATH}/of/{participation_id}", is_own=False
    )


@post(TOLD)
async def note(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    door.actor.require(Permission.EVALUATION_CHANGE)
    return await _keep(door, participation_id, f"{PATH}/of/{participation_id}", is_own=False)


@get(OWN)
async def own(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    await _hers(door, participation_id)
    return await _questions(
        door, participation_id, FormState(), f"/me/outcomes/{participation_id}", is_own=True
    )


@post(OWN)
async def answer(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    await _hers(door, participation_id)
    return await _keep(door, participation_id, f"/me/outcomes/{participation_id}", is_own=True)


async def _keep(door: Door, participation_id: UUID, here: str, *, is_own: bool) -> Page:
    filled = await door.form()
    try:
        mine = await registration.access_participation(door.session, door.actor, participation_id)
        values = await _values(door, mine, filled)
        await outcome_answers.answer(door.session, door.actor, participation_id, values)
    except Invalid as error:
        form = refused(filled, error)
        return await _questions(door, participation_id, form, here, is_own=is_own, status=422)
    said = _("Thank you. We have noted your answers.") if is_own else _("Noted.")
    return door.go(here, said=said)


async def _values(door: Door, mine: Participation, filled: Form) -> dict[str, int]:
    values = {}
    for one in await outcomes.indicators(door.session, mine.programme_id):
        if text := filled.text(one.code):
            if not text.isdecimal() or len(text) > 1:
                raise Invalid(Problem(one.code, "not_a_choice"))
            values[one.code] = int(text)
    return values


async def _hers(door: Door, participation_id: UUID) -> None:
    """
    Raises:
        NotFound: not her own.
    """
    found = await registration.access_participation(door.session, door.actor, participation_id)
    if found.person_id != door.actor.person_id:
        raise NotFound(kind="participation", id=str(participation_id))


async def _questions(
    door: Door, participation_id: UUID, form: FormState, here: str, *, is_own: bool, status: int = 200
) -> Page:
    mine = await registration.access_participation(door.session, door.actor, participation_id)
    programme = await programmes.own_programme(door.session, mine.programme_id)
    if is_own:
        await introduce(door, programme)
    moment = await outcome_answers.moment_of(door.session, mine.id)
    listed = (
        await outcomes.indicators(door.session, programme.id) if mine.role != ParticipantRole.MENTOR else []
    )
    known = await outcome_answers.told(door.session, door.actor, mine, moment)
    name = "" if is_own else (await people.access_person(door.session, door.actor, mine.person_id)).full_name
    return door.page(
        "outcomes/own.html" if is_own else "outcomes/told.html",
        status=status,
        form=form,
        here=here,
        name=name,
        person_id=mine.person_id,
        is_after=moment == Moment.AFTER,
        questions=[
            {
                "code": one.code,
                "words": _words(one, programme, door.language),
                "options": [(value, _(label)) for value, label in (SCALE if _is_scale(one) else FACT)],
                "value": known.values.get(one.code, ""),
                "is_hers": one.code in known.hers,
                "is_hidden": one.code in known.hidden,
            }
            for one in listed
            if not is_own or _is_scale(one)
        ],
    )


async def _page(door: Door, form: FormState) -> Page:
    door.actor.require(Permission.EVALUATION_READ)
    chosen, listed = await _chosen(door)
    of = query.uuid(door.request, "of")
    counted = await outcomes.counted(door.session, door.actor, chosen.id) if chosen else []
    shown = next((one for one in counted if one.indicator.id == of), None)
    return door.page(
        "outcomes/outcomes.html",
        form=form,
        programme=chosen,
        programmes=[(str(one.id), text_in(one.name, door.language, one.languages)) for one in listed],
        rows=[_row(one, chosen, door.language) for one in counted] if chosen else [],
        shown=_words(shown.indicator, chosen, door.language) if shown and chosen else "",
        shown_is_fact=bool(shown and not _is_scale(shown.indicator)),
        behind=await outcomes.behind(door.session, door.actor, of) if shown and of else [],
        may_change=door.actor.may(Permission.PROGRAMME_CHANGE),
        sets=[(code, _(words)) for code, words in SETS.items()],
        languages=[(code, code) for code in chosen.languages] if chosen else [],
        least=outcomes.LEAST,
    )


def _row(one: outcomes.Counted, programme: Programme, spoken: str) -> dict[str, Any]:
    return {
        "id": one.indicator.id,
        "words": _words(one.indicator, programme, spoken),
        "is_scale": _is_scale(one.indicator),
        "is_open": one.indicator.is_open,
        "answered": one.answered,
        "good": one.good,
        "share": one.share,
    }


async def _chosen(door: Door) -> tuple[Programme | None, list[Programme]]:
    listed = list(await programmes.programmes(door.session, door.actor))
    wanted = query.uuid(door.request, "programme")
    if wanted is None:
        return (listed[0] if listed else None), listed
    found = next((one for one in listed if one.id == wanted), None)
    if found is None:
        raise NotFound(kind="programme", id=str(wanted))
    return found, listed


def _cell(count: int | None) -> str | int:
    return _("too few") if count is None else count


def _words(one: Indicator, programme: Programme, spoken: str) -> str:
    return isolated(text_in(one.label, spoken, programme.languages) or one.code)


def _is_scale(one: Indicator) -> bool:
    return one.kind == IndicatorKind.SCALE


ROUTES = [show, save, take_up, add, close, told, note, own, answer]
