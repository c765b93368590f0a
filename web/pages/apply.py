"""
Registering, one question a page: each answer is saved when it is sent, and the way back is a cookie or a mailed link.

The cookie and the link hold the same signed token, which opens one form and nothing else.
"""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Invalid, WrongState
from infra.http.source import source
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.programmes.models import QuestionKind
from tenants.registration import consents, forms, queries, signing_up, telling
from tenants.registration.forms import RegistrationForm
from tenants.registration.models import Registration
from web import asking
from web.door import Door, Page
from web.forms import refused
from web.pages import confirm, programme, resume, waiting
from web.pages.holding import BEGINNING, SENDING, count, current, form_of, next_page, remember
from web.pages.resume import start_page
from web.refusals import said
from web.rendering import FormState


@get("/apply")
async def start(door: NamedDependency[Door]) -> Page:
    registration = await current(door)
    if registration is not None and door.request.query_params.get("new") is None:
        return door.go(await next_page(door, registration))
    return await start_page(door, FormState())


@post("/apply")
async def begin(door: NamedDependency[Door]) -> Page:
    """Open a form, or go on with the one that this browser has open for the programme."""
    filled = await door.form()
    slug, role = filled.text("programme"), filled.text("role") or None
    await count(door, (BEGINNING, source(door.request.scope)))
    found = await programmes.open_by_slug(door.session, slug)
    held = await current(door)
    if held is not None and held.sent_at is None and held.programme_id == found.id:
        if role is not None and held.role != role:
            held = await signing_up.answer(
                door.session, door.actor, held.id, forms.ROLE, role, language=door.language
            )
        return door.go(await next_page(door, held))
    made = await signing_up.begin(door.session, door.actor, slug=slug, language=door.language, role=role)
    remember(door, made.id)
    return door.go(await next_page(door, made))


@get("/apply/{number:int}")
async def question(door: NamedDependency[Door], number: FromPath[int]) -> Page:
    registration = await current(door)
    if registration is None or registration.sent_at is not None:
        return door.go("/apply")
    form = await form_of(door, registration)
    steps = form.steps(registration.role)
    if not 1 <= number <= len(steps):
        return door.go(await next_page(door, registration))
    return _question_page(door, form, registration, number, FormState(_kept(registration, steps[number - 1])))


@post("/apply/{number:int}")
async def answer(door: NamedDependency[Door], number: FromPath[int]) -> Page:
    registration = await current(door)
    if registration is None or registration.sent_at is not None:
        return door.go("/apply")
    filled = await door.form()
    form = await form_of(door, registration)
    steps = form.steps(registration.role)
    # The key says which question was on the page: numbers move when the role changes in another tab.
    place = next((n for n, one in enumerate(steps, 1) if one.key == filled.text("key")), None)
    if place is None:
        is_gone = filled.text("key") in {one.key for one in form.left_out}
        return door.go(await next_page(door, registration), said=asking.gone(is_gone))
    step = steps[place - 1]
    given: Any = asking.given(filled, step.question) if step.question else filled.text(step.key)
    before = registration.answers.get(step.key)
    if _has_ranks(step) and before:
        given = asking.in_order(given, before, is_ranked=filled.text("rank") == "1")
    try:
        registration = await signing_up.answer(
            door.session, door.actor, registration.id, step.key, given, language=door.language
        )
    except Invalid as error:
        return _question_page(door, form, registration, place, refused(filled, error), status=422)
    if _has_ranks(step) and filled.text("rank") != "1" and len(given) > 1:
        origin = "&from=check" if filled.text("from") == "check" else ""
        return door.go(f"/apply/{place}?rank=1{origin}")
    if filled.text("from") == "check" and form.first_open(registration) is None:
        return door.go("/apply/check")
    steps = form.steps(registration.role)
    place = next(n for n, one in enumerate(steps, 1) if one.key == step.key)
    return door.go(f"/apply/{place + 1}" if place < len(steps) else await next_page(door, registration))


@get("/apply/check")
async def check(door: NamedDependency[Door]) -> Page:
    """All answers, and kindly what stands against sending them; the way on only if nothing does."""
    registration = await current(door)
    if registration is None or registration.sent_at is not None:
        return door.go("/apply")
    form = await form_of(door, registration)
    if (missing := form.first_open(registration)) is not None:
        return door.go(f"/apply/{missing}")
    return door.page(
        "apply/check.html",
        rows=_rows(form, registration),
        count=len(form.steps(registration.role)),
        problems=await _problems(door, form, registration),
    )


