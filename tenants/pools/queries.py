"""Reading pools and cards, for the rooms above and the numeric workers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, Text, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.pools.models import Pool, PoolCard, Side
from tenants.pools.rules import SIDES
from tenants.pools.saying import Sharing
from tenants.registration.models import Participation


@dataclass(frozen=True, slots=True)
class Counts:
    """Whom a pool has to match, and the places that mentors offer; where everybody gives and learns, her peers."""

    mentees: int
    mentors: int
    places: int
    peers: int = 0

    @property
    def pairs(self) -> int:
        return self.mentees * self.mentors + self.peers * (self.peers - 1) // 2


@dataclass(frozen=True, slots=True)
class Group:
    """People of a pool who belong to one organisation or office; `of` is what the cards say, `places` those of its mentors."""

    of: str
    mentees: int
    mentors: int
    places: int


@dataclass(frozen=True, slots=True)
class Card:
    """A card as a run reads it. `participation_id` only goes back into the proposals."""

    card_id: UUID
    participation_id: UUID
    side: str
    open_places: int
    fields: dict[str, Any]


async def pool_of(session: AsyncSession, cycle_id: UUID) -> Pool | None:
    """The pool of a cycle, if anybody has come into it yet."""
    found: Pool | None = await session.scalar(select(Pool).where(Pool.cycle_id == cycle_id))
    return found


async def pool_by_id(session: AsyncSession, pool_id: UUID) -> Pool | None:
    found: Pool | None = await session.scalar(select(Pool).where(Pool.id == pool_id))
    return found


async def who_may_have_cards(session: AsyncSession, cycle_id: UUID) -> Sequence[UUID]:
    """Everybody of a cycle whose part can be matched at all, now or later, by participation."""
    query = select(Participation.id).where(Participation.cycle_id == cycle_id, Participation.role.in_(SIDES))
    return (await session.execute(query.order_by(Participation.id))).scalars().all()


async def counts(session: AsyncSession, pool_id: UUID, *, offices: Collection[UUID] = ()) -> Counts:
    """The whole pool, or its people of some offices."""
    query = (
        select(PoolCard.side, func.count(), func.sum(PoolCard.open_places))
        .where(PoolCard.pool_id == pool_id)
        .group_by(PoolCard.side)
    )
    if offices:
        mine = select(Participation.id).where(Participation.office_id.in_(offices))
        query = query.where(PoolCard.participation_id.in_(mine))
    by_side = {row[0]: (int(row[1]), int(row[2])) for row in await session.execute(query)}
    mentors, places = by_side.get(Side.MENTOR, (0, 0))
    mentees, peers = (by_side.get(side, (0, 0))[0] for side in (Side.MENTEE, Side.PEER))
    return Counts(mentees, mentors, places, peers)


async def groups(session: AsyncSession, pool_id: UUID, *fields: str) -> dict[str, list[Group]]:
    """
    The people of a pool by each of some fields of their cards, the largest group first; who has not said is left out.

    Names that differ in case or blanks alone are one, under the way in which most of its people write it. One query.
    """
    values = [PoolCard.fields[field].astext for field in fields]
    rows = await session.execute(
        select(*values, PoolCard.side, func.count(), func.sum(PoolCard.open_places))
        .where(PoolCard.pool_id == pool_id)
        .group_by(*values, PoolCard.side)
        .order_by(func.count().desc(), *values)
    )
    found: dict[str, dict[str, Group]] = {field: {} for field in fields}
    for *names, side, people, places in rows:
        for field, name in zip(fields, names, strict=True):
            if name:
                _add(found[field], name, side == Side.MENTOR, people, int(places))
    return {
        field: sorted(by_name.values(), key=lambda group: (-group.mentees - group.mentors, group.of))
        for field, by_name in found.items()
    }


def _add(by_name: dict[str, Group], name: str, is_mentor: bool, people: int, places: int) -> None:
    known = by_name.get(key := " ".join(name.casefold().split()), Group(name, 0, 0, 0))
    by_name[key] = Group(
        known.of,
        known.mentees + (0 if is_mentor else people),
        known.mentors + (people if is_mentor else 0),
        known.places + (places if is_mentor else 0),
    )


AT_ONCE = 2_000  # cards that are fetched together; whoever watches the run is told in between
# What she says comes as it is sent, and is read by `saying`.
_SAID = cast(PoolCard.fields, Text)
_CARD = (PoolCard.card_id, PoolCard.participation_id, PoolCard.side, PoolCard.open_places, _SAID)


async def cards(session: AsyncSession, pool_id: UUID, *, side: Side | None = None) -> Sequence[Card]:
    """All cards, or those of one side, in the order of their ids, without entities."""
    query = select(*_CARD).where(PoolCard.pool_id == pool_id).order_by(PoolCard.card_id)
    if side is not None:
        query = query.where(PoolCard.side == side)
    rows, sharing = await session.stream(query.execution_options(yield_per=AT_ONCE)), Sharing()
    return [_card(row, sharing) async for row in rows]


async def card_of(session: AsyncSession, participation_id: UUID) -> Card | None:
    """Hers, as long as she can be matched."""
    row = (
        await session.execute(select(*_CARD).where(PoolCard.participation_id == participation_id))
    ).one_or_none()
    return None if row is None else _card(row, Sharing())


def _card(row: Row[UUID, UUID, str, int, str], sharing: Sharing) -> Card:
    card_id, participation_id, side, places, fields = row
    return Card(card_id, participation_id, side, places, sharing.read(fields))


async def stamp(session: AsyncSession, pool_id: UUID) -> int:
    """A number that changes whenever a card of the pool does; says nothing else."""
    whole = func.concat(
        cast(PoolCard.card_id, Text),
        literal(" "),
        cast(PoolCard.open_places, Text),
        cast(PoolCard.fields, Text),
    )
    query = select(func.coalesce(func.bit_xor(func.hashtextextended(whole, cast(0, BigInteger))), 0))
    return int((await session.execute(query.where(PoolCard.pool_id == pool_id))).scalar_one())
