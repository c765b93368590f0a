"""
Security headers on every response, whoever answers: handler, router, limiter or nobody.

A page may run only scripts that carry the nonce of its own response; anything
that is not HTML may do nothing at all if a browser is tricked into showing it.
"""

import secrets

from infra import logs
from infra.http.asgi import (
    ASGIApp,
    Message,
    RawHeaders,
    Receive,
    Scope,
    Send,
    extra_response_headers,
    state,
)
from infra.http.limits import rate_limit_headers

NONCE = "csp_nonce"
YEAR = 31_536_000  # seconds

PAGE_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
OTHER_POLICY = "default-src 'none'; frame-ancestors 'none'"

ALWAYS: RawHeaders = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        b"hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
    ),
]
HSTS = (b"strict-transport-security", f"max-age={2 * YEAR}; includeSubDomains".encode())
NO_STORE = (b"cache-control", b"no-store")
FOREVER = (b"cache-control", f"public, max-age={YEAR}, immutable".encode())

# Ours wins over whatever the app set; a stray `Server` or a weaker policy does not get out.
_OURS = {name for name, _ in ALWAYS} | {
    b"content-security-policy",
    b"strict-transport-security",
    b"cache-control",
    b"server",
}

log = logs.get("http")


class SecurityHeaders:
    """
    Write the headers when the response starts, and answer for an app that failed to.

    `assets` are path prefixes under which every file's name holds a digest of
    its content; only those may be cached.
    """

    def __init__(self, app: ASGIApp, *, is_secure: bool, assets: tuple[str, ...] = ()) -> None:
        self._app = app
        self._is_secure = is_secure
        self._assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state(scope)[NONCE] = secrets.token_urlsafe(18)
        # Litestar rewrites `path` while it routes.
        path = scope["path"]
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = self._dress(scope, path, message)
            await send(message)

        try:
            await self._app(scope, receive, dressed)
        except Exception:
            log.exception("http.escaped", started=started)
            if started:
                # Half an answer is out: breaking off is the only way to say that it is not whole.
                raise
            await _answer_500(dressed)

    def _dress(self, scope: Scope, path: str, message: Message) -> RawHeaders:
        given: RawHeaders = [(name.lower(), value) for name, value in message["headers"]]
        kept = [(name, value) for name, value in given if name not in _OURS]
        is_page = dict(given).get(b"content-type", b"").startswith(b"text/html")
        policy = PAGE_POLICY.format(nonce=nonce(scope)) if is_page else OTHER_POLICY
        is_asset = message["status"] in (200, 304) and path.startswith(self._assets)
        return [
            *kept,
            *ALWAYS,
            (b"content-security-policy", policy.encode()),
            *([HSTS] if self._is_secure else []),
            FOREVER if is_asset else NO_STORE,
            *rate_limit_headers(scope),
            *extra_response_headers(scope),
        ]


def nonce(scope: Scope) -> str:
    """The nonce of this response; templates write it into every script and style element."""
    found: str = state(scope)[NONCE]
    return found


async def _answer_500(send: Send) -> None:
    body = (
        b'{"type":"urn:problem-type:internal","title":"Internal Server Error","status":500,"code":"internal"}'
    )
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
