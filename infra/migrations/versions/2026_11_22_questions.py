"""Questions that were left out and topics that are offered no more stay, for whoever answered; each counts its changes."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_questions"
down_revision = "2026_11_22_networks"


def upgrade() -> None:
    op.add_column(
        "question", sa.Column("is_asked", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("question", sa.Column("asked_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "topic", sa.Column("is_offered", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    for table in ("question", "topic"):
        op.add_column(table, sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
