"""
No form of another site may act in a person's name.

Three things must agree before an unsafe request reaches a handler:

1. The browser says that the request comes from our own page
   (`Sec-Fetch-Site: same-origin`). A neighbour on the same domain is another
   organisation, so `same-site` is refused.
2. `Origin`, where it says anything. Our own `Referrer-Policy: no-referrer`
   makes browsers send `null` with our own forms, so `null` says nothing.
3. A token that belongs to the session, in the field `csrf` or, for htmx, in the
   header `X-CSRF-Token`. Forms of people who are not signed in are bound to a
   cookie that lives until the browser is closed.

It is a guard and not middleware, because a guard of the page door covers every
handler, also those not yet written, and still finds the parsed form. Each token
has a random part, so that it differs on every page and compression cannot give
it away.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from infra.errors import Forbidden
from infra.http import cookies
from infra.http.asgi import Scope, header, state
from infra.http.forms import csrf_field

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER = "x-csrf-token"
VISITOR = "visitor"
_SALT_BYTES = 16
_NEW_VISITOR = "new_visitor"

# The digest of the session of this request, or None for a visitor.
Binding = Callable[[Scope], str | None]


class FormNotOurs(Forbidden):
    """A form without a good token, or from somewhere else."""

    code = "form_not_ours"


class Csrf:
    def __init__(self, key: bytes, session: Binding) -> None:
        self._key = key
        self._session = session

    def token(self, scope: Scope) -> str:
        """A token for a form of this page. Gives a visitor the cookie that it is bound to."""
        salt = secrets.token_bytes(_SALT_BYTES)
        return urlsafe_b64encode(salt + self._mac(salt, self._bound_to(scope))).decode()

    async def guard(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """
        Let through what our own pages send, and what no cookie gives any weight: `opt={"from_elsewhere": True}`.

        Raises:
            FormNotOurs: the request may not act.
        """
        scope: Scope = connection.scope
        if scope["type"] != "http" or scope["method"] in SAFE or handler.opt.get("from_elsewhere"):
            return
        if not is_from_our_page(scope):
            raise FormNotOurs()
        request = cast("Request[Any, Any, Any]", connection)
        given = header(scope, HEADER) or await csrf_field(request)
        if not given or not self._is_good(given, scope):
            raise FormNotOurs()

    def _is_good(self, token: str, scope: Scope) -> bool:
        bound = self._session(scope) or _visitor(scope)
        try:
            raw = urlsafe_b64decode(token.encode())
        except ValueError:
            return False
        salt, mac = raw[:_SALT_BYTES], raw[_SALT_BYTES:]
        return bound is not None and hmac.compare_digest(mac, self._mac(salt, bound))

    def _bound_to(self, scope: Scope) -> str:
        if bound := self._session(scope) or _visitor(scope):
            return bound
        held = state(scope)
        if _NEW_VISITOR not in held:
            held[_NEW_VISITOR] = secrets.token_urlsafe(24)
            cookies.write(scope, VISITOR, held[_NEW_VISITOR])
        fresh: str = held[_NEW_VISITOR]
        return "visitor:" + fresh

    def _mac(self, salt: bytes, bound: str) -> bytes:
        return hmac.digest(self._key, b"csrf\0" + salt + bound.encode(), hashlib.sha256)


def is_from_our_page(scope: Scope) -> bool:
    """What the browser says of the page that sent this; no word at all is left to the token."""
    site = header(scope, "sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = header(scope, "origin")
    if origin is None or origin == "null":
        return True
    return origin == f"{scope['scheme']}://{header(scope, 'host')}"


def _visitor(scope: Scope) -> str | None:
    found = cookies.read(scope, VISITOR)
    return "visitor:" + found if found else None
