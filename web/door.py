"""
What a page handler is given: who asks, in which language, a session of her organisation, and ways to answer.

Everything that is true of every page happens here, once: the organisation is
found by the host, the person by her session cookie, the transaction is opened
in her name, and it commits before the first byte of the answer.
"""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotAuthorizedException, NotFoundException

from infra import language
from infra.errors import Unavailable
from infra.ground import Ground
from infra.http import cookies
from infra.http.asgi import state
from infra.http.csrf import Csrf
from infra.http.events import EventStream, Source
from infra.http.forms import Form, form
from infra.http.headers import nonce
from infra.http.hosts import Hosts, host
from infra.http.limits import Limiter, Policy
from tenants import actor as actors
from tenants.actor import Actor
from tenants.identity import queries as identity
from tenants.identity import sessions, support_queries
from tenants.notifications import queries as notifications
from tenants.organisations.queries import Found, find_by_host
from tenants.permissions import Permission, Role
from web import rendering
from web.forms import within
from web.reach import SECTIONS, must_reach
from web.rendering import Contact, Toast, View, Visit
from web.words import ROLE_NAMES

SESSION = "session"
LANGUAGE = "language"
SAID = "said"
KEYS = "keys"
SHEET = "sheet"  # the name of the style sheet that this browser was sent
SAID_LASTS_S = 60
ADDRESS = "/?#&=%:;,+@!$'()*~[]"  # signs of an address that mean something in it
SAID_LENGTH = 700  # a cookie holds 4 kB

AnyRequest = Request[Any, Any, Any]
Page = Response[str]


class _Said(msgspec.Struct):
    text: Annotated[str, msgspec.Meta(max_length=SAID_LENGTH)]
    undo: Annotated[str, msgspec.Meta(max_length=200)] = ""
    left: Annotated[str, msgspec.Meta(max_length=100)] = ""


@dataclass(slots=True)
class Door:
    """One request of one reader. `session` is a transaction of her organisation, or of the visitor's."""

    request: AnyRequest
    ground: Ground
    organisation: Found
    actor: Actor
    session: Any  # an AsyncSession; the page door writes no SQL and so does not name it
    language: str
    view: View

    def page(self, template: str, *, status: int = 200, **context: Any) -> Page:
        """The whole page; for htmx only its part."""
        html = rendering.page(template, self.view, **context)
        if not self.view.has_sheet and rendering.brings_sheet(html):
            cookies.write(self.request.scope, SHEET, rendering.sheet_name(), max_age_s=365 * 86_400)
        return Response(
            html,
            status_code=status,
            media_type="text/html",
            headers={"vary": "hx-request-type"},
        )

    def go(self, path: str, *, said: str = "", undo: str = "", left: str = "") -> Page:
        """See Other: go on at `path`, where `said` stands as a message, with a way back at `undo`."""
        if said:
            raw = msgspec.json.encode(_Said(said[:SAID_LENGTH], undo, left))
            packed = base64.urlsafe_b64encode(raw).decode().rstrip("=")
            cookies.write(self.request.scope, SAID, packed, max_age_s=SAID_LASTS_S)
        # A path may hold what came in with the address, decoded: a line break there would end the header.
        return Response("", status_code=303, headers={"location": quote(path, safe=ADDRESS)})

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[Any]:
        """A transaction that stays, where the answer is a refusal and `session` is rolled back."""
        async with self.ground.database.tenant_session(self.actor.context()) as session:
            yield session

    async def form(self) -> Form:
        """What was filled in; the guard of the door has already made sure that it came from our page."""
        return await form(self.request)

    def require_person(self) -> UUID:
        """
        Raises:
            NotAuthorizedException: nobody has signed in; the door then shows the way to sign in.
        """
        if self.actor.person_id is None:
            raise NotAuthorizedException
        return self.actor.person_id

    async def count(self, *limits: tuple[Policy, str]) -> None:
        """
        Count this request against some limits.

        Raises:
            LimitsUsedUp: one of them has no room left.
        """
        limiter: Limiter = self.request.app.state.limiter
        await limiter.count(self.request.scope, *limits)

    def stream(self, source: Source) -> EventStream:
        """What `source` yields, for as long as she who asked may do what she may now."""
        return EventStream(source, may_go_on=self._is_still_she)

    async def _is_still_she(self) -> bool:
        try:
            now, _name, _is_stale = await _who(self.ground, self.request, self.organisation)
        except Unavailable:
            return False  # the browser asks anew, and then whoever answers knows more
        before = self.actor
        return (now.person_id, now.permissions, now.offices) == (
            before.person_id,
            before.permissions,
            before.offices,
        )

    def show(self, **facts: Any) -> None:
        """Set facts of the page around: programme, cycle, contact, concern, counts (see `View`)."""
        self.view = replace(self.view, **facts)


