"""Proving anew who one is, before something confidential; and what was sent meanwhile."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.http import cookies
from infra.http.hosts import host
from infra.language import gettext as _
from infra.language import isolated
from tenants.identity import kept_forms, passkey_proofs, rules, step_up
from tenants.identity.proof_models import Asked
from tenants.identity.provider_models import Purpose
from tenants.identity.rules import Refusal
from tenants.identity.sessions import Begun
from tenants.identity.words import PASSKEY_REFUSALS
from web import keeping, passkeys, query
from web.addresses import address
from web.door import SESSION, Door, Page
from web.forms import within
from web.pages import providers
from web.pages.sign_in import home
from web.rendering import FormState

PATH = "/step-up"
ON = keeping.ON


@get(PATH)
async def ask(door: NamedDependency[Door]) -> Page:
    """The ways in which she can prove it now."""
    site = await passkeys.site(door)
    ways = await step_up.ways(door.session, door.actor, site.host)
    has_script = ways.passkeys and host(door.request.scope) == site.host
    why = query.one_of(door.request, "why", PASSKEY_REFUSALS)
    after = within(door.request.query_params.get("next", ""), "")
    return door.page(
        "step_up/ask.html",
        ways=ways,
        providers=[(address(f"{PATH}/with/{id}", next=after), isolated(name)) for id, name in ways.providers],
        after=after,
        has_script=has_script,
        minutes=_minutes(),
        why=_(PASSKEY_REFUSALS[why]) if why else "",
    )


@post(f"{PATH}/passkey/options")
async def passkey_options(door: NamedDependency[Door]) -> Page:
    await passkeys.count(door)
    browser = passkeys.new_browser(door)
    site = await passkeys.site(door)
    return passkeys.asked(
        await passkey_proofs.to_show(door.session, door.actor, Asked.STEP_UP, site, browser)
    )


@post(f"{PATH}/passkey")
async def show_passkey(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    await passkeys.count(door)
    found = await passkey_proofs.show(
        door.session,
        door.actor,
        Asked.STEP_UP,
        await passkeys.site(door),
        filled.text("credential"),
        browser_digest=passkeys.same_browser(door),
    )
    after = within(filled.text("next"), "")
    if isinstance(found, Begun):
        return _on(door, found, after)
    return door.go(address(PATH, next=after, why=found.value))


@get(f"{PATH}/with/{{provider_id:uuid}}")
async def by_account(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    """To the provider, which is asked to have her sign in anew; it leads back as a sign-in does."""
    after = within(door.request.query_params.get("next", ""), "")
    return await providers.away(door, provider_id, Purpose.STEP_UP, after or home(door.actor.permissions))


@post(f"{PATH}/code/send")
async def send_code(door: NamedDependency[Door]) -> Page:
    after = within((await door.form()).text("next"), "")
    await step_up.ask_code(door.session, door.actor, language=door.language)
    return door.go(address(f"{PATH}/code", next=after))


@get(f"{PATH}/code")
async def type_code(door: NamedDependency[Door]) -> Page:
    after = within(door.request.query_params.get("next", ""), "")
    pending = await step_up.pending(door.session, door.actor)
    if pending is None or pending.closed:
        return door.go(address(PATH, next=after))
    form = _tries(query.one_of(door.request, "why", Refusal), pending.wrong_codes)
    return door.page("step_up/code.html", form=form, email=pending.email, after=after)


@post(f"{PATH}/code")
async def check_code(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    await passkeys.count(door)
    after = within(filled.text("next"), "")
    found = await step_up.check_code(door.session, door.actor, filled.text("code"), door.ground.links)
    if isinstance(found, Begun):
        return _on(door, found, after)
    return door.go(address(f"{PATH}/code", next=after, why=found.value))


@get(ON)
async def go_on(door: NamedDependency[Door]) -> Page:
    """What she had written, in the form that she had sent: nothing is lost, and nothing is done before she says so."""
    door.actor.require_fresh(clock.now())
    opener = cookies.read(door.request.scope, keeping.KEPT)
    kept = await kept_forms.kept(door.session, door.actor, opener) if opener else None
    if kept is None:
        return door.go(home(door.actor.permissions))
    return door.page(
        "step_up/on.html", kept=kept, written=[text for _name, text in kept.fields if _is_long(text)]
    )


def _on(door: Door, begun: Begun, after: str) -> Page:
    cookies.write(door.request.scope, SESSION, begun.secret)
    return door.go(after or home(door.actor.permissions))


def _tries(why: str, wrong: int) -> FormState:
    if wrong >= rules.CODE_TRIES or why == Refusal.CODES_USED_UP:
        words = _(
            "There were too many wrong codes. Choose another way, or sign out and come in again by a link."
        )
    elif why == Refusal.WRONG_CODE and wrong:
        words = _("This is not the code in the e-mail that we sent last. Please look again.")
    else:
        return FormState()
    return FormState({}, {"code": words})


def _is_long(text: str) -> bool:
    """What somebody has written, rather than chosen."""
    return len(text) > 60 or "\n" in text


def _minutes() -> int:
    from tenants.actor import FRESH_WITHIN

    return int(FRESH_WITHIN.total_seconds() // 60)


ROUTES = [ask, passkey_options, show_passkey, by_account, send_code, type_code, check_code, go_on]
