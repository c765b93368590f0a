"""The hourly sweep, as the worker does it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from infra import clock
from infra.outbox import enqueue
from tenants.actor import visitor
from tenants.identity import actions as identity
from tenants.identity.models import SignInLink
from tenants.notifications.models import Letter
from tests import making
from tests.working import drain
from workers import sweeps
from workers.sweeping import SweepOrganisation


async def test_an_address_that_somebody_typed_is_gone_after_a_day(ground, inbox):
    made = await making.organisation(ground.database)
    stranger = visitor(made.id)
    async with ground.database.tenant_session(stranger.context()) as session:
        await identity.ask_link(
            session, stranger, email="nobody@example.org", browser_digest=b"d" * 32, language="en"
        )
    await drain(ground, made.id)
    assert inbox.mails == []

    # In the afternoon, when no letter of a morning is promised.
    with time_machine.travel((clock.now() + timedelta(days=2)).replace(hour=15)):
        async with ground.database.tenant_session(made.house.context()) as session:
            await enqueue(session, SweepOrganisation(), key="sweep:test")
        assert await drain(ground, made.id) == ["organisation.sweep"]

    async with ground.database.tenant_session(made.house.context()) as session:
        for table in (SignInLink, Letter):
            assert await session.scalar(select(func.count()).select_from(table)) == 0


async def test_a_room_that_fails_holds_up_no_other(ground, monkeypatch):
    made = await making.organisation(ground.database)
    swept = []

    async def broken(session, actor):
        raise ValueError("out of order")

    async def next_door(session, actor):
        swept.append(actor.organisation_id)

    monkeypatch.setattr(sweeps, "SWEEPS", (broken, next_door))
    async with ground.database.tenant_session(made.house.context()) as session:
        await enqueue(session, SweepOrganisation(), key="sweep:broken")
    with pytest.raises(AssertionError):
        await drain(ground, made.id)  # the job has failed, and is tried again
    assert swept == [made.id]