@get("/apply/agree")
async def agree(door: NamedDependency[Door]) -> Page:
    registration = await current(door)
    if registration is None or registration.sent_at is not None:
        return door.go("/apply")
    form = await form_of(door, registration)
    if form.first_open(registration) is not None or await _problems(door, form, registration):
        return door.go("/apply/check")
    return _agree_page(door, registration, FormState())


@post("/apply/agree")
async def send(door: NamedDependency[Door]) -> Page:
    registration = await current(door)
    if registration is None:
        return door.go("/apply")
    filled = await door.form()
    form = await form_of(door, registration)
    if registration.sent_at is None:
        if await _problems(door, form, registration):
            return door.go("/apply/check")
        await count(door, (SENDING, f"{door.organisation.organisation_id}|{registration.email}"))
    agreed = [text.purpose.value for text in consents.TEXTS if filled.text(f"consent_{text.purpose}")]
    try:
        await signing_up.send(door.session, door.actor, registration.id, agreed, language=door.language)
    except Invalid as error:
        return _agree_page(door, registration, refused(filled, error), status=422)
    return door.go("/apply/done")


@get("/apply/help")
async def get_help(door: NamedDependency[Door]) -> Page:
    if registration := await current(door):
        await form_of(door, registration)
    return door.page("apply/help.html")


def _question_page(
    door: Door,
    form: RegistrationForm,
    registration: Registration,
    number: int,
    state: FormState,
    *,
    status: int = 200,
) -> Page:
    is_change = _says(door, state, "from", "check")
    steps = form.steps(registration.role)
    step = steps[number - 1]
    chosen = registration.answers.get(step.key) or []
    is_ranking = _has_ranks(step) and len(chosen) > 1 and _says(door, state, "rank", "1")
    before = f"/apply/{number - 1}" if number > 1 else f"/p/{form.programme.slug}"
    return door.page(
        "apply/question.html",
        status=status,
        asked=asking.ranking(form, step.question, chosen)
        if is_ranking and step.question
        else asking.step(form, step, chosen),
        is_ranking=is_ranking,
        number=number,
        count=len(steps),
        back="/apply/check" if is_change else before,
        form=state,
        is_change=is_change,
        is_saved=registration.email is not None,
    )


def _says(door: Door, state: FormState, name: str, value: str) -> bool:
    """Whether the address, or the form that comes back, carries the word."""
    return value in (door.request.query_params.get(name), state.values.get(name))


def _has_ranks(step: forms.Step) -> bool:
    return step.question is not None and step.question.kind == QuestionKind.TOPICS_WANTED


def _rows(form: RegistrationForm, registration: Registration) -> list[dict[str, Any]]:
    words = dict(telling.told(form, registration))
    labels = (telling.step_label(form, one) for one in form.steps(registration.role))
    return [
        {"number": number, "label": label, "words": words.get(label, "")}
        for number, label in enumerate(labels, 1)
    ]


async def _problems(door: Door, form: RegistrationForm, registration: Registration) -> list[str]:
    found = list(refused({}, Invalid(*form.problems(registration))).errors.values())
    try:
        cycle_id = await signing_up.cycle_meant(door.session, form.programme, registration)
    except WrongState as error:  # closed while she was writing
        return [*found, said(error)]
    if registration.role in forms.learning(form.programme):
        left = await queries.places_left(door.session, form.programme, cycle_id)
        if left == 0:
            found.append(
                _(
                    "All places of this cycle are taken meanwhile. Your answers stay for a few days, in case a place becomes free."
                )
            )
    return found


def _agree_page(door: Door, registration: Registration, state: FormState, *, status: int = 200) -> Page:
    asked = consents.asked_of(registration.role or "")
    return door.page(
        "apply/agree.html",
        status=status,
        consents=asked,
        labels={f"consent_{text.purpose}": _(text.title) for text in asked},
        form=state,
    )


def _kept(registration: Registration, step: forms.Step) -> dict[str, Any]:
    if step.question is not None:
        return asking.values(step.question, registration.answers.get(step.key))
    return {step.key: getattr(registration, step.key) or ""}


ROUTES = [
    start, begin, question, answer, check, agree, send, get_help, *waiting.ROUTES, *resume.ROUTES, *programme.ROUTES, *confirm.ROUTES,
]  # fmt: skip
