"""Signing in as a person does it: page, letter, link or code, cookie."""

import asyncio
import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from infra import clock
from tenants.audit.models import AuditEvent
from tenants.identity.models import Session, SignInLink
from tenants.people import actions as people
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making
from tests.working import drain


@pytest.fixture
async def made(database):
    return await making.organisation(database)


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.PARTICIPANT)


@pytest.fixture
async def email(database, her) -> str:
    async with database.tenant_session(her.context()) as session:
        return (await session.execute(select(Person.email).where(Person.id == her.person_id))).scalar_one()


async def ask(browser, email: str, path: str = "/sign-in"):
    page = await browser.get(path)
    return await page.submit("/sign-in", email=email)


async def letter(ground, made, inbox, email: str) -> tuple[str, str]:
    """The link's path and the code, as they stand in the letter."""
    await drain(ground, made.id)
    text = inbox.to(email)[-1].get_body(("plain",)).get_content()
    return re.search(r"/link/[\w-]{43}", text)[0], re.search(r"^\s*(\d{6})\s*$", text, re.MULTILINE)[1]


def session_cookie(browser) -> str | None:
    return browser.client.cookies.get("__Host-session")


async def test_the_button_in_the_browser_that_asked_signs_in(made, her, email, browse, ground, inbox):
    browser = browse(made.host)
    asked = await ask(browser, email)
    assert asked.path == "/sign-in/code"
    assert email in asked.text
    link, _code = await letter(ground, made, inbox, email)

    page = await browser.get(link)
    assert page.status == 200
    page = await page.submit(link)

    assert page.path == "/me"
    assert session_cookie(browser)


async def test_the_code_signs_in_and_leads_where_she_wanted_to_go(made, her, email, browse, ground, inbox):
    browser = browse(made.host)
    page = await ask(browser, email, "/sign-in?next=/me/settings")
    _link, code = await letter(ground, made, inbox, email)
    page = await page.submit("/sign-in/code", code=code)
    assert page.path == "/me/settings"


async def test_a_view_of_a_table_is_found_again_by_button_and_by_code(
    made, her, email, browse, ground, inbox
):
    """What stands behind the question mark comes along, in whatever script, and nothing else does."""
    wanted = "/me/settings?q=%C5%BDana%20%26%20co&role=mentee"
    for opens in ("button", "code"):
        browser = browse(made.host)
        page = await browser.get(wanted)
        assert wanted in [field.value for field in page.form("/sign-in").fields if field.name == "next"]
        asked = await page.submit("/sign-in", email=email)
        link, code = await letter(ground, made, inbox, email)
        if opens == "button":
            page = await (await browser.get(link)).submit(link)
        else:
            page = await asked.submit("/sign-in/code", code=code)
        assert page.path == wanted
    page = await browse(made.host).get(f"/me/settings?q={'x' * 5000}")
    assert page.path == "/sign-in?next=/me/settings"


@pytest.mark.parametrize(
    "where", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"]
)
async def test_no_link_leads_elsewhere(made, email, browse, where):
    browser = browse(made.host)
    page = await browser.get("/sign-in", params={"next": where})
    assert "next" not in [field.name for field in page.form("/sign-in").fields]


async def test_the_cookie_is_ours_alone(made, email, browse, ground, inbox):
    browser = browse(made.host)
    await ask(browser, email)
    link, _code = await letter(ground, made, inbox, email)
    page = await browser.get(link)
    browser.client.follow_redirects = False
    entered = await page.submit(link)
    cookie = next(
        c for c in entered.response.headers.get_list("set-cookie") if c.startswith("__Host-session=")
    )
    assert cookie.partition(";")[2] == " Path=/; Secure; HttpOnly; SameSite=Lax"


async def test_a_hundred_looks_leave_the_link_usable(made, email, browse, ground, inbox):
    browser, scanner = browse(made.host), browse(made.host)
    await ask(browser, email)
    link, _code = await letter(ground, made, inbox, email)

    for _ in range(50):
        assert (await scanner.get(link)).status == 200
        assert (await scanner.head(link)).status == 200

    page = await (await browser.get(link)).submit(link)
    assert page.path == "/me"


async def test_a_scanner_that_presses_the_button_gets_nowhere(made, email, browse, ground, inbox):
    browser, scanner = browse(made.host), browse(made.host)
    await ask(browser, email)
    link, _code = await letter(ground, made, inbox, email)

    pressed = await (await scanner.get(link)).submit(link)

    assert session_cookie(scanner) is None
    assert pressed.path.startswith(link)
    assert (await (await browser.get(link)).submit(link)).path == "/me"


async def test_of_fifty_presses_one_begins_a_session(made, her, email, browse, ground, inbox, database):
    browser = browse(made.host)
    await ask(browser, email)
    link, _code = await letter(ground, made, inbox, email)
    page = await browser.get(link)

    await asyncio.gather(*(page.submit(link) for _ in range(50)))

    async with database.tenant_session(her.context()) as session:
        begun = select(func.count()).select_from(Session).where(Session.person_id == her.person_id)
        assert (await session.execute(begun)).scalar_one() == 1


async def test_a_used_link_says_so(database, made, email, browse, ground, inbox):
    browser, other = browse(made.host), browse(made.host)
    await ask(browser, email)
    link, _code = await letter(ground, made, inbox, email)
    await (await browser.get(link)).submit(link)

    page = await other.get(link)

    assert (page.status, "Somebody has signed in with it already" in page.text) == (410, True)
    assert "You are signed in: go on" in (await browser.get(link)).text
    assert await refusals(database, made) == [("visitor", "used")]  # once, however often it is looked at

    await ask(other, email)
    late, code = await letter(ground, made, inbox, email)
    page = await other.get("/sign-in/code")
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert (await page.submit("/sign-in/code", code=code)).path == "/sign-in"  # its cookie is gone too
        assert (await other.get(late)).status == 410
    assert await refusals(database, made) == [("visitor", "used"), ("visitor", "expired")]


