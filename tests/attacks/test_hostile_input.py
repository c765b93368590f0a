"""Text that no person types: every door answers it with a refusal and never with a bug."""

import json
from urllib.parse import quote

import httpx
import pytest

from infra.http import paging
from tenants.identity import tokens
from tenants.permissions import Role, of
from tests import making

NUL = "a\0b"


@pytest.fixture
async def caller(database, made, app):
    both = await making.somebody(database, made.id, Role.OWNER, Role.COORDINATOR, name="Both")
    async with database.tenant_session(both.context()) as session:
        everything = of(frozenset({Role.OWNER, Role.COORDINATOR}))
        secret = (await tokens.make(session, both, name="Test", permissions=everything)).secret
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=f"https://{made.host}/api/v1",
        headers={"authorization": f"Bearer {secret}"},
    ) as opened:
        yield opened


def registration(launched, **changed):
    return {
        "programme_id": str(launched.programme.id),
        "role": "mentee",
        "full_name": "Kata",
        "email": "kata@example.org",
        "answers": making.answers("mentee"),
        "consents": ["taking_part", "matching"],
        "channel": "phone",
        "is_confirmed": True,
    } | changed


@pytest.mark.parametrize("changed", [
    {"full_name": NUL},
    {"language": NUL},
    {"email": "a\0@example.org"},
    {"answers": {NUL: "x"}},
    {"answers": making.answers("mentee", motivation=NUL)},
    {"answers": making.answers("mentee", phone=NUL)},
    {"answers": making.answers("mentee", time_zone="../../etc/passwd")},
    {"answers": making.answers("mentee", topics_wanted=[{"a": 1}])},
    {"answers": making.answers("mentee", languages=[[]])},
    {"answers": making.answers("mentee", languages=[{"code": NUL, "level": 10**30}])},
    {"consents": [NUL]},
])  # fmt: skip
async def test_registration(caller, launched, changed):
    answer = await caller.post("/registrations", json=registration(launched, **changed))
    assert answer.status_code == 422, answer.text


async def test_deep_and_broken_json(caller, launched):
    for body in (
        b'{"answers": {"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b"[" * 100_000,
        b'{"full_name": "\\ud800"}',
        b'{"full_name": "\xff"}',
        b"",
        b"null",
        b"1e999",
        b'{"full_name": ' + b"9" * 10_000 + b"}",
    ):
        answer = await caller.post(
            "/registrations", content=body, headers={"content-type": "application/json"}
        )
        assert answer.status_code in (400, 422), (body[:40], answer.status_code, answer.text)


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "",
        "application/json; charset=bogus",
        "application/msgpack",
        "\xe9",
    ],
)
async def test_wrong_content_types(caller, launched, kind):
    for address in ("/registrations", "/imports", "/tokens"):
        answer = await caller.post(
            address,
            content=json.dumps(registration(launched)),
            headers={"content-type": kind.encode("latin-1")},
        )
        assert answer.status_code < 500, (address, answer.text)


@pytest.mark.parametrize("address", [
    "/people", "/participations", "/programmes", "/runs", "/letters", "/tasks", "/tokens", "/imports", "/proposals", "/relationships",
])  # fmt: skip
async def test_cursors(caller, address):
    keys = [
        [NUL, "00000000-0000-0000-0000-000000000000"],
        [10**18], [10**30], [-1], [2**63], [1.5], [True], [], [[[]]], {"a": 1}, None,
        ["0001-01-01T00:00:00+14:00", "00000000-0000-0000-0000-000000000000"],
        ["9999-12-31T23:59:59-14:00", "00000000-0000-0000-0000-000000000000"],
        ["2026-01-01T00:00:00", "00000000-0000-0000-0000-000000000000"],
        ["0001-01-01", "00000000-0000-0000-0000-000000000000"],
    ]  # fmt: skip
    for key in keys:
        answer = await caller.get(address, params={"cursor": paging.encode(key)})
        assert answer.status_code in (200, 422), (key, answer.status_code, answer.text)


