"""Writing and opening a note in a real browser: it saves itself while one types, and axe finds nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.async_api import Page, async_playwright, expect

from infra.embedded.server import free_port
from infra.http.asgi import ASGIApp
from tenants.interviews import actions
from tests import interviewing, making
from tests.accessibility import EVERYTHING
from tests.chromium import ARGUMENTS, chromium_path
from tests.interviewing import Desk
from web import assets

__all__ = ["chromium_path"]

pytestmark = pytest.mark.browser


@pytest.fixture
async def at(ground) -> Desk:
    return await interviewing.desk(ground)


@pytest.fixture
async def base(app: ASGIApp, at: Desk) -> AsyncIterator[str]:
    """The app of this process under a real server."""
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
    yield f"http://{at.made.host}:{port}"
    server.stop()
    await serving


@pytest.fixture
async def page(base: str, chromium_path: Path, database, browse, at) -> AsyncIterator[Page]:
    assets.build()
    signed_in = await making.signed_in(database, browse, at.made, at.selma)
    secret = signed_in.client.cookies["__Host-session"]
    cookie = {"name": "__Host-session", "value": secret, "url": f"https://{at.made.host}/", "secure": True}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium_path), args=ARGUMENTS)
        context = await browser.new_context(base_url=base)
        await context.add_cookies([cookie])
        yield await context.new_page()
        await browser.close()


async def test_note_saves_itself_and_nothing_is_wrong_with_its_pages(at, page):
    async with at.session(at.selma) as session:
        note_id = await actions.begin(session, at.selma, at.mirela.id)
    await page.goto(f"/c/interviews/{note_id}/write")
    await page.fill("#f-personal", "Her uncle forbids it.")
    await expect(page.locator("[data-saved]")).to_contain_text("Draft saved and sealed")
    assert await at.read(at.selma, note_id) == {"personal": "Her uncle forbids it."}
    await _must_be_accessible(page)

    await page.fill("#f-match", "Leads a shift.")
    await page.click("button[value=seal]")
    await expect(page.locator("h1")).to_contain_text("Interview with Mirela")
    await page.click("text=Open the note")
    await expect(page.locator("main")).to_contain_text("Leads a shift.")
    await _must_be_accessible(page)
    await page.go_back()
    await expect(page.locator("main")).not_to_contain_text("Leads a shift.")


async def _must_be_accessible(page: Page) -> None:
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = await Axe().run(page, options=EVERYTHING)
        assert found.violations_count == 0, found.generate_report()