class DoorMaker:
    """Opens a `Door` for each request; one for the process."""

    def __init__(self, ground: Ground, csrf: Csrf) -> None:
        self.ground = ground
        self.csrf = csrf
        self._hosts: Hosts[Found] = Hosts(self._find)

    async def _find(self, name: str) -> Found | None:
        async with self.ground.database.platform_session("resolver") as connection:
            return await find_by_host(connection, name)

    @asynccontextmanager
    async def open(self, request: AnyRequest) -> AsyncIterator[Door]:
        """
        Raises:
            NotFoundException: no organisation lives at this host.
            NotAuthorizedException: the page is for people who have signed in.
        """
        organisation = await self._hosts.at(host(request.scope))
        if organisation is None:
            raise NotFoundException
        actor, name, is_stale = await _who(self.ground, request, organisation)
        if _needs_person(request) and actor.person_id is None:
            raise NotAuthorizedException
        spoken = self._language(request, organisation, actor)
        with language.use(spoken):
            async with self.ground.database.tenant_session(actor.context()) as session:
                if is_stale:
                    await sessions.note_seen(session, actor)
                view = await self._view(request, organisation, actor, name, spoken, session)
                state(request.scope)["door_view"] = view  # for the page that refuses
                must_reach(actor, request)
                yield Door(request, self.ground, organisation, actor, session, spoken, view)

    def _language(self, request: AnyRequest, organisation: Found, actor: Actor) -> str:
        asked = request.query_params.get("lang", "")
        if asked in organisation.languages:
            cookies.write(request.scope, LANGUAGE, asked, max_age_s=365 * 86_400)
            return str(asked)
        chosen = cookies.read(request.scope, LANGUAGE)
        if chosen in organisation.languages:
            return str(chosen)
        if (actor.person_id or actor.half) and actor.language in organisation.languages:
            return actor.language
        return language.negotiate(request.headers.get("accept-language"), organisation.languages)

    async def _view(
        self, request: AnyRequest, organisation: Found, actor: Actor, name: str, spoken: str, session: Any
    ) -> View:
        scope = request.scope
        counts = {}
        if request.method == "GET" and actor.may(Permission.PEOPLE_READ):
            counts = await notifications.desk_counts(session, actor)
        return View(
            language=spoken,
            organisation=organisation.name,
            nonce=nonce(scope),
            csrf=self.csrf.token(scope),
            path=request.url.path,
            query=request.url.query,
            languages=organisation.languages,
            is_fragment=rendering.wants_fragment(request.headers),
            hue=organisation.hue,
            person=name,
            role=_role(actor),
            sections=_sections(actor),
            counts=counts,
            has_shortcuts=cookies.read(scope, KEYS) != "off",
            has_sheet=cookies.read(scope, SHEET) == rendering.sheet_name(),
            contact=_contact(organisation),
            concern="/me/concern" if actor.person_id else "",
            toast=_toast(request),
            support=await _visit(session, actor, organisation),
        )


async def _who(ground: Ground, request: AnyRequest, organisation: Found) -> tuple[Actor, str, bool]:
    if secret := cookies.read(request.scope, SESSION):
        async with ground.database.platform_session("resolver") as connection:
            found = await identity.resolve_session(connection, organisation.organisation_id, secret)
        if found:
            return found.actor, found.full_name, found.is_stale
    return actors.visitor(organisation.organisation_id), "", False


def _needs_person(request: AnyRequest) -> bool:
    path = request.url.path
    signed_in = ("/c/", "/a/", "/me/", "/settings/", "/o/", "/step-up/")
    return path in ("/a", "/me", "/settings", "/step-up") or path.startswith(signed_in)


def _contact(organisation: Found) -> Contact | None:
    if not organisation.contact_name:
        return None
    return Contact(organisation.contact_name, organisation.contact_phone or "", is_coordinator=False)


def _role(actor: Actor) -> str:
    first = next((role for role in Role if role in actor.roles), None)
    return language.gettext(ROLE_NAMES[first]) if first else ""


def _sections(actor: Actor) -> tuple[str, ...]:
    """The parts of the side bar that this actor can open."""
    cases = ("today", "pipeline", "people", "matching", "pairs", "calendar", "network", "outbox", "import")
    shown: tuple[str, ...] = cases if actor.may(Permission.PEOPLE_READ) else ()
    ways_in = (
        Permission.ORGANISATION_CHANGE,
        Permission.TOKENS_MANAGE,
        Permission.PROGRAMME_CHANGE,
        Permission.PRIVACY_READ,
    )
    has_admin = any(actor.may(one) for one in ways_in)
    if actor.may(Permission.NOTES_DECIDE) and not shown:  # whoever has a desk finds them there
        shown = ("emergencies",)
    if has_admin:
        shown = (*shown, "admin")
    return tuple(one for one in shown if one in SECTIONS) if actor.support_id else shown


async def _visit(session: Any, actor: Actor, organisation: Found) -> Visit | None:
    window = await support_queries.current(session, actor)
    return Visit(window.operator, window.expires_at, organisation.time_zone) if window else None


def _toast(request: AnyRequest) -> Toast | None:
    packed = cookies.read(request.scope, SAID)
    if not packed or request.method != "GET":
        return None
    cookies.forget(request.scope, SAID)
    try:
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        said = msgspec.json.decode(raw, type=_Said)
    except (ValueError, msgspec.DecodeError):
        return None  # somebody's own cookie, not ours
    return Toast(said.text, within(said.undo, ""), said.left)


def session_of(scope: Any) -> str | None:
    """What the CSRF token of a signed-in reader is bound to."""
    secret = cookies.read(scope, SESSION)
    return identity.digest(secret).hex() if secret else None


def keep_door(request: AnyRequest, door: Door) -> None:
    """Remember the open door, so that an error page can look like the page it stands for."""
    state(request.scope)["door_view"] = door.view
