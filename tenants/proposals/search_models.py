"""Searches by hand: somebody for one person, with the same points and limits as a run."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique


class SearchState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class MatchSearch(TenantRow):
    """
    One question from one person's side, and its answer; gone after a day.

    `question` is a digest of all that the answer depends on: criteria, cards, wishes, whom it names and whom the
    asker may see (`offices`, empty for all). So what was asked already is found again, until anything of it changes.
    """

    __tablename__ = "match_search"
    __table_args__ = keys(
        unique("question"),
        refers("pool_id", "pool", on_delete="CASCADE"),
        refers("cycle_id", "cycle", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        refers("named_id", "participation", on_delete="CASCADE"),
        refers("asked_by", "person", on_delete="CASCADE"),
        one_of("state", SearchState),
        index("participation_id"),
        index("created_at"),
    )

    pool_id: Mapped[UUID]
    cycle_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    named_id: Mapped[UUID | None]  # "why not her?"
    asked_by: Mapped[UUID]
    offices: Mapped[list[Any]] = mapped_column(default=list)
    question: Mapped[str]
    criteria: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=SearchState.WAITING)
    ended_at: Mapped[datetime | None]
    inputs_digest: Mapped[str | None]
    matcher_version: Mapped[str | None]
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str | None]
