"""Cookies as they are written and read."""

import pytest

from infra.http import cookies
from infra.http.asgi import extra_response_headers


def scope(*lines):
    return {"headers": [(b"cookie", line.encode()) for line in lines], "state": {}}


def test_cookie_is_written_with_all_its_locks():
    answering = scope()
    cookies.write(answering, "session", "abc", max_age_s=60)
    cookies.forget(answering, "visitor")

    assert [value.decode() for _, value in extra_response_headers(answering)] == [
        "__Host-session=abc; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60",
        "__Host-visitor=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
    ]


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (["__Host-session=abc"], "abc"),
        (["a=1; __Host-session=abc==; b=2"], "abc=="),
        (["a=1", "__Host-session=abc"], "abc"),
        (["session=abc", "x__Host-session=abc", "__host-session=abc"], None),
        ([], None),
    ],
)
def test_only_the_prefixed_cookie_is_read(lines, value):
    assert cookies.read(scope(*lines), "session") == value


@pytest.mark.parametrize("value", ["a b", "a;b", 'a"', "a\r\nSet-Cookie: x=1"])
def test_value_that_would_break_out_is_refused(value):
    with pytest.raises(ValueError, match="plain token"):
        cookies.write(scope(), "session", value)
