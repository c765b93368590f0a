"""Starting a run, and reading what came of it."""

from sqlalchemy import select, update

from infra import clock
from infra.outbox.models import JobState, OutboxJob
from tenants.proposals.models import Proposal, Unmatched
from tenants.proposals.runs import actions, queries

ROWS = (
    Proposal.mentor_id, Proposal.mentee_id, Proposal.score, Proposal.contributions, Proposal.alternatives,
)  # fmt: skip


async def start(database, made, launched, criteria=None):
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        return (await actions.start_run(session, by, launched.cycle.id, criteria)).id


async def read(database, made, run_id):
    async with database.tenant_session(made.house.context()) as session:
        return await queries.access_run(session, made.house, run_id)


async def found(database, made, run_id):
    """(pairs, left out) of a run, as plain rows in one order."""
    async with database.tenant_session(made.house.context()) as session:
        pairs = await session.execute(
            select(*ROWS).where(Proposal.run_id == run_id).order_by(Proposal.mentee_id)
        )
        left = await session.execute(
            select(
                Unmatched.participation_id,
                Unmatched.side,
                Unmatched.reason,
                Unmatched.facts,
                Unmatched.change,
            )
            .where(Unmatched.run_id == run_id)
            .order_by(Unmatched.participation_id)
        )
        return [tuple(row) for row in pairs], [tuple(row) for row in left]


async def sent(database, made):
    """The job as the relay leaves it in the queue."""
    async with database.tenant_session(made.house.context()) as session:
        job = (await session.execute(select(OutboxJob).where(OutboxJob.kind == "matching.run"))).scalar_one()
        job.state, job.lease_until = JobState.SENT, clock.now()
        return job.id


async def taken_up_again(database, made):
    """What the sweep does once the lease of a dead worker is over."""
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(OutboxJob)
            .where(OutboxJob.kind == "matching.run")
            .values(state=JobState.SENT, worker=None, lease_until=clock.now())
        )
