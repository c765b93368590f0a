"""What a coordinator's fingers find: j, k, d and Enter on the real page, with htmx under the real policy."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.async_api import Page, async_playwright, expect

from infra import clock, ids
from infra.embedded.server import free_port
from infra.http.asgi import ASGIApp
from tenants.notifications import actions as notifications
from tests import making
from tests.chromium import ARGUMENTS, chromium_path
from web import assets

__all__ = ["chromium_path"]

pytestmark = pytest.mark.browser


@pytest.fixture
async def base(app: ASGIApp, made) -> AsyncIterator[str]:
    """The app of this process under a real server, since only that can send a browser's request on."""
    port = free_port()
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    serving = asyncio.create_task(server.serve())
    async with httpx.AsyncClient() as client:
        for _ in range(100):
            try:
                await client.get(f"http://127.0.0.1:{port}/livez")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                break
    yield f"http://{made.host}:{port}"
    server.stop()
    await serving


@pytest.fixture
async def page(base: str, chromium_path: Path, database, browse, made) -> AsyncIterator[Page]:
    assets.build()
    signed_in = await making.signed_in(database, browse, made, made.coordinator)
    secret = signed_in.client.cookies["__Host-session"]
    cookie = {"name": "__Host-session", "value": secret, "url": f"https://{made.host}/", "secure": True}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium_path), args=ARGUMENTS)
        context = await browser.new_context(base_url=base)
        await context.add_cookies([cookie])
        yield await context.new_page()
        await browser.close()


async def ask(database, made, *, days: int) -> None:
    async with database.tenant_session(made.house.context()) as session:
        await notifications.ask(
            session, made.house, "interview.hold", key=str(ids.new()),
            due_on=clock.today("UTC") + timedelta(days),
        )  # fmt: skip


async def test_a_day_is_worked_off_without_a_mouse(database, made, page):
    for days in (-2, -1, 0):
        await ask(database, made, days=days)
    await page.goto("/c/today")
    await expect(page.locator("h1")).to_have_text("3 things need you today, 2 of them late")
    await page.evaluate("window.same = true")

    await expect(page.locator("nav [aria-current=page]")).to_have_text("Today3")
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await page.keyboard.press("d")

    await expect(page.locator("h1")).to_have_text("2 things need you today, 1 of them late")
    await expect(page.locator("nav [aria-current=page]")).to_have_text("Today2")
    await expect(page.locator("#live")).to_contain_text("Done: Hold the interview.")
    assert await page.evaluate("window.same")  # a part was swapped, not the page
    await page.get_by_role("button", name="Take it back").click()
    await expect(page.locator("h1")).to_have_text("3 things need you today, 2 of them late")
    await page.keyboard.press("j")
    await page.keyboard.press("x")  # ticks the row for what is done to many
    await expect(page.locator("input[name=p]:checked")).to_have_count(1)
    await page.keyboard.press("Control+k")
    await page.keyboard.type("Nobody here")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(r"/c/people\?q=Nobody"))


async def test_keys_do_nothing_once_they_are_switched_off(database, made, page):
    # WCAG 2.1.4
    await ask(database, made, days=0)
    await page.goto("/c/today")
    await page.get_by_role("button", name="Switch shortcuts off").click()
    await expect(page.locator("body")).to_have_attribute("data-keys", "off")

    await page.keyboard.press("j")
    await page.keyboard.press("d")
    await page.keyboard.press("Control+k")

    await expect(page.locator("#find")).to_have_count(0)
    await expect(page.locator("h1")).to_have_text("One thing needs you today")


async def test_somebody_is_moved_by_the_menu_and_the_key(database, made, page):
    one = await making.participation(database, made, await making.programme(database, made), name="Wanjiru")
    await page.goto("/c/pipeline?as=board")

    await page.keyboard.press("j")
    await page.keyboard.press("m")
    await page.keyboard.press("Enter")  # the first way on: awaiting an interview

    await expect(page.locator("#live")).to_contain_text("moved to Awaiting interview")
    await expect(page.locator("section", has_text="Awaiting interview").locator(".card")).to_have_count(1)
    assert one.status == "REGISTERED"  # as it was when it was made
