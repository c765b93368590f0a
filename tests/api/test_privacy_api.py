"""Data rights through the JSON door."""

import pytest

from tenants.permissions import Role
from tests import erasing, making
from tests.api.test_me_api import client


@pytest.fixture
async def desk(stage, app):
    by = await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, Role.IT_CONTACT)
    async with await client(
        stage.database, app, by, "person.erase", "people.read", "people.change"
    ) as opened:
        yield opened


async def test_what_she_agreed_to_and_takes_back(stage, app):
    actor = await making.somebody(stage.database, stage.made.id, Role.OWNER, Role.PARTICIPANT)
    async with await client(stage.database, app, actor, "own.case") as mine:
        assert (await mine.get("/me/consents")).json() == []
        said = await mine.post("/me/consents/news", json={"agrees": True})
        assert [(one["purpose"], one["stands"], one["log"][0]["channel"]) for one in said.json()] == [
            ("news", True, "form")
        ]
        back = (await mine.post("/me/consents/news", json={"agrees": False})).json()
        assert (back[0]["stands"], back[0]["log"][0]["withdrawn_channel"]) == (False, "form")
        refused = await mine.post("/me/consents/taking_part", json={"agrees": False})
        assert refused.status_code in (400, 404, 422)


async def test_a_copy_for_somebody_is_hers(stage, desk):
    her = await stage.joins()
    asked = await desk.post(f"/people/{her.person_id}/copies")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    assert asked.json()["page"].endswith("/me/privacy")


async def test_a_deletion_is_planned_taken_back_and_proved(stage, app, desk):
    her = await stage.joins()
    planned = (await desk.post(f"/people/{her.person_id}/erasure")).json()
    assert (planned["state"], (await desk.post(f"/people/{her.person_id}/erasure")).json()["id"]) == (
        "asked",
        planned["id"],
    )
    assert (await desk.post(f"/erasures/{planned['id']}/cancel")).json()["state"] == "cancelled"
    own = await erasing.asked(stage.ground, her.actor)
    refused = await desk.post(f"/erasures/{own.id}/cancel")
    assert (refused.status_code, "Only she can take it back" in refused.text) == (403, True)
    assert (await desk.get("/erasures")).status_code == 403
    proof = await erasing.erased(stage.ground, her.actor)
    async with await client(stage.database, app, stage.made.owner, "privacy.read") as guard:
        listed = (await guard.get("/erasures")).json()
        assert [(one["number"], one["state"]) for one in listed] == [
            (proof.number, "done"),
            (planned["number"], "cancelled"),
        ]
        one = (await guard.get(f"/erasures/by-number/{proof.number}")).json()
        assert (one["was_own_wish"], one["counts"]["person.emptied"]) == (True, 1)
        mapped = {table["name"]: table for table in (await guard.get("/data-map")).json()}
    assert {"name": "phone", "kind": "contact", "export": "given", "erasing": "emptied", "why": ""} in mapped[
        "person"
    ]["columns"]


async def test_a_stranger_is_like_nobody(stage, desk, database):
    other = await making.organisation(database)
    for path in ("erasure", "copies"):
        theirs = await desk.post(f"/people/{other.coordinator.person_id}/{path}")
        nobodys = await desk.post(f"/people/{stage.made.id}/{path}")
        assert (
            (theirs.status_code, theirs.json()["code"])
            == (nobodys.status_code, nobodys.json()["code"])
            == (404, "not_found")
        )


async def test_how_long_people_are_kept(stage, app):
    async with await client(
        stage.database, app, stage.made.owner, "privacy.read", "organisation.change"
    ) as owner:
        assert (await owner.get("/retention")).json() == {"months": None, "concerned": 0}
        assert (await owner.put("/retention", json={"months": 36})).json() == {"months": 36, "concerned": 0}
        refused = await owner.put("/retention", json={"months": 3})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/months")
        assert (await owner.put("/retention", json={"months": None})).json()["months"] is None
    async with await client(stage.database, app, stage.made.owner, "privacy.read") as reader:
        assert (await reader.put("/retention", json={"months": 36})).status_code == 403
