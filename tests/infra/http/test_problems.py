"""Problems as clients see them: one form for every error, and no word too many."""

from enum import Enum
from typing import Annotated
from uuid import UUID

import msgspec
import pytest
from litestar import Litestar, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.testing import TestClient

from infra.errors import (
    Conflict,
    Forbidden,
    Invalid,
    LimitReached,
    NotFound,
    Problem,
    Unavailable,
    WrongState,
)
from infra.http.problems import Problems
from infra.language import N_


class Colour(Enum):
    RED = "red"


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    age: Annotated[int, msgspec.Meta(ge=1, le=9)]


class Body(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=2, max_length=5)]
    metadata: list[Inner] = []
    colour: Colour = Colour.RED
    id: UUID | None = None


class SeatTaken(Conflict):
    code = "seat_taken"


class SecretThing(NotFound):
    code = "secret_thing"


ERRORS = {
    "seat": SeatTaken(seat=7),
    "thing": SecretThing(owner="other"),
    "absent": NotFound(),
    "forbidden": Forbidden(),
    "state": WrongState(state="ended"),
    "invalid": Invalid(Problem("people[0].e-mail", "taken", {"by": 3}), Problem("", "missing")),
    "often": LimitReached(retry_after_s=4),
    "big": LimitReached(max_bytes=10),
    "down": Unavailable(),
    "bug": RuntimeError("postgres://secret"),
    "group": ExceptionGroup("cleanup", [SeatTaken(seat=8)]),
}


@get("/raise/{which:str}")
async def raising(which: FromPath[str]) -> None:
    raise ERRORS[which]


@get("/query")
async def query(count: Annotated[int, QueryParameter(le=200)], other: FromQuery[int] = 1) -> int:
    return count + other


@post("/body")
async def body(data: JSONBody[Body]) -> str:
    return data.name


@pytest.fixture(scope="module")
def client():
    app = Litestar(
        [raising, query, body],
        exception_handlers=Problems({"seat_taken": N_("Seat %(seat)s is taken.")}).handlers(),
        openapi_config=None,
        logging_config=None,
    )
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    ("which", "status"),
    [
        ("seat", 409),
        ("absent", 404),
        ("forbidden", 403),
        ("state", 409),
        ("invalid", 422),
        ("often", 429),
        ("big", 413),
        ("down", 503),
        ("bug", 500),
        ("group", 409),
    ],
)
def test_error_has_its_status_and_form(client, which, status):
    answer = client.get(f"/raise/{which}")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["title"]
    assert answer.json()["detail"]


def test_domain_code_speaks_its_sentence_with_facts(client):
    problem = client.get("/raise/seat").json()

    assert problem["type"] == "urn:problem-type:seat_taken"
    assert problem["detail"] == "Seat 7 is taken."
    assert problem["facts"] == {"seat": 7}


def test_absent_and_hidden_things_have_one_body(client):
    hidden, absent, unrouted = (client.get(p) for p in ("/raise/thing", "/raise/absent", "/no-such-route"))

    assert hidden.content == absent.content == unrouted.content
    assert hidden.headers == absent.headers


def test_bug_does_not_leak(client):
    answer = client.get("/raise/bug")

    assert answer.json()["code"] == "internal"
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text


def test_retry_after_is_told_where_waiting_helps(client):
    assert client.get("/raise/often").headers["retry-after"] == "4"
    assert client.get("/raise/down").headers["retry-after"] == "5"
    assert "retry-after" not in client.get("/raise/big").headers


def test_wrong_method_names_the_right_ones(client):
    answer = client.delete("/query")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, OPTIONS"
    assert answer.json()["code"] == "method_not_allowed"


def test_broken_json_is_malformed_without_quoting_it(client):
    answer = client.post("/body", content=b'{"name": secret', headers={"content-type": "application/json"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed"
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("sent", "pointer", "code", "facts"),
    [
        ({}, "#/name", "missing", {}),
        ({"name": "x"}, "#/name", "too_short", {"minimum": 2}),
        ({"name": "x" * 6}, "#/name", "too_long", {"maximum": 5}),
        ({"name": 1}, "#/name", "wrong_type", {"expected": "str", "found": "int"}),
        ({"name": "abc", "metadata": [{"age": 10}]}, "#/metadata/0/age", "too_large", {"maximum": 9}),
        ({"name": "abc", "metadata": [{"age": 0}]}, "#/metadata/0/age", "too_small", {"minimum": 1}),
        ({"name": "abc", "metadata": [{"age": 1, "a/b": 1}]}, "#/metadata/0/a~1b", "unknown_field", {}),
        ({"name": "abc", "metadata": [{"age": 1, "07": 1}]}, "#/metadata/0/07", "unknown_field", {}),
        ({"name": "abc", "colour": "q"}, "#/colour", "not_a_choice", {"found": "'q'"}),
        ({"name": "abc", "id": "q"}, "#/id", "bad_format", {"expected": "UUID"}),
        ([], "#", "wrong_type", {"expected": "object", "found": "array"}),
    ],
)
def test_fault_of_the_body_is_pointed_at(client, sent, pointer, code, facts):
    answer = client.post("/body", json=sent)

    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"], fault["facts"]) == (pointer, code, facts)
    assert fault["detail"]


def test_no_body_is_missing(client):
    (fault,) = client.post("/body").json()["errors"]

    assert (fault["pointer"], fault["code"]) == ("#", "missing")


def test_fault_of_a_parameter_is_named(client):
    assert client.get("/query").json()["errors"][0] == {
        "parameter": "count", "in": "query", "code": "missing", "facts": {}, "detail": "This is needed.",
    }  # fmt: skip
    (fault,) = client.get("/query?count=201").json()["errors"]
    assert (fault["parameter"], fault["code"], fault["facts"]) == ("count", "too_large", {"maximum": 200})
    both = client.get("/query?count=x&other=y").json()["errors"]
    assert [fault["parameter"] for fault in both] == ["count", "other"]


def test_domain_problem_points_at_the_senders_field(client):
    errors = client.get("/raise/invalid").json()["errors"]

    assert [fault["pointer"] for fault in errors] == ["#/people/0/e-mail", "#"]
    assert errors[0]["facts"] == {"by": 3}
