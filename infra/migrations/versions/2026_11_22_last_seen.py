"""The last day on which somebody signed in, beyond the month for which her sessions are kept."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_last_seen"
down_revision = "2026_11_22_set_up"


def upgrade() -> None:
    # Of sessions that are still there, the hourly sweep carries the day over before it removes them.
    op.add_column("person", sa.Column("seen_on", sa.Date(), nullable=True))
