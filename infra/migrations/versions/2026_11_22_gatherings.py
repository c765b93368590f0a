"""Workshops, their guests, and what is said of them without a name."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from infra.db.policies import grows, protect

revision = "2026_11_22_gatherings"
down_revision = "2026_11_22_opportunities"

_TENANT = {"tenant": True, "reads": {}, "append_only": False}
_ROLES = "'mentor', 'mentee', 'peer'"
_KINDS = "'introduction', 'theme', 'seminar', 'trip', 'session'"
_AUDIENCES = "'mentors', 'mentees', 'everybody'"
_STATES = "'planned', 'held', 'cancelled'"
_GUESTS = "'asked', 'coming', 'waiting', 'declined', 'gone', 'unasked'"


def upgrade() -> None:
    _workshops()
    _guests()
    _opinions()
    for table in ("workshop", "workshop_guest", "workshop_opinion"):
        for statement in protect(table):
            op.execute(statement)
    for table in ("workshop_guest", "workshop_opinion"):
        op.execute(grows(table))


def _workshops() -> None:
    op.create_table(
        "workshop",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("planned_by", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("title", JSONB(), nullable=False),
        sa.Column("words", JSONB(), nullable=False),
        sa.Column("wall_time", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        *_row(),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("workshop_kind_check")),
        sa.CheckConstraint(f"audience IN ({_AUDIENCES})", name=op.f("workshop_audience_check")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("workshop_state_check")),
        sa.CheckConstraint("minutes BETWEEN 15 AND 720", name=op.f("workshop_minutes_check")),
        sa.CheckConstraint("places BETWEEN 1 AND 10000", name=op.f("workshop_places_check")),
        _refers("workshop", "programme_id", "programme"),
        _refers("workshop", "cycle_id", "cycle"),
        _refers("workshop", "office_id", "office", "SET NULL (office_id)"),
        _refers("workshop", "planned_by", "person", "SET NULL (planned_by)"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("workshop_pkey")),
        info=_TENANT,
    )
    for columns in (("starts_at", "id"), ("cycle_id",), ("office_id",), ("planned_by",)):
        _index("workshop", *columns)
    op.create_index(
        "workshop_to_remind_ix", "workshop", ["organisation_id", "remind_at"],
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )  # fmt: skip


def _guests() -> None:
    op.create_table(
        "workshop_guest",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came", sa.Boolean(), nullable=True),
        sa.Column("has_said", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *_row(),
        sa.CheckConstraint(f"state IN ({_GUESTS})", name=op.f("workshop_guest_state_check")),
        _refers("workshop_guest", "workshop_id", "workshop", "CASCADE"),
        _refers("workshop_guest", "participation_id", "participation", "CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("workshop_guest_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "workshop_id", "participation_id",
            name=op.f("workshop_guest_organisation_id_workshop_id_participation_id_key"),
        ),
        sa.UniqueConstraint(
            "organisation_id", "link_id", name=op.f("workshop_guest_organisation_id_link_id_key")
        ),
        info=_TENANT,
    )  # fmt: skip
    for columns in (("workshop_id", "state", "answered_at"), ("participation_id",), ("batch_id",)):
        _index("workshop_guest", *columns)


def _opinions() -> None:
    op.create_table(
        "workshop_opinion",
        sa.Column("workshop_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("will_use", sa.Text(), nullable=True),
        sa.Column("missing", sa.Text(), nullable=True),
        *_row(),
        sa.CheckConstraint(f"role IN ({_ROLES})", name=op.f("workshop_opinion_role_check")),
        sa.CheckConstraint("useful BETWEEN 1 AND 5", name=op.f("workshop_opinion_useful_check")),
        _refers("workshop_opinion", "workshop_id", "workshop", "CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("workshop_opinion_pkey")),
        info=_TENANT,
    )
    _index("workshop_opinion", "workshop_id")


def _row() -> list[sa.Column[Any]]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _refers(table: str, column: str, to: str, on_delete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{to}.organisation_id", f"{to}.id"],
        name=op.f(f"{table}_{column}_fkey"),
        ondelete=on_delete,
    )


def _index(table: str, *columns: str) -> None:
    named = "_".join(("organisation_id", *columns))
    op.create_index(op.f(f"{table}_{named}_ix"), table, ["organisation_id", *columns])
