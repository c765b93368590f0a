"""The answers of a profile: a coordinator completes them on one page (K10), a participant changes hers one by one (K07)."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, NotFound
from infra.language import gettext as _
from infra.language import isolated
from tenants.evaluations import outcome_asking
from tenants.permissions import Permission
from tenants.programmes.models import Question, QuestionKind
from tenants.registration import earlier, forms, profiles, queries, telling
from tenants.registration.forms import RegistrationForm, Step
from tenants.registration.queries import Profile
from tenants.registration.words import ROLE_NAMES
from web import answering, asking
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.rendering import FormState

DESK = "/c/people/{person_id:uuid}/answers/{participation_id:uuid}"
OWN = "/me/answers"


@get(DESK)
async def complete(
    door: NamedDependency[Door], person_id: FromPath[UUID], participation_id: FromPath[UUID]
) -> Page:
    door.actor.require(Permission.PEOPLE_CHANGE)
    form, profile = await _of(door, person_id, participation_id)
    return _desk_page(door, form, profile, FormState(answering.fields(form, profile)))


@post(DESK)
async def save(
    door: NamedDependency[Door], person_id: FromPath[UUID], participation_id: FromPath[UUID]
) -> Page:
    door.actor.require(Permission.PEOPLE_CHANGE)
    form, profile = await _of(door, person_id, participation_id)
    filled = await door.form()
    try:
        if given := answering.changed(filled, form, profile):
            await profiles.change_answers(door.session, door.actor, participation_id, given)
    except Invalid as error:
        return _desk_page(door, form, profile, refused(filled, error), status=422)
    said = _("The answers of %(name)s are saved.", name=isolated(profile.person.full_name))
    if words := answering.not_kept(filled, form):
        said = f"{said} {words}"
    return door.go(f"/c/people/{person_id}", said=said)


@get(DESK + "/earlier")
async def before(
    door: NamedDependency[Door], person_id: FromPath[UUID], participation_id: FromPath[UUID]
) -> Page:
    """What she had said when she registered for the same cycle before; nobody changes it any more."""
    door.actor.require(Permission.PEOPLE_READ)
    form, profile = await _of(door, person_id, participation_id)
    asked = {one.key: one for one in (*answering.questions(form, profile), *form.left_out)}
    zone = door.actor.time_zone
    return door.page(
        "people/earlier.html",
        person=profile.person,
        programme=telling.shown_in(profile.programme, profile.programme.name),
        role=_(ROLE_NAMES[profile.participation.role]),
        versions=[
            {
                "registered_on": one.registered_on,
                "ended_on": clock.local(one.ended_at, zone).date(),
                "rows": [
                    (
                        telling.shown_in(profile.programme, asked[key].label),
                        telling.in_words(form, asked[key], value),
                    )
                    for key, value in one.answers.items()
                    if key in asked
                ],
            }
            for one in await earlier.of(door.session, door.actor, participation_id)
        ],
    )


@get(OWN)
async def own(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.OWN_CASE)
    found = await queries.own(door.session, door.actor)
    if found:
        await introduce(door, found[0].programme)
    return door.page(
        "me/answers.html",
        parts=[await _part(door, profile) for profile in found],
        standing=await outcome_asking.open_of(door.session, door.actor.require_person()) if found else [],
    )


@get(OWN + "/{participation_id:uuid}")
async def ask(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    """One question, the first that is open where none is named."""
    form, profile = await _own(door, participation_id)
    question = _question(form, profile, door.request.query_params.get("question", ""))
    state = FormState(asking.values(question, answering.plain(profile, question)))
    return _own_page(door, form, profile, question, state)


@post(OWN + "/{participation_id:uuid}")
async def change(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    form, profile = await _own(door, participation_id)
    filled = await door.form()
    if filled.text("question") in {one.key for one in form.left_out}:
        return door.go(OWN, said=asking.gone(True))
    question = _question(form, profile, filled.text("question"))
    given = asking.given(filled, question)
    is_ranked, is_ranking = filled.text("rank") == "1", question.kind == QuestionKind.TOPICS_WANTED
    if is_ranking:
        given = asking.in_order(given, answering.plain(profile, question) or [], is_ranked=is_ranked)
    try:
        await profiles.change_answers(door.session, door.actor, participation_id, {question.key: given})
    except Invalid as error:
        return _own_page(door, form, profile, question, refused(filled, error), status=422)
    if is_ranking and not is_ranked and len(given) > 1:
        return door.go(f"{OWN}/{participation_id}?question={question.key}&rank=1")
    return door.go(OWN, said=_("Your answer is saved."))


async def _of(door: Door, person_id: UUID, participation_id: UUID) -> tuple[RegistrationForm, Profile]:
    found = await queries.access_participation(door.session, door.actor, participation_id)
    if found.person_id != person_id:
        raise NotFound(kind="participation", id=str(participation_id))
    form = await forms.of_programme(door.session, found.programme_id)
    return form, await queries.profile_of(door.session, found)


async def _own(door: Door, participation_id: UUID) -> tuple[RegistrationForm, Profile]:
    door.actor.require(Permission.OWN_CASE)
    form, profile = await _of(door, door.require_person(), participation_id)
    await introduce(door, profile.programme)
    return form, profile


def _question(form: RegistrationForm, profile: Profile, key: str) -> Question:
    asked = answering.questions(form, profile)
    named = [one for one in asked if one.key == key]
    still_open = [one for one in asked if one.key in {lacking.key for lacking in profile.missing}]
    found = next(iter(named or still_open or asked), None)
    if found is None or (key and not named):
        raise NotFound(kind="question", key=key)
    return found


def _desk_page(
    door: Door, form: RegistrationForm, profile: Profile, state: FormState, *, status: int = 200
) -> Page:
    asked = [
        asking.shown(form, one, answering.plain(profile, one)) for one in answering.questions(form, profile)
    ]
    return door.page(
        "people/answers.html",
        status=status,
        person=profile.person,
        participation=profile.participation,
        programme=telling.shown_in(profile.programme, profile.programme.name),
        role=_(ROLE_NAMES[profile.participation.role]),
        asked=asked,
        labels={one.key: one.label for one in asked},
        missing=len(profile.missing),
        form=state,
    )


def _own_page(
    door: Door,
    form: RegistrationForm,
    profile: Profile,
    question: Question,
    state: FormState,
    *,
    status: int = 200,
) -> Page:
    chosen = answering.plain(profile, question) or []
    wants_ranks = "1" in (door.request.query_params.get("rank"), state.values.get("rank"))
    is_ranking = question.kind == QuestionKind.TOPICS_WANTED and wants_ranks and len(chosen) > 1
    one = (
        asking.ranking(form, question, chosen)
        if is_ranking
        else asking.step(form, Step(question.key, question), chosen)
    )
    return door.page(
        "me/answer.html",
        status=status,
        asked=one,
        is_ranking=is_ranking,
        participation=profile.participation,
        form=state,
    )


async def _part(door: Door, profile: Profile) -> dict[str, Any]:
    form = await forms.of_programme(door.session, profile.programme.id)
    lacking = {one.key for one in profile.missing}
    new = answering.newly_asked(form, profile)
    return {
        "id": profile.participation.id,
        "role": _(ROLE_NAMES[profile.participation.role]),
        "programme": telling.shown_in(profile.programme, profile.programme.name),
        "rows": [
            {
                "key": one.key,
                "label": telling.shown_in(profile.programme, one.label),
                "words": telling.in_words(form, one, answering.plain(profile, one)),
                "is_missing": one.key in lacking,
                "is_new": one.key in new,
            }
            for one in answering.questions(form, profile)
        ],
    }


ROUTES = [complete, save, before, own, ask, change]
