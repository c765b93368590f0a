"""
What only a browser decides: cookies on `*.localhost`, Origin with no-referrer, CSP.

Chromium counts `*.localhost` as trustworthy, so `__Host-` cookies work there
without TLS and the demo needs no weaker cookies than production.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.chromium import ARGUMENTS
from tests.infra.http.serving import granian

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def base(own_valkey):
    with granian("tests.infra.http.sample:app", TEST_REDIS_URL=own_valkey.url(), TEST_CSRF="1") as base:
        yield base.replace("127.0.0.1", "unhq.localhost")


@pytest.fixture(scope="module")
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield started
        await started.close()


@pytest.fixture
async def page(browser: Browser, base):
    """Of somebody who comes for the first time."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(base)
    yield page
    await context.close()


async def test_host_cookie_is_accepted_on_localhost_without_tls(page, base):
    cookies = await page.context.cookies()

    assert [(c["name"], c["secure"], c["httpOnly"], c["sameSite"]) for c in cookies] == [
        ("__Host-visitor", True, True, "Lax")
    ]


async def test_script_with_the_nonce_runs_and_inline_script_does_not(page):
    assert await page.title() == "ran"


async def test_our_own_form_is_accepted_though_origin_is_null(page):
    async with page.expect_request("**/form") as sent:
        await page.click("button")

    assert (await (await sent.value).all_headers())["origin"] == "null"
    assert await page.text_content("body") == "got hello ['word']"


async def test_form_without_token_is_refused(page):
    await page.eval_on_selector("input[name=csrf]", "field => field.remove()")

    async with page.expect_response("**/form") as answer:
        await page.click("button")

    assert (await answer.value).status == 403


async def test_form_on_a_neighbours_page_is_refused(page, base):
    """Another port of the same host is the nearest neighbour: cookie and token are good, only the page is not ours."""
    token = await page.get_attribute("input[name=csrf]", "value")
    neighbour = "http://unhq.localhost:8099/trap"
    body = f'<form method="post" action="{base}/form"><input name="csrf" value="{token}"><button>x</button></form>'
    await page.route(neighbour, lambda route: route.fulfill(content_type="text/html", body=body))
    await page.goto(neighbour)

    async with page.expect_response(f"{base}/form") as answer:
        await page.click("button")

    request = (await answer.value).request
    assert (await answer.value).status == 403
    assert "__Host-visitor" in (await request.all_headers())["cookie"]
