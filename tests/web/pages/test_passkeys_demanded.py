"""Where the organisation demands a passkey: by half she is a visitor."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from infra import clock
from tenants.identity.models import Session
from tenants.identity.proof_models import Passkey
from tenants.permissions import Role
from tests import making
from tests.authenticator import Authenticator
from tests.passkeys import DOOR, KEPT, add, demand, options, rows


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.PARTICIPANT)


@pytest.fixture
def key(made):
    return Authenticator(f"http://{made.host}")


@pytest.fixture
async def browser(database, made, her, browse):
    return await making.signed_in(database, browse, made, her)


async def test_who_works_here_makes_one_when_she_next_comes(database, made, browse, key):
    await demand(database, made)
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get("/c/today")
    assert page.path == f"{DOOR}?next=%2Fc%2Ftoday"
    assert "make a passkey" in page.text
    asked = await options(page, f"{DOOR}/new")
    page = await page.submit(f"{DOOR}/new", credential=key.make(asked), name="First")
    assert page.path == "/c/today"
    assert (await browser.get("/c/people")).status == 200


async def test_who_has_one_shows_it_and_gets_in_by_no_new_one(database, made, browse, key):
    first = await making.signed_in(database, browse, made, made.coordinator)
    await add(first, key)
    await demand(database, made)
    assert (await first.get("/c/today")).path == "/c/today"  # shown in this session already

    thief = await making.signed_in(database, browse, made, made.coordinator)  # who reads her letters
    page = await thief.get("/c/today")
    assert page.path.startswith(DOOR)
    csrf = next(one.value for one in page.form(DOOR).fields if one.name == "csrf")
    for path in (f"{DOOR}/new/options", f"{DOOR}/new"):
        assert (await thief.post(path, [("csrf", csrf), ("name", "x"), ("credential", "{}")])).status == 403
    assert (await thief.post(f"{KEPT}/new/options", [("csrf", csrf)])).path.startswith(DOOR)
    for path in ("/me/settings", "/me", f"{KEPT}/new", "/step-up", "/c/people", "/a"):
        assert (await thief.get(path)).path.startswith(DOOR), path

    page = await thief.get("/c/today")
    page = await page.submit(DOOR, credential=key.show(await options(page, DOOR)))
    assert page.path == "/c/today"


async def test_by_half_she_is_a_visitor(database, made, browse, key):
    await demand(database, made)
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get("/")
    assert "Cora" not in page.html
    assert (await browser.get("/sign-in")).path.startswith(DOOR)
    before = [row.ended_at for row in await rows(database, made, Session)]
    page = await (await browser.get(DOOR)).submit("/sign-out")
    assert page.path == "/sign-in"
    assert before == [None]
    assert [row.ended_at is None for row in await rows(database, made, Session)] == [False]


async def test_somebody_elses_passkey_does_not_make_her_whole(database, made, browse, browser, key):
    await add(browser, key)
    await demand(database, made)
    half = await making.signed_in(database, browse, made, made.owner)
    page = await half.get(DOOR)
    csrf = next(one.value for one in page.form(f"{DOOR}/new").fields if one.name == "csrf")
    asked = json.loads((await half.post(f"{DOOR}/options", [("csrf", csrf)])).html)
    page = await half.post(DOOR, [("csrf", csrf), ("credential", key.show(asked))])
    assert page.path.startswith(f"{DOOR}?why=not_hers")
    assert (await half.get("/a")).path.startswith(DOOR)


async def test_participants_are_not_asked(database, made, browser):
    await demand(database, made)
    assert (await browser.get("/me/settings")).path == "/me/settings"


async def test_the_last_one_stays_while_it_is_demanded(database, made, browse, key):
    browser = await making.signed_in(database, browse, made, made.coordinator)
    await add(browser, key)
    await demand(database, made)
    (row,) = await rows(database, made, Passkey)
    page = await (await browser.get(KEPT)).submit(f"{KEPT}/{row.id}/remove")
    assert "your only one" in page.text
    assert len(await rows(database, made, Passkey)) == 1


async def test_a_half_session_ends_when_idle(database, made, browse):
    await demand(database, made)
    browser = await making.signed_in(database, browse, made, made.coordinator)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Session).values(seen_at=clock.now() - timedelta(minutes=31)))
    page = await browser.get(DOOR)
    assert "Sign in with your passkey" in page.text
