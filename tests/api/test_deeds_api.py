"""Deeds done to many, hand-overs, the log and conflicts through the JSON door: the same actions as the pages."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from infra import clock, ids
from tenants.identity import tokens
from tenants.permissions import Permission, Role
from tenants.relationships.models import Relationship
from tests import making


@pytest.fixture
async def caller(database, stage, app):
    both = await making.somebody(
        database, stage.made.id, Role.OWNER, Role.PROGRAMME_MANAGER, name="Both", office_id=None
    )
    async with database.tenant_session(both.context()) as session:
        made = await tokens.make(session, both, name="Desk", permissions=[one.value for one in Permission])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {made.secret}", "accept-language": "en"},
    ) as opened:
        yield opened


async def test_a_case_is_worked_on_by_a_program(stage, caller):
    # K45, K46, K47, K48, N08
    two = await stage.joins("mentor", "Amina Hadžić"), await stage.joins("mentee", "Wanjiru Kamau")
    pair = await stage.pair(*two)
    today = clock.today("UTC")
    of = {"of": "cases", "ids": [str(pair.id), str(ids.new())]}

    seen = await caller.post("/deeds/preview", json={"do": "remind", **of})
    assert seen.json()["number"] == 0
    assert {one["reason"] for one in seen.json()["left_out"]} == {"nothing_open"}
    nobody = await caller.post("/deeds", json={"do": "remind", **of})
    assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody_to_do")
    texts = {"en": {"subject": "A workshop", "text": "Come on Monday."}}
    wrote = await caller.post("/deeds", json={"do": "write", "role": "mentor", "texts": texts, **of})
    assert (wrote.status_code, wrote.json()["number"]) == (201, 1)
    [logged] = (await caller.get(f"/relationships/{pair.id}/contacts")).json()
    assert (logged["channel"], logged["subject"]) == ("letter", "A workshop")
    undone = await caller.post(f"/deeds/{wrote.json()['id']}/undo")
    assert undone.json() == {"back": 1, "stayed": 0}
    assert (await caller.post(f"/deeds/{wrote.json()['id']}/undo")).json()["code"] == "deed_over"
    moved = await caller.post("/deeds", json={"do": "move", "on": str(today + timedelta(5)), **of})
    assert moved.json()["number"] == 1
    assert (await caller.post("/deeds", json={"do": "move", **of})).status_code == 422
    [task] = [one for one in (await caller.get("/agenda")).json() if one["kind"] == "check_up"] or [None]
    assert task is None  # the case is somebody else's

    colleagues = (await caller.get("/caseloads/colleagues")).json()
    both = next(one["id"] for one in colleagues if one["full_name"] == "Both")
    body = {"from_id": str(stage.by.person_id), "to": [both]}
    plan = (await caller.post("/hand-overs/preview", json=body)).json()
    assert plan["shares"][0]["counts"]["case"] == 1 and plan["number"] > 1
    assert (await caller.post("/hand-overs", json=body)).json()["number"] == plan["number"]
    async with stage.session() as session:
        assert str(await session.scalar(select(Relationship.coordinator_id))) == both
    assert "check_up" in [one["kind"] for one in (await caller.get("/agenda")).json()]

    noted = await caller.post(
        f"/relationships/{pair.id}/contacts",
        json={"channel": "call", "on": str(today), "words": "Both are content."},
    )
    contact = f"/contacts/{noted.json()['id']}"
    put = await caller.put(contact, json={"channel": "email", "on": str(today), "words": "Content."})
    assert put.json()["channel"] == "email" and (await caller.get(contact)).json()["words"] == "Content."
    letter = await caller.put(contact, json={"channel": "letter", "on": str(today), "words": "No."})
    assert letter.status_code == 422
    story = (await caller.get(f"/relationships/{pair.id}/story", params={"show": "contacts"})).json()
    assert [one["contact"]["words"] for one in story] == ["Content."]
    assert (await caller.delete(contact)).status_code == 204

    phase = f"/relationships/{pair.id}/phase"
    assert (await caller.get(phase)).json()["phase"] == "initiation"
    assert (await caller.put(phase, json={"phase": "maturation"})).json()["set_by"] == "Both"
    opened = await caller.post(f"/relationships/{pair.id}/conflicts", json={"summary": "About time."})
    conflict = f"/conflicts/{opened.json()['id']}"
    step = opened.json()["steps"][0]["id"]
    taken = await caller.post(f"{conflict}/steps/{step}/done", json={"note": "They spoke."})
    assert taken.json()["steps"][0]["done_on"] == str(today)
    closed = await caller.post(f"{conflict}/close", json={"outcome": "changed"})
    assert (closed.json()["state"], closed.json()["outcome"]) == ("closed", "changed")
    late = await caller.post(f"{conflict}/steps/{step}/open")
    assert (late.status_code, late.json()["code"]) == (409, "conflict_closed")
