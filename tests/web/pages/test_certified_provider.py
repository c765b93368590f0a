"""Signing in at a provider that is certified, and so is as strict about us as we are about it."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from infra import clock
from infra.oidc import provider as oidc
from tenants.identity.models import Session
from tenants.identity.provider_models import Account, IdentityProvider
from tests import making
from tests.certified import Certified, Someone
from tests.web.pages.providing import away, proved, rows

pytestmark = pytest.mark.certified


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


async def connected(owner, certified: Certified, database, made, *, way: str = "client_secret_post") -> str:
    """The id of the provider, added, tried and opened."""
    certified.register("http://nowhere.invalid/", way=way)
    page = await (await owner.get("/a/sign-in")).submit(
        "/a/sign-in", kind="other", name="Our account", issuer=certified.issuer, domains="example.org",
        client_id=certified.client["client_id"], secret=certified.client.get("client_secret", ""),
    )  # fmt: skip
    assert page.status == 200, page.text
    await proved(database, made, "example.org")
    (row,) = await rows(database, made, IdentityProvider)
    certified.register(f"http://{made.host}/sign-in/with/{row.id}/back", way=way)
    page = await there_and_back(owner, Someone(certified, "boss"), f"/a/sign-in/{row.id}/try")
    assert "It works" in page.text, page.text
    assert "boss@example.org" in page.text
    await page.submit(f"/a/sign-in/{row.id}/open")
    return str(row.id)


async def there_and_back(browser, someone: Someone, path: str, **how: bool):
    parts = urlsplit(someone.go(await away(browser, path), **how))
    return await browser.get(f"{parts.path}?{parts.query}")


@pytest.mark.parametrize("way", ["client_secret_post", "client_secret_basic", "none"])
async def test_a_newcomer_joins_however_the_client_shows_itself(
    owner, certified, database, made, browse, way
):
    """Code, PKCE, nonce, state and the issuer of the answer are as the standards want them; the address is asked for."""
    provider_id = await connected(owner, certified, database, made, way=way)
    page = await there_and_back(
        browse(made.host), Someone(certified), f"/sign-in/with/{provider_id}?next=/me/settings"
    )
    assert page.path == "/me/settings", page.text
    assert "ana@example.org" in page.html
    assert [one.subject for one in await rows(database, made, Account)] == ["ana"]


async def test_the_answer_must_name_its_issuer(owner, certified, database, made, browse):
    provider_id = await connected(owner, certified, database, made)
    browser = browse(made.host)
    address = Someone(certified).go(await away(browser, f"/sign-in/with/{provider_id}"))
    assert "&iss=" in address
    parts = urlsplit(address.partition("&iss=")[0])
    page = await browser.get(f"{parts.path}?{parts.query}")
    assert (page.status, "another provider" in page.text) == (403, True)


async def test_who_says_no_there_is_not_in_here(owner, certified, database, made, browse):
    provider_id = await connected(owner, certified, database, made)
    page = await there_and_back(
        browse(made.host), Someone(certified), f"/sign-in/with/{provider_id}", refuses=True
    )
    assert (page.status, "not signed in there" in page.text) == (403, True)


async def test_another_key_signs_from_now_on(owner, certified, database, made, browse, monkeypatch):
    monkeypatch.setattr(oidc, "ASKED_AGAIN_S", 0.0)
    provider_id = await connected(owner, certified, database, made)
    certified.rotate()
    page = await there_and_back(
        browse(made.host), Someone(certified), f"/sign-in/with/{provider_id}?next=/me/settings"
    )
    assert page.path == "/me/settings"


async def test_signing_out_there_signs_out_here(owner, certified, database, made, browse):
    provider_id = await connected(owner, certified, database, made)
    browser, ana = browse(made.host), Someone(certified)
    await there_and_back(browser, ana, f"/sign-in/with/{provider_id}")
    other = browse(made.host)
    await there_and_back(other, Someone(certified), f"/sign-in/with/{provider_id}")
    ana.sign_out()
    [token] = certified.told_of
    answer = await browse(made.host).client.post(
        f"/sign-in/with/{provider_id}/ended", data={"logout_token": token}
    )
    assert answer.status_code == 200
    assert (await browser.get("/me/settings")).path.startswith("/sign-in")
    assert (await other.get("/me/settings")).path == "/me/settings"  # another session there goes on


async def test_a_fresh_proof_is_asked_for_and_told(owner, certified, database, made, browse):
    """max_age makes the provider ask her again, and auth_time says when she answered."""
    provider_id = await connected(owner, certified, database, made)
    browser, ana = browse(made.host), Someone(certified)
    await there_and_back(browser, ana, f"/sign-in/with/{provider_id}")
    long_ago = clock.now() - timedelta(hours=1)
    async with database.tenant_session(made.house.context()) as session:
        for one in await session.scalars(select(Session).where(Session.provider_session.is_not(None))):
            one.verified_at = long_ago
    ana.forms.clear()
    await there_and_back(browser, ana, f"/step-up/with/{provider_id}")
    assert ana.forms == ["login"]
    found = [one.verified_at for one in await rows(database, made, Session) if one.provider_session]
    assert clock.now() - max(found) < timedelta(minutes=1)
