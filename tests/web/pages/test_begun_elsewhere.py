"""Sign-in that begins at the provider proves nothing, leads nowhere else and changes nobody's session."""

from urllib.parse import parse_qs, urlencode, urlsplit

from sqlalchemy import select

from tenants.identity.domain_models import Domain
from tests import making
from tests.web.pages.providing import (
    back,
    local,
    opened,
    owner,
    proved,
    provider,
    running,
)

__all__ = ["opened", "owner", "proved", "provider", "running"]  # fixtures


def begin(opened, **asked: str) -> str:
    return f"/sign-in/with/{opened}/begin?{urlencode(asked)}"


async def sent(browser, path: str) -> str:
    answer = await browser.client.get(path, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_the_whole_way_is_gone(opened, browse, provider, made):
    provider.person = {"email": "new@example.org", "email_verified": True, "name": "Noor"}
    browser = browse(made.host)
    target = f"http://{made.host}/me/settings?a=b"
    address = await sent(
        browser, begin(opened, iss=provider.issuer, login_hint="noor@example.org", target_link_uri=target)
    )
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{provider.issuer}/authorize?")
    assert asked["login_hint"] == ["noor@example.org"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    page = await browser.get(local(provider.sign_in(address)))
    assert page.path == "/me/settings?a=b"


async def test_a_form_of_the_provider_does_the_same(opened, browse, provider, made):
    browser = browse(made.host)
    answer = await browser.client.post(
        f"/sign-in/with/{opened}/begin",
        data={"iss": provider.issuer, "login_hint": "noor"},
        headers={"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"},
        follow_redirects=False,
    )
    assert answer.status_code == 303
    assert (await sent(browser, answer.headers["location"])).startswith(provider.issuer)


async def test_another_issuer_leads_to_our_own_page(opened, browse, provider, made):
    for issuer in ("", "https://evil.example.org", f"{provider.issuer}/", f"{provider.issuer}#"):
        assert await sent(browse(made.host), begin(opened, iss=issuer)) == "/sign-in", issuer


TARGETS = [
    "https://evil.example.org/", "//evil.example.org/", "/\\evil.example.org", "javascript:alert(1)",
    "http://{host}.evil.example.org/me", "http://{host}@evil.example.org/me", "http://{host}:1/me",
    "http://{host}//evil.example.org/", "https://{host}/me", "http://[", "http://{host}/me\r\nx: y",
    "/sign-in\t/x",
]  # fmt: skip


async def test_a_target_elsewhere_is_forgotten(opened, browse, provider, made):
    provider.person = {"email": "new@example.org", "email_verified": True}
    for target in TARGETS:
        browser = browse(made.host)
        wanted = target.format(host=made.host)
        address = await sent(browser, begin(opened, iss=provider.issuer, target_link_uri=wanted))
        page = await browser.get(local(provider.sign_in(address)))
        assert page.path == "/me", target


async def test_an_odd_hint_is_not_passed_on(opened, browse, provider, made):
    for hint in ("a" * 201, "a\nb", "a\x00b"):
        address = await sent(browse(made.host), begin(opened, iss=provider.issuer, login_hint=hint))
        assert "login_hint" not in parse_qs(urlsplit(address).query), hint


async def test_whoever_is_signed_in_stays_who_she_is(opened, database, browse, provider, made):
    coordinator = await making.signed_in(database, browse, made, made.coordinator)
    before = dict(coordinator.client.cookies)
    path = begin(opened, iss=provider.issuer, target_link_uri=f"http://{made.host}/me/settings")
    assert await sent(coordinator, path) == "/me/settings"
    assert dict(coordinator.client.cookies) == before


async def test_an_answer_of_somebody_elses_beginning_opens_nothing(opened, browse, provider, made):
    """Whoever gets another to follow the end of a sign-in that he has begun does not sign her in as himself."""
    provider.person = {"email": "new@example.org", "email_verified": True}
    thief, victim = browse(made.host), browse(made.host)
    answer = local(provider.sign_in(await sent(thief, begin(opened, iss=provider.issuer))))
    assert (await victim.get(answer)).status == 403
    await sent(victim, begin(opened, iss=provider.issuer))
    assert (await victim.get(answer)).status == 403


async def test_a_provider_that_is_not_open_is_unknown(opened, owner, browse, provider, made):
    page = await owner.get("/a/sign-in")
    assert f"/sign-in/with/{opened}/begin" in page.text
    await page.submit(f"/a/sign-in/{opened}/close")
    assert (await browse(made.host).get(begin(opened, iss=provider.issuer))).status == 404


async def test_domains_that_are_not_proved_let_nobody_join(opened, owner, browse, provider, made, database):
    async with database.tenant_session(made.house.context()) as session:
        (await session.scalars(select(Domain))).one().proved_at = None
    provider.person = {"email": "new@example.org", "email_verified": True}
    page = await back(browse(made.host), provider, f"/sign-in/with/{opened}")
    assert (page.status, "We do not know this account yet" in page.text) == (403, True)
    assert "not proved" in (await owner.get("/a/sign-in")).text
