"""A withdrawal says how and by whom, and nothing else of a consent can be changed."""

import sqlalchemy as sa
from alembic import op

from infra.db.roles import APP

revision = "2026_11_22_consent_log"
down_revision = "2026_11_22_step_up"

STATEMENTS = [
    f"REVOKE UPDATE ON consent FROM {APP}",
    f"GRANT UPDATE (withdrawn_at, withdrawn_channel, withdrawn_by) ON consent TO {APP}",
    """
    CREATE FUNCTION app.keep_withdrawal() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      RAISE EXCEPTION 'a withdrawal stays' USING ERRCODE = '42501';
    END $$
    """,
    "REVOKE ALL ON FUNCTION app.keep_withdrawal() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION app.keep_withdrawal() TO {APP}",
    """
    CREATE TRIGGER keep_withdrawal BEFORE UPDATE ON consent
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION app.keep_withdrawal()
    """,
]


def upgrade() -> None:
    op.add_column("consent", sa.Column("withdrawn_channel", sa.Text(), nullable=True))
    op.add_column("consent", sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
    op.create_check_constraint(
        op.f("consent_withdrawn_channel_check"),
        "consent",
        "withdrawn_channel IN ('form', 'phone', 'in_person', 'paper', 'roster')",
    )
    for statement in STATEMENTS:
        op.execute(statement)
