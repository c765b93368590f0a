"""Evaluations of relationships, and how a programme asks for them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import grows, protect

revision = "2026_11_22_evaluations"
down_revision = "2026_11_22_interviews"


def upgrade() -> None:
    op.create_table(
        "evaluation",
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("benefit_many", sa.Boolean(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        *_row(),
        sa.CheckConstraint("role IN ('mentor', 'mentee', 'peer')", name=op.f("evaluation_role_check")),
        sa.CheckConstraint("state IN ('asked', 'answered', 'closed')", name=op.f("evaluation_state_check")),
        sa.CheckConstraint("wording IN ('plain', 'printed')", name=op.f("evaluation_wording_check")),
        sa.CheckConstraint(
            "(state = 'answered') = (answered_at IS NOT NULL)", name=op.f("evaluation_answered_check")
        ),
        _refers("evaluation", "relationship_id", "relationship", "CASCADE"),
        _refers("evaluation", "participation_id", "participation", "CASCADE"),
        _refers("evaluation", "programme_id", "programme"),
        _refers("evaluation", "recorded_by", "person", "SET NULL (recorded_by)"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("evaluation_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "relationship_id", "participation_id",
            name=op.f("evaluation_organisation_id_relationship_id_participation_id_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )  # fmt: skip
    for columns in (
        ["participation_id"], ["programme_id", "created_at", "id"], ["state", "next_on"], ["recorded_by"],
    ):  # fmt: skip
        name = f"evaluation_organisation_id_{'_'.join(columns)}_ix"
        op.create_index(op.f(name), "evaluation", ["organisation_id", *columns], unique=False)
    op.create_table(
        "evaluation_setting",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("benefit_many", sa.Boolean(), nullable=False),
        sa.Column("remind_days", sa.Integer(), nullable=False),
        sa.Column("call_days", sa.Integer(), nullable=False),
        *_row(),
        sa.CheckConstraint("wording IN ('plain', 'printed')", name=op.f("evaluation_setting_wording_check")),
        sa.CheckConstraint("remind_days BETWEEN 1 AND 90", name=op.f("evaluation_setting_remind_days_check")),
        sa.CheckConstraint("call_days BETWEEN 1 AND 90", name=op.f("evaluation_setting_call_days_check")),
        _refers("evaluation_setting", "programme_id", "programme", "CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("evaluation_setting_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "programme_id", name=op.f("evaluation_setting_organisation_id_programme_id_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for table in ("evaluation", "evaluation_setting"):
        for statement in protect(table):
            op.execute(statement)
    op.execute(grows("evaluation"))


def _row() -> list[sa.Column[Any]]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _refers(here: str, column: str, table: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"{here}_{column}_fkey"),
        ondelete=ondelete,
    )
