"""Passkeys that open nothing: wrong, late, used, copied, of somebody or somewhere else."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tenants.identity.models import Session
from tenants.identity.proof_models import PasskeyChallenge
from tenants.organisations.models import OrganisationHost
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making
from tests.authenticator import PRESENT, Authenticator
from tests.passkeys import DOOR, KEPT, add, enter, events, options, rows
from tests.web.pages.test_step_up import secret


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.PARTICIPANT)


@pytest.fixture
def key(made):
    return Authenticator(f"http://{made.host}")


@pytest.fixture
async def browser(database, made, her, browse):
    return await making.signed_in(database, browse, made, her)


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
