"""The application destroys keys of people and records, and never that of an organisation."""

from alembic import op

from infra.db.roles import APP

revision = "2026_11_22_no_tenant_tombstones"
down_revision = "2026_11_22_calendar_feeds"


def upgrade() -> None:
    # One row without a subject would take every key of the organisation at the next comparison, and nothing brings them back.
    op.execute(
        f"CREATE POLICY of_a_subject ON key_tombstone AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK (subject IS NOT NULL)"
    )
