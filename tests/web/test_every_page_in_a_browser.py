"""Every page in a real browser: axe finds nothing, the console stays silent, and no policy is broken."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import accessibility, routes, signing_in
from tests.chromium import ARGUMENTS
from tests.serving import Served
from tests.signing_in import CLIENT, SECRET
from tests.worlds import Looked, Shown

pytestmark = pytest.mark.browser

# One look a page in the short version, so that both schemes and both widths are seen on half of the pages each.
EVERYWHERE = os.environ.get("AXE_EVERYWHERE") == "yes"
SCHEMES = ("light", "dark")
WIDTHS = (390, 1280)
# Menus lie over what stands below them, so of these at most one is ever open.
OPEN_ALL = "document.querySelectorAll('details:not(.menu)').forEach((part) => (part.open = true))"
REFUSAL = "responded with a status of {} ("  # the browser tells of each page that is none
CUT_TABS = """() => {
    const row = document.querySelector("nav.tabs").getBoundingClientRect();
    const isIn = (tab) => tab.left >= row.left - 1 && tab.right <= row.right + 1 && tab.bottom <= row.bottom + 1;
    return [...document.querySelectorAll("nav.tabs a")].filter((tab) => !isIn(tab.getBoundingClientRect())).map((tab) => tab.text);
}"""
NOWHERE = routes.Route("/nowhere", "GET", ())
REFUSED = (
    (Shown(NOWHERE, "visitor", "/nowhere"), 404),
    (Shown(NOWHERE, "coordinator", "/c/nowhere"), 404),
    (Shown(NOWHERE, "confirmed_mentee", "/me/nowhere"), 404),
    (Shown(NOWHERE, "confirmed_mentee", "/c/today"), 403),
    (Shown(NOWHERE, "coordinator", "/a/api"), 403),
    (Shown(NOWHERE, "coordinator", "/sign-out"), 405),
    (Shown(NOWHERE, "visitor", "/sign-in/turned?why=unknown"), 403),
    (Shown(NOWHERE, "confirmed_mentee", "/sign-in/turned?why=taken"), 403),
)


def _looks(looked: Looked) -> list[tuple[Shown, str, int, str]]:
    every = [(scheme, width) for scheme in SCHEMES for width in WIDTHS]
    # Of another length than the looks, so that in time each page comes in each.
    codes = ("en", "ar", "fr", "ar", "da")
    seen: set[str] = set()
    found = []
    for shown in looked.shown:
        if shown.path.endswith((".csv", ".xlsx", ".ics", ".pdf", "/export", "/events", "/options")) or any(
            name in shown.path for name in ("/feed/", "/copies/")
        ):
            continue  # files, streams and the data of a list: no pages
        if str(shown.route) in seen and "{number}" not in shown.route.path:
            continue
        seen.add(str(shown.route))
        at = len(found)
        if EVERYWHERE:
            found += [(shown, scheme, width, code) for scheme, width in every for code in codes]
        else:
            found.append((shown, *every[at % len(every)], codes[at % len(codes)]))
    # One after the other what one window shows alike: to change its size or its scheme takes a while.
    return sorted(found, key=lambda look: look[1:3])


class Window:
    """One for all readers, who take turns at it: to open one takes the browser longer than to show it a page."""

    def __init__(self, chromium: Browser, looked: Looked, served: Served) -> None:
        self._world = looked.world
        self._served = served
        self._said: list[str] = []
        context = chromium.new_context()
        accessibility.equip(context)
        self._page = context.new_page()
        self._page.on(
            "console",
            lambda told: self._said.append(told.text) if told.type in ("error", "warning") else None,
        )
        self._page.on("pageerror", lambda error: self._said.append(f"script: {error}"))

    def faults(self, shown: Shown, scheme: str, width: int, code: str, *, status: int = 200) -> list[str]:
        """What a page says to the console, what axe says of it with all opened that opens, and whether it fits."""
        page = self.of(shown.reader, code)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(self._served.url(self._world.host, shown.path), wait_until="load")
        if answer is None or answer.status != status:
            return [f"status {answer.status if answer else None}"]
        return self.faults_of(page, status=status)

    def faults_of(self, page: Page, *, status: int = 200) -> list[str]:
        page.evaluate(OPEN_ALL)
        found = accessibility.faults(page)
        said = [told for told in self._said if REFUSAL.format(status) not in told]
        wrong = [*said, *(f"{rule}: {where[0]}" for rule, where in found)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            wrong.append("is wider than the window")
        return wrong

    def of(self, reader: str, code: str) -> Page:
        self._carry(self._page, reader, code)
        self._said.clear()
        return self._page

    def _carry(self, page: Page, reader: str, code: str) -> None:
        """Her cookies and no others, so that each page is the first that this browser sees."""
        cookies = {"language": code, **self._world.cookies.get(reader, {})}
        if reader in self._world.secrets:
            cookies["session"] = self._world.secrets[reader]
        # With a domain, a cookie of this prefix would be refused; so the address says whose they are, and TLS is feigned.
        url = self._served.url(self._world.host).replace("http:", "https:")
        page.context.clear_cookies()
        page.context.add_cookies(
            [
                {"name": f"__Host-{name}", "value": value, "url": url, "secure": True}
                for name, value in cookies.items()
            ]
        )


@pytest.fixture(scope="module")
def window(looked: Looked, served: Served, chromium_path: Path) -> Iterator[Window]:
    """Opened last: once the browser runs, no asynchronous fixture can be made in this thread."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium_path), args=ARGUMENTS)
        yield Window(started, looked, served)
        started.close()


