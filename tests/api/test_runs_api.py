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
        assert all(one["margin_is_exact"] for one in pair["alternatives"])
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
    for address in ("/runs", "/runs/previews"):
        answer = await caller.post(address, json={"cycle_id": str(launched.cycle.id), "criteria": criteria})
        assert answer.status_code == 422
        assert all(one["pointer"].startswith("#/criteria") for one in answer.json()["errors"])


UNDP = {"side": "mentee", "of": "UNDP", "most": 2}


@pytest.mark.parametrize(
    ("weights", "quotas", "pointer", "code"),
    [
        ({"topics": 3}, [UNDP], "#/criteria/quotas/0/of", "quota_of_nobody"),
        ({"topics": 3}, [UNDP, UNDP | {"of": "undp"}], "#/criteria/quotas/1/of", "quota_twice"),
        ({"topics": 3}, [UNDP, UNDP | {"of": "WHO", "by": "office"}], "#/criteria/quotas", "quota_one_kind"),
        (
            {"organisation": 3},
            [UNDP | {"by": "office"}],
            "#/criteria/quotas",
            "quota_office_with_organisations",
        ),
        ({"topics": 3}, [UNDP | {"most": -1}], "#/criteria/quotas/0/most", "too_small"),
        ({"topics": 3}, [UNDP | {"side": "both"}], "#/criteria/quotas/0/side", "not_a_choice"),
    ],
)
async def test_quotas_that_cannot_stand_are_named(launched, caller, weights, quotas, pointer, code):
    criteria = {"weights": weights, "quotas": quotas}
    for address in ("/runs", "/runs/previews"):
        answer = await caller.post(address, json={"cycle_id": str(launched.cycle.id), "criteria": criteria})
        assert answer.status_code == 422
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


async def test_the_pairs_are_counted_before_a_run(ground, made, launched, caller):
    body = {"cycle_id": str(launched.cycle.id), "criteria": {"weights": {"topics": 3}, "languages": 4}}
    asked = await caller.post("/runs/previews", json=body)
    assert (asked.status_code, asked.json()["state"]) == (202, "counting")
    assert asked.json()["points"]["topics"] == 100
    at = f"/runs/previews/{asked.json()['id']}"
    assert (await caller.get(at)).json()["state"] == "counting"
    await drain(ground, made.id)
    told = (await caller.get(at)).json()
    assert (told["state"], told["pairs"]) == ("counted", 35)
    assert told["waterfall"][-1]["left"] == told["possible"] < 35
    assert sum(one["taken"] for one in told["waterfall"]) == 35 - told["possible"]
    assert (await caller.post("/runs/previews", json=body)).json()["waterfall"] == told["waterfall"]
    assert (await caller.get("/runs")).json() == []
    assert (await caller.get("/runs/previews/nothing")).status_code == 404


async def test_pairs_are_kept_together_and_apart(ground, database, made, launched, caller):
    at = f"/cycles/{launched.cycle.id}/pair-wishes"
    mentors, mentees = [], []
    for one in await every(caller, f"/participations?limit=200&cycle_id={launched.cycle.id}"):
        (mentors if one["role"] == "mentor" else mentees).append(one["id"])
    lock = {"mentor_id": mentors[0], "mentee_id": mentees[0], "kind": "lock"}
    made_wish = await caller.post(at, json=lock)
    assert made_wish.status_code == 201
    await caller.post(at, json={"mentor_id": mentors[1], "mentee_id": mentees[1], "kind": "forbid"})
    assert [(one["mentor_id"], one["kind"]) for one in await every(caller, f"{at}?limit=1")] == [
        (mentors[0], "lock"),
        (mentors[1], "forbid"),
    ]
    for wrong, pointer, code in (
        (lock | {"mentor_id": mentors[1]}, "#/mentee_id", "wish_second_lock"),
        (lock | {"mentee_id": mentees[1]}, "#/mentor_id", "wish_no_place"),
        (lock | {"mentor_id": mentees[0]}, "#/mentor_id", "wish_same_side"),
        (lock | {"kind": "perhaps"}, "#/kind", "not_a_choice"),
    ):
        refused = await caller.post(at, json=wrong)
        assert refused.status_code == 422
        assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [(pointer, code)]
    run = (await caller.post("/runs", json={"cycle_id": str(launched.cycle.id)})).json()
    await drain(ground, made.id)
    pairs = await every(caller, f"/runs/{run['id']}/proposals")
    assert (mentors[0], mentees[0]) in [(one["mentor_id"], one["mentee_id"]) for one in pairs]
    assert (mentors[1], mentees[1]) not in [(one["mentor_id"], one["mentee_id"]) for one in pairs]
    assert (await caller.delete(f"/pair-wishes/{made_wish.json()['id']}")).status_code == 204
    assert (await caller.delete(f"/pair-wishes/{made_wish.json()['id']}")).status_code == 404
    assert len((await caller.get(at)).json()) == 1


