"""What an organisation has thought through before its network opens."""

import sqlalchemy as sa
from alembic import op

from infra.db.policies import protect

revision = "2026_11_22_set_up"
down_revision = "2026_11_22_outcomes"

STEPS = (
    "aim", "audience", "mentors", "mentees", "mentee_needs", "mentor_skills", "matching", "support", "training",
    "measures", "timeline", "budget", "logistics", "stakeholders",
)  # fmt: skip


def upgrade() -> None:
    allowed = ", ".join(f"'{step}'" for step in STEPS)
    op.create_table(
        "set_up_step",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(f"step IN ({allowed})", name=op.f("set_up_step_step_check")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "programme_id"],
            ["programme.organisation_id", "programme.id"],
            name=op.f("set_up_step_programme_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("set_up_step_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "programme_id", "step", name=op.f("set_up_step_organisation_id_programme_id_step_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )  # fmt: skip
    for statement in protect("set_up_step"):
        op.execute(statement)
