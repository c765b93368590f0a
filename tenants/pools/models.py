"""
Pools and their cards. Every cycle matches over a pool; a programme of one organisation is a pool of one member.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra import ids
from infra.db.base import TenantRow, index, keys, one_of, refers, unique


class Side(StrEnum):
    MENTOR = "mentor"
    MENTEE = "mentee"
    PEER = "peer"


class Pool(TenantRow):
    """
    The cards of one cycle.

    `salt` goes into every digest on a card, so that an address cannot be found out
    by digesting addresses that one knows.
    """

    __tablename__ = "pool"
    __table_args__ = keys(unique("cycle_id"), refers("cycle_id", "cycle"))

    cycle_id: Mapped[UUID]
    salt: Mapped[str]


class PoolMember(TenantRow):
    """An organisation whose cards may lie in the pool; so far the pool's own."""

    __tablename__ = "pool_member"
    __table_args__ = keys(unique("pool_id", "member_id"), refers("pool_id", "pool", on_delete="CASCADE"))

    pool_id: Mapped[UUID]
    member_id: Mapped[UUID]


class PoolCard(TenantRow):
    """
    A copy of the allow-listed matching fields of one participation, under a random id.

    Rebuilt in the transaction that changes its source, deleted when the person
    is no longer to be matched. `open_places` is the capacity less what is held
    or taken. The run reads cards and nothing else.
    """

    __tablename__ = "pool_card"
    __table_args__ = keys(
        unique("card_id"),
        unique("pool_id", "participation_id"),
        refers("pool_id", "pool", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        one_of("side", Side),
        CheckConstraint("open_places >= 0", name="places"),
        index("pool_id", "side"),
    )

    card_id: Mapped[UUID] = mapped_column(default=ids.random)
    pool_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    side: Mapped[str]
    open_places: Mapped[int]
    fields: Mapped[dict[str, Any]]
