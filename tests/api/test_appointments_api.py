"""Invitations, guides and packs through the JSON door: the same actions as on the pages, and nothing for others."""

from datetime import timedelta

import pytest

from infra import clock, ids
from tenants.permissions import Role
from tests import making
from tests.api.test_proposals_api import client, herself

DESK = ("people.read", "status.change", "programme.read", "outbox.read")


@pytest.fixture
async def case(app, stage):
    mentee = await making.participation(stage.database, stage.made, stage.launched)
    mentor = await making.participation(
        stage.database, stage.made, stage.launched, "mentor", name="Njeri Mwangi"
    )
    async with await client(app, stage, *DESK) as desk:
        yield desk, mentee, mentor


async def test_inviting_answering_moving_and_cancelling(app, stage, case):
    # K09, K15
    desk, mentee, mentor = case
    day = clock.today("UTC") + timedelta(days=60)
    asked = {
        "slots": [{"participation_id": str(one.id), "at": f"{day}T{hour}:00"} for one, hour in ((mentee, 10), (mentor, 11))],
        "time_zone": "Africa/Nairobi", "place": "Obala 4",
    }  # fmt: skip
    seen = (await desk.post("/appointments/rehearsal", json=asked)).json()
    assert sorted(seen["invited"]) == sorted([str(mentee.id), str(mentor.id)])
    assert seen["letter"]["facts"][0][0] == "When" and "/interview/" not in str(seen)
    assert (await desk.get("/appointments")).json() == []

    answer = await desk.post("/appointments", json=asked)
    assert answer.status_code == 201, answer.text
    made = {one["participation_id"]: one for one in answer.json()["invited"]}
    hers = made[str(mentee.id)]
    assert (hers["state"], hers["starts_at"]) == ("asked", f"{day}T07:00:00Z")
    twice = (await desk.post("/appointments", json=asked)).json()
    assert twice["invited"] == [] and {one["code"] for one in twice["staying"]} == {"appointment_stands"}
    plain = await desk.put(f"/participations/{mentee.id}/interview", json={"at": f"{day}T09:00:00Z"})
    assert (plain.status_code, plain.json()["code"]) == (409, "appointment_stands")
    bad = await desk.post(
        "/appointments",
        json=asked | {"slots": [{"participation_id": str(ids.new()), "at": "2020-03-28T02:30"}]},
    )
    assert bad.status_code == 422 and bad.json()["errors"][0]["code"] == "interview_in_the_past"

    async with await herself(app, stage, mentee) as her:
        [own] = (await her.get("/me/appointments")).json()
        path = f"/me/appointments/{own['id']}/answer"
        said = await her.post(
            path, json={"answer": "other", "times": [f"{day}T17:00"], "time_zone": "Africa/Nairobi"}
        )
        assert said.status_code == 200 and said.json()["proposed"][0]["at"] == f"{day}T14:00:00Z"
        others = f"/me/appointments/{made[str(mentor.id)]['id']}/answer"
        assert (await her.post(others, json={"answer": "come"})).status_code == 404
        assert (await her.get("/appointments")).status_code == 403

    old = await desk.post(
        f"/appointments/{hers['id']}/move",
        json={"at": f"{day}T12:00", "place": "x", "version": hers["version"]},
    )
    assert (old.status_code, old.json()["code"]) == (409, "appointment_changed")
    taken = await desk.post(f"/appointments/{hers['id']}/accept", json={"at": f"{day}T14:00:00Z"})
    assert (taken.json()["state"], taken.json()["sequence"]) == ("confirmed", 1)
    again = await desk.post(f"/appointments/{hers['id']}/accept", json={"at": f"{day}T14:00:00Z"})
    assert (again.status_code, again.json()["code"]) == (409, "appointment_not_proposed")
    rows = (await desk.get(f"/appointments?since={day}")).json()
    assert [one["id"] for one in rows] == [made[str(mentor.id)]["id"], hers["id"]]
    for edge in ("0001-01-01", "9999-12-31"):
        assert (await desk.get(f"/appointments?since={edge}")).status_code == 200

    back = (await desk.post(f"/appointments/batches/{hers['batch_id']}/undo")).json()
    assert back == {"taken_back": 1, "too_late": 1}  # hers has moved meanwhile
    gone = await desk.post(f"/appointments/{hers['id']}/cancel", json={})
    assert gone.json()["state"] == "cancelled"
    assert (await desk.post(f"/appointments/{hers['id']}/cancel", json={})).json()[
        "code"
    ] == "appointment_over"
    assert (await desk.get("/appointments")).json() == []


async def test_a_guide_is_read_and_changed_as_a_whole_and_a_pack_is_a_paper(app, stage, case):
    # K16, K23
    desk, mentee, _mentor = case
    path = f"/programmes/{stage.launched.programme.id}/guides/mentee"
    usual = (await desk.get(path)).json()
    assert usual["version"] == 0 and len(usual["questions"]) == 31
    change = {
        "version": 0,
        "questions": [{"section": "vision", "text": {"en": "And now?"}}, *usual["questions"][:2]],
    }
    assert (await desk.put(path, json=change)).status_code == 403
    manager = await making.somebody(stage.database, stage.made.id, Role.OWNER, Role.PROGRAMME_MANAGER)
    async with await client(app, stage, "programme.read", "programme.change", actor=manager) as change_desk:
        saved = await change_desk.put(path, json=change)
        assert [one["section"] for one in saved.json()["questions"]] == ["welcome", "welcome", "vision"]
        assert (await change_desk.put(path, json=change)).json()["code"] == "guide_changed"
        for wrong in ({"section": "vision", "text": {"xx": "?"}}, {"section": "vision", "text": {}}):
            refused = await change_desk.put(path, json={"version": 1, "questions": [wrong]})
            assert refused.status_code == 422, refused.text
    assert (await desk.get(path.replace("mentee", "nobody"))).status_code == 404
    paper = await desk.get(f"/participations/{mentee.id}/interview-pack?language=ar")
    assert paper.headers["content-type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    unknown = await desk.get(f"/participations/{mentee.id}/interview-pack?language=tlh")
    assert unknown.status_code == 422
    assert (await desk.get(f"/participations/{ids.new()}/interview-pack")).status_code == 404
