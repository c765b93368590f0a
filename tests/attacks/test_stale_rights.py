"""What somebody has asked for is not done for her once she may not ask for it any more."""

import pytest
from sqlalchemy import func, select

from tenants.audit.models import AuditEvent
from tenants.identity import actions as identity
from tenants.people import actions as people
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.proposals.models import MatchingRun, Proposal, RunState
from tenants.proposals.runs import actions as runs
from tenants.registration.importing import actions as imports
from tenants.registration.models import ImportState, Participation, RosterImport, Status
from tests import crowd, making
from tests.tenants.registration.roster.books import HEADER, as_csv
from tests.working import drain

FILE = as_csv([HEADER, ("Ana", "ana@example.org", "Mentee")])


async def leaves(database, made, how):
    async with database.tenant_session(made.owner.context()) as session:
        if how == "left":
            await identity.deactivate(session, made.owner, made.coordinator.person_id)
        else:
            await people.take_role(session, made.owner, made.coordinator.person_id, Role.COORDINATOR)


@pytest.fixture
async def staged(ground, database, made, launched):
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        found = await imports.upload(
            session, by, cycle_id=launched.cycle.id, file_name="people.csv", content=FILE
        )
    await drain(ground, made.id)
    return found.id


async def commit(database, made, import_id):
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        found = await session.get(RosterImport, (made.id, import_id))
        await imports.commit(
            session, by, import_id, version=found.version, status=Status.REGISTERED, have_agreed=True
        )


async def world(database, made):
    async with database.tenant_session(made.house.context()) as session:
        state = await session.scalar(select(RosterImport.state))
        people_in = await session.scalar(select(func.count()).select_from(Participation))
        return state, people_in


@pytest.mark.parametrize("how", ["left", "role taken"])
async def test_import(ground, database, made, staged, how):
    await commit(database, made, staged)
    await leaves(database, made, how)
    await drain(ground, made.id)
    assert await world(database, made) == (ImportState.STAGED, 0)
    async with database.tenant_session(made.house.context()) as session:
        reasons = await session.scalars(
            select(AuditEvent.details["reason"].astext).where(AuditEvent.event == "roster.failed")
        )
        assert reasons.all() == ["not_permitted"]


async def test_import_is_done_by_a_colleague_then(ground, database, browse, made, staged):
    await commit(database, made, staged)
    await leaves(database, made, "left")
    await drain(ground, made.id)
    other = await making.somebody(database, made.id, Role.COORDINATOR, name="Other")
    page = await (await making.signed_in(database, browse, made, other)).get(f"/c/import/{staged}")
    assert page.status == 200
    await page.submit(f"/c/import/{staged}/commit", have_agreed="yes")
    await drain(ground, made.id)
    assert await world(database, made) == (ImportState.COMMITTED, 1)


@pytest.mark.parametrize("how", ["left", "role taken"])
async def test_taking_an_import_back(ground, database, made, staged, how):
    await commit(database, made, staged)
    await drain(ground, made.id)
    async with database.tenant_session(made.coordinator.context()) as session:
        await imports.revert(session, made.coordinator, staged)
    await leaves(database, made, how)
    await drain(ground, made.id)
    assert await world(database, made) == (ImportState.COMMITTED, 1)


@pytest.mark.parametrize("how", ["left", "role taken"])
async def test_matching_run(ground, database, browse, made, launched, how):
    for role in ("mentee", "mentor"):
        await crowd.people(database, made, launched, role, 2)
    async with database.tenant_session(made.coordinator.context()) as session:
        run = await runs.start_run(session, made.coordinator, launched.cycle.id)
    await leaves(database, made, how)
    await drain(ground, made.id)
    async with database.tenant_session(made.house.context()) as session:
        found = await session.scalar(select(MatchingRun))
        assert (found.state, found.error) == (RunState.FAILED, "run_not_permitted")
        assert (await session.scalars(select(Proposal.id))).all() == []
    other = await making.somebody(database, made.id, Role.COORDINATOR, name="Other")
    page = await (await making.signed_in(database, browse, made, other)).get(f"/c/matching/{run.id}")
    assert "may not start runs any more" in page.text


async def test_the_letter_about_a_role_that_was_taken(ground, database, inbox, made):
    async with database.tenant_session(made.owner.context()) as session:
        invited = await identity.invite(
            session, made.owner, full_name="Nadia", email="nadia@example.org", role=Role.COORDINATOR,
            office_id=None, language="en", time_zone="UTC",
        )  # fmt: skip
        await people.take_role(session, made.owner, invited.id, Role.COORDINATOR)
    await drain(ground, made.id)
    assert inbox.to("nadia@example.org") == []
    async with database.tenant_session(made.house.context()) as session:
        assert await session.scalar(select(Person.is_active).where(Person.id == invited.id))
