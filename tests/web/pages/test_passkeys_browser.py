"""Passkeys in a real browser, with the authenticator that Chromium plays by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, CDPSession, Page, async_playwright, expect
from sqlalchemy import select

from tenants.identity import sessions
from tenants.people.models import Person
from tests.chromium import ARGUMENTS
from tests.passkeys import demand
from tests.serving import Served
from tests.web.pages.test_step_up import grow_old

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
async def chromium(chromium_path: Path) -> AsyncIterator[BrowserContext]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=str(chromium_path), args=ARGUMENTS)
        yield await started.new_context()
        await started.close()


async def carry_session(context, served: Served, database, made, actor) -> None:
    async with database.tenant_session(actor.context()) as session:
        her = (await session.scalars(select(Person).where(Person.id == actor.person_id))).one()
        secret = (await sessions.begin(session, actor, her)).secret
    await context.add_cookies(
        [{"name": "__Host-session", "value": secret, "url": f"https://{made.host}", "secure": True}]
    )


async def plug_in(page: Page) -> tuple[CDPSession, str]:
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    made = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devtools, made["authenticatorId"]


async def test_a_passkey_is_made_and_opens_and_proves(chromium, served, database, made):
    page = await chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    devtools, key = await plug_in(page)
    await carry_session(chromium, served, database, made, made.coordinator)
    made_one = page.get_by_role("button", name="Make a passkey")

    # Whom the device does not know makes none.
    await devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    await page.goto(served.url(made.host, "/me/settings/passkeys/new"))
    await made_one.click()
    await expect(page.get_by_role("alert")).to_contain_text("That did not work")
    await devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    await page.get_by_label("What you call it").fill("Blue key")
    await made_one.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("You have one passkey")
    await expect(page.get_by_text("Blue key", exact=True).first).to_be_visible()

    # To prove anew who she is, and back to where she was.
    await grow_old(database, made)
    await page.goto(served.url(made.host, "/me/settings/passkeys/new"))
    await expect(page).to_have_url(served.url(made.host, "/step-up?next=/me/settings/passkeys/new"))
    await page.get_by_role("button", name="Show my passkey").click()
    await expect(page).to_have_url(served.url(made.host, "/me/settings/passkeys/new"))

    # To sign in without a letter.
    await chromium.clear_cookies()
    await page.goto(served.url(made.host, "/sign-in?next=/c/people"))
    await page.get_by_role("link", name="Sign in with a passkey").click()
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page).to_have_url(served.url(made.host, "/c/people"))

    # Where it is demanded, a letter alone is not enough.
    await demand(database, made)
    await carry_session(chromium, served, database, made, made.coordinator)
    await page.goto(served.url(made.host, "/c/today"))
    await expect(page.get_by_role("heading", level=1)).to_contain_text("One more step")
    await page.get_by_role("button", name="Show my passkey").click()
    await expect(page).to_have_url(served.url(made.host, "/c/today"))
    assert [text for text in said if "Content Security Policy" in text or "Error" in text] == []


async def test_without_a_script_the_page_shows_another_way(chromium, served, made):
    context = await chromium.browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(served.url(made.host, "/sign-in/passkey"))
    await expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    await expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    await page.get_by_role("link", name="Sign in by e-mail").click()
    await expect(page.get_by_label("Your e-mail address")).to_be_visible()