async def test_wishes_and_previews_of_others_are_not_there(database, app, made, launched, caller):
    other = await making.organisation(database)
    body = {"cycle_id": str(launched.cycle.id)}
    preview = (await caller.post("/runs/previews", json=body)).json()["id"]
    async with await client(database, other, app, *EVERYTHING) as stranger:
        assert (await stranger.get(f"/cycles/{launched.cycle.id}/pair-wishes")).status_code == 404
        assert (await stranger.get(f"/runs/previews/{preview}")).status_code == 404
        assert (await stranger.post("/runs/previews", json=body)).status_code == 404
    async with await client(database, made, app, "run.read", "programme.read") as reader:
        assert (await reader.get(f"/runs/previews/{preview}")).status_code == 403
        wish = {"mentor_id": str(ids.new()), "mentee_id": str(ids.new()), "kind": "lock"}
        assert (await reader.post(f"/cycles/{launched.cycle.id}/pair-wishes", json=wish)).status_code == 403


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


async def test_drafts_are_approved_and_taken_back(ground, database, app, made, launched, caller):
    run = (await caller.post("/runs", json={"cycle_id": str(launched.cycle.id)})).json()
    await drain(ground, made.id)
    at = f"/runs/{run['id']}"
    assert (await caller.post(f"{at}/approve", json={})).status_code == 403
    async with await client(database, made, app, *EVERYTHING, "proposal.approve") as desk:
        drafts = [one["id"] for one in await every(desk, f"{at}/proposals")]
        some = await desk.post(f"{at}/approve", json={"proposals": drafts[:2]})
        assert (some.status_code, some.json()) == (200, {"sent": 2, "left_out": 0})
        rest = await desk.post(f"{at}/approve", json={})
        assert rest.json() == {"sent": 3, "left_out": 0}
        back = await desk.post(f"{at}/undo-approval")
        assert (back.status_code, back.json()) == (200, {"drafts": 5})
        late = await desk.post(f"{at}/undo-approval")
        assert late.status_code == 409
        wrong = await desk.post(f"{at}/approve", json={"proposals": []})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "#/proposals")
        assert (await desk.post(f"/runs/{ids.new()}/approve", json={})).status_code == 404


async def test_why_another_pair_was_not_chosen(ground, database, made, launched, caller):  # N04
    run = (await caller.post("/runs", json={"cycle_id": str(launched.cycle.id)})).json()
    at = f"/runs/{run['id']}"
    await drain(ground, made.id)
    first, second = (await every(caller, f"{at}/proposals"))[:2]
    pair = {"mentee_id": first["mentee_id"], "mentor_id": second["mentor_id"]}
    asked = await caller.post(f"{at}/why", json=pair)
    assert (asked.status_code, asked.json()["state"]) == (202, "working")
    await drain(ground, made.id)
    told = (await caller.post(f"{at}/why", json=pair)).json()
    assert told["state"] == "explained" and told["is_matched"] is False
    if not told["failed"]:
        assert told["price"] >= 0
        assert sum(one["points"] for one in told["contributions"]) == told["score"]
    unknown = await caller.post(f"{at}/why", json=pair | {"mentor_id": str(ids.new())})
    assert unknown.status_code == 404
