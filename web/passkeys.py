"""What pages of passkeys share: the site where they open, the browser's secret, and what a browser is asked."""

from typing import Any

import msgspec
from litestar import Response

from infra import ids
from infra.crypto.passkeys import Site
from infra.http import cookies
from infra.http.hosts import host
from infra.http.limits import Policy
from infra.http.source import source
from tenants.identity import challenges, rules
from tenants.organisations import queries as organisations
from web.door import Door, Page

ASKED = "passkey"  # the secret of the browser in which a passkey was asked for
TRIES = Policy("passkeys", quota=120, window_s=15 * 60)
USUAL_PORTS = {"http": ":80", "https": ":443"}


async def site(door: Door) -> Site:
    """Passkeys open at the organisation's main host alone, whichever of its hosts was asked."""
    main = await organisations.primary_host(door.session)
    web = door.ground.settings.web
    # Browsers leave the usual port out of an origin.
    origin = web.url(main, "").removesuffix(USUAL_PORTS.get(web.scheme, " "))
    return Site(main, origin, door.organisation.name)


async def elsewhere(door: Door) -> Page | None:
    """To the same page at the main host, if this is another."""
    main = await organisations.primary_host(door.session)
    if host(door.request.scope) == main:
        return None
    path, asked = door.request.url.path, door.request.url.query
    address = door.ground.settings.web.url(main, f"{path}?{asked}" if asked else path)
    return Response("", status_code=303, headers={"location": address, "cache-control": "no-store"})


async def count(door: Door) -> None:
    await door.count((TRIES, f"{door.organisation.organisation_id}|{source(door.request.scope)}"))


def new_browser(door: Door) -> bytes:
    """A secret for this browser, by its digest; the answer has to come back with it."""
    secret = ids.token()
    cookies.write(door.request.scope, ASKED, secret, max_age_s=int(challenges.LASTS.total_seconds()))
    return rules.digest(secret)


def same_browser(door: Door) -> bytes | None:
    secret = cookies.read(door.request.scope, ASKED)
    cookies.forget(door.request.scope, ASKED)
    return rules.digest(secret) if secret else None


def asked(options: dict[str, Any]) -> Page:
    """What the script hands to the browser."""
    return Response(msgspec.json.encode(options).decode(), media_type="application/json")
