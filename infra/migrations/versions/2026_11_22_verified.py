"""When and how the owner of a session last proved who she is."""

import sqlalchemy as sa
from alembic import op

from infra.db.roles import RESOLVER

revision = "2026_11_22_verified"
down_revision = "2026_11_22_directory"


def upgrade() -> None:
    # Sessions of before say nothing of it, so each of them asks once more before what is confidential.
    op.add_column("session", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("session", sa.Column("verified_by", sa.Text(), nullable=True))
    op.add_column("session", sa.Column("passkey_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("session_verified_by_check"),
        "session",
        "verified_by IN ('link', 'code', 'account', 'passkey')",
    )
    op.execute(f"GRANT SELECT (verified_at, passkey_at) ON session TO {RESOLVER}")
