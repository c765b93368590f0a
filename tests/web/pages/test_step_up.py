"""Proving anew who one is: by code, account or passkey, and back to where one was, with all that one had written."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, update

from infra import clock
from tenants.audit.models import AuditEvent
from tenants.identity import kept_forms, step_up
from tenants.identity.models import Session
from tenants.identity.proof_models import KeptForm, StepUpCode
from tenants.organisations.models import Organisation
from tenants.permissions import Role
from tests import making
from tests.working import drain

CONFIDENTIAL = "/me/settings/passkeys/new"  # a page that wants a fresh proof
WRITTEN = "She told me in confidence,\nwhat nobody else may read: canary-7305."


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.PARTICIPANT)


@pytest.fixture
async def browser(database, made, her, browse):
    found = await making.signed_in(database, browse, made, her)
    await grow_old(database, made)
    return found


async def grow_old(database, made, minutes: int = 16) -> None:
    """All proofs of this organisation's sessions were given so long ago."""
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Session).values(verified_at=clock.now() - timedelta(minutes=minutes)))


async def rows(database, made, table):
    async with database.tenant_session(made.house.context()) as session:
        return list(await session.scalars(select(table).order_by(*inspect(table).primary_key)))


async def code(ground, made, inbox) -> str:
    await drain(ground, made.id)
    text = inbox.mails[-1].get_body(("plain",)).get_content()
    return re.search(r"^\s*(\d{6})\s*$", text, re.MULTILINE)[1]


def secret(browser) -> str:
    return browser.client.cookies.get("__Host-session")


async def test_a_fresh_sign_in_needs_no_other_proof(database, made, her, browse):
    browser = await making.signed_in(database, browse, made, her)
    await grow_old(database, made, minutes=14)
    assert (await browser.get(CONFIDENTIAL)).path == CONFIDENTIAL


async def test_she_proves_it_by_a_code_and_is_where_she_was(database, made, browser, ground, inbox):
    page = await browser.get(CONFIDENTIAL)
    assert page.path.startswith("/step-up?next=")
    before = secret(browser)
    page = await page.submit("/step-up/code/send")
    assert page.path.startswith("/step-up/code")

    page = await page.submit("/step-up/code", code=await code(ground, made, inbox))

    assert page.path == CONFIDENTIAL
    (row,) = await rows(database, made, Session)
    assert (row.verified_by, row.passkey_at) == ("code", None)
    assert clock.now() - row.verified_at < timedelta(minutes=1)
    # The session goes on under a new secret, and the old one is worthless.
    assert secret(browser) != before
    browser.sign_in(before)
    assert (await browser.get("/me/settings")).path.startswith("/sign-in")


async def test_a_code_counts_once(database, made, browser, ground, inbox):
    page = await (await browser.get("/step-up")).submit("/step-up/code/send")
    sent = await code(ground, made, inbox)
    form = page
    await form.submit("/step-up/code", code=sent)
    await grow_old(database, made)
    page = await (await browser.get("/me/settings")).browser.get("/step-up/code")
    assert page.path == "/step-up"  # there is no open code any more
    csrf = next(one.value for one in page.form("/step-up/code/send").fields if one.name == "csrf")
    await browser.post("/step-up/code", [("csrf", csrf), ("code", sent)])
    assert (await browser.get(CONFIDENTIAL)).path.startswith("/step-up")
    (tried,) = [one for one in await rows(database, made, AuditEvent) if one.event == "sign_in.link_refused"]
    assert (tried.object_kind, tried.details["why"]) == ("step_up_code", "used")


async def test_five_wrong_codes_close_it_and_are_counted_for_her_address(
    database, made, browser, ground, inbox
):
    page = await (await browser.get("/step-up")).submit("/step-up/code/send")
    right = await code(ground, made, inbox)
    for _try in range(5):
        page = await page.submit("/step-up/code", code=str((int(right) + 1) % 10**6).zfill(6))
    assert "too many wrong codes" in page.text
    page = await page.submit("/step-up/code", code=right)
    assert "too many wrong codes" in page.text
    assert (await browser.get(CONFIDENTIAL)).path.startswith("/step-up")
    events = [row.event for row in await rows(database, made, AuditEvent)]
    assert events.count("sign_in.code_wrong") == 5


async def test_a_code_is_of_the_session_that_asked(database, made, her, browse, browser, ground, inbox):
    await (await browser.get("/step-up")).submit("/step-up/code/send")
    sent = await code(ground, made, inbox)
    other = await making.signed_in(database, browse, made, her)
    await grow_old(database, made)
    assert (await other.get("/step-up/code")).path == "/step-up"
    page = await other.get("/step-up")
    csrf = next(one.value for one in page.form("/step-up/code/send").fields if one.name == "csrf")
    page = await other.post("/step-up/code", [("csrf", csrf), ("code", sent)])
    assert (await other.get(CONFIDENTIAL)).path.startswith("/step-up")


