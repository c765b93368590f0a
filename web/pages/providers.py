"""Signing in with an account elsewhere, connecting one, and setting such a provider up."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import ids
from infra.errors import Conflict, Invalid, LimitReached, WrongState
from infra.http import cookies
from infra.http.hosts import host
from infra.http.limits import Policy
from infra.http.source import source
from infra.language import gettext as _
from infra.language import isolated
from infra.oidc.errors import ProviderWrong, TokenRefused, Wrong
from tenants.identity import accounts, domains, logging_out, providers, rules, visits
from tenants.identity.provider_models import ProviderKind, Purpose
from tenants.identity.provider_rules import Turned
from tenants.identity.visits import Answer, Back, Newcomer
from tenants.identity.words import MISTAKES, REFUSALS, TURNED_AWAY
from tenants.organisations import queries as organisations
from tenants.people import queries as people
from tenants.permissions import Permission, of
from web import query
from web.door import SESSION, Door, Page
from web.forms import refused, within
from web.pages.sign_in import home
from web.refusals import said
from web.rendering import FormState

PATH = "/a/sign-in"
VISIT = "visit"  # the secret of the browser that has set out
VISIT_S = 600
BROKEN, NOT_ASKED = "broken", "not_asked"
TRIES = Policy("sign-in-providers", quota=120, window_s=15 * 60)
KINDS: dict[ProviderKind, tuple[str, str]] = {  # its name, and what its issuer looks like
    ProviderKind.ENTRA: (
        "Microsoft Entra ID",
        "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
    ),
    ProviderKind.GOOGLE: ("Google Workspace", "https://accounts.google.com"),
    ProviderKind.OKTA: ("Okta", "https://example.okta.com"),
    ProviderKind.KEYCLOAK: ("Keycloak", "https://login.example.org/realms/staff"),
}


@get("/sign-in/with/{provider_id:uuid}")
async def set_out(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    """To the provider. A GET, since browsers do not let a form lead to another site; it changes nothing of hers."""
    after = within(door.request.query_params.get("next", ""), "")
    return await away(door, provider_id, Purpose.SIGN_IN, after)


@get(f"{PATH}/{{provider_id:uuid}}/try")
async def try_it(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    return await away(door, provider_id, Purpose.TRY, PATH)


@get("/me/settings/accounts/{provider_id:uuid}/connect")
async def connect(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    return await away(door, provider_id, Purpose.CONNECT, "/me/settings")


@post("/me/settings/accounts/{account_id:uuid}/disconnect")
async def disconnect(door: NamedDependency[Door], account_id: FromPath[UUID]) -> Page:
    await accounts.disconnect(door.session, door.actor, account_id)
    return door.go("/me/settings", said=_("The account no longer opens anything here."))


@get("/sign-in/with/{provider_id:uuid}/back")
async def come_back(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    """What the provider sends back, once. Whatever goes wrong is said here and leads to the e-mail link."""
    await door.count((TRIES, _source(door)))
    asked = door.request.query_params
    secret = cookies.read(door.request.scope, VISIT)
    cookies.forget(door.request.scope, VISIT)
    answer = Answer(asked.get("state", ""), asked.get("code", ""), asked.get("iss"), asked.get("error", ""))
    try:
        found = await visits.come_back(
            door.session,
            door.actor,
            provider_id,
            answer,
            door.ground.keyring.provider(),
            browser_digest=rules.digest(secret) if secret else None,
            callback=await _callback(door, provider_id),
            her=Newcomer(
                rules.device(door.request.headers.get("user-agent", "")),
                door.language,
                door.organisation.time_zone,
            ),
            may_be_private=_may_be_private(door),
        )
    except (ProviderWrong, TokenRefused) as error:
        return _broken(door, error)
    return _turned(door, found.value) if isinstance(found, Turned) else await _arrived(door, found)


@get("/sign-in/turned")
async def turned(door: NamedDependency[Door]) -> Page:
    """Why somebody was not let in. A page of its own, since what was used up on the way here stays so."""
    why = query.one_of(door.request, "why", TURNED_AWAY) or BROKEN
    proves = why in (NOT_ASKED, Turned.OTHER_ACCOUNT, Turned.TOO_WEAK)
    return door.page("sign_in/turned.html", status=403, why=_(TURNED_AWAY[why]), proves=proves)


@post("/sign-in/with/{provider_id:uuid}/ended", opt={"from_elsewhere": True})
async def ended(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Response[str]:
    """A provider tells that it has ended somebody's sessions; its signature is what proves it."""
    await door.count((TRIES, f"ended|{provider_id}"))
    filled = await door.form()
    try:
        await logging_out.end_by_provider(
            door.session,
            door.actor,
            provider_id,
            filled.text("logout_token"),
            may_be_private=_may_be_private(door),
        )
    except (ProviderWrong, TokenRefused) as error:
        async with door.apart() as session:
            logging_out.note_not_believed(session, door.actor, provider_id, error)
        return Response("", status_code=400, headers={"cache-control": "no-store"})
    return Response("", status_code=200, headers={"cache-control": "no-store"})


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    return await _page(door, FormState())


