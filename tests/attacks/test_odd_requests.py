"""Requests that no browser of ours sends: other hosts, other paths, other methods, too much, too slowly, twice."""

import asyncio

import httpx
import pytest

from tenants.identity import tokens
from tenants.permissions import Role, of
from tests import making, routes

OTHERS = ("TRACE", "CONNECT", "PROPFIND", "FOO", "PUT", "DELETE", "PATCH")


def client(app, host: str, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=f"https://{host}",
        headers=headers,
        timeout=60,
    )


async def bearer(database, made, *roles: Role) -> str:
    her = await making.somebody(database, made.id, *roles, Role.OWNER, name="Both")
    async with database.tenant_session(her.context()) as session:
        rights = of(frozenset({*roles, Role.OWNER}))
        return (await tokens.make(session, her, name="T", permissions=rights)).secret


async def raw(app, method: str, path: bytes, host: str, *, body=(b"",), **headers: str):
    """One request as bytes on the line would give it, which no client library would send."""
    sent, parts = [], list(body)

    async def receive():
        if parts:
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}
        await asyncio.sleep(3600)

    async def send(message):
        sent.append(message)

    target, _, query = path.partition(b"?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "https",
        "path": httpx.URL(f"https://x{target.decode('latin-1')}").path if target[:1] == b"/" and target[:2] != b"//" else target.decode("latin-1"),
        "raw_path": target, "query_string": query, "root_path": "", "client": ("127.0.0.1", 1), "server": ("x", 443),
        "headers": [(b"host", host.encode()), *((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())],
        "state": {},
    }  # fmt: skip
    async with asyncio.timeout(60):
        await app(scope, receive, send)
    start = next(one for one in sent if one["type"] == "http.response.start")
    return start["status"], dict(start["headers"]), b"".join(one.get("body", b"") for one in sent)


@pytest.mark.parametrize("path", [
    b"//", b"//c/today", b"/c//today", b"/c/./today", b"/c/../c/today", b"/%2e%2e/c/today", b"/c/%2e%2e/a", b"/c%2ftoday", b"/c\\today",
    b"/c/today/", b"/C/TODAY", b"/c/today;x=1", b"/c/today%00", b"/c/today%0d%0aX: y", b"/static/../../pyproject.toml", b"/%ff", b"/c/%ed%a0%80",
    b"/static/%2e%2e/%2e%2e/pyproject.toml", b"/static//etc/passwd", b"/static/..%2f..%2fpyproject.toml", b"/api/v1/../v1/people",
    b"/api/v1//people", b"/API/v1/people", b"/api/v1/people/", b"/api/v1/%2e%2e/%2e%2e/c/today", b"*", b"http://evil.example/c/today", b"",
])  # fmt: skip
async def test_paths(app, made, path):
    """Nothing behind the door is shown to somebody who has not signed in, nothing breaks, nothing leads elsewhere."""
    status, headers, body = await raw(app, "GET", path, made.host)
    is_start = path in (b"//", b"")
    assert status in (301, 302, 303, 307, 308, 400, 401, 404) or (is_start and status == 200), status
    assert b"[project]" not in body and b"root:" not in body
    location = headers.get(b"location", b"")
    assert location[:2] != b"//" and not location.startswith((b"http:", b"https:", b"/\\")), location
    assert b"content-security-policy" in headers


async def test_other_methods(ground, database, app, browse, made):
    browser = await making.signed_in(database, browse, made, made.coordinator)
    secret = await bearer(database, made, Role.COORDINATOR)
    async with client(app, made.host, authorization=f"Bearer {secret}") as http:
        for path in ("/c/today", "/sign-in", "/api/v1/people", "/api/v1/organisation", "/nothing"):
            for method in OTHERS:
                door = browser.client if not path.startswith("/api") else http
                answer = await door.request(method, path, follow_redirects=False)
                assert answer.status_code in (400, 403, 404, 405, 422), (method, path, answer.status_code)
                assert "<script>alert" not in answer.text
            for header in ("x-http-method-override", "x-http-method", "x-method-override"):
                answer = await door.post(path, headers={header: "GET"}, data={"_method": "GET"})
                assert answer.status_code in (400, 403, 404, 405, 415, 422), (
                    header,
                    path,
                    answer.status_code,
                )


async def test_head_and_options_tell_nothing_and_change_nothing(ground, app, made):
    async with client(app, made.host) as http:
        for route in (*routes.pages(ground), *routes.api(ground)):
            values = {
                name: "00000000-0000-0000-0000-000000000000" if kind == "UUID" else "1"
                for name, kind in route.kinds
            }
            path = route.filled(**values)
            for method in ("HEAD", "OPTIONS"):
                answer = await http.request(method, path, follow_redirects=False)
                assert answer.status_code < 500, (method, path, answer.status_code)
                assert "access-control-allow-origin" not in answer.headers, path
                assert method != "HEAD" or not answer.content, path


async def test_session_of_another_organisation(database, app, browse, made):
    other = await making.organisation(database)
    here = await making.signed_in(database, browse, made, made.coordinator)
    secret = here.client.cookies["__Host-session"]
    async with client(app, other.host, cookie=f"__Host-session={secret}") as http:
        for path in ("/c/today", "/a", "/me", "/c/people"):
            answer = await http.get(path, follow_redirects=False)
            assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"), path
    async with client(app, made.host) as http:
        for cookie in (
            f"session={secret}", f"__host-session={secret}", f"__Secure-session={secret}", f"__Host-session=x; __Host-session={secret}x",
            "__Host-session=", "__Host-session=" + "A" * 7000, f'__Host-session="{secret}"', "__Host-session=%00", "=;;;=",
        ):  # fmt: skip
            answer = await http.get("/c/today", headers={"cookie": cookie}, follow_redirects=False)
            assert answer.status_code == 303, (cookie[:40], answer.status_code)


async def test_form_with_the_mark_of_somebody_else(database, browse, made):
    """A CSRF token is bound to its session: that of one's own does not open another's."""
    hers = await making.signed_in(database, browse, made, made.coordinator)
    theirs = await making.signed_in(database, browse, made, made.owner)
    token = next(
        field.value
        for form in (await hers.get("/me/settings")).forms
        for field in form.fields
        if field.name == "csrf"
    )
    answer = await theirs.post("/sign-out", [("csrf", token)])
    assert answer.status == 403
    assert (await theirs.get("/a")).path == "/a"


async def test_too_much(database, app, made):
    secret = await bearer(database, made, Role.COORDINATOR)
    big = b"x" * (64 * 1024 * 1024)
    async with client(app, made.host) as http:
        answer = await http.post(
            "/sign-in", content=big, headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code in (400, 403, 413)
    for headers in ({}, {"idempotency-key": "k"}):
        async with client(app, made.host, authorization=f"Bearer {secret}", **headers) as http:
            for path in ("/api/v1/registrations", "/api/v1/imports", "/api/v1/nothing"):
                answer = await http.post(path, content=big, headers={"content-type": "application/json"})
                assert answer.status_code in (400, 404, 413, 415), (path, answer.status_code)


async def test_endless_body_is_not_kept(database, app, made):
    """A body that says no length and never ends is given up before it fills the memory, with a repeatable call too."""
    secret = await bearer(database, made, Role.COORDINATOR)
    taken = 0

    async def receive():
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"x" * 1024 * 1024, "more_body": taken < 400}

    for key in (None, "k1"):
        taken = 0
        sent = []

        async def send(message, sent=sent):
            sent.append(message)

        headers = [(b"host", made.host.encode()), (b"authorization", f"Bearer {secret}".encode()),
                   (b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")]  # fmt: skip
        if key:
            headers.append((b"idempotency-key", key.encode()))
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "https",
            "path": "/api/v1/registrations", "raw_path": b"/api/v1/registrations", "query_string": b"", "root_path": "",
            "client": ("127.0.0.1", 1), "server": ("x", 443), "headers": headers, "state": {},
        }  # fmt: skip
        await app(scope, receive, send)
        assert sent[0]["status"] in (400, 413), sent[0]["status"]
        assert taken < 100, taken


async def test_repeated_key_of_somebody_else(database, app, made):
    """A key is its caller's: another one, and another organisation, gets nothing of her answer."""
    other = await making.organisation(database)
    secrets = [await bearer(database, one) for one in (made, made, other)]
    seen = []
    for secret in secrets:
        async with client(app, "any.localhost", authorization=f"Bearer {secret}") as http:
            answer = await http.post(
                "/api/v1/offices",
                json={"name": "Aarhus", "time_zone": "UTC"},
                headers={"idempotency-key": "same"},
            )
            seen.append(
                (answer.status_code, "idempotent-replayed" in answer.headers, answer.json().get("id"))
            )
    assert [status for status, _, _ in seen] in ([201, 201, 201], [201, 409, 201])
    assert not any(replayed for _, replayed, _ in seen) and len({id for *_, id in seen if id}) >= 2


async def test_slow_bodies_hold_nobody_up(database, app, browse, made):
    """More callers than there are connections to the database begin to send, and then say nothing more."""
    secret = await bearer(database, made, Role.COORDINATOR)
    browser = await making.signed_in(database, browse, made, made.coordinator)
    cookie = browser.client.cookies["__Host-session"]
    gone = asyncio.Event()

    def stuck(path, **headers):
        first = [{"type": "http.request", "body": b"{", "more_body": True}]

        async def receive():
            if first:
                return first.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            return None

        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "https",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1), "server": ("x", 443),
            "headers": [(b"host", made.host.encode()), (b"content-length", b"1000"), *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items())],
            "state": {},
        }  # fmt: skip
        return asyncio.create_task(app(scope, receive, send))

    tasks = [
        stuck("/api/v1/registrations", authorization=f"Bearer {secret}", content_type="application/json")
        for _ in range(60)
    ]
    tasks += [
        stuck(
            "/c/register", cookie=f"__Host-session={cookie}", sec_fetch_site="same-origin", content_type=kind
        )
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
        for _ in range(30)
    ]
    await asyncio.sleep(1)
    assert sum(not task.done() for task in tasks) > 50
    async with asyncio.timeout(10):
        assert (await browser.get("/c/today")).status == 200
    gone.set()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize(
    "search", ["a%0d%0aX-Evil:%20y", "a%22%3e;rel=%22next", "%e2%80%a8", "a%00", "%c3%a9", "a>;b,c"]
)
async def test_what_is_searched_ends_no_header(database, app, made, search):
    """The address of the next page stands in a header, with all that was asked."""
    for number in range(3):
        await making.somebody(database, made.id, name=f"aé>;b,c a{number}")
    secret = await bearer(database, made, Role.COORDINATOR)
    async with client(app, made.host, authorization=f"Bearer {secret}") as http:
        answer = await http.get(f"/api/v1/people?limit=1&search={search}")
        assert answer.status_code in (200, 422), answer.text
        link = answer.headers.get("link", "")
        assert "x-evil" not in answer.headers and link.isascii() and link.isprintable()
        assert link.count("<") <= 1 and link.count(">") <= 1
