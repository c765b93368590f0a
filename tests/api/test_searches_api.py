"""Searches and proposals by hand through the JSON door, and what two tabs at once come to."""

import asyncio
import os
import time
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from infra import clock
from infra.errors import NotFound
from tenants.organisations import actions as organisations
from tenants.permissions import Role
from tenants.proposals import by_hand
from tenants.proposals.models import Proposal
from tenants.proposals.search_models import MatchSearch
from tenants.proposals.searches import actions as searches
from tenants.proposals.searches import queries, rules
from tenants.registration import watching
from tenants.registration.models import Participation
from tests import crowd, making
from tests.api.test_runs_api import client, every
from tests.working import drain

SEARCHES = (
    "programme.read", "run.read", "run.start", "proposal.read", "proposal.approve", "people.read", "relationship.read",
)  # fmt: skip

COUNT = int(os.environ.get("SEARCHED", "100"))


@pytest.fixture
async def caller(database, made, app):
    async with await client(database, made, app, *SEARCHES) as opened:
        yield opened


@pytest.fixture
async def launched(database, made):
    return await making.programme(database, made)


async def sought(ground, made, caller, participation_id, **more):
    """The answer to a search."""
    asked = await caller.post("/searches", json={"participation_id": str(participation_id), **more})
    assert asked.status_code == 202, asked.text
    await drain(ground, made.id, kinds=("matching.",))
    answer = (await caller.get(f"/searches/{asked.json()['id']}")).json()
    assert answer["state"] == "done"
    return answer


async def test_points_and_limits_are_those_of_a_run(ground, database, made, launched, caller):  # K27 N04
    mentees = await crowd.people(database, made, launched, "mentee", 9)
    mentors = await crowd.people(database, made, launched, "mentor", 12, seed=3, entity="UNDP")
    criteria = {
        "weights": {"topics": 8, "sector": 6, "seniority": 3, "region": 3},
        "overlap": 4,
        "seniority": 3,
    }
    run = await caller.post("/runs", json={"cycle_id": str(launched.cycle.id), "criteria": criteria})
    await drain(ground, made.id, kinds=("matching.",))
    pairs = await every(caller, f"/runs/{run.json()['id']}/proposals")
    assert pairs
    for pair in pairs[:4]:
        for one, other in (("mentee_id", "mentor_id"), ("mentor_id", "mentee_id")):
            answer = await sought(ground, made, caller, pair[one], criteria=criteria)
            same = next(row for row in answer["best"] if row["participation_id"] == pair[other])
            assert (same["score"], same["contributions"]) == (pair["score"], pair["contributions"])
            assert sum(part["points"] for part in same["contributions"]) == same["score"]
            assert answer["best"] == sorted(answer["best"], key=lambda row: -row["score"])
            assert answer["waterfall"][-1]["left"] == answer["possible"] <= answer["others"]
    again = await caller.post(
        "/searches", json={"participation_id": pairs[0]["mentee_id"], "criteria": criteria}
    )
    assert again.json()["state"] == "done"  # nothing has changed since
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(MatchSearch).values(created_at=clock.now() - rules.KEPT))
        assert await searches.clear_expired(session, made.house) >= 4
    assert (await caller.get(f"/searches/{again.json()['id']}")).status_code == 404
    why = await sought(ground, made, caller, mentees[0], criteria=criteria, named_id=str(mentors[0]))
    assert why["named"]["participation_id"] == str(mentors[0]) and why["place"] == (
        0
        if why["named"]["failed"]
        else 1 + [row["participation_id"] for row in why["best"]].index(str(mentors[0]))
    )


