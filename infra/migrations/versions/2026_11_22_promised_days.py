"""Each proposal keeps the days that its programme promised when it was sent."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_promised_days"
down_revision = "2026_11_22_questions"

# No context reaches all organisations, so the owner steps out of row security for as long as this transaction lasts.
READ = ("programme", "cycle", "proposal")
FILL = """
    UPDATE proposal SET date_days = programme.date_days, meet_days = programme.meet_days
    FROM cycle, programme
    WHERE proposal.state IN ('open', 'meeting')
      AND cycle.organisation_id = proposal.organisation_id AND cycle.id = proposal.cycle_id
      AND programme.organisation_id = cycle.organisation_id AND programme.id = cycle.programme_id
"""
CHECK = """
    DO $$ BEGIN
      IF EXISTS (SELECT FROM proposal WHERE state IN ('open', 'meeting') AND meet_days IS NULL) THEN
        RAISE EXCEPTION 'not every proposal that waits has its days';
      END IF;
    END $$
"""


def upgrade() -> None:
    for name in ("date_days", "meet_days"):
        op.add_column("proposal", sa.Column(name, sa.Integer(), nullable=True))
    for table in READ:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(FILL)
    op.execute(CHECK)
    for table in READ:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
