"""Meetings that move, come back every month and are asked about; the rhythm of pairs, and who was not heard of."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from infra.db.policies import grows, protect

revision = "2026_11_22_meetings_kept"
down_revision = "2026_11_22_desk"

_NEW = (
    ("instead_of", sa.Uuid()),
    ("series_id", sa.Uuid()),
    ("series_wall", sa.Text()),
    ("cancelled_by", sa.Uuid()),
    ("changed_at", sa.DateTime(timezone=True)),
    ("asked_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    _widen_meetings()
    _answers()
    _rhythms()
    _not_heard()
    _settings()
    for table in ("meeting_answer", "rhythm", "not_heard", "meeting_setting"):
        for statement in protect(table):
            op.execute(statement)
    for table in ("meeting_answer", "rhythm", "not_heard"):
        op.execute(grows(table))


def _widen_meetings() -> None:
    for name, kind in _NEW:
        op.add_column("meeting", sa.Column(name, kind, nullable=True))
    op.add_column("meeting", sa.Column("moved", sa.Integer(), server_default="0", nullable=False))
    op.drop_constraint(op.f("meeting_state_check"), "meeting", type_="check")
    _add("meeting_state_check", "CHECK (state IN ('proposed', 'agreed', 'held', 'missed', 'cancelled'))")
    _add("meeting_series_check", "CHECK ((series_id IS NULL) = (series_wall IS NULL))")
    _add(
        "meeting_instead_of_fkey",
        "FOREIGN KEY (organisation_id, instead_of) REFERENCES meeting (organisation_id, id) ON DELETE CASCADE",
    )
    _add(
        "meeting_cancelled_by_fkey",
        "FOREIGN KEY (organisation_id, cancelled_by) REFERENCES participation (organisation_id, id)",
    )
    op.create_index(
        "meeting_instead_of_ix", "meeting", ["organisation_id", "instead_of"],
        postgresql_where=sa.text("instead_of IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "meeting_to_ask_ix", "meeting", ["organisation_id", "starts_at"],
        postgresql_where=sa.text("state = 'agreed' AND asked_at IS NULL"),
    )  # fmt: skip


def _add(name: str, constraint: str) -> None:
    """A constraint that locks nobody out while it looks at the rows that are there."""
    op.execute(f"ALTER TABLE meeting ADD CONSTRAINT {name} {constraint} NOT VALID")
    op.execute(f"ALTER TABLE meeting VALIDATE CONSTRAINT {name}")


def _answers() -> None:
    op.create_table(
        "meeting_answer",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        *_row(),
        sa.CheckConstraint(
            "answer IN ('met', 'not_met', 'another_day')", name=op.f("meeting_answer_answer_check")
        ),
        _refers("meeting_answer", "meeting_id", "meeting", "CASCADE"),
        _refers("meeting_answer", "participation_id", "participation", "CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("meeting_answer_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "meeting_id", "participation_id",
            name=op.f("meeting_answer_organisation_id_meeting_id_participation_id_key"),
        ),
        info=_TENANT,
    )  # fmt: skip
    _index("meeting_answer", "participation_id")


def _rhythms() -> None:
    op.create_table(
        "rhythm",
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        *_row(),
        _refers("rhythm", "relationship_id", "relationship", "CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("rhythm_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "relationship_id", name=op.f("rhythm_organisation_id_relationship_id_key")
        ),
        info=_TENANT,
    )
    _index("rhythm", "look_on")


def _not_heard() -> None:
    op.create_table(
        "not_heard",
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_agreement_coming", sa.Boolean(), nullable=True),
        sa.Column("has_met_again", sa.Boolean(), nullable=True),
        sa.Column("goes_on", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        *_row(),
        sa.CheckConstraint("goes_on IN ('yes', 'no', 'unsure')", name=op.f("not_heard_goes_on_check")),
        _refers("not_heard", "relationship_id", "relationship", "CASCADE"),
        _refers("not_heard", "participation_id", "participation", "CASCADE"),
        _refers("not_heard", "asked_by", "person", "SET NULL (asked_by)"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("not_heard_pkey")),
        info=_TENANT,
    )
    op.create_index(
        "not_heard_open_key", "not_heard", ["organisation_id", "relationship_id", "participation_id"],
        unique=True, postgresql_where=sa.text("answered_at IS NULL"),
    )  # fmt: skip
    _index("not_heard", "relationship_id", "created_at")
    _index("not_heard", "participation_id")
    _index("not_heard", "asked_by")


def _settings() -> None:
    op.create_table(
        "meeting_setting",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("is_watched", sa.Boolean(), nullable=False),
        sa.Column("quiet_days", sa.Integer(), nullable=False),
        sa.Column("task_days", sa.Integer(), nullable=False),
        sa.Column("not_heard_days", sa.Integer(), nullable=False),
        *_row(),
        sa.CheckConstraint("quiet_days BETWEEN 7 AND 366", name=op.f("meeting_setting_quiet_days_check")),
        sa.CheckConstraint("task_days BETWEEN 1 AND 90", name=op.f("meeting_setting_task_days_check")),
        sa.CheckConstraint(
            "not_heard_days BETWEEN 7 AND 366", name=op.f("meeting_setting_not_heard_days_check")
        ),
        _refers("meeting_setting", "programme_id", "programme", "CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("meeting_setting_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "programme_id", name=op.f("meeting_setting_organisation_id_programme_id_key")
        ),
        info=_TENANT,
    )


_TENANT = {"tenant": True, "reads": {}, "append_only": False}


def _row() -> list[sa.Column[Any]]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _refers(here: str, column: str, table: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"{here}_{column}_fkey"),
        ondelete=ondelete,
    )


def _index(table: str, *columns: str) -> None:
    name = f"{table}_organisation_id_{'_'.join(columns)}_ix"
    op.create_index(op.f(name), table, ["organisation_id", *columns], unique=False)