async def refusals(database, made) -> list[tuple[str, str]]:
    query = (
        select(AuditEvent).where(AuditEvent.event == "sign_in.link_refused").order_by(AuditEvent.created_at)
    )
    async with database.tenant_session(made.house.context()) as session:
        return [(one.actor_kind, one.details["why"]) for one in await session.scalars(query)]


async def test_in_another_browser_the_code_is_asked_for(made, email, browse, ground, inbox):
    browser, phone = browse(made.host), browse(made.host)
    await ask(browser, email)
    link, code = await letter(ground, made, inbox, email)

    page = await phone.get(link)
    assert "This is not the browser" in page.text
    page = await page.submit(link, code="000000" if code != "000000" else "111111")
    assert "This is not the code" in page.text
    page = await page.submit(link, code=code)

    assert page.path == "/me"


async def test_the_fifth_wrong_code_is_the_last(made, email, browse, ground, inbox, database, her):
    browser = browse(made.host)
    page = await ask(browser, email)
    link, code = await letter(ground, made, inbox, email)
    for _ in range(5):
        page = await page.submit("/sign-in/code", code="000000" if code != "000000" else "111111")
    assert "too many wrong codes" in page.text

    page = await page.submit("/sign-in/code", code=code)

    assert session_cookie(browser) is None
    async with database.tenant_session(her.context()) as session:
        assert (await session.execute(select(SignInLink.wrong_codes))).scalar_one() == 5
    assert (await (await browser.get(link)).submit(link)).path == "/me"


async def test_an_unknown_address_sees_the_same_page_and_gets_no_letter(made, email, browse, ground, inbox):
    pages = [await ask(browse(made.host), one) for one in (email, "nobody1@example.org")]
    shown = [
        _neutral(page.html, one) for page, one in zip(pages, (email, "nobody1@example.org"), strict=True)
    ]
    assert shown[0] == shown[1]
    assert pages[0].status == pages[1].status == 200
    await drain(ground, made.id)
    assert inbox.to("nobody1@example.org") == []


def _neutral(html: str, email: str) -> str:
    """A page without what differs at every request."""
    html = html.replace(email, "EMAIL")
    html = re.sub(r'nonce="[^"]*"|name="csrf" value="[^"]*"', "", html)
    return re.sub(r"\d\d:\d\d", "TIME", html)


async def test_what_is_no_address_comes_back_with_a_sentence(made, browse):
    page = await ask(browse(made.host), "not an address")
    assert page.status == 422
    assert "name@example.org" in page.text
    assert 'value="not an address"' in page.html


async def test_asking_too_often_is_refused_for_anybody(made, browse):
    browser = browse(made.host)
    statuses = [(await ask(browser, "flood@example.org")).status for _ in range(6)]
    assert statuses == [200] * 5 + [429]


async def test_a_session_that_the_client_brings_is_not_kept(made, her, email, browse, ground, inbox):
    browser = browse(made.host)
    browser.sign_in("chosen-by-somebody-else")
    assert (await browser.get("/me/settings")).path.startswith("/sign-in")
    await ask(browser, email)
    link, _code = await letter(ground, made, inbox, email)
    await (await browser.get(link)).submit(link)
    assert session_cookie(browser) != "chosen-by-somebody-else"
    assert len(session_cookie(browser)) == 43


async def test_another_organisations_session_and_link_are_nothing_here(
    database, made, email, browse, ground, inbox
):
    # N02
    other = await making.organisation(database)
    browser, there = browse(made.host), browse(other.host)
    await ask(browser, email)
    link, _code = await letter(ground, made, inbox, email)
    assert (await there.get(link)).status == 410
    await (await browser.get(link)).submit(link)

    there.sign_in(session_cookie(browser))

    assert (await there.get("/me/settings")).path.startswith("/sign-in")


async def test_after_signing_out_the_next_request_is_refused(database, made, her, browse):
    browser = await making.signed_in(database, browse, made, her)
    page = await browser.get("/me/settings")
    secret = session_cookie(browser)

    assert (await page.submit("/sign-out")).path == "/sign-in"

    browser.sign_in(secret)
    assert (await browser.get("/me/settings")).path.startswith("/sign-in")


async def test_a_role_taken_away_counts_at_the_next_request(database, made, browse):
    second = await making.somebody(database, made.id, Role.OWNER)
    browser = await making.signed_in(database, browse, made, second)
    assert (await browser.get("/a")).status == 200
    async with database.tenant_session(made.owner.context()) as session:
        await people.take_role(session, made.owner, second.person_id, Role.OWNER)
    assert (await browser.get("/a")).status == 403


@pytest.mark.parametrize("language", ["fr", "ar"])
async def test_the_letter_speaks_the_language_of_the_page(made, email, browse, ground, inbox, language):
    browser = browse(made.host)
    page = await browser.get(f"/sign-in?lang={language}")
    assert f'lang="{language}"' in page.html
    await page.submit("/sign-in", email=email)
    await drain(ground, made.id)
    assert f'lang="{language}"' in inbox.to(email)[-1].get_body(("html",)).get_content()


async def test_pages_of_signing_in_are_small_and_without_script(made, email, browse, ground, inbox):
    browser = browse(made.host)
    pages = [await browser.get("/sign-in"), await ask(browser, email)]
    link, _code = await letter(ground, made, inbox, email)
    pages += [await browser.get(link), await browse(made.host).get(link)]
    for page in pages:
        assert "<script" not in page.html
        assert page.response.num_bytes_downloaded <= 14_000  # compressed, as it travels