@post(PATH)
async def add(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    try:
        await providers.add(
            door.session,
            door.actor,
            door.ground.keyring.provider(),
            name=filled.text("name"),
            kind=_kind(filled.text("kind")),
            issuer=filled.text("issuer"),
            client_id=filled.text("client_id"),
            secret=filled.text("secret"),
            domains=filled.text("domains").replace(",", " ").split(),
            may_be_private=_may_be_private(door),
        )
    except Invalid as error:
        return await _page(door, refused(filled, error), status=422)
    except (Conflict, LimitReached) as error:
        return await _page(door, FormState(filled, {"issuer": said(error)}), status=422)
    return door.go(PATH, said=_("Saved. Now try it yourself: nobody else sees it before you open it."))


@post(f"{PATH}/{{provider_id:uuid}}/open")
async def open_it(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    try:
        row = await providers.open_for_all(door.session, door.actor, provider_id)
    except WrongState as error:
        return door.go(PATH, said=said(error))
    return door.go(PATH, said=_("%(name)s stands on the sign-in page now.", name=isolated(row.name)))


@post(f"{PATH}/{{provider_id:uuid}}/close")
async def close_it(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    await providers.close(door.session, door.actor, provider_id)
    return door.go(PATH, said=_("Nobody can sign in this way now. The e-mail link works as before."))


@post(f"{PATH}/{{provider_id:uuid}}/remove")
async def remove(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    await providers.remove(door.session, door.actor, provider_id)
    return door.go(PATH, said=_("It is removed, with its secret and the accounts that were connected."))


def mistake(error: ProviderWrong | TokenRefused) -> str:
    """What is wrong at the provider, in words for whoever sets it up."""
    facts = {name: isolated(str(value)) for name, value in error.facts.items()}
    if isinstance(error, TokenRefused):
        return _(REFUSALS[error.why.value])
    return _(MISTAKES[error.why.value], **facts)


async def away(door: Door, provider_id: UUID, purpose: Purpose, after: str, *, login_hint: str = "") -> Page:
    """To the provider."""
    main = await organisations.primary_host(door.session)
    if host(door.request.scope) != main:
        # The provider knows one address of ours; the cookie must be where it leads back to.
        asked = door.request.url.query
        same = f"{door.request.url.path}?{asked}" if asked else door.request.url.path
        return _elsewhere(door.ground.settings.web.url(main, same))
    await door.count((TRIES, _source(door)))
    secret = ids.token()
    try:
        address = await visits.set_out(
            door.session,
            door.actor,
            provider_id,
            door.ground.keyring.provider(),
            purpose=purpose,
            browser_digest=rules.digest(secret),
            callback=await _callback(door, provider_id),
            after=after,
            login_hint=login_hint,
            may_be_private=_may_be_private(door),
        )
    except ProviderWrong as error:
        return _broken(door, error)
    cookies.write(door.request.scope, VISIT, secret, max_age_s=VISIT_S)
    return _elsewhere(address)


def _broken(door: Door, error: ProviderWrong | TokenRefused) -> Page:
    """Its details are for whoever sets the provider up; everybody else is shown another way in."""
    if isinstance(error, TokenRefused) and error.why is Wrong.TOO_LONG_AGO:
        return _turned(door, NOT_ASKED)
    if door.actor.may(Permission.SIGN_IN_MANAGE):
        return door.go(PATH, said=mistake(error))
    return _turned(door, BROKEN)


def _turned(door: Door, why: str) -> Page:
    return door.go(f"/sign-in/turned?why={why}")


async def _arrived(door: Door, back: Back) -> Page:
    if back.seen is not None:
        rows = await providers.listed(door.session, door.actor)
        tried = next(row for row in rows if row.id == back.provider_id)
        return door.page("admin/sign_in_tried.html", seen=back.seen, provider=tried)
    if back.begun is None:
        return door.go(
            back.after or "/me/settings", said=_("The account is connected. You can sign in with it.")
        )
    cookies.write(door.request.scope, SESSION, back.begun.secret)
    held = await people.grants(door.session, back.begun.person_id)
    return door.go(back.after or home(of(frozenset(role for role, _office in held))))


async def _page(door: Door, form: FormState, *, status: int = 200) -> Page:
    rows = await providers.listed(door.session, door.actor)
    main = await organisations.primary_host(door.session)
    there = partial(door.ground.settings.web.url, main)
    ways = [
        (row, there(f"/sign-in/with/{row.id}/back"), there(f"/sign-in/with/{row.id}/begin")) for row in rows
    ]
    return door.page(
        "admin/sign_in.html",
        status=status,
        form=form,
        providers=ways,
        proved=await domains.proved(door.session),
        kinds=[(kind.value, name) for kind, (name, _example) in KINDS.items()]
        + [(ProviderKind.OTHER.value, _("Another one"))],
        examples=[(name, example) for name, example in KINDS.values()],
        open_count=sum(row.state == "open" for row in rows),
    )


async def _callback(door: Door, provider_id: UUID) -> str:
    main = await organisations.primary_host(door.session)
    return door.ground.settings.web.url(main, f"/sign-in/with/{provider_id}/back")


def _elsewhere(address: str) -> Page:
    return Response("", status_code=303, headers={"location": address, "cache-control": "no-store"})


def _source(door: Door) -> str:
    return f"{door.organisation.organisation_id}|{source(door.request.scope)}"


def _kind(text: str) -> ProviderKind:
    return ProviderKind(text) if text in set(ProviderKind) else ProviderKind.OTHER


def _may_be_private(door: Door) -> bool:
    return door.ground.settings.sign_in.private_providers


ROUTES: list[Any] = [
    set_out, try_it, connect, disconnect, come_back, turned, ended, show, add, open_it, close_it, remove,
]  # fmt: skip
