"""What somebody had answered before she registered anew."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, index, keys, one_of, refers
from tenants.registration.models import Origin, Status


class EarlierAnswers(TenantRow):
    """What a participation said before its person registered anew: `facts` by field, `answers` the free ones."""

    __tablename__ = "earlier_answers"
    __table_args__ = keys(
        refers("participation_id", "participation", on_delete="CASCADE"),
        one_of("origin", Origin),
        one_of("status", Status),
        index("participation_id"),
        append_only=True,
    )

    participation_id: Mapped[UUID]
    origin: Mapped[str]
    registered_on: Mapped[date]
    interviewed_on: Mapped[date | None]
    status: Mapped[str]
    ended_at: Mapped[datetime]
    end_reason: Mapped[str | None]
    facts: Mapped[dict[str, Any]]
    answers: Mapped[dict[str, Any]]
