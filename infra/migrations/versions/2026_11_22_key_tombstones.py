"""Destroyed keys leave a tombstone in the main database, too."""

import sqlalchemy as sa
from alembic import op

from infra.db.policies import grows, protect, refuse_changes

revision = "2026_11_22_key_tombstones"
down_revision = "2026_11_22_privacy"


def upgrade() -> None:
    op.create_table(
        "key_tombstone",
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("record", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("key_tombstone_pkey")),
        info={"tenant": True, "append_only": True},
    )
    reads = {"resolver": ["organisation_id", "id", "subject", "record", "created_at"]}
    for statement in (
        *protect("key_tombstone", reads=reads, append_only=True),
        *refuse_changes("key_tombstone"),
        grows("key_tombstone"),
    ):
        op.execute(statement)
