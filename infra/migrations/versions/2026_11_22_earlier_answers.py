"""Answers of an earlier registration in the same cycle are kept when somebody registers again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import protect

revision = "2026_11_22_earlier_answers"
down_revision = "2026_11_22_ground"


def upgrade() -> None:
    op.create_table(
        "earlier_answers",
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("interviewed_on", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "origin IN ('form', 'coordinator', 'roster')", name=op.f("earlier_answers_origin_check")
        ),
        sa.CheckConstraint(
            "status IN ('REGISTERED', 'AWAITING INTERVIEW', 'READY TO BE MATCHED', 'IN A MENTOR RELATIONSHIP', "
            "'NETWORK PARTICIPANT', 'LEFT')",
            name=op.f("earlier_answers_status_check"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participation_id"],
            ["participation.organisation_id", "participation.id"],
            name=op.f("earlier_answers_participation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("earlier_answers_pkey")),
        info={"tenant": True, "reads": {}, "append_only": True},
    )
    op.create_index(
        op.f("earlier_answers_organisation_id_participation_id_ix"),
        "earlier_answers",
        ["organisation_id", "participation_id"],
        unique=False,
    )
    for statement in protect("earlier_answers", append_only=True):
        op.execute(statement)
