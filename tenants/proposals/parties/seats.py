"""Whose seat is given up: she takes part no more, or did not while answers were awaited, so nothing is asked of her."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from tenants.proposals.leaving import GONE
from tenants.proposals.models import Hold
from tenants.proposals.party_models import Party, PartyState, Seat
from tenants.registration.models import Participation


async def given_up(session: AsyncSession, party_ids: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """
    Party and participation of each. Her place in an open party went when she left, and does not come back with her: it may
    be held elsewhere by then.
    """
    if not party_ids:
        return frozenset()
    has_place = select(Hold.id).where(
        Hold.organisation_id == Seat.organisation_id,
        Hold.party_id == Seat.party_id,
        Hold.participation_id == Seat.participation_id,
    )
    rows = await session.execute(
        select(Seat.party_id, Seat.participation_id)
        .join(Party, and_(Party.organisation_id == Seat.organisation_id, Party.id == Seat.party_id))
        .join(
            Participation,
            and_(
                Participation.organisation_id == Seat.organisation_id,
                Participation.id == Seat.participation_id,
            ),
        )
        .where(
            bulk.any_of(Seat.party_id, list(party_ids)),
            or_(
                Participation.status.in_(GONE),
                and_(Party.state == PartyState.OPEN, ~has_place.exists()),
            ),
        )
    )
    return frozenset((row.party_id, row.participation_id) for row in rows)
