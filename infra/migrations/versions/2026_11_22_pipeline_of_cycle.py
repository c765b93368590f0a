"""The pipeline of one cycle in the order in which it is shown."""

from alembic import op

revision = "2026_11_22_pipeline_of_cycle"
down_revision = "2026_11_22_promised_days"


def upgrade() -> None:
    op.create_index(
        "participation_cycle_ix", "participation", ["organisation_id", "cycle_id", "status", "status_at", "id"],
        postgresql_include=["role", "office_id"],
    )  # fmt: skip
    op.drop_index("participation_organisation_id_cycle_id_status_role_ix", "participation")
