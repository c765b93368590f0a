"""The words of letters through the JSON door: the same actions as the pages."""

from datetime import timedelta

import httpx
import pytest

from infra import clock, ids
from tenants.identity import tokens
from tenants.notifications import actions as notifications
from tenants.permissions import Role
from tests import making
from tests.working import drain

RECEIVED = "/letter-templates/registration.received/en"
OWN = {"subject": "You are in, {{reader}}", "heading": "Hello", "body": "Dear {{reader}},\n\n{{registered}}"}


@pytest.fixture
async def caller(database, made, app):
    async with client(app, await token(database, made, Role.PROGRAMME_MANAGER)) as opened:
        yield opened


async def token(database, made, *roles: Role) -> str:
    both = await making.somebody(database, made.id, Role.OWNER, *roles, name="Both")
    granted = ["outbox.read", "outbox.change", "people.read"]
    granted += ["templates.edit"] if Role.PROGRAMME_MANAGER in roles else []
    async with database.tenant_session(both.context()) as session:
        return (await tokens.make(session, both, name="Words", permissions=granted)).secret


def client(app, secret: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )


@pytest.fixture
async def waiting(database, made):
    launched = await making.programme(database, made)
    wanjiru = await making.participation(database, made, launched, name="Wanjiru K.")
    async with database.tenant_session(made.house.context()) as session:
        return await notifications.write(
            session, made.house, "registration.received", key=str(ids.new()), person_id=wanjiru.person_id,
            due_at=clock.now() + timedelta(minutes=10), participation_id=wanjiru.id,
        )  # fmt: skip


async def test_words_are_read_written_looked_at_and_taken_back(caller, waiting):  # K82
    lines = {one["name"]: one for one in (await caller.get("/letter-templates")).json()}
    assert {one["state"] for one in lines["proposal.meet"]["languages"]} == {"shipped"}
    shown = (await caller.get(RECEIVED)).json()
    assert shown["words"] == shown["shipped"] and shown["now"]["version"] == 0
    assert {one["name"] for one in shown["fields"]} >= {"reader", "registered", "programme", "organisation"}

    looked = await caller.post(f"{RECEIVED}/preview", json=OWN | {"reader_id": str(waiting)})
    assert looked.json()["subject"] == "You are in, Wanjiru K." and looked.json()["size"] < 30_000

    written = await caller.put(RECEIVED, json=OWN | {"based_on": 0})
    assert written.json()["now"] | {"changed_at": None} == {
        "language": "en", "state": "own", "why": None, "speaks": "en", "version": 1, "changed_at": None,
    }  # fmt: skip
    late = await caller.put(RECEIVED, json=OWN | {"heading": "Late", "based_on": 0})
    assert late.status_code == 409 and late.json()["code"] == "template_changed"
    lines = {one["name"]: one for one in (await caller.get("/letter-templates")).json()}
    assert [one["state"] for one in lines["registration.received"]["languages"]] == [
        "own",
        "missing",
        "missing",
    ]

    back = await caller.post(f"{RECEIVED}/restore", json={"version": 0, "based_on": 1})
    assert back.json()["words"] == back.json()["shipped"]
    assert [one["version"] for one in back.json()["versions"]] == [2, 1]
    unknown = await caller.post(f"{RECEIVED}/restore", json={"version": 7, "based_on": 2})
    assert unknown.status_code == 422


async def test_what_cannot_be_said_is_named(caller):
    answer = await caller.put(
        RECEIVED, json=OWN | {"body": "{{nobody}}\nhttps://evil.example/", "based_on": 0}
    )
    assert answer.status_code == 422
    told = {one["code"] for one in answer.json()["errors"]}
    assert told == {"template_field_unknown", "template_link"}
    assert (await caller.get("/letter-templates/identity.sign_in/en")).status_code == 404
    assert (await caller.get("/letter-templates/registration.received/zh")).status_code == 404


async def test_a_letter_is_written_anew(caller, waiting, ground, made, inbox):
    address = f"/letters/{waiting}/words"
    found = (await caller.get(address)).json()
    assert found["words"] == found["original"] and not found["is_edited"]
    edited = (await caller.put(address, json=OWN | {"based_on": found["version"]})).json()
    assert edited["is_edited"] and edited["version"] == 1 and edited["original"] == found["words"]
    assert (await caller.delete(address)).status_code == 204
    assert not (await caller.get(address)).json()["is_edited"]
    await caller.put(address, json=OWN | {"body": "Come soon.", "based_on": 1})
    await caller.post(f"/letters/{waiting}/hurry")
    await drain(ground, made.id)
    assert inbox.mails[-1]["Subject"] == "You are in, Wanjiru K."
    gone = await caller.put(address, json=OWN | {"based_on": 2})
    assert gone.status_code == 409 and gone.json()["code"] == "letter_gone"


async def test_a_trial_goes_to_oneself(caller, ground, made, inbox):
    tried = await caller.post(f"{RECEIVED}/try", json=OWN)
    assert tried.status_code == 202
    await drain(ground, made.id)
    assert inbox.to(tried.json()["sent_to"])[-1]["Subject"] == "You are in, Amina Rahimi"


async def test_a_coordinator_reads_and_does_not_write(database, made, app, waiting):
    async with client(app, await token(database, made, Role.COORDINATOR)) as reader:
        assert (await reader.get(RECEIVED)).status_code == 200
        assert (await reader.put(RECEIVED, json=OWN | {"based_on": 0})).status_code == 403
        restored = await reader.post(f"{RECEIVED}/restore", json={"version": 0, "based_on": 0})
        assert restored.status_code == 403
        assert (await reader.get(f"/letters/{waiting}/words")).status_code == 200
