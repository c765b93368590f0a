"""The trail on the owner's pages and through the API: read, narrowed, saved, held against its checkpoint."""

import csv
import io
from datetime import timedelta

import httpx
import pytest

from infra import clock, ids
from tenants.audit.actions import take_checkpoint
from tenants.audit.words import Group
from tenants.identity import tokens
from tenants.permissions import Permission, Role
from tests import making


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


@pytest.fixture
async def caller(database, app, made):
    actor = await making.somebody(database, made.id, Role.OWNER)
    async with database.tenant_session(actor.context()) as session:
        secret = (await tokens.make(session, actor, name="T", permissions=[Permission.AUDIT_READ])).secret
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}"},
    ) as client:
        yield client


async def test_what_an_owner_does_stands_in_the_trail(owner):
    await (await owner.get("/a/organisation")).submit(
        "/a/offices", name="Nairobi", time_zone="Africa/Nairobi"
    )

    page = await owner.get("/a/audit")

    assert "An office was opened" in page.text
    assert "Olivia Owner" in page.text
    assert "The first signature follows within the hour." in page.text


async def test_narrowed_by_what_by_whom_and_when(owner, made):
    await (await owner.get("/a/organisation")).submit(
        "/a/offices", name="Nairobi", time_zone="Africa/Nairobi"
    )
    today = clock.today("UTC")

    async def found(**asked) -> bool:
        return "An office was opened" in (await owner.get("/a/audit", params=asked)).text

    assert await found(group="organisation")
    assert not await found(group="matching")
    assert await found(by=str(made.owner.person_id))
    assert not await found(by=str(made.coordinator.person_id))
    assert await found(since=str(today - timedelta(1)), until=str(today + timedelta(1)))
    assert not await found(since=str(today + timedelta(2)))
    assert not await found(until=str(today - timedelta(2)))
    assert await found(since="31/31/31", group="nothing", by="x")  # what cannot be read is not there


async def test_the_file_holds_the_same_and_no_formula(owner, database, made):
    await (await owner.get("/a/organisation")).submit("/a/offices", name="=1+1", time_zone="UTC")

    answer = await owner.get("/a/audit.csv", params={"group": "organisation"})

    rows = list(csv.reader(io.StringIO(answer.response.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Number"
    assert rows[1][2:5] == ["office.opened", "An office was opened", "Olivia Owner"]
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert "attachment" in answer.response.headers["content-disposition"]


async def test_the_signed_note_is_shown(owner, database, made, ground):
    async with database.tenant_session(made.house.context()) as session:
        row = await take_checkpoint(session, made.house, ground.keyring.note_signer())
    assert row is not None

    page = await owner.get("/a/audit")

    assert "Keep the signature yourself" in page.text
    assert f"mentorweave/{made.id}" in page.text


async def test_only_whoever_may_read_the_trail(database, browse, made):
    coordinator = await making.signed_in(database, browse, made, made.coordinator)
    assert (await coordinator.get("/a/audit")).status == 403
    assert (await coordinator.get("/a/audit.csv")).status == 403


async def test_a_participant_has_no_name_here(owner, database, made, launched):
    mentee = await making.participation(database, made, launched, name="Wanjiru Kamau")
    page = await owner.get("/a/audit")
    assert mentee is not None
    assert "Wanjiru" not in page.text


async def test_the_api_pages_through_all_of_it(caller, made):
    seen, address = [], "/audit-events?limit=2"
    for _ in range(100):
        answer = await caller.get(address)
        seen += answer.json()
        if "next" not in answer.links:
            break
        address = "/audit-events" + answer.links["next"]["url"]
    chain = (await caller.get("/audit-chain")).json()

    assert sorted(one["seq"] for one in seen) == list(range(1, chain["links"] + 1))
    assert (chain["note"], chain["checkpoint_seq"]) == (None, None)


async def test_the_api_narrows_like_the_page(caller, made):
    found = (await caller.get("/audit-events", params={"group": Group.ORGANISATION})).json()
    assert "organisation.founded" in {one["event"] for one in found}
    assert (await caller.get("/audit-events", params={"event": "role.taken"})).json() == []
    assert (await caller.get("/audit-events", params={"object_id": str(ids.new())})).json() == []
    assert (await caller.get("/audit-events", params={"group": "weather"})).status_code == 422
