"""The desk and the outbox through the JSON door: the same actions as the pages."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from infra import clock, ids
from infra.outbox.models import JobState, OutboxJob
from tenants.identity import tokens
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter
from tenants.permissions import Role
from tests import making

DESK = ("people.read", "status.change", "outbox.read", "outbox.change", "jobs.read")


@pytest.fixture
async def caller(database, made, app):
    async with client(app, await token(database, made, *DESK)) as opened:
        yield opened


async def token(database, made, *permissions: str) -> str:
    both = await making.somebody(database, made.id, Role.OWNER, Role.COORDINATOR, name="Both")
    async with database.tenant_session(both.context()) as session:
        return (await tokens.make(session, both, name="Desk", permissions=permissions)).secret


def client(app, secret: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )


async def ask(database, made, kind: str, *, days: int = 0, **about) -> None:
    async with database.tenant_session(made.house.context()) as session:
        await notifications.ask(
            session,
            made.house,
            kind,
            key=str(ids.new()),
            due_on=clock.today("UTC") + timedelta(days),
            **about,
        )


async def write(database, made) -> str:
    async with database.tenant_session(made.house.context()) as session:
        found = await notifications.write(
            session, made.house, "identity.address_changed", key=str(ids.new()), to_email="ana@example.org",
            language="en", due_at=clock.now() + timedelta(minutes=10),
        )  # fmt: skip
    return str(found)


async def test_tasks_are_listed_done_and_undone(database, made, caller):
    await ask(database, made, "interview.hold", days=1)
    await ask(database, made, "run.done", run_id=ids.new())

    listed = (await caller.get("/tasks", params={"limit": 1})).json()
    assert [one["kind"] for one in listed] == ["run.done"] and list(listed[0]["about"]) == ["run_id"]
    page = await caller.get("/tasks", params={"limit": 1})
    rest = (await caller.get("/tasks" + page.links["next"]["url"])).json()
    assert [one["kind"] for one in rest] == ["interview.hold"]
    narrowed = (await caller.get("/tasks", params={"kind": "interview."})).json()
    assert [one["id"] for one in narrowed] == [rest[0]["id"]]

    done = await caller.post(f"/tasks/{rest[0]['id']}/done")
    assert (done.status_code, done.json()["can_undo"]) == (200, True)
    assert len((await caller.get("/tasks")).json()) == 1
    assert (await caller.post(f"/tasks/{rest[0]['id']}/undo")).status_code == 204
    assert len((await caller.get("/tasks")).json()) == 2


async def test_a_letter_is_read_hurried_and_taken_back(database, made, caller):
    letter_id = await write(database, made)

    listed = (await caller.get("/letters", params={"state": "waiting", "search": "ana@"})).json()
    assert [one["id"] for one in listed] == [letter_id]
    read = (await caller.get(f"/letters/{letter_id}")).json()
    assert read["text"]["heading"] == "Your e-mail address was changed" and read["state"] == "waiting"
    assert (await caller.post(f"/letters/{letter_id}/hurry")).json()["state"] == "waiting"
    fixed = await caller.post(f"/letters/{letter_id}/withdraw")
    assert (fixed.status_code, fixed.json()["code"]) == (409, "letter_fixed")  # it warns its reader
    async with database.tenant_session(made.house.context()) as session:
        about = {"contact_id": str(ids.new())}
        await session.execute(update(Letter).values(kind="contact.letter", about=about))
    assert (await caller.post(f"/letters/{letter_id}/withdraw")).json()["state"] == "withdrawn"

    late = await caller.post(f"/letters/{letter_id}/hurry")
    assert (late.status_code, late.json()["code"]) == (409, "letter_gone")
    assert (await caller.post(f"/letters/{letter_id}/send-again")).status_code == 409


async def test_failed_jobs_are_listed_and_tried_again(database, made, caller):
    job_id = ids.new()
    async with database.tenant_session(made.house.context()) as session:
        session.add(
            OutboxJob(
                organisation_id=made.id, id=job_id, kind="x.y", queue="work", payload={"a": "b"}, key="k",
                state=JobState.DEAD, due_at=clock.now(),
            )
        )  # fmt: skip

    assert [one["id"] for one in (await caller.get("/jobs/failed")).json()] == [str(job_id)]
    assert (await caller.post(f"/jobs/{job_id}/retry")).status_code == 204
    assert (await caller.post(f"/jobs/{job_id}/retry")).json()["code"] == "job_not_failed"
    assert (await caller.get("/jobs/failed")).json() == []


async def test_rows_of_others_answer_like_unknown_ones(database, made, caller):
    other = await making.organisation(database)
    theirs = await write(database, other)

    foreign, unknown = await caller.get(f"/letters/{theirs}"), await caller.get(f"/letters/{ids.new()}")
    assert (foreign.status_code, foreign.json()) == (404, unknown.json())
    assert (await caller.post(f"/tasks/{ids.new()}/done")).status_code == 404


async def test_each_address_asks_for_its_permission(database, made, app):
    async with client(app, await token(database, made, "people.read")) as weak:
        for path in ("/tasks", "/letters", "/jobs/failed", f"/letters/{ids.new()}"):
            assert (await weak.get(path)).status_code == 403, path
        for path in ("tasks/{}/done", "letters/{}/hurry", "letters/{}/withdraw", "jobs/{}/retry"):
            assert (await weak.post("/" + path.format(ids.new()))).status_code == 403, path


async def test_tasks_are_put_off_and_given_away(database, made, caller):
    await ask(database, made, "run.done", run_id=ids.new())
    [task] = (await caller.get("/tasks")).json()
    day = (clock.today("UTC") + timedelta(days=9)).isoformat()
    moved = await caller.put(f"/tasks/{task['id']}/due", json={"on": day})
    assert (moved.status_code, moved.json()) == (200, {"id": task["id"], "due_on": day})
    late = await caller.put(f"/tasks/{task['id']}/due", json={"on": "2020-01-01"})
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "#/on")

    listed = (await caller.get(f"/tasks/{task['id']}/colleagues")).json()
    assert [one["full_name"] for one in listed] == ["Both", "Cora Coordinator"]
    given = await caller.put(f"/tasks/{task['id']}/person", json={"person_id": listed[1]["id"]})
    assert given.json()["person_id"] == listed[1]["id"]
    assert (await caller.get("/tasks")).json() == []

    await ask(database, made, "run.failed", run_id=ids.new())
    [task] = (await caller.get("/tasks")).json()
    wrong = await caller.put(f"/tasks/{task['id']}/person", json={"person_id": str(made.owner.person_id)})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "no_colleague")
    await caller.post(f"/tasks/{task['id']}/done")
    for path, body in (("due", {"on": day}), ("person", {"person_id": None})):
        done = await caller.put(f"/tasks/{task['id']}/{path}", json=body)
        assert (done.status_code, done.json()["code"]) == (409, "task_is_done")
        nobody = await caller.put(f"/tasks/{ids.new()}/{path}", json=body)
        assert nobody.status_code == 404


async def test_appointments_and_confidences_stay(database, made, caller):
    mine = (await caller.get("/people", params={"search": "Both"})).json()[0]["id"]
    await ask(database, made, "interview.hold")
    await ask(database, made, "concern.read", person_id=mine)
    for task in (await caller.get("/tasks")).json():
        path, body, code = (
            ("due", {"on": clock.today("UTC").isoformat()}, "task_has_hour")
            if task["kind"] == "interview.hold"
            else ("person", {"person_id": None}, "task_is_personal")
        )
        refused = await caller.put(f"/tasks/{task['id']}/{path}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, code)
