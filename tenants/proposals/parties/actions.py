"""
What coordinators do with groups and circles: approve those of a run, take that back, withdraw one.

Every change locks the party first and then the participations in the order of their ids,
as with pairs, so that people who answer at once wait for each other.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from tenants.actor import Actor
from tenants.permissions import Permission
from tenants.proposals import places
from tenants.proposals import rules as pairs
from tenants.proposals.parties import moving, queries, rules
from tenants.proposals.parties.moving import Seats
from tenants.proposals.party_models import Party, PartyState, Seat
from tenants.registration import watching


async def draft_parties(
    session: AsyncSession, actor: Actor, run_id: UUID, party_ids: Sequence[UUID] | None
) -> tuple[Sequence[Party], Seats]:
    """Drafts of a run within the actor's reach, locked with all of their people: all, or those that are named."""
    query: Any = select(Party).where(
        Party.run_id == run_id, Party.state == PartyState.DRAFT, *queries.reach(actor)
    )
    if party_ids is not None:
        query = query.where(Party.id.in_(party_ids))
    parties = (await session.execute(query.order_by(Party.id).with_for_update())).scalars().all()
    seats = await queries.seats_of(session, [one.id for one in parties])
    await places.lock(session, [seat.participation_id for one in parties for seat in seats[one.id]])
    return parties, seats


async def with_places(session: AsyncSession, parties: Sequence[Party], seats: Seats) -> list[Party]:
    """Those of whom everybody has a place left, the highest score first; each place is given once."""
    people = [seat.participation_id for one in parties for seat in seats[one.id]]
    free = await places.free(session, people)
    taken = []
    for party in sorted(parties, key=lambda one: (-one.score, one.id)):
        inside = [seat.participation_id for seat in seats[party.id]]
        if all(free.get(one, 0) > 0 for one in inside):
            taken.append(party)
            for one in inside:
                free[one] -= 1
    return taken


async def send(session: AsyncSession, actor: Actor, parties: Sequence[Party], seats: Seats) -> None:
    await moving.open_to_all(session, actor, parties, seats, await moving.programme_of(session, parties[0]))
    await watching.changed(session, [seat.participation_id for one in parties for seat in seats[one.id]])


async def take_back(session: AsyncSession, actor: Actor, run_id: UUID) -> int:
    """
    Make drafts again of what was sent in the last ten minutes and nobody has been told of. Returns how many.

    What a coordinator has noted of an answer goes with it, as with pairs.
    """
    query: Any = select(Party).where(
        Party.run_id == run_id,
        Party.state == PartyState.OPEN,
        Party.sent_at > clock.now() - pairs.UNDO,
        *queries.reach(actor),
    )
    young = (await session.execute(query.order_by(Party.id).with_for_update())).scalars().all()
    seats = await queries.seats_of(session, [one.id for one in young])
    unseen = [one for one in young if not await queries.told(session, one, seats[one.id], lock=True)]
    if unseen:
        await moving.let_go(session, actor, unseen, seats, PartyState.DRAFT)
        await session.execute(
            update(Seat)
            .where(bulk.any_of(Seat.party_id, [one.id for one in unseen]))
            .values(is_yes=None, reason=None, answered_at=None)
        )
        for one in unseen:
            one.sent_at = one.answer_by = one.closed_at = one.approved_by = None
        await watching.changed(session, [seat.participation_id for one in unseen for seat in seats[one.id]])
    return len(unseen)


async def withdraw(session: AsyncSession, actor: Actor, party_id: UUID) -> Party:
    """
    Take an open party back; everybody is told in the same words.

    Raises:
        NotFound: not one of the actor's cases.
        PartyClosed: it is not open.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    party = await queries.access_party(session, actor, party_id, lock=True)
    rules.must_be_open(party)
    seats = (await queries.seats_of(session, [party.id]))[party.id]
    await places.lock(session, [one.participation_id for one in seats])
    await moving.close(session, actor, party, seats, PartyState.WITHDRAWN)
    return party
