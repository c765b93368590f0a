"""
The form that a browser holds: found by a signed token in its cookie, or in the link of a letter.

The token opens one form of one organisation and nothing else.
"""

from uuid import UUID

from infra.errors import NotFound
from infra.http import cookies
from infra.http.limits import Policy
from tenants.registration import forms, registrations
from tenants.registration.forms import RegistrationForm
from tenants.registration.models import Registration
from web.door import Door
from web.pages.programme import introduce

COOKIE = "registration"
PURPOSE = "resume"
COOKIE_S = 30 * 86_400  # longer than any form is kept
BEGINNING = Policy("registration-begin", quota=120, window_s=15 * 60)  # a workshop shares one source
# Guessing is stopped by the count of wrong codes in the database; this keeps the rest of the house from it.
TRYING = Policy("registration-codes", quota=120, window_s=15 * 60)
SENDING = Policy("registration-letters", quota=10, window_s=60 * 60)  # so that nobody's letterbox is flooded


async def form_of(door: Door, registration: Registration) -> RegistrationForm:
    """The form, with its programme's name and coordinator around the page."""
    form = await forms.load(door.session, registration)
    await introduce(door, form.programme)
    return form


async def next_page(door: Door, registration: Registration) -> str:
    """Where somebody with this form goes on."""
    if registration.sent_at is not None:
        return "/apply/done"
    form = await forms.load(door.session, registration)
    missing = form.first_open(registration)
    return "/apply/check" if missing is None else f"/apply/{missing}"


async def current(door: Door) -> Registration | None:
    return await at(door, cookies.read(door.request.scope, COOKIE) or "")


async def held(door: Door) -> Registration | None:
    """The form of this browser's cookie, confirmed or not: a second click has to find what the first has done."""
    token = cookies.read(door.request.scope, COOKIE) or ""
    id = door.ground.links.read(PURPOSE, door.organisation.organisation_id, token)
    try:
        return await registrations.access_sent(door.session, id) if id else None
    except NotFound:
        return None


async def at(door: Door, token: str) -> Registration | None:
    id = door.ground.links.read(PURPOSE, door.organisation.organisation_id, token)
    try:
        return await registrations.access_registration(door.session, id) if id else None
    except NotFound:
        return None


def remember(door: Door, id: UUID) -> None:
    token = door.ground.links.token(PURPOSE, door.organisation.organisation_id, id)
    cookies.write(door.request.scope, COOKIE, token, max_age_s=COOKIE_S)


async def count(door: Door, *limits: tuple[Policy, str]) -> None:
    await door.request.app.state.limiter.count(door.request.scope, *limits)
