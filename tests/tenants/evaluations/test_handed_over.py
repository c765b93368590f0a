"""Who calls about an evaluation when the case has gone to a colleague."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from infra import clock
from tenants.notifications.models import Task
from tenants.permissions import Role
from tenants.programmes.models import Structure
from tenants.registration.models import Status
from tenants.relationships import parties
from tenants.reports.deeds import handing_over
from tenants.reports.deeds.rules import Choice, Of
from tests import making, pairing
from tests.parties import begun, says, sent
from tests.tenants.evaluations.test_evaluations import sweep


@pytest.mark.parametrize("of", ["the case", "all she has"])
async def test_the_call_about_whoever_was_let_go_follows_the_circle(database, ground, of):  # K44 N08
    stage = await pairing.stage(database, ground, structure=Structure.CIRCLE)
    colleague = await making.somebody(database, stage.made.id, Role.COORDINATOR, name="Clara")
    people = [await stage.joins("peer", name=f"Peer {number}") for number in range(4)]
    [party] = await sent(stage, people)
    for one in people:
        await says(stage, party, one, yes=True)
    circle, _ = await begun(stage, party)
    async with stage.session(stage.by) as session:
        await parties.remove(session, stage.by, circle.id, people[3].id, goes_on_as=Status.READY)
    async with stage.session() as session:
        assert await session.scalar(select(Task.id).where(Task.kind == "evaluation.call")) is None
    with time_machine.travel(clock.now(), tick=False) as hand:
        for _ in range(6):  # asked, reminded after two weeks, called a week later
            hand.shift(timedelta(days=8))
            await sweep(stage)
    what = {"choice": Choice(Of.CASES, (circle.id,))} if of == "the case" else {"from_id": stage.by.person_id}
    async with stage.session(stage.by) as session:
        await handing_over.hand_over(session, stage.by, to=[colleague.person_id], **what)
    async with stage.session() as session:
        call = await session.scalar(select(Task).where(Task.kind == "evaluation.call"))
    assert call.about["participation_id"] == str(people[3].id)
    assert call.person_id == colleague.person_id
