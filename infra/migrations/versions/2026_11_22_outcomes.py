"""What a programme wants to know of its effects, and what is answered."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from infra.db.policies import grows, protect

revision = "2026_11_22_outcomes"
down_revision = "2026_11_22_privacy_period"


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", JSONB(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        *_row(),
        sa.CheckConstraint("kind IN ('scale', 'fact')", name=op.f("indicator_kind_check")),
        _refers("indicator", "programme_id", "programme", "CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("indicator_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "programme_id",
            "code",
            name=op.f("indicator_organisation_id_programme_id_code_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_table(
        "indicator_answer",
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        *_row(),
        sa.CheckConstraint("moment IN ('before', 'after')", name=op.f("indicator_answer_moment_check")),
        sa.CheckConstraint("value BETWEEN 0 AND 5", name=op.f("indicator_answer_value_check")),
        _refers("indicator_answer", "indicator_id", "indicator", "CASCADE"),
        _refers("indicator_answer", "participation_id", "participation", "CASCADE"),
        _refers("indicator_answer", "noted_by", "person", "SET NULL (noted_by)"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("indicator_answer_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "indicator_id", "participation_id", "moment",
            name=op.f("indicator_answer_once_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )  # fmt: skip
    op.create_index(
        op.f("indicator_answer_organisation_id_participation_id_ix"),
        "indicator_answer",
        ["organisation_id", "participation_id"],
        unique=False,
    )
    for statement in (*protect("indicator"), *protect("indicator_answer"), grows("indicator_answer")):
        op.execute(statement)


def _row() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )


def _refers(of: str, column: str, table: str, on_delete: str) -> Any:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"{of}_{column}_fkey"),
        ondelete=on_delete,
    )
