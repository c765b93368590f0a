"""What the planner believes of tables that grow, and indexes for keys and lists that had none of their own."""

import sqlalchemy as sa
from alembic import op

from infra.db.policies import grows

revision = "2026_11_22_beliefs"
down_revision = "2026_11_22_audit_chain"

GROWING = (
    "person", "role_grant", "consent", "registration", "participation", "roster_row", "pool_card", "proposal",
    "unmatched", "answer", "hold", "relationship", "meeting", "letter", "task", "audit_event", "outbox",
)  # fmt: skip


def upgrade() -> None:
    for table in GROWING:
        op.execute(grows(table))
        # It counts from the next ANALYZE, which may be months away. An empty table is better not known at all.
        has_rows = sa.text("SELECT pg_relation_size(CAST(:name AS regclass)) > 0")
        if op.get_bind().scalar(has_rows, {"name": table}):
            op.execute(f"ANALYZE {table}")
    # A person who is deleted asks for the consents that she has recorded for others.
    op.create_index(
        "consent_recorder_ix",
        "consent",
        ["organisation_id", "recorded_by"],
        unique=False,
        postgresql_where=sa.text("recorded_by IS NOT NULL"),
    )
    # A cycle's proposals in the order of their list, instead of all of them to be sorted.
    op.create_index(
        "proposal_cycle_ix",
        "proposal",
        ["organisation_id", "cycle_id", "created_at", "id"],
        unique=False,
        postgresql_include=["state", "run_id", "mentor_id", "mentee_id"],
    )
    op.drop_index("proposal_organisation_id_cycle_id_state_ix", table_name="proposal")
    # Lists have long been ordered by the search key.
    op.drop_index("person_organisation_id_full_name_id_ix", table_name="person")
