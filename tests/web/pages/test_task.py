"""One task of the desk: put off, given to a colleague, and what stays where it is."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from infra import clock, ids
from tenants.audit.models import AuditEvent
from tenants.notifications import actions as notifications
from tenants.notifications.models import Task
from tenants.permissions import Role
from tenants.relationships.models import Relationship
from tests import making, pairing
from tests.pairing import MONDAY


@pytest.fixture
async def desk(database, browse, made):
    return await making.signed_in(database, browse, made, made.coordinator)


async def ask(database, made, kind="run.done", **about):
    async with database.tenant_session(made.house.context()) as session:
        await notifications.ask(
            session, made.house, kind, key=str(ids.new()), due_on=clock.today("UTC"), **about
        )
        return await session.scalar(select(Task.id).where(Task.kind == kind))


async def read(database, made, task_id):
    async with database.tenant_session(made.house.context()) as session:
        return (await session.execute(select(Task).where(Task.id == task_id))).scalar_one()


async def test_a_task_is_put_off(database, made, desk):  # K45
    task_id = await ask(database, made)
    page = await desk.get("/c/today")
    assert f'href="/c/today/{task_id}"' in page.html
    page = await desk.get(f"/c/today/{task_id}")
    day = clock.today("UTC") + timedelta(days=20)
    page = await page.submit(f"/c/today/{task_id}/postpone", on=day.isoformat())
    assert page.path == "/c/today" and "Put off until" in page.text
    assert (await read(database, made, task_id)).due_on == day
    async with database.tenant_session(made.house.context()) as session:
        events = list(await session.scalars(select(AuditEvent.event)))
    assert "task.postponed" in events


@pytest.mark.parametrize("on", ["", "soon", "2020-01-01", "2999-01-01"])
async def test_a_day_that_is_none_comes_back(database, made, desk, on):
    task_id = await ask(database, made)
    page = await desk.get(f"/c/today/{task_id}")
    page = await page.submit(f"/c/today/{task_id}/postpone", on=on)
    assert page.status == 422
    assert "One answer needs another look" in page.text
    assert (await read(database, made, task_id)).due_on == clock.today("UTC")


async def test_a_task_is_given_to_a_colleague_and_to_everybody(database, browse, made, desk):
    colleague = await making.somebody(database, made.id, Role.COORDINATOR, name="Carla Colleague")
    task_id = await ask(database, made, person_id=made.coordinator.person_id)
    page = await desk.get(f"/c/today/{task_id}")
    assert "Carla Colleague" in page.text and "Olivia Owner" not in page.text
    page = await page.submit(f"/c/today/{task_id}/assign", person_id=str(colleague.person_id))
    assert re.search(r"on the desk of \W*Carla Colleague\W* now", page.text)
    assert (await desk.get(f"/c/today/{task_id}")).status == 404

    hers = await making.signed_in(database, browse, made, colleague)
    page = await (await hers.get(f"/c/today/{task_id}")).submit(
        f"/c/today/{task_id}/assign", person_id="everybody"
    )
    assert "It is on everybody’s desk now." in page.text
    assert (await desk.get(f"/c/today/{task_id}")).status == 200
    assert (await read(database, made, task_id)).person_id is None


async def test_nobody_else_gets_it(database, browse, made, desk):
    task_id = await ask(database, made)
    token = re.search(r'name="csrf" value="([^"]+)"', (await desk.get(f"/c/today/{task_id}")).html)[1]
    participant = await making.somebody(database, made.id, Role.PARTICIPANT)
    other = await making.organisation(database)
    for wrong in (made.owner.person_id, participant.person_id, other.coordinator.person_id, ids.new(), "she"):
        page = await desk.post(f"/c/today/{task_id}/assign", [("csrf", token), ("person_id", str(wrong))])
        assert page.status == 422
    stranger = await making.signed_in(database, browse, other, other.coordinator)
    assert (await stranger.get(f"/c/today/{task_id}")).status == 404


async def test_what_was_told_in_confidence_stays(database, made, desk):
    task_id = await ask(database, made, "concern.read", person_id=made.coordinator.person_id)
    page = await desk.get(f"/c/today/{task_id}")
    assert "This was told to you in confidence" in page.text
    token = re.search(r'name="csrf" value="([^"]+)"', page.html)[1]
    page = await desk.post(f"/c/today/{task_id}/assign", [("csrf", token), ("person_id", "everybody")])
    assert page.path == "/c/today"
    assert (await read(database, made, task_id)).person_id == made.coordinator.person_id


async def test_the_check_up_of_a_pair_moves_with_its_task(database, browse, ground, inbox):  # K45
    with time_machine.travel(MONDAY, tick=False) as hand:
        stage = await pairing.stage(database, ground)
        pair = await stage.pair(await stage.joins("mentor"), await stage.joins(email="two@example.org"))
        hand.shift(timedelta(days=80))
        desk = await making.signed_in(database, browse, stage.made, stage.by)
        async with stage.session() as session:
            task_id = await session.scalar(
                select(Task.id).where(Task.kind == "relationship.check_up", Task.done_at.is_(None))
            )
        on = clock.today("UTC") + timedelta(days=30)
        page = await desk.get(f"/c/today/{task_id}")
        await page.submit(f"/c/today/{task_id}/postpone", on=on.isoformat())
        async with stage.session() as session:
            assert await session.scalar(select(Relationship.check_up_on)) == on
        assert [day for kind, day in await stage.tasks() if kind == "relationship.check_up"] == [on]
        assert pair.id


async def test_an_appointment_is_moved_where_it_was_made(database, made, desk):
    task_id = await ask(database, made, "interview.hold")
    page = await desk.get(f"/c/today/{task_id}")
    day = clock.today("UTC") + timedelta(days=2)
    page = await page.submit(f"/c/today/{task_id}/postpone", on=day.isoformat())
    assert "This is an appointment." in page.text
    assert (await read(database, made, task_id)).due_on == clock.today("UTC")
