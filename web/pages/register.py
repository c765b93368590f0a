"""Registering somebody else on one page: a coordinator asks, writes down, and says how the consents were given."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import Invalid
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import Programme
from tenants.programmes.rules import questions_for
from tenants.registration import consents, forms, on_behalf, registrations, telling
from tenants.registration.forms import RegistrationForm
from tenants.registration.words import CHANNEL_NAMES, ROLE_NAMES
from web import answering, asking
from web.door import Door, Page
from web.forms import refused
from web.rendering import FormState

MOST_WAITING = 6


@get("/c/register")
async def register(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.REGISTRATION_MAKE)
    offered = list(await programmes.open_programmes(door.session))
    chosen = _chosen(offered, door.request.query_params.get("programme", ""))
    if chosen is None:
        return door.page("register/register.html", programmes=[], waiting=[], form=None)
    return await _page(door, offered, chosen, door.request.query_params.get("role", ""), FormState())


@post("/c/register")
async def send(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.REGISTRATION_MAKE)
    filled = await door.form()
    offered = list(await programmes.open_programmes(door.session))
    chosen = _chosen(offered, filled.text("programme"))
    if chosen is None:
        return door.go("/c/register")
    form = await forms.of_programme(door.session, chosen.id)
    role = filled.text("role")
    agreed = [text.purpose.value for text in consents.TEXTS if filled.text(f"consent_{text.purpose}")]
    is_confirmed = filled.text("confirmed") != "letter"
    try:
        _registration, participation = await on_behalf.register(
            door.session,
            door.actor,
            programme_id=chosen.id,
            role=role,
            full_name=filled.text("full_name"),
            email=filled.text("email") or None,
            language=_spoken(door, filled.text("language")),
            given={q.key: asking.given(filled, q) for q in questions_for(form.questions, role)},
            agreed=agreed,
            channel=filled.text("channel"),
            is_confirmed=is_confirmed,
        )
    except Invalid as error:
        return await _page(door, offered, chosen, role, refused(filled, error), status=422)
    name = language.isolated(filled.text("full_name"))
    said = (
        _("%(name)s is registered.", name=name)
        if participation
        else _("%(name)s gets an e-mail to check what you wrote. It counts once it is confirmed.", name=name)
    )
    if words := answering.not_kept(filled, form):
        said = f"{said} {words}"
    return door.go(f"/c/register?programme={chosen.slug}&role={role}", said=said)


@post("/c/register/{id:uuid}/confirm")
async def confirm(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    """Somebody has said to the coordinator what the letter asks (N14)."""
    filled = await door.form()
    await on_behalf.confirm_by_phone(door.session, door.actor, id, channel=filled.text("channel", "phone"))
    return door.go("/c/register", said=_("The registration is confirmed."))


def _chosen(offered: list[Programme], slug: str) -> Programme | None:
    return next((one for one in offered if one.slug == slug), offered[0] if offered else None)


def _spoken(door: Door, code: str) -> str:
    return code if code in door.organisation.languages else door.language


async def _page(
    door: Door, offered: list[Programme], chosen: Programme, role: str, state: FormState, *, status: int = 200
) -> Page:
    form = await forms.of_programme(door.session, chosen.id)
    roles = forms.sides(chosen)
    role = role if role in roles else roles[0]
    asked = _asked(form, role)
    name = telling.shown_in(chosen, chosen.name)
    return door.page(
        "register/register.html",
        status=status,
        programmes=[(one.slug, telling.shown_in(one, one.name)) for one in offered],
        programme=chosen.slug,
        programme_name=name,
        roles=[(one, _(ROLE_NAMES[one])) for one in roles],
        role=role,
        asked=asked,
        labels=_labels(asked, role),
        consents=consents.asked_of(role),
        channels=[(one.value, _(CHANNEL_NAMES[one])) for one in on_behalf.CHANNELS],
        languages=[(code, language.language(code).native) for code in door.organisation.languages],
        form=state,
        waiting=await _waiting(door),
        shown=None if door.request.query_params.get("waiting") == "all" else MOST_WAITING,
    )


def _asked(form: RegistrationForm, role: str) -> list[asking.Shown]:
    return [asking.shown(form, step.question) for step in form.steps(role) if step.question is not None]


def _labels(asked: list[asking.Shown], role: str) -> dict[str, str]:
    """What each field is called in the list of errors: on one long page "this is needed" says too little."""
    of_consents = {f"consent_{text.purpose}": _(text.title) for text in consents.asked_of(role)}
    return {"full_name": _("Name")} | {one.key: one.label for one in asked} | of_consents


async def _waiting(door: Door) -> list[dict[str, Any]]:
    found = await registrations.waiting(door.session, door.actor)
    return [
        {
            "id": one.id,
            "name": one.full_name or "",
            "email": one.email or "",
            "role": _(ROLE_NAMES[one.role]) if one.role else "",
            "expires": language.day_short(clock.local(one.expires_at, door.actor.time_zone).date()),
        }
        for one in found
    ]


ROUTES = [register, send, confirm]