async def test_a_draft_by_hand_goes_the_road_of_all(ground, database, made, launched, caller):
    [mentee] = await crowd.people(database, made, launched, "mentee", 1)
    mentors = await crowd.people(database, made, launched, "mentor", 2)
    answer = await sought(ground, made, caller, mentee)
    best = answer["best"][0]["participation_id"]
    address = f"/searches/{answer['id']}/proposals"
    draft = (await caller.post(address, json={"participation_id": best})).json()
    assert (draft["state"], draft["run_id"], draft["mentor_id"]) == ("draft", None, best)
    assert (await caller.post(address, json={"participation_id": best})).json()["id"] == draft["id"]
    sent = await caller.post(f"/proposals/{draft['id']}/approve", json={})
    assert sent.json() == {"sent": 1, "left_out": 0}
    other = next(str(one) for one in mentors if str(one) != best)
    full = await caller.post(address, json={"participation_id": other})
    assert (full.status_code, full.json()["code"]) == (409, "no_place_left")  # the mentee's one place is held
    assert (await caller.post("/searches", json={"participation_id": str(mentee)})).json()["code"] == (
        "search_not_ready"
    )
    assert (await caller.post(f"/proposals/{draft['id']}/undo-approval")).json() == {"drafts": 1}
    assert (await caller.post(f"/proposals/{draft['id']}/discard")).status_code == 204
    assert (await caller.get(f"/proposals/{draft['id']}")).status_code == 404
    gone = await caller.post(f"/proposals/{draft['id']}/approve", json={})
    assert gone.status_code == 404
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(Participation).where(Participation.id == mentee).values(region="Elsewhere")
        )
        await watching.changed(session, [mentee])
    old = await caller.post(address, json={"participation_id": best})
    assert (old.status_code, old.json()["code"]) == (409, "search_old")


async def test_two_tabs_at_once_make_one_draft_and_one_proposal(ground, database, made, launched):
    [mentee] = await crowd.people(database, made, launched, "mentee", 1)
    await crowd.people(database, made, launched, "mentor", 1)
    by = made.coordinator

    async def doing(do):
        async with database.tenant_session(by.context()) as session:
            return await do(session)

    search = await doing(lambda session: searches.search(session, by, mentee))
    await drain(ground, made.id, kinds=("matching.",))
    found = await doing(
        lambda session: session.scalar(select(MatchSearch).where(MatchSearch.id == search.id))
    )
    [other] = [UUID(row["participation_id"]) for row in found.result["best"]]
    drafts = await asyncio.gather(
        *(doing(lambda session: by_hand.propose(session, by, search.id, other)) for _ in range(4))
    )
    assert len({one.id for one in drafts}) == 1
    sent = await asyncio.gather(
        *(doing(lambda session: by_hand.approve(session, by, drafts[0].id)) for _ in range(3)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in sent) == ["Approval", "NotApprovable", "NotApprovable"]
    assert await doing(lambda session: session.scalar(select(func.count()).select_from(Proposal))) == 1


async def test_who_works_for_one_office_searches_there(ground, database, made, launched):
    async with database.tenant_session(made.owner.context()) as session:
        office = await organisations.open_office(session, made.owner, name="Mostar", time_zone="UTC")
    [mentee] = await crowd.people(database, made, launched, "mentee", 1, office_id=office.id)
    [hers] = await crowd.people(database, made, launched, "mentor", 1, seed=2, office_id=office.id)
    await crowd.people(database, made, launched, "mentor", 3)
    narrow = await making.somebody(database, made.id, Role.COORDINATOR, office_id=office.id)
    async with database.tenant_session(narrow.context()) as session:
        search = await searches.search(session, narrow, mentee)
    async with database.tenant_session(made.coordinator.context()) as session:
        wide = await searches.search(session, made.coordinator, mentee)
    await drain(ground, made.id, kinds=("matching.",))
    async with database.tenant_session(narrow.context()) as session:
        found = await queries.access_search(session, narrow, search.id)
        assert [row["participation_id"] for row in found.result["best"]] == [str(hers)]
        assert (found.result["others"], found.result["elsewhere"]) == (1, 3)
        with pytest.raises(NotFound):
            await queries.access_search(session, narrow, wide.id)


async def test_one_among_many(ground, database, made, launched):
    """Ten thousand on the other side in the long version, which says how long it took."""
    [mentee] = await crowd.people(database, made, launched, "mentee", 1)
    for seed in range(COUNT // 100):
        await crowd.people(database, made, launched, "mentor", 100, seed=seed)
    async with database.tenant_session(made.coordinator.context()) as session:
        search = await searches.search(session, made.coordinator, mentee)
    await drain(ground, made.id, kinds=("nothing.",))  # loads the rooms of the workers
    begun = time.perf_counter()
    await drain(ground, made.id, kinds=("matching.search",))
    took = time.perf_counter() - begun
    async with database.tenant_session(made.coordinator.context()) as session:
        found = await queries.access_search(session, made.coordinator, search.id)
    assert len(found.result["best"]) == 20 and found.result["others"] == COUNT
    print(f"{COUNT} people: {took:.2f} s")
