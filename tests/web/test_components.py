"""
Every component in a real browser, under the real policy.

axe in each language, scheme and width; nothing scrolls sideways; the
first view stays within its budgets; and what the script adds works, and is not
needed.
"""

import json
import os
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import accessibility
from tests.accessibility import CONTRAST, faults
from tests.web.conftest import Site

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
LANGUAGES = ("en", "fr", "ar")
# Each two of a language, a scheme and a width meet once; in the long version all three.
LOOKS = (
    [*product(LANGUAGES, ("light", "dark"), (1280, 390))]
    if os.environ.get("AXE_EVERYWHERE") == "yes"
    else [("en", "light", 1280), ("en", "dark", 390), ("fr", "dark", 1280), ("fr", "light", 390), ("ar", "light", 1280), ("ar", "dark", 390)]
)  # fmt: skip


class Complaints(list[str]):
    """What a browser says against the pages that are shown to it."""

    def about(self, page: Page) -> Page:
        # A form that comes back with 422 is no complaint.
        page.on(
            "console", lambda m: self.append(m.text) if m.type == "error" and "422" not in m.text else None
        )
        page.on("pageerror", lambda error: self.append(str(error)))
        return page


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    heard = Complaints()
    yield heard
    assert heard == []


@pytest.fixture
def opened(browser: Browser, site: Site, complaints: Complaints) -> Iterator[Open]:
    """Opens an address of the site in a browser of its own; whatever it complains about fails the test."""
    contexts = []

    def open_(address: str, **options: object) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        accessibility.equip(context)
        contexts.append(context)
        page = complaints.about(context.new_page())
        page.goto(site.address + address)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Page:
    context = browser.new_context()
    accessibility.equip(context)
    return context.new_page()


@pytest.fixture
def shown(window: Page, site: Site, complaints: Complaints) -> Open:
    """The same for pages that are only looked at: one window shows them all, in whatever scheme and width."""
    complaints.about(window)

    def show(address: str, *, width: int = 1280, scheme: str = "light") -> Page:
        window.set_viewport_size({"width": width, "height": 900})
        window.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
        window.goto(site.address + address)
        return window

    return show


@pytest.mark.parametrize("address", ["/desk?toast=1", "/question?wrong=1"])
def test_axe_finds_nothing(shown: Open, address: str) -> None:
    for code, scheme, width in LOOKS:
        page = shown(f"{address}&l={code}", width=width, scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert faults(page) == [], (code, scheme, width)


@pytest.mark.parametrize("address", ["/desk", "/question"])
def test_nothing_scrolls_sideways(shown: Open, address: str) -> None:
    for code in LANGUAGES:
        page = shown(f"{address}?l={code}&wrong=1&toast=1")
        for width in (1280, 768, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (code, width)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_hue_is_legible(shown: Open, scheme: str) -> None:
    """An organisation gives a colour, never its lightness."""
    for hue in (30, 100, 260, 330):
        page = shown(f"/question?hue={hue}", scheme=scheme)
        assert faults(page, CONTRAST) == [], hue


def test_first_views_keep_their_budgets(opened: Open, site: Site) -> None:
    sizes = """JSON.stringify([...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .map(one => [new URL(one.name).pathname, one.transferSize]))"""
    page = opened("/question")
    assert [path for path, _ in json.loads(page.evaluate(sizes))] == ["/question"]
    site.asked.clear()
    page = opened("/desk")
    page.wait_for_load_state("networkidle")
    requests = json.loads(page.evaluate(sizes))
    assert len(site.asked) == len(requests) <= 5
    # The server of this test packs the files but not the page, which holds every component.
    assert sum(size for path, size in requests if path != "/desk") <= 44_000


def test_rows_answer_to_keys(opened: Open, site: Site) -> None:
    page = opened("/desk")
    page.keyboard.press("j")
    page.keyboard.press("j")
    current = page.locator(".rows > .cur a")
    expect(current).to_be_focused()
    expect(current).to_have_attribute("href", "/c/pairs/2")
    page.keyboard.press("k")
    expect(page.locator(".cur a")).to_have_attribute("href", "/c/pairs/1")
    page.keyboard.press("d")
    expect(page.locator("#live .toast")).to_contain_text("Lejla Ćosić moved.")
    assert site.sent[0] == ("/done", {"csrf": ["csrf-of-this-session"]})
    # Done took the row's place in the list: the next key goes on from there.
    expect(page.locator(".rows > li").first.locator("a, button").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("jk?")
    expect(page.locator("#q")).to_have_value("jk?")


def test_help_opens_and_closes_by_key(opened: Open) -> None:
    page = opened("/desk")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_move_menu_by_key(opened: Open, site: Site) -> None:
    page = opened("/desk")
    page.locator("tr[data-row] a").first.focus()
    page.keyboard.press("m")
    expect(page.locator("tr[data-row] details button").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("tr[data-row] details summary").first).to_be_focused()
    expect(page.locator("tr[data-row] details button").first).to_be_hidden()
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    expect(page.locator("#live .toast")).to_be_visible()
    assert site.sent[0][1]["to"] == ["a"]


def test_shortcuts_can_be_switched_off(opened: Open) -> None:
    page = opened("/desk?quiet=1")
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator(".cur")).to_have_count(0)
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("button[name=shortcuts]")).to_have_attribute("value", "on")


def test_errors_take_the_focus_after_a_swap(opened: Open) -> None:
    page = opened("/desk")
    form = page.locator("form[data-draft]")
    form.evaluate("one => one.noValidate = true")
    form.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-errors]")).to_be_focused()
    assert faults(page) == []
    page.locator("[data-errors] a").click()
    expect(page.locator("#f-mail")).to_be_focused()


def test_forms_work_without_script(opened: Open, site: Site) -> None:
    page = opened("/desk", java_script_enabled=False)
    page.get_by_role("button", name="Done").first.click()
    expect(page.locator("#live")).to_contain_text("Lejla Ćosić moved.")
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    assert site.sent == [("/done", {"csrf": ["csrf-of-this-session"]})]


def test_draft_saves_itself(opened: Open, site: Site) -> None:
    page = opened("/desk")
    page.locator("#f-wish").fill("Leading a shift")
    expect(page.locator("[data-saved]")).to_have_text("Draft saved 10:31")
    [(path, sent)] = site.sent
    assert (path, sent["wish"]) == ("/draft", ["Leading a shift"])


def test_suggestions_give_the_id(opened: Open) -> None:
    page = opened("/desk")
    field = page.locator("#f-person")
    field.press_sequentially("Ves")
    expect(page.locator("#f-person-list option")).to_have_count(1)
    field.fill("Vesna Marković")
    expect(page.locator("input[name=person]")).to_have_value("7")
    field.fill("Vesna")
    expect(page.locator("input[name=person]")).to_have_value("")


def test_copy_says_so(opened: Open) -> None:
    page = opened("/desk", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#live")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "https://example.org/calendar"


def test_stream_shows_its_parts_and_speaks(opened: Open, site: Site) -> None:
    page = opened("/desk?stream=1")
    expect(page.locator("#phase")).to_have_text("Phase 2")
    expect(page.locator("#live")).to_contain_text("Phase 2 begins")
