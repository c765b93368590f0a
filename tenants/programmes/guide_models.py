"""The questions of an interview, as a programme has changed them for one role. Without a row, the usual ones are asked."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, keys, refers, unique


class InterviewGuide(TenantRow):
    """
    `questions` in the order in which they are asked: {"key", "section", "text": {language: …}, "is_hidden"}.

    They are read and written as a whole; `version` counts the changes.
    """

    __tablename__ = "interview_guide"
    __table_args__ = keys(
        unique("programme_id", "role"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        CheckConstraint("role IN ('mentor', 'mentee', 'peer')", name="role"),
    )

    programme_id: Mapped[UUID]
    role: Mapped[str]
    questions: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
