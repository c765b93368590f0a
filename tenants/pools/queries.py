"""Reading pools and cards, for the rooms above and the numeric workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.pools.models import Pool, PoolCard, Side


@dataclass(frozen=True, slots=True)
class Counts:
    """Whom a pool has to match, and the places that mentors offer."""

    mentees: int
    mentors: int
    places: int

    @property
    def pairs(self) -> int:
        return self.mentees * self.mentors


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


async def counts(session: AsyncSession, pool_id: UUID) -> Counts:
    rows = await session.execute(
        select(PoolCard.side, func.count(), func.sum(PoolCard.open_places))
        .where(PoolCard.pool_id == pool_id)
        .group_by(PoolCard.side)
    )
    by_side = {row[0]: (int(row[1]), int(row[2])) for row in rows}
    mentors, places = by_side.get(Side.MENTOR, (0, 0))
    return Counts(by_side.get(Side.MENTEE, (0, 0))[0], mentors, places)


async def groups(session: AsyncSession, pool_id: UUID, field: str) -> list[Group]:
    """
    The people of a pool by a field of their cards, the largest group first; those who have not said are left out.

    Names that differ in case or blanks alone are one, under the way in which most of its people write it.
    """
    value = PoolCard.fields[field].astext
    rows = await session.execute(
        select(value, PoolCard.side, func.count(), func.sum(PoolCard.open_places))
        .where(PoolCard.pool_id == pool_id, value != "")
        .group_by(value, PoolCard.side)
        .order_by(func.count().desc(), value)
    )
    found: dict[str, Group] = {}
    for name, side, people, places in rows:
        known = found.get(key := " ".join(name.casefold().split()), Group(name, 0, 0, 0))
        is_mentor = side == Side.MENTOR
        found[key] = Group(
            known.of,
            known.mentees + (0 if is_mentor else people),
            known.mentors + (people if is_mentor else 0),
            known.places + (int(places) if is_mentor else 0),
        )
    return sorted(found.values(), key=lambda group: (-group.mentees - group.mentors, group.of))


async def cards(session: AsyncSession, pool_id: UUID) -> Sequence[Card]:
    """All cards, in the order of their ids, without entities."""
    rows = await session.execute(
        select(
            PoolCard.card_id, PoolCard.participation_id, PoolCard.side, PoolCard.open_places, PoolCard.fields
        )
        .where(PoolCard.pool_id == pool_id)
        .order_by(PoolCard.card_id)
    )
    return [Card(*row) for row in rows]


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
