"""A concern through the JSON door: told in confidence, read by whom it was told to, settled by them."""

import pytest

from infra import ids
from tenants.people.models import RoleGrant
from tenants.permissions import Role
from tests import making
from tests.api.test_me_api import client


@pytest.fixture
async def made(database):
    return await making.organisation(database)


async def reader(database, made, name: str):
    """A coordinator who may make tokens."""
    actor = await making.somebody(database, made.id, Role.COORDINATOR, Role.IT_CONTACT, name=name)
    return actor


async def test_told_read_and_settled_by_its_readers_alone(database, made, app):
    her = await making.somebody(database, made.id, Role.PARTICIPANT, Role.IT_CONTACT, name="Wanjiru")
    rita, nosy = await reader(database, made, "Rita Reader"), await reader(database, made, "Nosy")
    other = await making.organisation(database)
    async with await client(database, app, her, "own.case") as mine:
        offered = {one["full_name"]: one["id"] for one in (await mine.get("/me/concerns/readers")).json()}
        assert sorted(offered) == ["Cora Coordinator", "Nosy", "Rita Reader"]
        body = {"text": "She asked me for money.", "readers": [str(rita.person_id)]}
        beyond = [str(other.coordinator.person_id), str(made.owner.person_id), str(ids.new())]
        for wrong in (body | {"text": "  "}, body | {"readers": beyond}, body | {"readers": []}):
            assert (await mine.post("/me/concerns", json=wrong)).status_code == 422
        told = await mine.post("/me/concerns", json=body | {"readers": [*body["readers"], *beyond]})
        assert (told.status_code, told.json()["readers"]) == (201, [str(rita.person_id)])
    async with await client(database, app, rita, "people.read", "status.change") as hers:
        [task] = (await hers.get("/tasks?kind=concern.")).json()
        at = f"/concerns/{task['about']['concern_id']}"
        async with await client(database, app, nosy, "people.read", "status.change") as another:
            for refused in (await another.get(at), await another.post(f"{at}/settle")):
                assert refused.status_code == 404 and "money" not in refused.text
        found = (await hers.get(at)).json()
        assert (found["text"], found["full_name"], found["settled_at"]) == (body["text"], "Wanjiru", None)
        assert (await hers.post(f"{at}/settle")).json()["settled_at"] is not None
        assert (await hers.get("/tasks?kind=concern.")).json() == []
    async with await client(database, app, rita, "people.read") as narrow:
        assert (await narrow.post(f"{at}/settle")).status_code == 403


async def test_a_token_without_ones_own_case_tells_nothing(database, made, app):
    nosy = await reader(database, made, "Nosy")
    async with await client(database, app, nosy, "people.read") as narrow:
        assert (await narrow.get("/me/concerns/readers")).status_code == 403
        body = {"text": "x", "readers": [str(made.coordinator.person_id)]}
        assert (await narrow.post("/me/concerns", json=body)).status_code == 403
        async with database.tenant_session(made.house.context()) as session:
            session.add(RoleGrant(organisation_id=made.id, person_id=nosy.person_id, role=Role.PARTICIPANT))
        assert (await narrow.post("/me/concerns", json=body)).status_code == 403
