"""Asking for a link, typing the code, opening the link, signing out."""

import base64
from uuid import UUID

from litestar import HttpMethod, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import ids
from infra.errors import Invalid
from infra.http import cookies
from infra.http.limits import Policy
from infra.http.source import source
from infra.language import gettext as _
from infra.language import isolated
from tenants.identity import actions as identity
from tenants.identity import providers, queries, rules, sessions, signing_in, support
from tenants.identity.rules import Refusal
from tenants.identity.sessions import Begun
from tenants.identity.signing_in import Proof
from tenants.people import queries as people
from tenants.people import rules as people_rules
from tenants.permissions import Permission, of
from web import turned_away
from web.addresses import address
from web.door import SESSION, Door, Page
from web.forms import refused, within
from web.reach import FOR_SUPPORT
from web.rendering import FormState

# Guessing is stopped by the count of wrong codes in the database. These keep letterboxes, and us, from
# floods, so they let through while the counter is away.
PER_ADDRESS = Policy("sign-in-address", quota=5, window_s=15 * 60)
PER_SOURCE = Policy("sign-in-source", quota=60, window_s=15 * 60)  # a workshop shares one source
TRIES_PER_SOURCE = Policy("sign-in-tries", quota=120, window_s=15 * 60)

ASKED = "asked"  # the request of this browser: its id, the browser's own secret, and the page that was wanted
MOST_KEPT = 3_000  # characters of that page; a cookie holds 4 kB
ASKED_S = int(rules.LINK_LASTS.total_seconds())


@get("/sign-in")
async def ask(door: NamedDependency[Door]) -> Page:
    after = within(door.request.query_params.get("next", ""), "")
    if door.actor.person_id is not None:
        return door.go(after or home(door.actor.permissions))
    if door.actor.half is not None:
        return door.go(address("/sign-in/passkey", next=after))
    return await _ask(door, FormState(), after)


