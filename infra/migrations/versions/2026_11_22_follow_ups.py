"""Follow-ups on pairs, and what is replied."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from infra.db.policies import grows, protect

revision = "2026_11_22_follow_ups"
down_revision = "2026_11_22_evaluations"


def upgrade() -> None:
    op.create_table(
        "follow_up",
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("goals", sa.Text(), nullable=True),
        sa.Column("news", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("after_days > 0", name=op.f("follow_up_after_days_check")),
        _refers("relationship_id", "relationship"),
        _refers("participation_id", "participation"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("follow_up_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "relationship_id", "participation_id", "after_days",
            name=op.f("follow_up_once_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )  # fmt: skip
    for column in ("participation_id", "next_on"):
        op.create_index(
            op.f(f"follow_up_organisation_id_{column}_ix"),
            "follow_up",
            ["organisation_id", column],
            unique=False,
        )
    for statement in (*protect("follow_up"), grows("follow_up")):
        op.execute(statement)


def _refers(column: str, table: str) -> Any:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"follow_up_{column}_fkey"),
        ondelete="CASCADE",
    )
