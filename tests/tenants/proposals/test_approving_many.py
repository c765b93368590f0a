"""A run of hundreds, approved with one click: as many statements as for a few."""

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from infra.outbox.models import JobState, OutboxJob
from tenants.audit.models import AuditEvent
from tenants.notifications.models import Letter, Task
from tenants.people.models import Person
from tenants.programmes.models import ContactRelease
from tenants.proposals import actions
from tenants.proposals.models import Hold, Proposal
from tenants.registration.models import Participation
from tests import crowd, pairing

MANY = 120  # with two letters each they still fit one statement
RELEASES = list(ContactRelease)


async def drafts(stage, count: int, seed: int):
    """A run with `count` drafts between as many mentors and mentees."""
    sides = [
        await crowd.people(stage.database, stage.made, stage.launched, role, count, seed=seed)
        for role in ("mentor", "mentee")
    ]
    pairs = zip(*([SimpleNamespace(id=one) for one in side] for side in sides), strict=True)
    run_id, _ = await stage.drafts(*pairs)
    return run_id


async def undo(stage, run_id):
    async with stage.session(stage.by) as session:
        return await actions.undo_approval(session, stage.by, run_id)


async def count(stage, table, *where) -> int:
    async with stage.session() as session:
        return (await session.execute(select(func.count()).select_from(table).where(*where))).scalar_one()


@pytest.fixture(params=RELEASES)
async def stage(request, database, ground):
    return await pairing.stage(database, ground, release=request.param, caseload_limit=1_000)


async def test_hundreds_are_sent_and_taken_back_in_as_many_statements_as_three(stage, statements):
    few, many = await drafts(stage, 3, seed=1), await drafts(stage, MANY, seed=2)
    asked = {}
    for run_id in (few, many):
        with statements() as sending:
            await stage.approve(run_id)
        with statements() as undoing:
            await undo(stage, run_id)
        asked[run_id] = (len(sending), len(undoing))
    assert asked[few] == asked[many]


async def test_each_of_hundreds_has_what_a_single_one_has(stage):
    run_id = await drafts(stage, MANY, seed=3)
    assert await stage.approve(run_id) == actions.Approval(sent=MANY, left_out=0)
    releases = stage.launched.programme.contact_release == ContactRelease.WITH_PROPOSAL
    state = "meeting" if releases else "open"
    assert await count(stage, Proposal, Proposal.state == state, Proposal.approved_by.is_not(None)) == MANY
    assert await count(stage, Hold) == 2 * MANY
    assert await count(stage, Letter, Letter.state == "waiting") == 2 * MANY
    waiting = OutboxJob.state == JobState.WAITING
    kinds = (
        {"proposal.ask_after_meeting", "proposal.expire"}
        if releases
        else {"proposal.remind", "proposal.expire"}
    )
    for kind in kinds:
        assert await count(stage, OutboxJob, OutboxJob.kind == kind, waiting) == MANY
    assert await count(stage, Task, Task.kind == "proposal.check_up") == (MANY if releases else 0)
    assert await count(stage, AuditEvent, AuditEvent.event == "proposals.approved") == 1
    assert await count(stage, AuditEvent, AuditEvent.event == "proposal.meeting") == (MANY if releases else 0)


async def test_who_has_no_address_is_to_be_called(stage):
    run_id = await drafts(stage, 3, seed=4)
    async with stage.session() as session:
        first = (
            await session.execute(select(Proposal).where(Proposal.run_id == run_id).limit(1))
        ).scalar_one()
        person_id = (
            select(Participation.person_id).where(Participation.id == first.mentee_id).scalar_subquery()
        )
        someone = (await session.execute(select(Person).where(Person.id == person_id))).scalar_one()
        someone.email = None
    await stage.approve(run_id)
    assert await count(stage, Letter) == 5
    async with stage.session() as session:
        called = await session.execute(select(Task.about).where(Task.kind == "proposal.unanswered"))
        assert called.scalars().all() == [{"proposal_id": str(first.id)}]
