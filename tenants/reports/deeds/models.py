"""What was done to many at once, and how it stood before."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, index, keys, one_of, refers


class DeedKind(StrEnum):
    REMIND = "remind"
    WRITE = "write"
    MOVE = "move"  # check-ups and other tasks to another day
    TICK = "tick"
    HAND_OVER = "hand_over"


class Deed(TenantRow):
    """
    One deed of one person. `before` holds ids, dates and keys of letters: what is needed to take it back, no words.

    It is forgotten a day later.
    """

    __tablename__ = "deed"
    __table_args__ = keys(
        refers("person_id", "person", on_delete="CASCADE"),
        one_of("kind", DeedKind),
        index("person_id"),
        index("created_at"),
    )

    person_id: Mapped[UUID]
    kind: Mapped[str]
    before: Mapped[list[Any]]
    undone_at: Mapped[datetime | None]
