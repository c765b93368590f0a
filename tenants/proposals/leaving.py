"""
Somebody takes part no more while a proposal is open with her: it is closed, and the other one is free again.

Registration cannot call this room, and the locks of a proposal come before those
of its participations; so the watcher only promises a job.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.outbox import Promise, enqueue_all
from tenants.actor import Actor
from tenants.proposals import moving, places, queries, rules
from tenants.proposals.jobs import LetGoOfLeaver
from tenants.proposals.models import Hold, Proposal, ProposalState
from tenants.registration.models import Participation, Status
from tenants.registration.watching import watches

GONE = (Status.NETWORK_PARTICIPANT, Status.LEFT)


@watches
async def promise(session: AsyncSession, participation_ids: Collection[UUID]) -> None:
    """Promise to look after whatever is held for people who take part no more."""
    rows = await session.execute(
        select(Participation.id, Participation.status_at).where(
            Participation.id.in_(participation_ids),
            Participation.status.in_(GONE),
            Participation.id.in_(
                select(Hold.participation_id).where(Hold.participation_id.in_(participation_ids))
            ),
        )
    )
    now = clock.now()
    jobs = [
        Promise(
            LetGoOfLeaver(participation_id=row.id),
            f"{LetGoOfLeaver.KIND}:{row.id}:{row.status_at.isoformat()}",
            now,
        )
        for row in rows
    ]
    await enqueue_all(session, jobs)


async def open_with(session: AsyncSession, participation_id: UUID) -> Sequence[Proposal]:
    """Proposals of two that wait for an answer or a meeting, for the house's own use."""
    query = select(Proposal).where(
        Proposal.state.in_(rules.LIVE),
        or_(Proposal.mentor_id == participation_id, Proposal.mentee_id == participation_id),
    )
    return (await session.execute(query.order_by(Proposal.id))).scalars().all()


async def close_open(session: AsyncSession, actor: Actor, participation_id: UUID) -> int:
    """Withdraw all that is open with somebody who has left. Returns how many."""
    if not await has_left(session, participation_id):
        return 0
    closed = 0
    for found in await open_with(session, participation_id):
        proposal = await queries.own_proposal(session, found.id, lock=True)
        if proposal is not None and proposal.state in rules.LIVE:
            await places.lock(session, (proposal.mentor_id, proposal.mentee_id))
            await moving.close(session, actor, proposal, ProposalState.WITHDRAWN)
            closed += 1
    return closed


async def has_left(session: AsyncSession, participation_id: UUID) -> bool:
    """As things stand now: she may have come back meanwhile."""
    status = await session.scalar(select(Participation.status).where(Participation.id == participation_id))
    return status in GONE
