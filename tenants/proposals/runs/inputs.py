"""What a run reads besides the cards: who must not meet, and whom a coordinator keeps together or apart."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from tenants.pools.models import PoolCard, Side
from tenants.proposals.models import NeverAgain, PairWish, WishKind
from tenants.registration.models import Participation

Pairs = list[tuple[UUID, UUID]]
"""(mentee's participation, mentor's participation), of two peers in either order"""


async def never_again(session: AsyncSession, pool_id: UUID) -> Pairs:
    """Pairs within the pool that have tried or declined before, in any cycle (K35)."""
    one, other = aliased(Participation), aliased(Participation)
    one_card, other_card = aliased(PoolCard), aliased(PoolCard)
    rows = await session.execute(
        select(one_card.side, one_card.participation_id, other_card.participation_id)
        .select_from(NeverAgain)
        .join(
            one, and_(one.organisation_id == NeverAgain.organisation_id, one.person_id == NeverAgain.one_id)
        )
        .join(one_card, _is_card_of(one_card, one, pool_id))
        .join(
            other,
            and_(other.organisation_id == NeverAgain.organisation_id, other.person_id == NeverAgain.other_id),
        )
        .join(other_card, _is_card_of(other_card, other, pool_id))
        .where(or_(one_card.side != other_card.side, one_card.side == Side.PEER))
        .order_by(one_card.participation_id, other_card.participation_id)
    )
    return [(one, other) if side == Side.MENTEE else (other, one) for side, one, other in rows]


def _is_card_of(
    card: type[PoolCard], participation: type[Participation], pool_id: UUID
) -> ColumnElement[bool]:
    return and_(
        card.organisation_id == participation.organisation_id,
        card.participation_id == participation.id,
        card.pool_id == pool_id,
    )


async def wishes(session: AsyncSession, cycle_id: UUID) -> dict[WishKind, Pairs]:
    """What the coordinators of a cycle want kept together and apart."""
    rows = await session.execute(
        select(PairWish.kind, PairWish.mentee_id, PairWish.mentor_id)
        .where(PairWish.cycle_id == cycle_id)
        .order_by(PairWish.mentee_id, PairWish.mentor_id)
    )
    found: dict[WishKind, Pairs] = {kind: [] for kind in WishKind}
    for kind, mentee_id, mentor_id in rows:
        found[WishKind(kind)].append((mentee_id, mentor_id))
    return found


async def stamp(session: AsyncSession, cycle_id: UUID) -> str:
    """Changes whenever a wish of the cycle, or a pair that was tried, comes or goes."""
    tried = select(func.count()).select_from(NeverAgain).scalar_subquery()
    wished = func.coalesce(func.bit_xor(func.hashtextextended(func.concat(PairWish.id, PairWish.kind), 0)), 0)
    row = (await session.execute(select(wished, tried).where(PairWish.cycle_id == cycle_id))).one()
    return f"{row[0]} {row[1]}"
