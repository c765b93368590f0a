"""Agreement, plan, notice and memo through the JSON door: the same deeds, refusals and reach as the pages."""

from datetime import timedelta

import pytest

from infra import clock
from tenants.actor import person
from tenants.people.models import RoleGrant
from tenants.permissions import Role
from tests.api.test_me_api import client

FILLED = {"ways": ["email"], "frequency": "Once a week", "purposes": ["job"], "aims": "A job"}


@pytest.fixture
async def case(stage, database, app):
    """A pair, and programs of the two and of their coordinator."""
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    pair = await stage.pair(mentor, mentee)
    async with stage.session() as session:
        for one in (mentor, mentee, stage.by):
            session.add(
                RoleGrant(organisation_id=stage.made.id, person_id=one.person_id, role=Role.IT_CONTACT)
            )
    opened = []
    for actor, permission in (
        (mentor.actor, "own.case"),
        (mentee.actor, "own.case"),
        (stage.by, "relationship.read"),
    ):
        wide = person(actor.organisation_id, actor.person_id, actor.roles | {Role.IT_CONTACT})
        opened.append(await client(database, app, wide, permission))
    yield pair, *opened, mentee
    for one in opened:
        await one.aclose()


async def test_programs_do_what_pages_do(stage, case):  # K49 K52 K53 K57 K58
    pair, mine, hers, desk, mentee = case
    path = f"/me/pairs/{pair.id}/agreement"
    empty = (await mine.get(path)).json()
    assert (empty["state"], empty["revision"], len(empty["sections"])) == ("draft", 0, 5)
    five = await mine.put(
        path,
        json=FILLED
        | {"revision": 0, "purposes": ["job", "education", "listener", "internship", "confidence"]},
    )
    assert (five.status_code, five.json()["errors"][0]["code"]) == (422, "agreement_purposes")
    filled = await mine.put(path, json=FILLED | {"revision": 0, "expectations": {str(mentee.id): "Honesty"}})
    assert (filled.status_code, filled.json()["revision"], filled.json()["expectations"]) == (
        200,
        1,
        {str(mentee.id): "Honesty"},
    )
    late = await hers.put(path, json=FILLED | {"revision": 0})
    assert (late.status_code, late.json()["code"]) == (409, "agreement_changed_meanwhile")
    outdated = await hers.post(f"{path}/sign", json={"language": "en", "digest": empty["digest"]})
    assert (outdated.status_code, outdated.json()["code"]) == (409, "agreement_outdated")
    for caller, state in ((mine, "draft"), (hers, "in_force")):
        digest = (await caller.get(path)).json()["digest"]
        signed = await caller.post(f"{path}/sign", json={"language": "en", "digest": digest})
        assert (signed.status_code, signed.json()["state"]) == (200, state)
    assert (await hers.get(f"{path}.pdf")).content.startswith(b"%PDF")
    for deed, number in (("amend", 2), ("drop", 1), ("review", 1)):
        assert (await hers.post(f"{path}/{deed}")).json()["number"] == number
        first = (await mine.get(path, params={"version": 1})).json()  # to be read while another is written
        assert (first["number"], first["state"], len(first["signatures"])) == (1, "in_force", 2)
    assert (await mine.get(path, params={"version": 2})).status_code == 404  # it was given up
    plan = await hers.post(f"/me/pairs/{pair.id}/plan/changes", json={"deed": "add", "text": "A job"})
    assert (plan.status_code, plan.json()["goals"][0]["text"]) == (200, "A job")
    past = {"deed": "add", "text": "x", "by": str(clock.today("UTC") - timedelta(days=1))}
    refused = await hers.post(f"/me/pairs/{pair.id}/plan/changes", json=past)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "plan_day")
    given = await hers.post(f"/me/pairs/{pair.id}/notice", json={"ground": "month", "reason": "I move."})
    assert (given.status_code, given.json()["state"]) == (200, "given")
    assert (await mine.get(f"/me/pairs/{pair.id}/notice")).json() is None
    [memo] = (await hers.get("/me/memos")).json()
    read = await hers.post(
        f"/me/participations/{mentee.id}/memo", json={"language": "en", "digest": memo["digest"]}
    )
    assert (len(memo["points"]), read.json()["read_in"]) == (10, "en")
    # The coordinator reads all of it, the reason too; neither of the two reads her list.
    assert (await desk.get(f"/relationships/{pair.id}/agreement")).json()["aims"] == "A job"
    assert (await desk.get(f"/relationships/{pair.id}/plan")).json()["goals"][0]["text"] == "A job"
    assert (await desk.get(f"/relationships/{pair.id}/notices")).json()[0]["reason"] == "I move."
    assert (await desk.get(f"/relationships/{pair.id}/agreement.pdf")).content.startswith(b"%PDF")
    assert (await mine.get(f"/relationships/{pair.id}/notices")).status_code == 403
    assert (await desk.get(path)).status_code == 404
    assert (await hers.delete(f"/me/pairs/{pair.id}/notice")).status_code == 204
    again = await hers.delete(f"/me/pairs/{pair.id}/notice")
    assert (again.status_code, again.json()["code"]) == (409, "notice_closed")
