"""The token and the two headers, case by case."""

import pytest
from litestar import Litestar, Request, get, post
from litestar.di import NamedDependency, Provide
from litestar.testing import TestClient

from infra.http.csrf import Csrf, is_from_our_page
from infra.http.forms import Form, form
from infra.http.problems import Problems
from infra.http.shell import wrap


def make_scope(host="a.example", scheme="https", **given):
    headers = [(b"host", host.encode())] + [
        (k.replace("_", "-").encode(), v.encode()) for k, v in given.items()
    ]
    return {"type": "http", "method": "POST", "scheme": scheme, "headers": headers, "state": {}}


@pytest.mark.parametrize(
    ("given", "is_ours"),
    [
        ({}, True),
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, True),
        ({"origin": "https://a.example"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"origin": "https://b.example"}, False),
        ({"origin": "http://a.example"}, False),
        ({"origin": "https://a.example:444"}, False),
        ({"origin": "https://a.example.evil"}, False),
    ],
)
def test_page_of_origin(given, is_ours):
    assert is_from_our_page(make_scope(**given)) is is_ours


def session_of(scope):
    return next((v.decode() for k, v in scope["headers"] if k == b"x-session"), None)


@pytest.fixture(scope="module")
def client():
    csrf = Csrf(b"k" * 32, session_of)

    @get("/token")
    async def token(request: Request) -> str:
        return csrf.token(request.scope)

    @post("/act", status_code=200)
    async def act(form: NamedDependency[Form]) -> dict[str, list[str]]:
        return {name: form.texts(name) for name in form}

    app = Litestar(
        [token, act],
        guards=[csrf.guard],
        dependencies={"form": Provide(form)},
        exception_handlers=Problems().handlers(),
        openapi_config=None,
        logging_config=None,
    )
    with TestClient(wrap(app, is_secure=True), base_url="https://a.example") as client:
        yield client


def test_token_of_the_session_is_accepted_in_field_and_header(client):
    token = client.get("/token", headers={"x-session": "one"}).text

    by_field = client.post("/act", data={"csrf": token, "a": ["1", "2"]}, headers={"x-session": "one"})
    by_header = client.post("/act", data={"a": "1"}, headers={"x-session": "one", "x-csrf-token": token})

    assert (by_field.status_code, by_field.json()) == (200, {"a": ["1", "2"]})
    assert (by_header.status_code, by_header.json()) == (200, {"a": ["1"]})


def test_token_of_another_session_is_refused(client):
    token = client.get("/token", headers={"x-session": "one"}).text

    answer = client.post("/act", data={"csrf": token}, headers={"x-session": "two"})

    assert (answer.status_code, answer.json()["code"]) == (403, "form_not_ours")


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 64, "=" * 8])
def test_made_up_token_is_refused(client, token):
    assert client.post("/act", data={"csrf": token}, headers={"x-session": "one"}).status_code == 403


def test_visitors_token_is_bound_to_her_cookie(client):
    answer = client.get("/token")
    cookie = answer.headers["set-cookie"]
    pair = cookie.split(";")[0]
    client.cookies.clear()

    accepted = client.post("/act", data={"csrf": answer.text}, headers={"cookie": pair})
    without = client.post("/act", data={"csrf": answer.text})
    other = client.post("/act", data={"csrf": answer.text}, headers={"cookie": "__Host-visitor=other"})

    assert pair.startswith("__Host-visitor=")
    assert cookie.endswith("; Path=/; Secure; HttpOnly; SameSite=Lax")
    assert [a.status_code for a in (accepted, without, other)] == [200, 403, 403]


def test_visitor_cookie_is_no_session(client):
    """A cookie that names a session's digest must not buy a token for that session."""
    token = client.get("/token", headers={"cookie": "__Host-visitor=one"}).text

    assert client.post("/act", data={"csrf": token}, headers={"x-session": "one"}).status_code == 403


def test_each_token_looks_different(client):
    tokens = {client.get("/token", headers={"x-session": "one"}).text for _ in range(5)}

    assert len(tokens) == 5


def test_form_that_cannot_be_read_is_malformed(client):
    answer = client.post(
        "/act",
        content=b"a=\xff",
        headers={"x-session": "one", "content-type": "application/x-www-form-urlencoded"},
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