async def test_a_code_is_no_way_in_and_a_way_in_is_no_code(database, made, browser, ground):
    """The six digits of a letter for one purpose say nothing of those for another."""
    await (await browser.get("/step-up")).submit("/step-up/code/send")
    (asked,) = await rows(database, made, StepUpCode)
    assert ground.links.code("sign-in", made.id, asked.id) != ground.links.code(
        step_up.PURPOSE, made.id, asked.id
    )
    assert (await browser.get(f"/link/{ground.links.token('sign-in', made.id, asked.id)}")).status == 410


async def test_a_code_is_over_after_a_quarter_of_an_hour(database, made, browser, ground, inbox):
    page = await (await browser.get("/step-up")).submit("/step-up/code/send")
    sent = await code(ground, made, inbox)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(StepUpCode).values(expires_at=clock.now()))
    page = await page.submit("/step-up/code", code=sent)
    assert page.path.startswith("/step-up")
    assert (await browser.get(CONFIDENTIAL)).path.startswith("/step-up?next=")


async def test_codes_are_no_flood(database, made, browser):
    (hers,) = await rows(database, made, Session)
    async with database.tenant_session(made.house.context()) as session:
        session.add_all(
            StepUpCode(organisation_id=made.id, session_id=hers.id, expires_at=clock.now())
            for _letter in range(step_up.CODES_A_DAY - 1)
        )
    assert (await (await browser.get("/step-up")).submit("/step-up/code/send")).path.startswith(
        "/step-up/code"
    )
    assert (await (await browser.get("/step-up")).submit("/step-up/code/send")).status == 429


async def test_visitors_sign_in_instead(made, browse):
    for path in ("/step-up", "/step-up/code", "/step-up/on"):
        assert (await browse(made.host).get(path)).path.startswith("/sign-in")


@pytest.mark.parametrize("next", ["//evil.example.org", "https://evil.example.org", "/\\evil.example.org"])
async def test_it_leads_nowhere_else(made, browser, ground, inbox, next):
    page = await browser.get("/step-up", params={"next": next})
    page = await page.submit("/step-up/code/send")
    page = await page.submit("/step-up/code", code=await code(ground, made, inbox))
    assert page.path == "/me"


# --- Nothing is lost ------------------------------------------------------------------------------------------------


async def send_too_late(browser):
    """A form that wants a fresh proof, with a long text in it."""
    page = await browser.get("/me/settings")
    csrf = next(one.value for form in page.forms for one in form.fields if one.name == "csrf")
    return await browser.post(
        CONFIDENTIAL, [("csrf", csrf), ("name", WRITTEN), ("tick", "one"), ("tick", "two")]
    )


async def test_what_she_had_sent_comes_back_with_all_its_fields(database, made, browser, ground, inbox):
    page = await send_too_late(browser)
    assert page.path.startswith("/step-up?next=")
    page = await page.submit("/step-up/code/send")
    page = await page.submit("/step-up/code", code=await code(ground, made, inbox))
    assert page.path == "/step-up/on"
    form = page.form(CONFIDENTIAL)
    fields = [(one.name, one.value) for one in form.fields if one.name != "csrf"]
    assert fields == [("name", WRITTEN), ("tick", "one"), ("tick", "two")]
    assert "canary-7305" in page.text
    # And it can be sent: the page itself now answers.
    page = await page.submit(CONFIDENTIAL)
    assert page.path.startswith(CONFIDENTIAL)


async def test_what_is_kept_is_for_her_browser_alone(database, made, her, browse, browser):
    await send_too_late(browser)
    (row,) = await rows(database, made, KeptForm)
    assert b"canary" not in row.sealed
    opener = browser.client.cookies.get("__Host-kept")
    other = await making.somebody(database, made.id, Role.PARTICIPANT)
    async with database.tenant_session(made.house.context()) as session:
        assert (await kept_forms.kept(session, her, opener)).path == CONFIDENTIAL
        assert await kept_forms.kept(session, other, opener) is None
        for bent in ("", "A" * 64, opener[:-4] + "AAAA", opener[::-1], "€", opener[:20]):
            assert await kept_forms.kept(session, her, bent) is None
        row = (await session.scalars(select(KeptForm))).one()
        row.expires_at = clock.now()
        await session.flush()
        assert await kept_forms.kept(session, her, opener) is None


async def test_it_is_shown_only_after_the_proof(made, browser):
    await send_too_late(browser)
    page = await browser.get("/step-up/on")
    assert page.path.startswith("/step-up?next=")
    assert "canary-7305" not in page.html


# --- By the organisation's own account --------------------------------------------------------------------------------


async def test_where_a_passkey_is_demanded_nothing_else_will_do(database, made, browse, ground, inbox):
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get("/step-up")
    assert "Send me a code" in page.text
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Organisation).values(demands_passkeys=True))
        await session.execute(update(Session).values(passkey_at=clock.now()))
    await grow_old(database, made)
    assert "Send me a code" not in (await browser.get("/step-up")).text
    assert (await page.submit("/step-up/code/send")).status == 403
