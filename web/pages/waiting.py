"""Waiting for the confirmation: the code of the letter, the letter once more, a wrong address put right."""

from litestar import get, post
from litestar.di import NamedDependency

from infra import clock
from infra.http.source import source
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.registration import confirming, resuming, telling
from tenants.registration.confirming import Confirmed, Refusal
from tenants.registration.models import Registration
from tenants.registration.rules import CODE_TRIES, CONFIRM
from web.door import Door, Page
from web.pages.holding import SENDING, TRYING, count, current, form_of, held, next_page, remember
from web.rendering import FormState


@get("/apply/done")
async def done(door: NamedDependency[Door]) -> Page:
    registration = await current(door)
    if registration is None or registration.sent_at is None:
        return door.go("/apply")
    return await _page(door, registration)


@post("/apply/code")
async def check_code(door: NamedDependency[Door]) -> Page:
    """The digits of the letter, in the browser that sent the form; a second click leads to the same page."""
    registration = await held(door)
    if registration is None:
        return door.go("/apply")
    filled = await door.form()
    await count(door, (TRYING, source(door.request.scope)))
    found = await confirming.confirm_by_code(
        door.session, door.actor, registration.id, filled.text("code"), door.ground.links
    )
    if isinstance(found, Confirmed):
        token = door.ground.links.token(CONFIRM, door.organisation.organisation_id, registration.id)
        return door.go(f"/confirm/{token}")
    return door.go(f"/apply/done?why={found.value}")


@post("/apply/again")
async def again(door: NamedDependency[Door]) -> Page:
    registration = await current(door)
    if registration is None or registration.sent_at is None:
        return door.go("/apply")
    await count(door, (SENDING, f"{door.organisation.organisation_id}|{registration.email}"))
    await resuming.send_again(door.session, door.actor, registration.id)
    return door.go("/apply/done", said=_("We have sent it again."))


@post("/apply/address")
async def other_address(door: NamedDependency[Door]) -> Page:
    registration = await current(door)
    if registration is None:
        return door.go("/apply")
    fresh = await resuming.change_address(door.session, door.actor, registration.id)
    remember(door, fresh.id)
    return door.go(await next_page(door, fresh))


async def _page(door: Door, registration: Registration) -> Page:
    form = await form_of(door, registration)
    cycle = await programmes.own_cycle(door.session, registration.cycle_id)
    return door.page(
        "apply/done.html",
        email=registration.email,
        form=_tries(door, registration),
        takes_codes=not _is_used_up(door, registration),
        days=max(1, (registration.expires_at - clock.now()).days),
        steps=telling.what_happens(form.programme, cycle, clock.today(door.organisation.time_zone)),
    )


def _tries(door: Door, registration: Registration) -> FormState:
    """What was wrong with the last code: the count is in the database."""
    if _is_used_up(door, registration):
        return FormState(
            {}, {"code": _("There were too many wrong codes. Press the button in the e-mail instead.")}
        )
    if registration.wrong_codes and door.request.query_params.get("why") == Refusal.WRONG_CODE:
        return FormState({}, {"code": _("This is not the code in the e-mail. Please look again.")})
    return FormState()


def _is_used_up(door: Door, registration: Registration) -> bool:
    """Whether this form takes no codes any more, or none today because others of its address took them all."""
    return (
        registration.wrong_codes >= CODE_TRIES
        or door.request.query_params.get("why") == Refusal.CODES_USED_UP
    )


ROUTES = [done, check_code, again, other_address]
