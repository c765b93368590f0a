"""Proving who one is by an account elsewhere: freshly, and in a way that is strong enough."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import update

from infra import clock
from tenants.identity.models import Session
from tenants.identity.provider_models import Account, IdentityProvider
from tests import signing_in
from tests.web.pages.providing import away, back
from tests.web.pages.test_step_up import CONFIDENTIAL, browser, her, rows, secret

__all__ = ["browser", "her"]  # fixtures that both files use


@pytest.fixture(scope="module")
def running():
    with signing_in.running() as provider:
        yield provider


@pytest.fixture
async def provider(running, database, made, her):
    """An open provider, at which she has an account."""
    running.reset()
    async with database.tenant_session(made.house.context()) as session:
        row = IdentityProvider(
            organisation_id=made.id, name="Konto", kind="other", issuer=running.issuer, client_id="mentorweave",
            domains=[], state="open", tried_at=clock.now(),
        )  # fmt: skip
        session.add(row)
        await session.flush()
        session.add(
            Account(
                organisation_id=made.id, provider_id=row.id, issuer=row.issuer, subject="subject-1", person_id=her.person_id,
            )
        )  # fmt: skip
        running.row_id = row.id
    return running


@pytest.fixture
def public(provider, monkeypatch):
    """The provider takes a client without a secret, as this one has none."""
    monkeypatch.setattr(signing_in, "_basic", lambda: "")
    return provider


async def by_account(browser, provider, **claims):
    provider.claims = claims
    return await back(browser, provider, f"/step-up/with/{provider.row_id}?next={CONFIDENTIAL}")


async def test_the_provider_is_asked_to_have_her_sign_in_anew(public, browser, database, made):
    page = await browser.get("/step-up")
    assert "Sign in anew with" in page.text
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(IdentityProvider).values(acr_values=["phr", "phrh"]))
    asked = await away(browser, f"/step-up/with/{public.row_id}")
    assert "max_age=0" in asked
    assert "acr_values=phr+phrh" in asked or "acr_values=phr%20phrh" in asked
    assert "max_age" not in await away(browser, f"/sign-in/with/{public.row_id}")


async def test_a_fresh_sign_in_there_proves_it(public, browser, database, made):
    before = secret(browser)
    page = await by_account(browser, public, auth_time=int(time.time()) - 5)
    assert page.path == CONFIDENTIAL
    (row,) = [row for row in await rows(database, made, Session) if row.verified_by == "account"]
    assert row.verified_at > clock.now() - timedelta(minutes=1)
    assert secret(browser) != before


@pytest.mark.parametrize(
    "claims",
    [{}, {"auth_time": 0}, {"auth_time": int(time.time()) - 3600}, {"auth_time": True}, {"auth_time": "now"},
     {"auth_time": int(time.time()) + 7200}, {"auth_time": int(time.time()), "sub": "subject-2"}],
    ids=["not told", "long ago", "an hour ago", "yes", "in words", "to come", "another account"],
)  # fmt: skip
async def test_nothing_else_there_proves_it(public, browser, claims):
    page = await by_account(browser, public, **claims)
    assert (page.status, "Choose another way" in page.text) == (403, True)
    assert (await browser.get(CONFIDENTIAL)).path.startswith("/step-up")


@pytest.mark.parametrize(("acr", "is_enough"), [("phr", True), ("0", False), (None, False), (["phr"], False)])
async def test_the_way_of_signing_in_there_has_to_be_strong_enough(
    public, browser, database, made, acr, is_enough
):
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(IdentityProvider).values(acr_values=["phr"]))
    page = await by_account(browser, public, auth_time=int(time.time()), acr=acr)
    assert (page.path == CONFIDENTIAL) is is_enough


async def test_a_sign_in_by_account_is_fresh_only_if_the_provider_asked_her(public, browse, made, database):
    for claims, is_fresh in (({}, False), ({"auth_time": int(time.time())}, True), ({"auth_time": 5}, False)):
        visitor = browse(made.host)
        public.claims = claims
        await back(visitor, public, f"/sign-in/with/{public.row_id}")
        assert ((await visitor.get(CONFIDENTIAL)).path == CONFIDENTIAL) is is_fresh