@post("/sign-in")
async def send(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    after = within(filled.text("next"), "")
    try:
        email = people_rules.address(filled.text("email"))
    except Invalid as error:
        return await _ask(door, refused(filled, error), after, status=422)
    await door.count(
        (PER_ADDRESS, f"{door.organisation.organisation_id}|{email}"),
        (PER_SOURCE, source(door.request.scope)),
    )
    secret = _asked(door)[1] or ids.token()
    link_id = await identity.ask_link(
        door.session, door.actor, email=email, browser_digest=rules.digest(secret), language=door.language
    )
    cookies.write(door.request.scope, ASKED, _kept(link_id, secret, after), max_age_s=ASKED_S)
    return door.go(address("/sign-in/code", next=after))


@get("/sign-in/code")
async def type_code(door: NamedDependency[Door]) -> Page:
    pending = await _pending(door)
    if pending is None:
        return door.go("/sign-in")
    after = within(door.request.query_params.get("next", ""), "")
    if pending.closed:
        if "why" in door.request.query_params:  # it was typed, and not only looked at
            await _note_closed(door, pending.link_id, pending.closed)
        return door.page("sign_in/closed.html", status=410, why=pending.closed, email=pending.email)
    return door.page(
        "sign_in/code.html",
        pending=pending,
        form=_tries(door, pending.wrong_codes),
        zone=door.organisation.time_zone,
        after=after,
    )


@post("/sign-in/code")
async def check_code(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    after = within(filled.text("next"), "")
    link_id, secret, _after = _asked(door)
    if link_id is None or secret is None:
        return door.go("/sign-in")
    await door.count((TRIES_PER_SOURCE, source(door.request.scope)))
    proof = Proof(link_id, has_link=False, browser_digest=rules.digest(secret), code=filled.text("code"))
    found = await _sign_in(door, proof)
    if isinstance(found, Begun):
        return await enter(door, found, after)
    return door.go(address("/sign-in/code", next=after, why=found.value))


@route("/link/{token:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def open_link(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    """Shows a button and uses nothing up: programs that check letters follow their links."""
    link_id = _link(door, token)
    found = await queries.opened(door.session, link_id, _browser(door)) if link_id else None
    if found is None or found.closed:
        why = found.closed if found and found.closed else Refusal.EXPIRED
        await _note_closed(door, link_id, why)
        return door.page("sign_in/closed.html", status=410, why=why, email="")
    return door.page(
        "sign_in/link.html", token=token, needs_code=found.needs_code, form=_tries(door, found.wrong_codes)
    )


@post("/link/{token:str}")
async def use_link(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    filled = await door.form()
    link_id = _link(door, token)
    if link_id is None:
        return door.go(f"/link/{token}")
    await door.count((TRIES_PER_SOURCE, source(door.request.scope)))
    found = await _sign_in(door, Proof(link_id, True, _browser(door), filled.text("code")))
    if isinstance(found, Begun):
        return await enter(door, found, _asked(door)[2])
    return door.go(address(f"/link/{token}", why=found.value))


@post("/sign-out", opt={FOR_SUPPORT: True})
async def sign_out(door: NamedDependency[Door]) -> Page:
    if door.actor.support_id is not None:
        await support.end(door.session, door.actor, door.actor.support_id)
    await sessions.end_here(door.session, door.actor)
    cookies.forget(door.request.scope, SESSION)
    return door.go("/sign-in", said=_("You have signed out."))


def home(permissions: frozenset[Permission]) -> str:
    """Where somebody with these permissions begins."""
    if Permission.PEOPLE_READ in permissions:
        return "/c/today"
    if permissions & {Permission.ORGANISATION_CHANGE, Permission.TOKENS_MANAGE}:
        return "/a"
    return "/c/emergencies" if Permission.NOTES_DECIDE in permissions else "/me"


async def _ask(door: Door, form: FormState, after: str, *, status: int = 200) -> Page:
    ways = await providers.ways_in(door.session)
    return door.page(
        "sign_in/ask.html",
        status=status,
        form=form,
        after=after,
        ways=[(address(f"/sign-in/with/{id}", next=after), isolated(name)) for id, name in ways],
        passkey=address("/sign-in/passkey", next=after),
    )


async def _sign_in(door: Door, proof: Proof) -> Begun | Refusal:
    device = rules.device(door.request.headers.get("user-agent", ""))
    return await signing_in.sign_in(door.session, door.actor, proof, door.ground.links, device=device)


async def enter(door: Door, begun: Begun, after: str) -> Page:
    """Carry a session that has begun, and go on to where she wanted to be."""
    cookies.write(door.request.scope, SESSION, begun.secret)
    cookies.forget(door.request.scope, ASKED)
    held = await people.grants(door.session, begun.person_id)
    return door.go(after or home(of(frozenset(role for role, _office in held))))


def _kept(link_id: UUID, secret: str, after: str) -> str:
    """What this browser keeps of its request. The button in the letter leads on from here as the code does."""
    packed = base64.urlsafe_b64encode(after.encode()).decode().rstrip("=")
    return f"{link_id.hex}.{secret}.{packed}" if len(packed) <= MOST_KEPT else f"{link_id.hex}.{secret}"


def _asked(door: Door) -> tuple[UUID | None, str | None, str]:
    """
    Which link this browser has asked for, its secret, and the page that was wanted then.

    None, or no page, for what the cookie does not hold.
    """
    link, secret, after = f"{cookies.read(door.request.scope, ASKED) or ''}..".split(".")[:3]
    try:
        wanted = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode()
        return UUID(hex=link), secret or None, within(wanted, "")
    except ValueError:
        return None, None, ""


def _browser(door: Door) -> bytes | None:
    secret = _asked(door)[1]
    return rules.digest(secret) if secret else None


def _link(door: Door, token: str) -> UUID | None:
    return door.ground.links.read(rules.PURPOSE, door.organisation.organisation_id, token)


async def _note_closed(door: Door, link_id: UUID | None, why: Refusal) -> None:
    """Nothing of a link that was cleared away, or never was."""
    if link_id is not None and await queries.find_link(door.session, link_id) is not None:
        await turned_away.note(door, "sign_in_link", link_id, why)


async def _pending(door: Door) -> queries.Pending | None:
    link_id, secret, _after = _asked(door)
    if link_id is None or secret is None:
        return None
    return await queries.pending(door.session, link_id, rules.digest(secret))


def _tries(door: Door, wrong: int) -> FormState:
    """The form for the code, with what was wrong with the last one: the count is in the database."""
    why = door.request.query_params.get("why", "")
    if wrong >= rules.CODE_TRIES or why == Refusal.CODES_USED_UP:
        words = _("There were too many wrong codes. Press the button in the e-mail instead.")
    elif why == Refusal.WRONG_CODE and wrong:
        words = _("This is not the code in the e-mail that we sent last. Please look again.")
    elif why == Refusal.NEEDS_CODE:
        words = _("Type the six digits that stand in the e-mail below the button.")
    else:
        return FormState()
    return FormState({}, {"code": words})


ROUTES = [ask, send, type_code, check_code, open_link, use_link, sign_out]
