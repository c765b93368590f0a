"""The front door, the plain words about data, and the switch of the shortcuts."""

import pytest

from tenants.permissions import Role
from tests import making


async def test_a_visitor_sees_what_is_open_and_the_way_in(database, browse, made):
    await making.programme(database, made, slug="network")

    page = await browse(made.host).get("/")

    assert page.status == 200 and "One mentoring programme is open" in page.text
    assert 'href="/p/network"' in page.html and 'href="/sign-in"' in page.html
    assert len(page.html.encode()) <= 14 * 1024 and "<script" not in page.html


async def test_nothing_open_says_so(browse, made):
    assert "No programme takes registrations now" in (await browse(made.host).get("/")).text


@pytest.mark.parametrize(
    ("roles", "there"),
    [
        ((Role.COORDINATOR,), "/c/today"),
        ((Role.COORDINATOR, Role.PARTICIPANT), "/c/today"),
        ((Role.OWNER,), "/a"),
        ((Role.IT_CONTACT,), "/a"),
        ((Role.PARTICIPANT,), "/me"),
    ],
)
async def test_everybody_else_goes_where_she_works(database, browse, made, roles, there):
    actor = await making.somebody(database, made.id, *roles)
    browser = await making.signed_in(database, browse, made, actor)

    answer = await browser.client.get("/", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, there)


async def test_what_is_kept_is_said_to_everybody(database, browse, made):
    page = await browse(made.host).get("/privacy")

    assert page.status == 200 and "keeps your data, and only for mentoring" in page.text
    assert len(page.html.encode()) <= 14 * 1024 and "<script" not in page.html


async def test_shortcuts_are_switched_off_and_on_where_one_stands(database, browse, made):
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get("/c/pipeline?as=board")
    assert 'data-keys="on"' in page.html

    page = await page.submit("/c/shortcuts", shortcuts="off")
    assert page.path == "/c/pipeline?as=board" and 'data-keys="off"' in page.html
    assert "<kbd>j</kbd>" not in page.html

    page = await page.submit("/c/shortcuts", shortcuts="on")
    assert 'data-keys="on"' in page.html


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_the_switch_leads_nowhere_else(database, browse, made, path):
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get("/c/today")

    assert (await page.submit("/c/shortcuts", shortcuts="on", next=path)).path == "/c/today"
