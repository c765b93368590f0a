"""
A whole house of real processes and a real browser, and the people who come through its door.

    ana = await house.visitor(made.host, language="ar", width=390, scripts=False)
    await ana.open("/p/network")
    await ana.press("main button[value=mentee]")
    letter = await house.letter("ana@example.org", "Confirm")
    await ana.open(letter.link)

Whatever a browser complains about is kept in `complaints`, a violated policy as
well; each kind of page is shown to axe once in each language and width.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Request, async_playwright
from sqlalchemy import select

from infra.embedded.inbox import Inbox
from infra.ground import Ground
from tenants.actor import Actor
from tenants.people.models import Person
from tests import installation as installations
from tests.accessibility import EVERYTHING
from tests.chromium import ARGUMENTS
from tests.installation import Installation

PATIENCE_S = 60.0
LOOK_EACH_S = 0.1
MAIN = "main form[method=post] button.primary"
LINK = re.compile(r"https?://\S+/(?:confirm|link|answer)/[\w-]{43}")
# What reaches over the edge of the window.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
    .filter((one) => { const box = one.getBoundingClientRect(); return box.right > innerWidth || box.left < 0 })
    .map((one) => one.outerHTML.slice(0, 90)).slice(0, 6)"""
# Parts of an address that differ from one page of a kind to the next.
OWN = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{43}|\d+)(?=/|$)")


@dataclass(frozen=True)
class Read:
    """A letter as it arrived."""

    subject: str
    text: str

    @property
    def link(self) -> str:
        found = LINK.search(self.text)
        assert found, self.text
        return found[0]


@dataclass
class House:
    installation: Installation
    ground: Ground
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    looked_at: set[tuple[str, ...]] = field(default_factory=set)
    mirror: Page | None = None  # where pages of visitors without scripts are looked at

    async def visitor(
        self, host: str, *, language: str = "en", width: int = 1280, scripts: bool = True
    ) -> "Visitor":
        context = await self.browser.new_context(
            base_url=f"http://{host}:{self.installation.web_port}",
            locale=language,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        return Visitor(self, await context.new_page(), (language, str(width)), scripts)

    async def signed_in(self, actor: Actor, host: str, **how: Any) -> "Visitor":
        """Through the sign-in page and the letter, as everybody comes in."""
        async with self.ground.database.tenant_session(actor.context()) as session:
            query = select(Person.email).where(Person.id == actor.person_id)
            address = (await session.execute(query)).scalar_one()
        return await self.enter(host, str(address), **how)

    async def enter(self, host: str, address: str, **how: Any) -> "Visitor":
        visitor = await self.visitor(host, **how)
        before = len(self._mails(address))
        await visitor.open("/sign-in")
        await visitor.page.fill("[name=email]", address)
        await visitor.press(MAIN)
        await visitor.open((await self.letter(address, after=before, has_link=True)).link)
        await visitor.press(MAIN)
        return visitor

    def _mails(self, address: str) -> list[Read]:
        """Oldest first."""
        caught = Inbox(self.installation.folder / "mail").newest(limit=2_000)
        return [Read(c.subject, c.part("plain") or "") for c in reversed(caught) if address in c.recipients]

    async def letter(
        self, address: str, subject: str = "", *, after: int = 0, has_link: bool = False
    ) -> Read:
        """The newest letter to this address whose subject has these words, as soon as it is there."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = [mail for mail in self._mails(address)[after:] if subject in mail.subject]
            if found := [mail for mail in found if not has_link or LINK.search(mail.text)]:
                return found[-1]
            await asyncio.sleep(LOOK_EACH_S)
        raise AssertionError(f"no “{subject}” to {address}: {[m.subject for m in self._mails(address)]}")


class Visitor:
    """One person's browser."""

    def __init__(self, house: House, page: Page, look: tuple[str, ...], scripts: bool) -> None:
        self.house = house
        self.page = page
        self._look = look
        self._has_scripts = scripts
        self._requests: list[Request] = []
        page.on("request", self._ask)
        # A form that comes back with 422 is no complaint.
        page.on(
            "console", lambda m: self._complain(m.text) if m.type == "error" and "422" not in m.text else None
        )
        page.on("pageerror", lambda error: self._complain(str(error)))

    def _ask(self, request: Request) -> None:
        self._requests.append(request)

    def _complain(self, words: str) -> None:
        self.house.complaints.append(f"{self.page.url}: {words}")

    async def open(self, address: str) -> None:
        self._requests.clear()
        await self.page.goto(address)
        await self.look()

    async def press(self, what: str, *, moves_on: bool = False) -> None:
        """Press something that leads to a page; `moves_on` where that soon gives way to another by itself."""
        self._requests.clear()
        async with self.page.expect_navigation():
            await self.page.locator(what).first.click()
        await self.page.wait_for_load_state("load")
        if not moves_on:
            await self.look()

    async def fill(self, **values: str | list[str]) -> None:
        """Fields by their names; a list ticks boxes. What stands there already stays."""
        for name, value in values.items():
            field_ = self.page.locator(f"main [name='{name}']")
            if isinstance(value, list):
                for one in value:
                    await self.page.check(f"main [name='{name}'][value='{one}']")
            elif await field_.first.evaluate("one => one.tagName") == "SELECT":
                await field_.select_option(value)
            elif await field_.first.get_attribute("type") in ("radio", "checkbox"):
                await self.page.check(f"main [name='{name}'][value='{value}']")
            else:
                await field_.fill(value)

    async def text(self) -> str:
        """What stands on the page, without the signs that keep names in their direction."""
        return re.sub(r"[\u2066-\u2069]", "", await self.page.locator("main").inner_text())

    async def weights(self) -> list[int]:
        """Bytes as they came over the wire for the page shown now, of each of its requests."""
        asked = [one for one in self._requests if one.redirected_to is None]
        sizes = [await one.sizes() for one in asked]
        return [one["responseBodySize"] + one["responseHeadersSize"] for one in sizes]

    async def look(self, state: str = "") -> None:
        """Show the page to axe, unless one of its kind (and state, where an address has several) has been shown."""
        kind = (OWN.sub("/…", re.sub(r"^https?://[^/]+|\?.*$", "", self.page.url)), state, *self._look)
        styles_itself = not await self.page.locator("link[rel=stylesheet]").count()
        if kind not in self.house.looked_at and (self._has_scripts or styles_itself):
            self.house.looked_at.add(kind)
            await self._look_closely()

    async def _look_closely(self) -> None:
        if self._has_scripts:
            await self._axe(self.page)
            return
        # axe is a script itself: it gets the same page, which brings its styles with it, in a window that has scripts.
        copy = self.house.mirror = self.house.mirror or await self.house.browser.new_page()
        await copy.goto("about:blank")
        if size := self.page.viewport_size:
            await copy.set_viewport_size(size)
        await copy.set_content(await self.page.content())
        await self._axe(copy)

    async def _axe(self, page: Page) -> None:
        found = await Axe().run(page, options=EVERYTHING)
        for one in found.response["violations"]:
            self._complain(f"axe {one['id']}: {[node['html'][:160] for node in one['nodes']]}")
        if wide := await page.evaluate(TOO_WIDE):
            self._complain(f"scrolls sideways: {wide}")


@asynccontextmanager
async def opened(chromium: Path) -> AsyncIterator[House]:
    with installations.installed() as installation:
        ground = installation.ground()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
            yield House(installation, ground, browser)
            await browser.close()
        await ground.close()
