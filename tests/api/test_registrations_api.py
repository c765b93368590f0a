"""Programmes, registrations on behalf and statuses through the JSON door."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from infra import clock, ids
from tenants.identity import tokens
from tenants.permissions import Role
from tenants.registration.models import Participation, Status
from tests import making

PERMISSIONS = (
    "programme.read",
    "people.read",
    "people.change",
    "registration.make",
    "status.change",
    "own.case",
)


async def open_client(database, app, made, *permissions) -> httpx.AsyncClient:
    maker = await making.somebody(database, made.id, Role.OWNER, Role.COORDINATOR, name="Both")
    async with database.tenant_session(maker.context()) as session:
        secret = (await tokens.make(session, maker, name="Test", permissions=permissions)).secret
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )


@pytest.fixture
async def caller(database, made, app):
    async with await open_client(database, app, made, *PERMISSIONS) as opened:
        yield opened


def body(launched, **others):
    return {
        "programme_id": str(launched.programme.id),
        "role": "mentee",
        "full_name": "Fatima Noor",
        "email": "fatima@example.org",
        "language": "ar",
        "answers": making.answers("mentee"),
        "consents": ["taking_part", "matching"],
        "channel": "phone",
        "is_confirmed": True,
    } | others


async def test_programmes_are_listed_in_pages_and_read(database, made, launched, caller):
    await making.programme(database, made, slug="another")
    first = await caller.get("/programmes?limit=1")
    assert [p["slug"] for p in first.json()] == ["another"]
    rest = await caller.get("/programmes" + first.links["next"]["url"])
    assert [p["slug"] for p in rest.json()] == ["network"] and "next" not in rest.links
    read = (await caller.get(f"/programmes/{launched.programme.id}")).json()
    assert read["structure"] == "one_to_one" and read["cycles"][0]["id"] == str(launched.cycle.id)
    asked = {q["key"]: q for q in read["questions"]}
    assert asked["languages"]["is_obligatory"] and not asked["source"]["is_obligatory"]  # K05
    assert len(read["topics"]) > 20 and {c["name"] for c in read["criteria"]} >= {"topics", "languages"}


async def test_register_and_move_by_statuses(made, launched, caller):  # K04 K08 K09 K10
    answer = await caller.post("/registrations", json=body(launched))
    assert answer.status_code == 201
    id = answer.json()["participation_id"]
    read = (await caller.get(f"/participations/{id}")).json()
    assert (read["status"], read["missing"]) == ("REGISTERED", [])
    assert read["answers"]["topics_wanted"] == ["leadership", "negotiation"]
    moved = await caller.post(f"/participations/{id}/select-for-interview")
    assert moved.json()["status"] == "AWAITING INTERVIEW"
    refused = await caller.post(f"/participations/{id}/make-ready")
    assert refused.status_code == 409 and refused.json()["code"] == "interview_not_held"
    assert refused.json()["detail"].startswith("Record the interview first")
    await caller.post(f"/participations/{id}/interview-held", json={"on": "2026-11-20"})
    assert (await caller.post(f"/participations/{id}/make-ready")).json()["status"] == "READY TO BE MATCHED"
    assert (await caller.post(f"/participations/{id}/undo")).json()["status"] == "AWAITING INTERVIEW"
    left = await caller.post(f"/participations/{id}/leave", json={"reason": "Moved"})
    assert (left.json()["status"], left.json()["end_reason"]) == ("LEFT", "Moved")
    assert (await caller.post(f"/participations/{id}/to-network", json={})).status_code == 409
    assert (await caller.post(f"/participations/{id}/reapply")).json()["status"] == "REGISTERED"
    counted = (await caller.get("/participations/counts")).json()
    assert counted == [{"role": "mentee", "status": "REGISTERED", "count": 1}]


async def test_nobody_is_moved_into_or_out_of_a_relationship(database, made, launched, caller):  # K11 K12
    """The match and its end do that, here as on the pages."""
    id = (await caller.post("/registrations", json=body(launched))).json()["participation_id"]
    async with database.tenant_session(made.house.context()) as session:
        changed = update(Participation).where(Participation.id == id)
        await session.execute(
            changed.values(status=Status.IN_RELATIONSHIP, interviewed_on=clock.today("UTC"))
        )
    for way, sent in (("make-ready", None), ("to-network", {}), ("leave", {"reason": "Moved"})):
        refused = await caller.post(f"/participations/{id}/{way}", json=sent)
        assert (refused.status_code, refused.json()["code"]) == (409, "status_not_reachable"), way
    assert (await caller.get(f"/participations/{id}")).json()["status"] == "IN A MENTOR RELATIONSHIP"


async def test_a_waiting_registration_is_confirmed_by_word(made, launched, caller):  # N14
    answer = (await caller.post("/registrations", json=body(launched, is_confirmed=False))).json()
    assert answer["participation_id"] is None and answer["expires_at"]
    assert (await caller.get("/participations")).json() == []
    for _ in range(2):
        confirmed = await caller.post(f"/registrations/{answer['id']}/confirm", json={"channel": "in_person"})
        assert confirmed.status_code == 200
    [listed] = (await caller.get("/participations")).json()
    assert listed["id"] == confirmed.json()["participation_id"]


async def test_participations_come_in_pages(database, made, launched, caller):
    for number in range(4):
        role = "mentor" if number else "mentee"
        await making.participation(database, made, launched, role, name=f"Person {number}")
    seen, address = [], "/participations?limit=3"
    while address:
        answer = await caller.get(address)
        seen += [one["full_name"] for one in answer.json()]
        address = "/participations" + answer.links["next"]["url"] if "next" in answer.links else None
    assert seen == [f"Person {n}" for n in range(4)]
    assert len((await caller.get("/participations?role=mentor&status=REGISTERED")).json()) == 3
    assert (await caller.get("/participations?status=LOST")).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"hat": "red"}, "#/hat", "unknown_field"),
        ({"channel": "form"}, "#/channel", "not_a_choice"),
        ({"role": "boss"}, "#/role", "not_a_choice"),
        ({"email": "fatima@"}, "#/email", "email_unusable"),
        ({"consents": ["matching"]}, "#/consent_taking_part", "consent_needed"),
        ({"answers": {**making.answers("mentee"), "time_zone": "X"}}, "#/time_zone", "city_unknown"),
        ({"email": None, "is_confirmed": False}, "#/email", "confirmation_needs_address"),
    ],
)
async def test_what_is_wrong_is_pointed_at(launched, caller, wrong, pointer, code):
    answer = await caller.post("/registrations", json=body(launched, **wrong))
    assert answer.status_code == 422
    [problem] = answer.json()["errors"]
    assert (problem["pointer"], problem["code"]) == (pointer, code)
    assert problem["detail"] != "We cannot use this value."


async def test_answers_are_changed(database, made, launched, caller):
    id = (await making.participation(database, made, launched)).id
    changed = await caller.patch(f"/participations/{id}", json={"answers": {"topics_wanted": ["networking"]}})
    assert changed.json()["answers"]["topics_wanted"] == ["networking"]
    assert (await caller.patch(f"/participations/{id}", json={"answers": {"hat": "red"}})).status_code == 404


async def test_a_token_does_what_it_was_made_for(database, app, made, launched):
    async with await open_client(database, app, made, "people.read") as reader:
        assert (await reader.post("/registrations", json=body(launched))).status_code == 403
        assert (await reader.get("/programmes")).status_code == 403
        assert (await reader.get("/participations")).json() == []


async def test_another_organisations_rows_are_unknown(database, app, made, launched, caller):
    id = (await making.participation(database, made, launched)).id
    waiting = (await caller.post("/registrations", json=body(launched, is_confirmed=False))).json()["id"]
    other = await making.organisation(database)
    async with await open_client(database, app, other, *PERMISSIONS) as stranger:
        for method, path, sent in (
            ("GET", f"/programmes/{launched.programme.id}", None),
            ("GET", "/participations/{id}", None),
            ("PATCH", "/participations/{id}", {"answers": {}}),
            ("POST", "/participations/{id}/select-for-interview", None),
            ("POST", "/participations/{id}/interview-held", {"on": "2026-11-20"}),
            ("POST", "/participations/{id}/make-ready", None),
            ("POST", "/participations/{id}/to-network", {}),
            ("POST", "/participations/{id}/leave", {}),
            ("POST", "/participations/{id}/reapply", None),
            ("POST", "/participations/{id}/undo", None),
            ("POST", f"/registrations/{waiting}/confirm", {"channel": "phone"}),
            ("POST", "/registrations", body(launched)),
        ):
            there = await stranger.request(method, path.format(id=id), json=sent)
            unknown = str(ids.new())
            sent_unknown = {**sent, "programme_id": unknown} if sent and "programme_id" in sent else sent
            path_unknown = (
                path.format(id=unknown).replace(waiting, unknown).replace(str(launched.programme.id), unknown)
            )
            nowhere = await stranger.request(method, path_unknown, json=sent_unknown)
            assert there.status_code == nowhere.status_code == 404, (method, path)
            assert there.json() == nowhere.json()
        assert (await stranger.get("/participations")).json() == []
        assert (await stranger.get(f"/participations?cycle_id={launched.cycle.id}")).json() == []


async def test_an_interview_is_planned_and_a_note_written(made, launched, caller):  # K09 K14
    id = (await caller.post("/registrations", json=body(launched))).json()["participation_id"]
    await caller.post(f"/participations/{id}/select-for-interview")
    at = (clock.now() + timedelta(days=3)).isoformat()
    planned = await caller.put(f"/participations/{id}/interview", json={"at": at})
    assert planned.status_code == 200
    read = (await caller.get(f"/participations/{id}")).json()
    assert read["interview_on"] == planned.json()["interview_on"]
    for wrong in ("9999-12-31T23:59:59Z", "2026-11-26T10:00:00", "soon"):
        refused = await caller.put(f"/participations/{id}/interview", json={"at": wrong})
        assert refused.status_code == 422
        assert [one["pointer"] for one in refused.json()["errors"]] == ["#/at"]
    assert (await caller.post(f"/participations/{id}/make-ready")).status_code == 409  # planned is not held
    assert (await caller.put(f"/participations/{id}/note", json={"note": "Mornings"})).status_code == 204
    assert (await caller.get(f"/participations/{id}")).json()["note"] == "Mornings"
    ahead = (clock.today("UTC") + timedelta(days=2)).isoformat()
    refused = await caller.post(f"/participations/{id}/interview-held", json={"on": ahead})
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("#/on", "day_to_come")]
    assert len((await caller.get("/tasks?kind=interview.")).json()) == 1
    held = await caller.post(f"/participations/{id}/interview-held", json={"on": "2026-11-20"})
    assert held.json()["interviewed_on"] == "2026-11-20"
    assert (await caller.get("/tasks?kind=interview.")).json() == []
    nobody = await caller.put(f"/participations/{ids.new()}/interview", json={"at": at})
    assert nobody.status_code == 404
