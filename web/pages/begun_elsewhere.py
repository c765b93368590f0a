"""
Sign-in that begins at the provider: a tile in somebody's list of applications (OpenID Connect Core 1.0, section 4).

Whoever comes this way proves nothing by it. She is sent to the provider and back like everybody else, so that an address
that somebody slipped to her can do no more than the button on our own page; and whoever is signed in stays who she is.
"""

from urllib.parse import urlsplit
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tenants.identity import providers
from tenants.identity.provider_models import Purpose
from tenants.organisations import queries as organisations
from web.addresses import address
from web.door import Door, Page
from web.forms import within
from web.pages.providers import away
from web.pages.sign_in import home

BEGIN = "/sign-in/with/{provider_id:uuid}/begin"
ASKED = ("iss", "login_hint", "target_link_uri")
MOST_HINT = 200


@get(BEGIN)
async def begin(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    asked = {name: door.request.query_params.get(name, "") for name in ASKED}
    after = await _target(door, asked["target_link_uri"])
    provider = await providers.access_open(door.session, provider_id)
    if door.actor.person_id is not None:
        return door.go(after or home(door.actor.permissions))
    if asked["iss"] != provider.issuer:
        return door.go(address("/sign-in", next=after))
    hint = asked["login_hint"]
    usable = hint if hint.isprintable() and len(hint) <= MOST_HINT else ""
    return await away(door, provider_id, Purpose.SIGN_IN, after, login_hint=usable)


@post(BEGIN, opt={"from_elsewhere": True})
async def begin_by_form(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    """Some providers send a form. It comes without cookies of ours, so it is asked again as an address."""
    filled = await door.form()
    return door.go(
        address(f"/sign-in/with/{provider_id}/begin", **{name: filled.text(name)[:2_000] for name in ASKED})
    )


async def _target(door: Door, wanted: str) -> str:
    """The page of ours that the provider wants to lead to; nothing, where it is anybody else's."""
    main = await organisations.primary_host(door.session)
    ours = door.ground.settings.web.url(main, "")
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    if f"{parts.scheme}://{parts.netloc}" == ours:
        wanted = wanted.removeprefix(ours)
    return within(wanted, "")


ROUTES = [begin, begin_by_form]
