"""Searches by hand, for a day."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from infra.db.policies import grows, protect

revision = "2026_11_22_match_search"
down_revision = "2026_11_22_appointments"


def upgrade() -> None:
    op.create_table(
        "match_search",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("named_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("offices", JSONB(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("criteria", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inputs_digest", sa.Text(), nullable=True),
        sa.Column("matcher_version", sa.Text(), nullable=True),
        sa.Column("result", JSONB(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("match_search_state_check")),
        _refers("pool_id", "pool"),
        _refers("cycle_id", "cycle"),
        _refers("participation_id", "participation"),
        _refers("named_id", "participation"),
        _refers("asked_by", "person"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("match_search_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "question", name=op.f("match_search_organisation_id_question_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for column in ("participation_id", "created_at"):
        op.create_index(
            op.f(f"match_search_organisation_id_{column}_ix"),
            "match_search",
            ["organisation_id", column],
            unique=False,
        )
    for statement in (*protect("match_search"), grows("match_search")):
        op.execute(statement)


def _refers(column: str, table: str) -> Any:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"match_search_{column}_fkey"),
        ondelete="CASCADE",
    )
