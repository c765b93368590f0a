"""What holds for the whole API: problems, keys that act once, lists that end, limits that are told."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from infra.ground import Ground
from infra.http.asgi import ASGIApp
from tests import routes
from tests.conftest import Servers
from tests.isolation import bodies, canaries, growing, positions
from tests.isolation.asking import Asker, asker, forget_limits
from tests.isolation.world import World

pytestmark = pytest.mark.usefixtures("bugs")

PROBLEM = "application/problem+json"


@pytest.fixture
async def program(app: ASGIApp, ground: Ground, full: World) -> AsyncIterator[Asker]:
    await forget_limits(ground)
    made = await asker(app, full, "token")
    yield made
    await made.client.aclose()


def _address(route: routes.Route, full: World) -> str:
    return route.filled(**{n: positions.first_own(route, n, kind, full) for n, kind in route.kinds})


async def test_every_refusal_is_a_problem(ground: Ground, full: World, program: Asker) -> None:
    wrong = []
    for route in routes.api(ground):
        address = _address(route, full)
        nowhere = route.filled(**{n: "nothing" for n, _ in route.kinds})
        refused = [
            await program.client.request(route.method, address),
            await program.client.request(route.method, address, headers={"authorization": "Bearer mw_no"}),
            await program.client.request("TRACE", address),
            await program.send(route.method, f"{nowhere}/nowhere"),
        ]
        await forget_limits(ground)
        for answer in refused:
            told = answer.headers.get("content-type", "")
            if answer.status_code not in (401, 404, 405) or not told.startswith(PROBLEM):
                wrong.append(f"{route}: {answer.status_code} {told}")
    assert wrong == []


async def test_lists_give_every_row_once_and_no_more_than_two_hundred(
    ground: Ground, full: World, program: Asker
) -> None:
    await growing.grow(ground, full, 5)
    wrong, walked = [], 0
    for route in routes.api(ground):
        if route.method != "GET":
            continue
        address = _address(route, full)
        whole = await program.send("GET", f"{address}?limit=200")
        too_many = await program.send("GET", f"{address}?limit=201")
        if whole.status_code != 200 or too_many.status_code != 422:
            continue  # not a list: one thing, or a count
        ids = await _walk(program, address, most=20, limit=200)
        pieces = await _walk(program, address, most=len(ids) + 5)
        walked += len(ids) > 3
        if pieces != ids or len(set(pieces)) != len(pieces):
            wrong.append(
                f"{route}: {len(ids)} rows, {len(pieces)} in pieces of which {len(set(pieces))} differ"
            )
        await forget_limits(ground)
    assert wrong == []
    assert walked > 3


def _key(row: Any) -> str:
    return str(row.get("id", row)) if isinstance(row, dict) else str(row)


async def _walk(program: Asker, address: str, *, most: int, limit: int = 3) -> list[str]:
    """All rows of a list, a few at a time."""
    found: list[str] = []
    query = f"?limit={limit}"
    for _ in range(most):
        answer = await program.send("GET", address + query)
        assert answer.status_code == 200, answer.text
        found += [_key(row) for row in answer.json()]
        link = answer.headers.get("link", "")
        if 'rel="next"' not in link:
            return found
        query = link[link.index("<") + 1 : link.index(">")]
    raise AssertionError(f"{address} does not end")


async def test_every_post_with_a_key_acts_once(
    ground: Ground, servers: Servers, full: World, program: Asker
) -> None:
    """The second of two equal calls gets the first one's answer, and changes no row."""
    document = (await program.send("GET", "/api/v1/schema/openapi.json")).json()
    description = bodies.Description(document)
    wrong, acted = [], 0
    for number, route in enumerate(one for one in routes.api(ground) if one.method == "POST"):
        schema = description.body(route)
        body = description.example(schema, full) if schema else None
        key = {"idempotency-key": f"once-{full.id}-{number}"}
        first = await program.send("POST", _address(route, full), json=body, headers=key)
        if first.status_code >= 400:
            continue
        acted += 1
        with canaries.superuser(servers) as connection:
            before = canaries.digests(connection, full.id)
        second = await program.send("POST", _address(route, full), json=body, headers=key)
        with canaries.superuser(servers) as connection:
            after = canaries.digests(connection, full.id)
        if (second.status_code, second.content) != (first.status_code, first.content):
            wrong.append(f"{route}: {first.status_code}, then {second.status_code}")
        if second.headers.get("idempotent-replayed") != "true":
            wrong.append(f"{route}: not marked as repeated")
        if after != before:
            wrong.append(f"{route}: changed {[name for name in after if after[name] != before[name]]}")
    assert wrong == []
    assert acted > 3


async def test_limit_is_told_on_every_answer(ground: Ground, full: World, program: Asker) -> None:
    silent = []
    for route in routes.api(ground):
        if route.method == "GET":
            answer = await program.send("GET", _address(route, full))
            if (
                answer.status_code == 401
                or "ratelimit" not in answer.headers
                or '"api";q=600;w=60' not in answer.headers["ratelimit-policy"]
            ):
                silent.append(str(route))
    assert silent == []
