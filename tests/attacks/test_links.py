"""Links of letters that are foreign, bent, old, used, or made for something else: each shows one page that tells nothing."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from infra import clock, ids
from tenants.actor import visitor
from tenants.identity.models import Session, SignInLink
from tenants.registration import signing_up
from tenants.registration.models import Participation, Registration
from tenants.registration.rules import CONFIRM
from tests import making
from tests.tenants.identity import steps

PATHS = {
    "/link/": "sign-in", "/confirm/": CONFIRM, "/apply/resume/": "resume", "/answer/": "answer", "/address/": "address",
}  # fmt: skip
HER = "nora.newcomer@example.org"


@pytest.fixture
async def form(database, made, launched):
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        begun = await signing_up.begin(session, guest, slug="network", language="en", role="mentee")
        begun.full_name, begun.email, begun.answers = "Nora Newcomer", HER, making.answers("mentee")
        begun.sent_at, begun.consents = clock.now(), []
    return begun.id


@pytest.fixture
async def link(database, made):
    her = await making.somebody(database, made.id, name="Nora Newcomer")
    return await steps.ask(database, made, await steps.email_of(database, her))


async def post(browser, path):
    """As the page's own form would, with a token of this browser."""
    page = await browser.get("/sign-in")
    token = next(field.value for form in page.forms for field in form.fields if field.name == "csrf")
    return await browser.post(path, [("csrf", token), ("code", "123456"), ("answer", "yes")])


async def counts(database, *organisations) -> list[tuple[int, int]]:
    found = []
    for made in organisations:
        async with database.tenant_session(made.house.context()) as session:
            found.append(
                tuple([
                    (await session.execute(select(func.count()).select_from(table))).scalar_one()
                    for table in (Session, Participation)
                ])
            )  # fmt: skip
    return found


def tells_nothing(page) -> bool:
    return (
        "Nora" not in page.html
        and HER not in page.html
        and "__Host-session" not in str(page.response.headers)
    )


async def test_made_for_something_else(database, ground, browse, made, form, link):
    before = await counts(database, made)
    for path, right in PATHS.items():
        for purpose in {*PATHS.values(), "", "Confirm", "confirm "} - {right}:
            for id in (form, link, ids.random()):
                browser = browse(made.host)
                at = path + ground.links.token(purpose, made.id, id)
                for page in (await browser.get(at), await post(browser, at)):
                    assert page.status in (200, 404, 410) and tells_nothing(page), (
                        path,
                        purpose,
                        page.status,
                    )
    assert await counts(database, made) == before


# The other links that open something without a session, and for what each is made.
ALL = PATHS | {
    "/interview/": "interview", "/met/": "met", "/heard/": "not_heard", "/next/": "afterwards", "/workshop/": "workshop",
    "/workshop-opinion/": "workshop-opinion", "/unsubscribe/": "unsubscribe", "/support/": "support", "/feed/": "calendar",
}  # fmt: skip
ROOT = Path(__file__).parents[2]


def test_every_link_of_a_letter_is_known_here():
    said = [one for room in ("tenants", "web") for one in (ROOT / room).rglob("*.py")]
    found = {f"{path}/" for one in said for path in re.findall(r'\blink\(\s*"(/[a-z/-]+)"', one.read_text())}
    assert "/workshop/" in found and found - set(ALL) == set()
    assert len(set(ALL.values())) == len(ALL)


async def test_no_link_of_a_letter_opens_what_another_opens(ground, browse, made, form, link):
    browser = browse(made.host)
    for path, right in ALL.items():
        for purpose in {*ALL.values()} - {right}:
            page = await browser.get(path + ground.links.token(purpose, made.id, link))
            assert page.status in (200, 404, 410) and tells_nothing(page), (path, purpose, page.status)


async def test_of_another_organisation(database, ground, browse, made, form, link):
    other = await making.organisation(database)
    await making.programme(database, other)
    before = await counts(database, made, other)
    for path, purpose in PATHS.items():
        for id in (form, link):
            for organisation in (made, other):
                browser = browse(other.host)
                at = path + ground.links.token(purpose, organisation.id, id)
                for page in (await browser.get(at), await post(browser, at)):
                    assert page.status in (200, 404, 410) and tells_nothing(page), (path, page.status)
    assert await counts(database, made, other) == before


async def test_bent(database, ground, browse, made, form, link):
    before = await counts(database, made)
    browser = browse(made.host)
    for path, purpose in PATHS.items():
        right = ground.links.token(purpose, made.id, form if purpose != "sign-in" else link)
        swapped = right[:-1] + ("A" if right[-1] != "A" else "Q")
        begun = ("A" if right[0] != "A" else "Q") + right[1:]
        for bent in (
            swapped, right[:-1], right[1:], begun, right.swapcase(), right[:22] + "A" * 21, right * 2, "A" * 43, "A" * 4_000,
            "%00" + right, "é" * 43, "=" * 43, "-" * 43, "..%2f" + right, right[::-1],
        ):  # fmt: skip
            for page in (await browser.get(path + bent), await post(browser, path + bent)):
                assert page.status in (200, 400, 404, 410) and tells_nothing(page), (path, bent, page.status)
    assert await counts(database, made) == before


async def test_old(database, ground, browse, made, form, link):
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Registration).values(expires_at=clock.now() - timedelta(seconds=1)))
        await session.execute(update(SignInLink).values(expires_at=clock.now() - timedelta(seconds=1)))
    before = await counts(database, made)
    for path, purpose, id in (
        ("/confirm/", CONFIRM, form), ("/apply/resume/", "resume", form), ("/link/", "sign-in", link),
    ):  # fmt: skip
        browser = browse(made.host)
        at = path + ground.links.token(purpose, made.id, id)
        for page in (await browser.get(at), await post(browser, at)):
            assert page.status in (200, 404, 410) and tells_nothing(page), (path, page.status)
    assert await counts(database, made) == before


async def test_looked_at_a_hundred_times_and_then_used_once(database, ground, browse, made, form):
    at = "/confirm/" + ground.links.token(CONFIRM, made.id, form)
    for _ in range(50):
        assert (await browse(made.host).get(at)).status == 200
        assert (await browse(made.host).head(at)).status == 200
    assert await counts(database, made) == [(0, 0)]
    for _ in range(3):
        page = await post(browse(made.host), at)
        assert page.status == 200 and "You are registered" in page.text
    assert await counts(database, made) == [(0, 1)]


@pytest.mark.parametrize(
    "bent", ["%0d%0aset-cookie:a=b", "%00", "%0a", "%e2%80%a8x", "%c3%a9", "%22%3e%3cx%3e", "a%20b"]
)
async def test_what_comes_in_with_the_address_ends_no_header(browse, made, bent):
    """The way on after a form is made of the address that it came to."""
    browser = browse(made.host)
    page = await browser.get("/sign-in")
    token = next(field.value for form in page.forms for field in form.fields if field.name == "csrf")
    for path in PATHS:
        answer = await browser.client.post(
            path + bent, data={"csrf": token}, headers={"sec-fetch-site": "same-origin", "origin": f"https://{made.host}"},
            follow_redirects=False,
        )  # fmt: skip
        assert answer.status_code in (200, 303, 404, 410)
        assert "a" not in {name.partition("=")[0] for name in answer.headers.get_list("set-cookie")}
        assert (
            answer.headers.get("location", "/x").isascii()
            and answer.headers.get("location", "/x").isprintable()
        )
