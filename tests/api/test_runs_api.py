"""Matching runs through the JSON door."""

import httpx
import pytest

from infra import ids
from tenants.identity import tokens
from tenants.permissions import Role
from tests import crowd, making
from tests.working import drain

EVERYTHING = ("run.read", "run.start", "proposal.read", "programme.read", "people.read")


@pytest.fixture
async def made(database):
    return await making.organisation(database)


@pytest.fixture
async def launched(database, made):
    launched = await making.programme(database, made)
    await crowd.people(database, made, launched, "mentee", 7)
    await crowd.people(database, made, launched, "mentor", 5)
    return launched


async def client(database, made, app, *permissions: str) -> httpx.AsyncClient:
    coordinator = await making.somebody(database, made.id, Role.OWNER, Role.COORDINATOR, name="Calls")
    async with database.tenant_session(coordinator.context()) as session:
        secret = (await tokens.make(session, coordinator, name="Test", permissions=permissions)).secret
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )


@pytest.fixture
async def caller(database, made, app):
    async with await client(database, made, app, *EVERYTHING) as opened:
        yield opened


async def every(caller, address: str) -> list[dict]:
    path, seen = address.partition("?")[0], []
    while address:
        answer = await caller.get(address)
        assert answer.status_code == 200, answer.text
        seen += answer.json()
        address = path + answer.links["next"]["url"] if "next" in answer.links else None
    return seen


async def test_start_watch_and_read_a_run(ground, made, launched, caller):  # N03 N04
    answer = await caller.post("/runs", json={"cycle_id": str(launched.cycle.id)})
    assert answer.status_code == 202
    run = answer.json()
    assert (run["state"], run["number"], run["progress"]) == ("waiting", 1, None)
    assert (await caller.get(f"/runs/{run['id']}/certificate")).json()["code"] == "run_not_done"
    await drain(ground, made.id)
    run = (await caller.get(f"/runs/{run['id']}")).json()
    assert (run["state"], run["error"], run["progress"]) == ("done", None, None)

    pairs = await every(caller, f"/runs/{run['id']}/proposals?limit=2")
    assert len(pairs) == run["result"]["matched"] == 5
    assert [pair["score"] for pair in pairs] == sorted((pair["score"] for pair in pairs), reverse=True)
    for pair in pairs:
        assert sum(one["points"] for one in pair["contributions"]) == pair["score"]
        assert sum(one["shown"] for one in pair["contributions"]) == pair["shown_score"]
    left = await every(caller, f"/runs/{run['id']}/unmatched?limit=1&side=mentee")
    assert len(left) == 2
    assert all(one["reason"] and one["change"]["what"] for one in left)
    proof = (await caller.get(f"/runs/{run['id']}/certificate")).json()
    assert proof["ok"]
    assert proof["total"] == proof["bound"] == sum(pair["score"] for pair in pairs)
    assert proof["digest"] == run["inputs_digest"]


async def test_runs_come_in_pages_and_can_be_stopped(made, launched, caller):
    numbers = []
    for weight in (1, 2, 3):
        criteria = {"weights": {"topics": weight, "sector": 2}}
        started = (
            await caller.post("/runs", json={"cycle_id": str(launched.cycle.id), "criteria": criteria})
        ).json()
        second = await caller.post("/runs", json={"cycle_id": str(launched.cycle.id)})
        assert (second.status_code, second.json()["code"]) == (409, "run_open")
        stopped = await caller.post(f"/runs/{started['id']}/cancel")
        assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
        again = await caller.post(f"/runs/{started['id']}/cancel")
        assert (again.status_code, again.json()["code"]) == (409, "run_not_open")
        numbers.append(started["number"])
    listed = await every(caller, f"/runs?limit=2&cycle_id={launched.cycle.id}")
    assert [row["number"] for row in listed] == numbers[::-1]


@pytest.mark.parametrize(
    "criteria",
    [
        {"weights": {"topics": 0}},
        {"weights": {"charm": 3}},
        {"weights": {"topics": 3}, "languages": 7},
        {"weights": {"topics": 3}, "unknown": True},
    ],
)
async def test_criteria_that_cannot_be_used_are_refused(launched, caller, criteria):
    answer = await caller.post("/runs", json={"cycle_id": str(launched.cycle.id), "criteria": criteria})
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_other_organisations_find_nothing(ground, database, app, made, launched, caller):
    run = (await caller.post("/runs", json={"cycle_id": str(launched.cycle.id)})).json()
    await drain(ground, made.id)
    other = await making.organisation(database)
    async with await client(database, other, app, *EVERYTHING) as stranger:
        assert (await stranger.get("/runs")).json() == []
        for tail in ("", "/proposals", "/unmatched", "/certificate"):
            theirs = await stranger.get(f"/runs/{run['id']}{tail}")
            nobody = await stranger.get(f"/runs/{ids.new()}{tail}")
            assert theirs.status_code == nobody.status_code == 404
        assert (await stranger.post(f"/runs/{run['id']}/cancel")).status_code == 404
        assert (await stranger.post("/runs", json={"cycle_id": str(launched.cycle.id)})).status_code == 404


async def test_a_token_needs_the_permission(database, app, made, launched):
    async with await client(database, made, app, "run.read") as reader:
        answer = await reader.post("/runs", json={"cycle_id": str(launched.cycle.id)})
        assert answer.status_code == 403
        assert (await reader.get("/runs")).status_code == 200
