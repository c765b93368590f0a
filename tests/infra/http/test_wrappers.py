"""What the wrappers do where no server is needed: addresses, log lines, assets, escapes."""

import pytest
from structlog.testing import capture_logs

from infra.http.asgi import add_response_header, state
from infra.http.correlation import Correlation, correlation_id
from infra.http.headers import SecurityHeaders
from infra.http.source import Source, source


async def call(app, *, path="/", peer="203.0.113.9", headers=()):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"token=secret",
        "scheme": "http",
        "client": (peer, 1),
        "headers": [(k.encode(), v.encode()) for k, v in headers],
    }
    await app(scope, None, send)
    return scope, sent


async def plain(scope, receive, send):
    scope["path_template"] = "/invitations/{token:str}"
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"Server", b"x"), (b"Cache-Control", b"public")],
        }
    )
    await send({"type": "http.response.body", "body": b""})


async def breaking(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError("half way")


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", ["1.2.3.4"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6, 1.2.3.4, 10.0.0.2"], "1.2.3.4"),
        ("10.0.0.1", ["6.6.6.6", "1.2.3.4"], "1.2.3.4"),
        ("10.0.0.1", ["1.2.3.4, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["2001:db8:1:2:3::4"], "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", [], "203.0.113.9"),
        ("unix:", ["1.2.3.4"], "unknown"),
    ],
)
async def test_source_is_the_last_address_that_can_be_believed(peer, forwarded, expected):
    scope, _ = await call(
        Source(plain, ["10.0.0.0/8"]), peer=peer, headers=[("x-forwarded-for", value) for value in forwarded]
    )

    assert source(scope) == expected


async def test_scheme_is_believed_from_a_proxy_only():
    claim = [("x-forwarded-proto", "https")]

    proxied, _ = await call(Source(plain, ["10.0.0.0/8"]), peer="10.0.0.1", headers=claim)
    direct, _ = await call(Source(plain, ["10.0.0.0/8"]), headers=claim)

    assert (proxied["scheme"], direct["scheme"]) == ("https", "http")


async def test_state_is_not_shared_between_requests_of_a_server_that_lends_one():
    lent = {"pool": 1}

    async def app(scope, receive, send):
        state(scope)["mine"] = True

    await Source(app)({"type": "http", "state": lent, "client": None, "headers": []}, None, None)

    assert lent == {"pool": 1}


async def test_access_line_names_the_template_and_nothing_private():
    with capture_logs() as lines:
        await call(
            Source(Correlation(SecurityHeaders(plain, is_secure=False))),
            path="/invitations/s3cr3t",
            headers=[("cookie", "__Host-session=s3cr3t"), ("authorization", "Bearer s3cr3t")],
        )

    (line,) = lines
    assert line["event"] == "http.request"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/invitations/{token:str}", 200)
    assert line["ms"] >= 0
    assert "s3cr3t" not in str(line)
    assert "secret" not in str(line)


async def test_request_id_of_a_stranger_is_not_believed():
    scope, _ = await call(Source(Correlation(plain)), headers=[("x-request-id", "abc-12345678")])

    assert len(correlation_id(scope)) == 36


@pytest.mark.parametrize(
    ("path", "cached"),
    [("/static/built/site.0a1b2c3d.css", True), ("/static/other.css", False), ("/me", False)],
)
async def test_only_fingerprinted_files_are_cached(path, cached):
    _, sent = await call(SecurityHeaders(plain, is_secure=False, assets=("/static/built/",)), path=path)

    found = dict(sent[0]["headers"])[b"cache-control"]
    assert found == (b"public, max-age=31536000, immutable" if cached else b"no-store")


async def test_hsts_is_only_said_over_tls_and_server_never():
    _, plain_http = await call(SecurityHeaders(plain, is_secure=False))
    _, tls = await call(SecurityHeaders(plain, is_secure=True))

    assert b"strict-transport-security" not in dict(plain_http[0]["headers"])
    assert b"strict-transport-security" in dict(tls[0]["headers"])
    assert b"server" not in {name.lower() for name, _ in tls[0]["headers"]}


async def test_added_header_is_on_the_answer_of_a_crash_too():
    async def crashing(scope, receive, send):
        add_response_header(scope, "X-Told", "yes")
        raise RuntimeError("bug")

    with capture_logs():
        _, sent = await call(SecurityHeaders(crashing, is_secure=False))

    assert sent[0]["status"] == 500
    assert dict(sent[0]["headers"])[b"x-told"] == b"yes"


async def test_half_an_answer_is_broken_off():
    with capture_logs(), pytest.raises(RuntimeError, match="half way"):
        await call(SecurityHeaders(breaking, is_secure=False))
