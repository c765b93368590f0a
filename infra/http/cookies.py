"""
Cookies that only this host can set and only its pages can send.

The `__Host-` prefix makes the browser insist on `Secure`, `Path=/` and no
`Domain`, so that neighbouring organisations on one domain cannot plant a
session in each other.

There is no weaker kind for development: Chromium and Firefox count
`http://*.localhost` as trustworthy and keep these cookies there. Safari does
not; it needs TLS. Clients that are no browsers carry the cookie by hand.
"""

from infra.http.asgi import Scope, add_response_header, headers

PREFIX = "__Host-"


def write(scope: Scope, name: str, value: str, *, max_age_s: int | None = None) -> None:
    """
    Set a cookie on whatever answers this request.

    `name` is without the prefix. Without `max_age_s` it ends with the browser's session.
    """
    _put(scope, name, value, "" if max_age_s is None else f"; Max-Age={max_age_s}")


def forget(scope: Scope, name: str) -> None:
    _put(scope, name, "", "; Max-Age=0")


def read(scope: Scope, name: str) -> str | None:
    """
    The value of a cookie of ours.

    Litestar's own parser keeps the last thousand cookie headers in memory, and
    with them sessions; this one keeps nothing.
    """
    wanted = PREFIX + name
    for line in headers(scope, "cookie"):
        for pair in line.split(";"):
            key, _, value = pair.strip().partition("=")
            if key == wanted:
                return value
    return None


def _put(scope: Scope, name: str, value: str, age: str) -> None:
    if any(sign in value for sign in ' ",;\\\r\n'):
        raise ValueError("A cookie's value must be a plain token.")
    add_response_header(
        scope,
        "set-cookie",
        f"{PREFIX}{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}",
    )
