"""The same protection on every answer there is: pages, programs' answers, refusals, and addresses that lead nowhere."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from infra.ground import Ground
from infra.http.asgi import ASGIApp
from infra.http.headers import ALWAYS, HSTS, OTHER_POLICY, PAGE_POLICY
from mentorweave.asgi import make
from tests import routes
from tests.isolation.asking import asker, forget_limits
from tests.web.markup import Markup
from tests.worlds import Looked

pytestmark = pytest.mark.usefixtures("bugs")

EXPECTED = {name.decode(): value.decode() for name, value in ALWAYS}


def _faults(response: httpx.Response, *, is_secure: bool = False) -> list[str]:
    """What is wrong with the headers of an answer, and with the page that they protect."""
    found = []
    headers = response.headers
    found += [
        f"{name}: {headers.get(name)}" for name, value in EXPECTED.items() if headers.get(name) != value
    ]
    if headers.get("cache-control") != "no-store" and not str(response.url.path).startswith("/static/"):
        found.append(f"cache-control: {headers.get('cache-control')}")
    if (headers.get("strict-transport-security") == HSTS[1].decode()) != is_secure:
        found.append(f"strict-transport-security: {headers.get('strict-transport-security')}")
    if "server" in headers:
        found.append("names its server")
    policy = headers.get("content-security-policy", "")
    if not headers.get("content-type", "").startswith("text/html"):
        return found if policy == OTHER_POLICY else [*found, f"policy: {policy}"]
    if headers["content-type"].lower().count("charset") > 1:
        found.append(f"content-type: {headers['content-type']}")
    page = Markup.of(response.text)
    nonces = page.nonces or {policy.partition("'nonce-")[2].partition("'")[0]}
    if len(nonces) != 1 or policy != PAGE_POLICY.format(nonce=next(iter(nonces))):
        found.append(f"policy: {policy[:80]}")
    return found + page.bare


@pytest.fixture(autouse=True)
async def _unlimited(ground: Ground) -> None:
    await forget_limits(ground)


@pytest.fixture
async def secure(ground: Ground) -> AsyncIterator[ASGIApp]:
    """The product as it runs behind TLS."""
    settings = replace(ground.settings, web=replace(ground.settings.web, scheme="https", is_secure=True))
    yield make(replace(ground, settings=settings))


def test_every_page_is_protected(looked: Looked) -> None:
    wrong = {}
    for shown, answer in looked.shown.items():
        if faults := _faults(answer):
            wrong[str(shown)] = faults
    assert wrong == {}


async def test_every_refusal_is_protected(ground: Ground, looked: Looked) -> None:
    """Nobody in particular asks by every method at every address, of this host and of one where nobody lives."""
    wrong: dict[str, list[str]] = {}
    visitor = looked.readers["visitor"].client
    for route in (*routes.pages(ground), *routes.api(ground)):
        values = {name: 1 if kind == "int" else looked.world.id for name, kind in route.kinds}
        address = route.filled(**values)
        for method in ("GET", "POST", "DELETE", "TRACE"):
            if not route.is_stream and (faults := _faults(await visitor.request(method, address))):
                wrong[f"{method} {address}"] = faults
        await forget_limits(ground)
    for address in (
        "/nowhere",
        "/api/v1/nowhere",
        "/static/none.css",
        "/c/people/no-id",
        "/livez",
        "/p/%FF",
        "/readyz",
        "/scim/v2",
        "/scim/v2/Users",
        "/scim/v2/nowhere",
        f"/scim/v2/Users/{looked.world.id}",
    ):
        if faults := _faults(await visitor.get(address)):
            wrong[address] = faults
    if faults := _faults(await visitor.get("/", headers={"host": "nobody.localhost"})):
        wrong["a host where nobody lives"] = faults
    assert wrong == {}


async def test_every_answer_to_a_program_is_protected(ground: Ground, app: ASGIApp, looked: Looked) -> None:
    wrong, statuses = {}, set()
    program = await asker(app, looked.world, "token")
    addresses = [route.path for route in routes.api(ground) if route.method == "GET" and not route.kinds]
    for address in (
        *addresses,
        "/scim/v2/Users",
        "/scim/v2/Groups",
        "/scim/v2/Schemas",
        "/scim/v2/Users?filter=x",
    ):
        answer = await program.send("GET", address)
        statuses.add(answer.status_code)
        if faults := _faults(answer):
            wrong[address] = faults
    await program.client.aclose()
    assert wrong == {}
    assert {200, 400} <= statuses


async def test_transport_security_is_asked_for_where_there_is_any(looked: Looked, secure: ASGIApp) -> None:
    wrong = {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(secure), base_url=f"https://{looked.world.host}"
    ) as client:
        for address in ("/sign-in", "/nowhere", "/api/v1/organisation", "/livez"):
            if faults := _faults(await client.get(address), is_secure=True):
                wrong[address] = faults
    assert wrong == {}
