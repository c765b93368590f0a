"""Windows through which somebody of the platform's support may come in, in the place of one person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, index, keys, refers


class SupportWindow(TenantRow):
    """
    Who may come in, in whose place, why and until when. It opens one session, once.

    Its id is random, since it stands in the link that opens it.
    """

    __tablename__ = "support_window"
    __table_args__ = keys(
        refers("person_id", "person", on_delete="CASCADE"),
        refers("let_in_by", "person", on_delete="SET NULL"),
        index("person_id"),
        index("let_in_by"),
        index("created_at", "id"),
        # Whatever the application believes, none is open for longer.
        CheckConstraint("expires_at <= created_at + interval '1 hour'", name="an_hour"),
    )

    person_id: Mapped[UUID]
    let_in_by: Mapped[UUID | None]
    operator: Mapped[str]
    reason: Mapped[str]
    expires_at: Mapped[datetime]
    entered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
