"""What each would like once a relationship has ended."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from infra.db.policies import grows, protect

revision = "2026_11_22_afterwards"
down_revision = "2026_11_22_agreements"


def upgrade() -> None:
    op.create_table(
        "afterwards",
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "choice IN ('again', 'mentor', 'news', 'leave')", name=op.f("afterwards_choice_check")
        ),
        sa.CheckConstraint(
            "(choice IS NULL) = (chosen_at IS NULL)", name=op.f("afterwards_chosen_check")
        ),
        _refers("relationship_id", "relationship", "CASCADE"),
        _refers("participation_id", "participation", "CASCADE"),
        _refers("noted_by", "person", "SET NULL (noted_by)"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("afterwards_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "relationship_id", "participation_id",
            name=op.f("afterwards_organisation_id_relationship_id_participation_id_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )  # fmt: skip
    op.create_index(
        op.f("afterwards_organisation_id_participation_id_ix"),
        "afterwards",
        ["organisation_id", "participation_id"],
        unique=False,
    )
    for statement in (*protect("afterwards"), grows("afterwards")):
        op.execute(statement)


def _refers(column: str, table: str, on_delete: str) -> Any:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"afterwards_{column}_fkey"),
        ondelete=on_delete,
    )