def test_every_page_is_accessible_and_silent(looked: Looked, window: Window) -> None:
    wrong: dict[str, list[str]] = {}
    for shown, *how in _looks(looked):
        if faults := window.faults(shown, *how):
            wrong[f"{shown} {how}"] = faults
    assert wrong == {}


def test_refusals_are_accessible_too(window: Window) -> None:
    wrong: dict[str, list[str]] = {}
    for at, (shown, status) in enumerate(REFUSED):
        how = (SCHEMES[at % 2], WIDTHS[at // 2 % 2], ("en", "ar", "fr")[at % 3])
        if faults := window.faults(shown, *how, status=status):
            wrong[f"{shown.path} {how}"] = faults
    assert wrong == {}


def test_the_result_of_a_trial_is_accessible_too(window: Window, looked: Looked, served: Served) -> None:
    """No address shows it: it is what comes of going to a provider and back."""
    page = window.of("owner", "en")
    page.set_viewport_size({"width": 390, "height": 900})
    with signing_in.running() as provider:
        provider.subject = "8f1c2c1e-7a2b-4d0a-9a51-" * 8
        page.goto(served.url(looked.world.host, "/a/sign-in"))
        page.evaluate(OPEN_ALL)
        for name, value in {
            "name": "Tried",
            "issuer": provider.issuer,
            "client_id": CLIENT,
            "secret": SECRET,
        }.items():
            page.fill(f"#f-{name}", value)
        page.select_option("#f-kind", "other")
        page.click("form[action='/a/sign-in'] button")
        try:
            page.click("a[href$='/try'].primary")  # of the one that nobody has tried
            page.get_by_role("heading", name="It works").wait_for()
            assert window.faults_of(page) == []
        finally:
            page.goto(served.url(looked.world.host, "/a/sign-in"))
            page.locator("details:has(form[action$='/remove']) summary").last.click()
            page.locator("form[action$='/remove'] button").last.click()


def test_the_narrowed_trail_fits_a_phone_and_its_fingers(
    window: Window, looked: Looked, served: Served
) -> None:
    page = window.of("owner", "ar")
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(
        served.url(looked.world.host, "/a/audit?group=people&since=2026-01-01&until=2099-12-31"),
        wait_until="load",
    )
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    parts = page.locator("form.filters :is(select, input, button)")
    heights = parts.evaluate_all("parts => parts.map(part => part.getBoundingClientRect().height)")
    assert len(heights) == 5
    assert min(heights) >= 44


def test_no_tab_of_administration_is_cut(window: Window, looked: Looked, served: Served) -> None:
    for code in ("en", "ar", "fr", "da"):
        page = window.of("owner", code)
        page.goto(served.url(looked.world.host, "/a"), wait_until="load")
        for width in (1280, 1024, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(CUT_TABS) == [], (code, width)
