"""Passkeys through the pages: added, shown to sign in and to prove who one is, demanded, refused in many ways, removed."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from infra import clock
from tenants.audit.models import AuditEvent
from tenants.identity.models import Session
from tenants.identity.proof_models import Passkey, PasskeyChallenge
from tenants.notifications.models import Letter
from tenants.organisations.models import Organisation, OrganisationHost
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making
from tests.authenticator import PRESENT, Authenticator
from tests.web.pages.test_step_up import grow_old, rows, secret

KEPT = "/me/settings/passkeys"
DOOR = "/sign-in/passkey"


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.PARTICIPANT)


@pytest.fixture
def key(made):
    return Authenticator(f"http://{made.host}")


async def options(page, action: str) -> dict:
    """What the script of the page fetches."""
    csrf = next(one.value for one in page.form(action).fields if one.name == "csrf")
    answer = await page.browser.post(f"{action}/options", [("csrf", csrf)])
    assert answer.status == 201, answer.text
    return json.loads(answer.html)


async def add(browser, key, *, name: str = "My key", **wrong):
    page = await browser.get(f"{KEPT}/new")
    asked = await options(page, f"{KEPT}/new")
    return await page.submit(f"{KEPT}/new", credential=key.make(asked, **wrong), name=name)


async def enter(browser, passkey, path: str = DOOR, **wrong):
    """Show it on the page at the door."""
    page = await browser.get(path)
    asked = await options(page, DOOR)
    return await page.submit(DOOR, credential=passkey.show(asked, **wrong))


async def events(database, made) -> list[str]:
    return [row.event for row in await rows(database, made, AuditEvent)]


async def kinds_of_letters(database, made) -> list[str]:
    return [row.kind for row in await rows(database, made, Letter)]


@pytest.fixture
async def browser(database, made, her, browse):
    return await making.signed_in(database, browse, made, her)


async def demand(database, made) -> None:
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Organisation).values(demands_passkeys=True))


# --- Making, naming, removing ---------------------------------------------------------------------------------------


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


# --- Wrong ways in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"origin": "https://evil.example.org"}, "wrong"),
        ({"host": "evil.example.org"}, "wrong"),
        ({"flags": PRESENT}, "wrong"),
        ({"challenge": "AAAA"}, "wrong"),
        ({"type": "webauthn.create"}, "wrong"),
        ({"user": b"somebody else"}, "unknown"),
        ({"user": b""}, "unknown"),
        ({"count": 1}, "suspected"),
        ({"count": 0}, "suspected"),
        ({"cross_origin": True}, "wrong"),
    ],
)
async def test_no_wrong_answer_opens(database, made, browser, browse, key, wrong, why):
    await add(browser, key)
    visitor = browse(made.host)
    page = await enter(visitor, key, **wrong)
    assert page.path.startswith(f"{DOOR}?why={why}")
    assert secret(visitor) is None
    assert ("passkey.suspected" if why == "suspected" else "passkey.refused") in await events(database, made)


async def test_another_key_behind_the_same_name_does_not_open(database, made, browser, browse, key):
    await add(browser, key)
    thief = Authenticator(key.origin)
    thief.make({"rp": {"id": made.host}, "user": {"id": "AAAA"}, "challenge": "AAAA"})
    page = await enter(browse(made.host), key, key=thief.credentials[0].key)
    assert page.path.startswith(f"{DOOR}?why=wrong")


async def test_a_passkey_that_is_not_kept_here_does_not_open(made, browse, key):
    key.make({"rp": {"id": made.host}, "user": {"id": "AAAA"}, "challenge": "AAAA"})
    assert (await enter(browse(made.host), key)).path.startswith(f"{DOOR}?why=unknown")


async def test_visitors_make_none(made, browse):
    visitor = browse(made.host)
    csrf = next(one.value for one in (await visitor.get(DOOR)).form(DOOR).fields if one.name == "csrf")
    for path in (f"{DOOR}/new/options", f"{DOOR}/new"):
        assert (await visitor.post(path, [("csrf", csrf), ("name", "x"), ("credential", "{}")])).status == 403


async def test_a_copy_is_seen_by_its_count_and_told(database, made, browser, browse, key):
    await add(browser, key)
    await enter(browse(made.host), key)
    page = await enter(browse(made.host), key, count=2)
    assert "two of it" in page.text
    assert "two of it" in (await browser.get(KEPT)).text


async def test_a_key_that_does_not_count_opens_again_and_again(made, browser, browse):
    synced = Authenticator(f"http://{made.host}", counts=False)
    await add(browser, synced)
    for _time in range(2):
        assert (await enter(browse(made.host), synced)).path == "/me"


async def test_an_answer_opens_once(database, made, browser, browse, key):
    await add(browser, key)
    visitor = browse(made.host)
    page = await visitor.get(DOOR)
    answer = key.show(await options(page, DOOR))
    cookie = visitor.client.cookies.get("__Host-passkey")
    assert (await page.submit(DOOR, credential=answer)).path == "/me"
    visitor.client.cookies.clear()
    again = await visitor.get(DOOR)
    visitor.client.cookies.set("__Host-passkey", cookie, domain=made.host, path="/")
    assert (await again.submit(DOOR, credential=answer)).path.startswith(f"{DOOR}?why=expired")
    assert secret(visitor) is None


async def test_of_many_at_the_same_moment_one_gets_in(database, made, browser, browse, key):
    await add(browser, key)
    visitor = browse(made.host)
    page = await visitor.get(DOOR)
    answer = key.show(await options(page, DOOR))
    form = page.form(DOOR)
    sent = [(one.name, one.value) for one in form.fields if one.name != "credential"] + [
        ("credential", answer)
    ]
    before = len(await rows(database, made, Session))
    await asyncio.gather(*(visitor.post(DOOR, sent) for _one in range(10)))
    assert len(await rows(database, made, Session)) == before + 1


async def test_an_answer_counts_in_the_browser_that_asked(made, browser, browse, key):
    await add(browser, key)
    asker, other = browse(made.host), browse(made.host)
    asked = await options(await asker.get(DOOR), DOOR)
    page = await other.get(DOOR)
    assert (await page.submit(DOOR, credential=key.show(asked))).path.startswith(f"{DOOR}?why=expired")
    await options(page, DOOR)  # a challenge of its own does not help
    assert (await page.submit(DOOR, credential=key.show(asked))).path.startswith(f"{DOOR}?why=wrong")


async def test_what_was_asked_is_over_after_five_minutes(database, made, browser, browse, key):
    await add(browser, key)
    visitor = browse(made.host)
    page = await visitor.get(DOOR)
    asked = await options(page, DOOR)
    async with database.tenant_session(made.house.context()) as session:
        late = PasskeyChallenge.expires_at - timedelta(minutes=5)
        await session.execute(update(PasskeyChallenge).values(expires_at=late))
    assert (await page.submit(DOOR, credential=key.show(asked))).path.startswith(f"{DOOR}?why=expired")


async def test_what_was_asked_for_one_thing_counts_for_no_other(database, made, her, browse, browser, key):
    """A challenge to prove who one is opens no door, nor that of the door a note."""
    await add(browser, key)
    page = await browser.get("/step-up")
    answer = key.show(await options(page, "/step-up/passkey"))
    visitor = browse(made.host)
    at_the_door = await visitor.get(DOOR)
    for one in browser.client.cookies.jar:
        if one.name == "__Host-passkey":
            visitor.client.cookies.set(one.name, one.value, domain=made.host, path="/")
    assert (await at_the_door.submit(DOOR, credential=answer)).path.startswith(f"{DOOR}?why=expired")


async def test_a_passkey_is_of_one_organisation(database, made, browser, browse, key):  # N02
    await add(browser, key)
    other = await making.organisation(database)
    visitor = browse(other.host)
    page = await visitor.get(DOOR)
    asked = await options(page, DOOR)
    assert asked["rpId"] == other.host
    for origin in (key.origin, f"http://{other.host}"):
        key.origin = origin
        answer = key.show(asked, host=other.host)
        page = await page.submit(DOOR, credential=answer)
        assert page.path.startswith(f"{DOOR}?why=")
        page = await visitor.get(DOOR)
        asked = await options(page, DOOR)
    assert secret(visitor) is None


async def test_who_has_left_does_not_come_in(database, made, her, browser, browse, key):
    await add(browser, key)
    async with database.tenant_session(made.house.context()) as session:
        (await session.scalars(select(Person).where(Person.id == her.person_id))).one().is_active = False
    assert (await enter(browse(made.host), key)).path.startswith(f"{DOOR}?why=unknown")


async def test_it_opens_at_the_main_host(database, made, browse):
    async with database.tenant_session(made.house.context()) as session:
        session.add(OrganisationHost(organisation_id=made.id, host=f"other-{made.host}", is_primary=False))
    answer = await browse(f"other-{made.host}").client.get(f"{DOOR}?next=/me", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"http://{made.host}{DOOR}?next=/me")


# --- Proving anew ----------------------------------------------------------------------------------------------------


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


# --- Demanded by the organisation ------------------------------------------------------------------------------------


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
