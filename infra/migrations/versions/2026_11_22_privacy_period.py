"""How long people are kept with whom nothing happens; a deletion that nobody asked for."""

import sqlalchemy as sa
from alembic import op

from infra.db.policies import protect

revision = "2026_11_22_privacy_period"
down_revision = "2026_11_22_afterwards"


def upgrade() -> None:
    op.create_table(
        "privacy_period",
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("months BETWEEN 12 AND 240", name=op.f("privacy_period_months_check")),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("privacy_period_pkey")),
        sa.UniqueConstraint("organisation_id", name=op.f("privacy_period_organisation_id_key")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for statement in protect("privacy_period"):
        op.execute(statement)
    op.alter_column("erasure", "asked_by", nullable=True)
