"""One's own facts, address, letters and calendar through the JSON door."""

import httpx
import pytest
import time_machine
from sqlalchemy import select

from tenants.identity import tokens
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tenants.relationships import meeting
from tests import making, pairing
from tests.infra.test_calendar import read
from tests.pairing import MONDAY


async def client(database, app, actor, *permissions) -> httpx.AsyncClient:
    async with database.tenant_session(actor.context()) as session:
        secret = (await tokens.make(session, actor, name="Mine", permissions=permissions)).secret
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.OWNER, Role.PARTICIPANT)


@pytest.fixture
async def caller(database, app, her):
    async with await client(database, app, her, "own.case") as opened:
        yield opened


async def test_she_keeps_her_facts_up_to_date(caller):  # K07
    changed = await caller.patch("/me", json={"phone": "033 555 014", "language": "fr"})
    assert (changed.status_code, changed.json()["phone"], changed.json()["language"]) == (
        200, "033 555 014", "fr",
    )  # fmt: skip
    assert (await caller.get("/me")).json() == changed.json()
    for wrong, pointer in (({"email": "x@example.org"}, "#/email"), ({"time_zone": "Moon"}, "#/time_zone")):
        refused = await caller.patch("/me", json=wrong)
        assert (refused.status_code, [one["pointer"] for one in refused.json()["errors"]]) == (422, [pointer])


async def test_another_address_waits_for_its_letter(database, her, caller):  # K07
    before = (await caller.get("/me")).json()["email"]
    asked = await caller.post("/me/address", json={"email": "New@Example.org"})
    assert (asked.status_code, asked.json()["email"]) == (202, "new@example.org")
    assert (await caller.get("/me")).json()["email"] == before
    same = await caller.post("/me/address", json={"email": before})
    assert (same.status_code, same.json()["errors"][0]["code"]) == (422, "address_is_the_same")
    for number in range(4):
        assert (await caller.post("/me/address", json={"email": f"n{number}@example.org"})).status_code == 202
    late = await caller.post("/me/address", json={"email": "n9@example.org"})
    assert (late.status_code, late.json()["code"]) == (429, "address_asked_too_often")
    assert late.headers["retry-after"] == "86400"


async def test_letters_are_chosen(database, her, caller):
    told = {one["kind"]: one for one in (await caller.get("/me/letters")).json()}
    assert told["proposal.remind"]["may_drop"] and told["proposal.remind"]["is_wanted"]
    assert not told["proposal.meet"]["may_drop"]
    assert "identity.sign_in" not in told
    chosen = await caller.put("/me/letters", json={"off": ["proposal.remind"]})
    dropped = [one["kind"] for one in chosen.json() if not one["is_wanted"] and not one["is_asked_for"]]
    assert dropped == ["proposal.remind"]
    asked = await caller.put("/me/letters", json={"off": ["proposal.remind"], "on": ["opportunity.new_ones"]})
    kept = await caller.put("/me/letters", json={"off": ["proposal.remind"]})
    wanted = {one["kind"]: one["is_wanted"] for one in kept.json()}
    assert wanted["opportunity.new_ones"] and asked.json() == kept.json()
    not_asked_for = await caller.put("/me/letters", json={"off": [], "on": ["proposal.remind"]})
    assert not_asked_for.json()["errors"][0]["code"] == "letter_not_asked_for"
    for wrong in ("proposal.meet", "identity.sign_in", "nothing"):
        refused = await caller.put("/me/letters", json={"off": ["proposal.remind", wrong]})
        assert refused.status_code == 422
        assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
            ("#/off/1", "letter_not_droppable")
        ]
    async with database.tenant_session(her.context()) as session:
        off = await session.scalar(select(Person.letters_off).where(Person.id == her.person_id))
    assert off == ["proposal.remind"]
    assert (await caller.put("/me/letters", json={"off": []})).status_code == 200


async def test_meetings_as_a_calendar(database, ground, app):
    with time_machine.travel(MONDAY, tick=False):
        stage = await pairing.stage(database, ground)
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        pair = await stage.pair(mentor, mentee)
        async with stage.session(mentor.actor) as session:
            [one] = await meeting.propose(
                session, mentor.actor, pair.id, zone="UTC", wall_times=["2026-11-30T10:00"]
            )
        async with stage.session(mentee.actor) as session:
            await meeting.agree(session, mentee.actor, one.id)
        owner = await making.somebody(database, stage.made.id, Role.OWNER)
        as_mentee = mentee.actor.__class__(
            stage.made.id, "person", mentee.person_id, owner.roles, owner.permissions
        )
        async with await client(database, app, owner, "own.case") as stranger:
            assert (await stranger.get(f"/me/meetings/{one.id}/calendar.ics")).status_code == 404
            assert "BEGIN:VEVENT" not in (await stranger.get("/me/calendar.ics")).text
        async with stage.session() as session:
            session.add(RoleGrant(organisation_id=stage.made.id, person_id=mentee.person_id, role=Role.OWNER))
        async with await client(database, app, as_mentee, "own.case") as caller:
            for path in (f"/me/meetings/{one.id}/calendar.ics", "/me/calendar.ics"):
                answer = await caller.get(path)
                assert answer.headers["content-type"].startswith("text/calendar")
                assert read(answer.text)["DTSTART"] == "20261130T100000Z"


async def test_a_token_needs_the_permission(database, app, her):
    async with await client(database, app, her, "programme.read") as narrow:
        for method, path, body in (
            ("GET", "/me", None),
            ("PATCH", "/me", {}),
            ("POST", "/me/address", {"email": "n@example.org"}),
            ("GET", "/me/letters", None),
            ("PUT", "/me/letters", {"off": []}),
            ("GET", "/me/calendar.ics", None),
        ):
            assert (await narrow.request(method, path, json=body)).status_code == 403
