"""Passkeys through the pages: added, named, removed, shown to sign in and to prove who one is."""

import json

import pytest
from sqlalchemy import select

from tenants.identity.models import Session
from tenants.identity.proof_models import Passkey
from tenants.permissions import Role
from tests import making
from tests.authenticator import PRESENT, Authenticator
from tests.passkeys import DOOR, KEPT, add, enter, events, kinds_of_letters, options, rows
from tests.web.pages.test_step_up import grow_old, secret


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.PARTICIPANT)


@pytest.fixture
def key(made):
    return Authenticator(f"http://{made.host}")


@pytest.fixture
async def browser(database, made, her, browse):
    return await making.signed_in(database, browse, made, her)


async def test_she_adds_one_and_signs_in_with_it(database, made, her, browser, browse, key):
    page = await add(browser, key, name="Blue key")
    assert (page.path, "Blue key" in page.text) == (KEPT, True)
    (row,) = await rows(database, made, Passkey)
    assert (row.person_id, row.host, row.sign_count, row.transports) == (
        her.person_id,
        made.host,
        1,
        ["internal"],
    )
    assert "identity.passkey_added" in await kinds_of_letters(database, made)

    other = browse(made.host)
    page = await enter(other, key, f"{DOOR}?next=/me/settings")
    assert page.path == "/me/settings"
    newest = max(await rows(database, made, Session), key=lambda row: row.created_at)
    assert (newest.verified_by, newest.passkey_at is not None) == ("passkey", True)
    (row,) = await rows(database, made, Passkey)
    assert (row.sign_count, row.used_at is not None) == (2, True)
    assert {"passkey.added", "sign_in.done"} <= set(await events(database, made))


async def test_a_new_passkey_counts_as_a_proof_and_rotates_the_session(database, made, browser, key):
    before = secret(browser)
    await add(browser, key)
    assert secret(browser) != before
    (row,) = await rows(database, made, Session)
    assert (row.verified_by, row.passkey_at is not None) == ("passkey", True)


async def test_adding_wants_a_fresh_proof(database, made, browser):
    await grow_old(database, made)
    assert (await browser.get(f"{KEPT}/new")).path.startswith("/step-up?next=")


async def test_the_authenticator_is_told_nothing_of_her_id_and_of_those_it_has(made, her, browser, key):
    await add(browser, key)
    page = await browser.get(f"{KEPT}/new")
    asked = await options(page, f"{KEPT}/new")
    assert her.person_id.hex not in json.dumps(asked)
    assert [one["id"] for one in asked["excludeCredentials"]] == [
        json.loads(key.show({"challenge": "x"}))["id"]
    ]
    assert asked["rp"]["id"] == made.host
    assert asked["authenticatorSelection"]["userVerification"] == "required"


async def test_she_names_and_removes_her_own_alone(database, made, browser, browse, key):
    await add(browser, key)
    (row,) = await rows(database, made, Passkey)
    page = await (await browser.get(KEPT)).submit(f"{KEPT}/{row.id}/name", name="Telephone")
    assert "Telephone" in page.text

    stranger = await making.signed_in(database, browse, made, made.owner)
    csrf = next(one.value for one in (await stranger.get("/me/settings")).form("/sign-out").fields)
    for what in ("name", "remove"):
        page = await stranger.post(f"{KEPT}/{row.id}/{what}", [("csrf", csrf), ("name", "Mine")])
        assert page.status == 404

    page = await (await browser.get(KEPT)).submit(f"{KEPT}/{row.id}/remove")
    assert "opens nothing here any more" in page.text
    assert await rows(database, made, Passkey) == []
    assert "identity.passkey_removed" in await kinds_of_letters(database, made)
    assert (await enter(browse(made.host), key)).path.startswith(f"{DOOR}?why=unknown")


async def test_removing_wants_a_fresh_proof(database, made, browser, key):
    await add(browser, key)
    await grow_old(database, made)
    (row,) = await rows(database, made, Passkey)
    page = await (await browser.get(KEPT)).submit(f"{KEPT}/{row.id}/remove")
    assert page.path.startswith("/step-up")
    assert len(await rows(database, made, Passkey)) == 1


async def test_one_key_is_kept_once_and_ten_at_most(database, made, browser, key):
    await add(browser, key, id=b"same" * 8)
    page = await add(browser, Authenticator(key.origin), id=b"same" * 8)
    assert (page.status, "kept here already" in page.text) == (409, True)
    async with database.tenant_session(made.house.context()) as session:
        row = (await session.scalars(select(Passkey))).one()
        for at in range(9):
            values = {name: getattr(row, name) for name in (
                "organisation_id", "person_id", "public_key", "sign_count", "host", "name", "transports", "is_synced",
            )}  # fmt: skip
            session.add(Passkey(**values, credential_id=bytes([at])))
    page = await browser.get(KEPT)
    assert f"{KEPT}/new" not in page.html
    page = await browser.get(f"{KEPT}/new")
    csrf = next(one.value for one in page.form(f"{KEPT}/new").fields if one.name == "csrf")
    assert (await browser.post(f"{KEPT}/new/options", [("csrf", csrf)])).status == 429


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://evil.example.org"}, {"host": "evil.example.org"}, {"flags": PRESENT}, {"challenge": "AAAA"},
     {"type": "webauthn.get"}],
)  # fmt: skip
async def test_no_wrong_answer_becomes_a_passkey(database, made, browser, key, wrong):
    page = await add(browser, key, **wrong)
    assert page.path.startswith(f"{KEPT}/new")
    assert await rows(database, made, Passkey) == []
    assert "passkey.refused" in await events(database, made)


async def test_she_proves_with_it_who_she_is(database, made, browser, key):
    await add(browser, key)
    await grow_old(database, made)
    page = await browser.get(f"{KEPT}/new")
    assert page.path.startswith("/step-up")
    asked = await options(page, "/step-up/passkey")
    assert len(asked["allowCredentials"]) == 1
    page = await page.submit("/step-up/passkey", credential=key.show(asked))
    assert page.path == f"{KEPT}/new"


async def test_somebody_elses_passkey_proves_nothing(database, made, browse, browser, key):
    await add(browser, key)
    other = await making.signed_in(database, browse, made, made.coordinator)
    hers = Authenticator(key.origin)
    await add(other, hers)
    page = await other.get("/step-up")
    page = await page.submit("/step-up/passkey", credential=key.show(await options(page, "/step-up/passkey")))
    assert page.path.startswith("/step-up?why=not_hers")
