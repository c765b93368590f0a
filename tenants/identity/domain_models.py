"""Domains that an organisation says are its own, and the proof by a record that only their owner can enter."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, keys, one_of, unique


class Look(StrEnum):
    """What a look at the record came to."""

    FOUND = "found"
    MISSING = "missing"  # there is no such record
    OTHER = "other"  # there is one, with another value
    NO_ANSWER = "no_answer"  # which says nothing about the record


class Domain(TenantRow):
    """`record` is what stands in the record. `missing_since` is when a proved one was first looked for in vain."""

    __tablename__ = "domain"
    __table_args__ = keys(unique("name"), one_of("look", Look))

    name: Mapped[str]
    record: Mapped[str]
    look: Mapped[str | None]
    looked_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    missing_since: Mapped[datetime | None]
