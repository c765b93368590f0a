"""What a directory (SCIM) can name: users and groups in the address, members in a body, ids in a filter."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from tests.isolation.positions import Ask, Trial, nobodys
from tests.isolation.world import World

ROOT = "/scim/v2"
CORE = "urn:ietf:params:scim:schemas:core:2.0"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0"


def of_directory(own: World, other: World) -> Iterator[Trial]:
    for kind, table in (("Users", "scim_user"), ("Groups", "scim_group")):
        # Whoever has an entry, a person or a group of theirs might be meant by an id.
        for theirs in (*other.rows[table], other.rows["person"][0]):
            yield from _of_address(kind, theirs)
            for question in ('id eq "{}"', 'members.value eq "{}"', 'externalId eq "{}" or id eq "{}"'):
                yield _trial("GET", f"/{kind}?filter={{}}", theirs, f"filter {question}", question=question)
                yield _trial("POST", f"/{kind}/.search", theirs, f"search {question}", question=question)
    yield from _of_members(str(own.rows["scim_group"][0]), other.rows["scim_user"][0])


def _of_address(kind: str, theirs: UUID) -> Iterator[Trial]:
    said = {"schemas": [f"{CORE}:{kind[:-1]}"], "userName": "x@example.org", "displayName": "X"}
    change = {"op": "replace", "path": "displayName", "value": "X"}
    for method, body in (
        ("GET", None),
        ("PUT", said),
        ("PATCH", {"schemas": [f"{MESSAGES}:PatchOp"], "Operations": [change]}),
        (
            "PATCH",
            {
                "schemas": [f"{MESSAGES}:PatchOp"],
                "Operations": [{"op": "replace", "path": "active", "value": False}],
            },
        ),
        ("DELETE", None),
    ):
        yield _trial(method, f"/{kind}/{{}}", theirs, "path", body=body)


def _of_members(group: str, theirs: UUID) -> Iterator[Trial]:
    for op, path, value in (
        ("add", "members", [{"value": "{}"}]),
        ("replace", "members", [{"value": "{}"}]),
        ("remove", 'members[value eq "{}"]', None),
    ):
        change = {"op": op, "path": path} | ({} if value is None else {"value": value})
        body = {"schemas": [f"{MESSAGES}:PatchOp"], "Operations": [change]}
        yield _trial("PATCH", f"/Groups/{group}", theirs, f"member {op}", body=body)
    made = {"schemas": [f"{CORE}:Group"], "displayName": "Made", "members": [{"value": "{}"}]}
    yield _trial("POST", "/Groups", theirs, "member of a new one", body=made)


def _trial(
    method: str, path: str, theirs: UUID, place: str, *, body: Any = None, question: str = ""
) -> Trial:
    def ask(one: str) -> Ask:
        asked = question.replace("{}", one)
        told = _with(body, one)
        if question and method == "POST":
            told = {"schemas": [f"{MESSAGES}:SearchRequest"], "filter": asked}
        address = path.replace("{}", quote(asked) if question else one)
        return Ask(method, ROOT + address, json=told, named=one, place=f"scim {method} {path} {place}")

    one, another = nobodys()
    return Trial(ask(str(theirs)), (ask(one), ask(another)))


def _with(body: Any, value: str) -> Any:
    """The body with the id where it has a pair of braces."""
    match body:
        case dict():
            return {key: _with(one, value) for key, one in body.items()}
        case list():
            return [_with(one, value) for one in body]
        case str():
            return body.replace("{}", value)
    return body
