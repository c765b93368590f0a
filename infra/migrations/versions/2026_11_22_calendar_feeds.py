"""An address of one's own from which a calendar program reads one's meetings."""

import sqlalchemy as sa
from alembic import op

from infra.db.policies import grows, protect

revision = "2026_11_22_calendar_feeds"
down_revision = "2026_11_22_follow_ups"


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("calendar_feed_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("calendar_feed_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "person_id", name=op.f("calendar_feed_organisation_id_person_id_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for statement in (*protect("calendar_feed"), grows("calendar_feed")):
        op.execute(statement)
