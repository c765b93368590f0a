"""Appointments for interviews, and guides for the talks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from infra.db.policies import grows, protect

revision = "2026_11_22_appointments"
down_revision = "2026_11_22_letter_templates"


def _row() -> list[sa.Column[object]]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def upgrade() -> None:
    _appointment()
    _guide()


def _appointment() -> None:
    states = "'asked', 'confirmed', 'proposed', 'declined', 'cancelled', 'held'"
    op.create_table(
        "appointment",
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("coordinator_id", sa.Uuid(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wall_time", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("word", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        *_row(),
        sa.CheckConstraint("minutes BETWEEN 10 AND 240", name=op.f("appointment_minutes_check")),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("appointment_state_check")),
        _refers("appointment", "participation_id", "participation", "CASCADE"),
        _refers("appointment", "coordinator_id", "person", "SET NULL (coordinator_id)"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("appointment_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "link_id", name=op.f("appointment_organisation_id_link_id_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for columns in (("participation_id",), ("coordinator_id", "starts_at"), ("batch_id",)):
        named = "_".join(("organisation_id", *columns))
        op.create_index(op.f(f"appointment_{named}_ix"), "appointment", ["organisation_id", *columns])
    op.create_index(
        "appointment_open_key",
        "appointment",
        ["organisation_id", "participation_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'confirmed', 'proposed', 'declined')"),
    )
    op.create_index(
        "appointment_open_at_ix",
        "appointment",
        ["organisation_id", "starts_at", "id"],
        postgresql_where=sa.text("state IN ('asked', 'confirmed', 'proposed', 'declined')"),
    )
    for statement in (*protect("appointment"), grows("appointment")):
        op.execute(statement)


def _guide() -> None:
    op.create_table(
        "interview_guide",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("questions", JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *_row(),
        sa.CheckConstraint("role IN ('mentor', 'mentee', 'peer')", name=op.f("interview_guide_role_check")),
        _refers("interview_guide", "programme_id", "programme", "CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("interview_guide_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "programme_id",
            "role",
            name=op.f("interview_guide_organisation_id_programme_id_role_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for statement in protect("interview_guide"):
        op.execute(statement)


def _refers(table: str, column: str, to: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{to}.organisation_id", f"{to}.id"],
        name=op.f(f"{table}_{column}_fkey"),
        ondelete=on_delete,
    )
