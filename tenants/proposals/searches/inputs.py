"""What a search reads: one person's card, those of the other side, and who must not meet her."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from tenants.pools import queries as pools
from tenants.pools.models import Side
from tenants.pools.queries import Card
from tenants.proposals import rules
from tenants.proposals.models import NeverAgain, PairWish, Proposal, ProposalState, WishKind
from tenants.proposals.search_models import MatchSearch
from tenants.registration.models import Participation

OTHER = {Side.MENTEE: Side.MENTOR, Side.MENTOR: Side.MENTEE, Side.PEER: Side.PEER}
Taken = frozenset({*rules.LIVE, ProposalState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Read:
    """
    `never` are those who have tried with her or are with her now, `apart` whom a coordinator keeps from her;
    `elsewhere` counts people whom the asker may not see, and who are left out therefore.
    """

    mine: Card
    others: Sequence[Card]
    never: frozenset[UUID]
    apart: frozenset[UUID]
    elsewhere: int


async def read(session: AsyncSession, search: MatchSearch) -> Read | None:
    """None where she cannot be matched any more."""
    mine = await pools.card_of(session, search.participation_id)
    if mine is None:
        return None
    others = await pools.cards(session, search.pool_id, side=OTHER[Side(mine.side)])
    offices = set(search.offices)
    seen = [
        card
        for card in others
        if card.participation_id != mine.participation_id
        and (not offices or card.fields.get("office") in offices)
    ]
    apart = await _apart(session, search)
    never = await _tried(session, search.participation_id) | await _together(session, search.participation_id)
    is_elsewhere = len(others) - len(seen) - (mine.side == Side.PEER)
    return Read(mine, seen, never, apart, is_elsewhere)


async def _tried(session: AsyncSession, participation_id: UUID) -> frozenset[UUID]:
    """Participations of whoever has tried with her or declined, in any cycle (K35)."""
    mine, theirs = aliased(Participation), aliased(Participation)
    rows = await session.execute(
        select(theirs.id)
        .select_from(mine)
        .join(
            NeverAgain,
            and_(
                NeverAgain.organisation_id == mine.organisation_id,
                or_(NeverAgain.one_id == mine.person_id, NeverAgain.other_id == mine.person_id),
            ),
        )
        .join(
            theirs,
            and_(
                theirs.organisation_id == mine.organisation_id,
                theirs.person_id.in_((NeverAgain.one_id, NeverAgain.other_id)),
                theirs.person_id != mine.person_id,
            ),
        )
        .where(mine.id == participation_id)
    )
    return frozenset(rows.scalars())


async def _together(session: AsyncSession, participation_id: UUID) -> frozenset[UUID]:
    """With whom she is in an open proposal or a running pair."""
    rows = await session.execute(
        select(Proposal.mentor_id, Proposal.mentee_id).where(
            or_(Proposal.mentor_id == participation_id, Proposal.mentee_id == participation_id),
            Proposal.state.in_(Taken),
        )
    )
    return frozenset(one for row in rows for one in row) - {participation_id}


async def _apart(session: AsyncSession, search: MatchSearch) -> frozenset[UUID]:
    rows = await session.execute(
        select(PairWish.mentor_id, PairWish.mentee_id).where(
            _is_about(search.participation_id),
            PairWish.cycle_id == search.cycle_id,
            PairWish.kind == WishKind.FORBID,
        )
    )
    return frozenset(one for row in rows for one in row) - {search.participation_id}


def _is_about(participation_id: UUID) -> ColumnElement[bool]:
    return or_(PairWish.mentor_id == participation_id, PairWish.mentee_id == participation_id)