@pytest.mark.parametrize("query", [
    "search=%00", "search=a%00b", "search=%ED%A0%80", "search=%FF", "search=%25%5C", "language=%00", "kind=%00", "limit=1e5",
    "limit=99999999999999999999", "limit=" + "9" * 5000, "office_id=%00", "check_up_by=0001-01-01", "due_by=9999-12-31",
    "person_id=" + "9" * 40, "state=%00", "cycle_id=", "search=" + "%F0%9F%92%A9" * 100,
])  # fmt: skip
async def test_queries(caller, query):
    for address in (
        "/people",
        "/participations",
        "/letters",
        "/tasks",
        "/relationships",
        "/proposals",
        "/runs",
    ):
        answer = await caller.get(f"{address}?{query}")
        assert answer.status_code in (200, 400, 422), (address, answer.text)


@pytest.mark.parametrize(
    "expires",
    ["2026-12-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2027-01-01T00:00:00Z"],
)
async def test_tokens(caller, expires):
    answer = await caller.post(
        "/tokens", json={"name": "x", "permissions": ["people.read"], "expires_at": expires}
    )
    assert answer.status_code in (201, 422), answer.text
    answer = await caller.post("/tokens", json={"name": NUL, "permissions": ["people.read", NUL]})
    assert answer.status_code == 422


async def test_names_with_nul(caller):
    for method, address, body in (
        ("PATCH", "/organisation", {"name": NUL}),
        ("PATCH", "/organisation", {"time_zone": NUL}),
        ("PATCH", "/organisation", {"contact_phone": NUL}),
        ("PATCH", "/organisation", {"hue": 10**30}),
        ("POST", "/offices", {"name": NUL, "time_zone": "UTC"}),
        ("POST", "/offices", {"name": "x", "time_zone": "UTC", "region": NUL}),
        ("POST", "/tokens", {"name": NUL, "permissions": ["people.read"]}),
    ):
        answer = await caller.request(method, address, json=body)
        assert answer.status_code == 422, (address, body, answer.text)


PAGES = [
    "/sign-in", "/apply", "/c/people", "/c/pipeline", "/c/pairs", "/c/outbox", "/c/proposals", "/c/today", "/c/import",
    "/c/register", "/c/matching", "/a", "/a/organisation", "/a/api", "/me", "/me/settings", "/me/concern", "/privacy",
]  # fmt: skip


async def test_addresses_of_pages(database, made, launched, browse):
    both = await making.somebody(database, made.id, Role.OWNER, Role.COORDINATOR, name="Both")
    browser = await making.signed_in(database, browse, made, both)
    names = (
        "q", "search", "after", "lang", "next", "why", "show", "language", "programme", "role", "cycle", "office", "status",
        "person", "sort", "state", "new", "week", "day", "from", "rank", "due", "kind", "run", "group", "row", "view", "page",
    )  # fmt: skip
    values = (
        NUL, "\ufffd", "9" * 300, "-1", "%", "\\", paging.encode([NUL, "00000000-0000-0000-0000-000000000000"]),
        paging.encode([10**30]), paging.encode([10**30, "00000000-0000-0000-0000-000000000000"]),
        "0001-01-01", "9999-12-31", "00000000-0000-0000-0000-000000000000",
    )  # fmt: skip
    for page in PAGES:
        for value in values:
            answer = await browser.client.get(
                page, params=dict.fromkeys(names, value), follow_redirects=False
            )
            assert answer.status_code < 500, (page, value[:40])


async def test_paths(database, made, launched, browse):
    both = await making.somebody(database, made.id, Role.OWNER, Role.COORDINATOR, name="Both")
    browser = await making.signed_in(database, browse, made, both)
    for path in (
        "/p/%00", "/p/a%00b", "/p/%ED%A0%80", "/p/%FF", "/p/..%2f..%2fetc", "/link/%00", "/link/%C3%A9", "/confirm/%00",
        "/confirm/" + "A" * 43, "/answer/%00", "/apply/resume/%00", "/apply/" + "9" * 5000, "/apply/-1", "/static/%00",
        "/static/..%2f..%2f..%2fetc%2fpasswd", "/static/../../etc/passwd", "/c/people/%00", "/c/import/%00", "/%00",
        "/c/help/%00", "//evil.example/", "/c/matching/%00", "/%2e%2e/%2e%2e/etc/passwd", "/c/people/" + quote("'--"),
    ):  # fmt: skip
        answer = await browser.client.get(path, follow_redirects=False)
        assert answer.status_code < 500, path
        assert 'href="//evil' not in answer.text
