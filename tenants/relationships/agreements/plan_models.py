"""The activity plan: every change of it is a row of its own, with the whole plan as it stood then (K57)."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, index, keys, refers, unique


class PlanVersion(TenantRow):
    """
    `content` is {"goals": [{"id", "text", "reached_on", "milestones": [{"id", "text", "by", "done_on",
    "activities": [{"id", "text", "by", "done_on"}]}]}]}; `change` is what was done to come here: {"deed", "item",
    "kind", "text"}.
    """

    __tablename__ = "activity_plan"
    __table_args__ = keys(
        unique("relationship_id", "number"),
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("changed_by", "participation", on_delete="SET NULL"),
        index("changed_by"),
    )

    relationship_id: Mapped[UUID]
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    change: Mapped[dict[str, Any]]
    changed_by: Mapped[UUID | None]
