"""The doors themselves: hosts, the way on after signing in, forms from elsewhere, the token of another."""

import os

import httpx
import pytest

from tenants.identity import tokens
from tenants.permissions import Role
from tests import making, routes

# A sign-in provider has no page of ours to send from. What it sends is signed (tests/web/pages/test_provider_answers.py), or
# proves nothing and leads on to the whole way of signing in (tests/web/pages/test_begun_elsewhere.py).
FROM_PROVIDERS = ("/sign-in/with/{provider_id}/ended", "/sign-in/with/{provider_id}/begin")
# Nor has a mail program that ends a list for its reader (RFC 8058); the address itself is the proof.
FROM_LETTERS = ("/unsubscribe/{token}",)

ELSEWHERE: tuple[dict[str, str], ...] = (
    {},
    {"hx-request": "true"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"x-csrf-token": "A" * 64},
)
KINDS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/json",
)
# Else each form is sent with all headers and as all kinds, and each two of them meet at every fourth form.
EVERY_WAY = os.environ.get("FORMS_EVERY_WAY") == "yes"


def client(app, host: str, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url=f"https://{host}", headers=headers
    )  # fmt: skip


async def test_hosts(app, made):
    other = {"x-forwarded-host": made.host, "forwarded": f"host={made.host}"}
    async with client(app, "nowhere.localhost") as http:
        assert (await http.get("/sign-in", headers=other)).status_code == 404
        for host in (
            f"{made.host}.",
            f"{made.host}\0",
            f"{made.host}@evil.example",
            f"evil.example/{made.host}",
            "",
            f"{made.host}:80:80",
            f"{made.host}:99999",
            "[::1",
            "[::1]",
            "%",
        ):
            answer = await http.get("/sign-in", headers={"host": host})
            assert answer.status_code in (400, 404, 422), (host, answer.status_code)
        for host in (made.host.upper(), f"{made.host}:8443"):
            assert (await http.get("/sign-in", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/%0d%0aset-cookie:a=b",
    ],
)
async def test_way_on(database, browse, made, path):
    browser = await making.signed_in(database, browse, made, made.coordinator)
    answer = await browser.client.get("/sign-in", params={"next": path}, follow_redirects=False)
    assert answer.headers["location"] in ("/c/today", "/%0d%0aset-cookie:a=b")


async def test_every_form_from_elsewhere_is_refused(database, ground, browse, made):
    browser = await making.signed_in(database, browse, made, made.coordinator)
    for number, route in enumerate(routes.pages(ground)):
        if route.method in routes.SAFE or route.path in FROM_PROVIDERS + FROM_LETTERS:
            continue
        values = {
            name: "00000000-0000-0000-0000-000000000000" if kind == "UUID" else "1"
            for name, kind in route.kinds
        }
        for at, headers in enumerate(ELSEWHERE):
            for kind in KINDS if EVERY_WAY else (KINDS[(number + at) % len(KINDS)],):
                answer = await browser.client.request(
                    route.method, route.filled(**values), content=b"csrf=1", headers={**headers, "content-type": kind},
                    follow_redirects=False,
                )  # fmt: skip
                assert answer.status_code in (400, 403), (str(route), headers, kind, answer.status_code)
    assert (await browser.client.get("/c/today", follow_redirects=False)).status_code == 200


async def test_ended_token_replays_nothing(database, app, made):
    both = await making.somebody(database, made.id, Role.OWNER, name="Both")
    secrets = []
    for _ in range(2):
        async with database.tenant_session(both.context()) as session:
            secrets.append(await tokens.make(session, both, name="T", permissions=["organisation.change"]))
    body, key = {"name": "Aarhus", "time_zone": "UTC"}, {"idempotency-key": "one-key"}
    first, second = (client(app, made.host, authorization=f"Bearer {one.secret}") for one in secrets)
    async with first, second:
        assert (await first.post("/api/v1/offices", json=body, headers=key)).status_code == 201
        again = await second.post("/api/v1/offices", json=body, headers=key)
        assert again.status_code == 409 and "idempotent-replayed" not in again.headers
        async with database.tenant_session(both.context()) as session:
            await tokens.end(session, both, secrets[0].token.id)
        assert (await first.post("/api/v1/offices", json=body, headers=key)).status_code == 401
