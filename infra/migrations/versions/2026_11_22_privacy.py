"""Copies of one's own data, deletions with their proof, and the one way by which earlier answers go."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import grows, protect
from infra.db.roles import APP

revision = "2026_11_22_privacy"
down_revision = "2026_11_22_verified"

# The application may not delete earlier answers; with the person they go by this function alone, which row security
# holds to the organisation of the signed context like every other statement.
FORGET = [
    """
    CREATE FUNCTION app.forget_earlier_answers(parts uuid[]) RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
      WITH gone AS (
        DELETE FROM public.earlier_answers
        WHERE organisation_id = (SELECT app.organisation_id()) AND participation_id = ANY (parts) RETURNING 1)
      SELECT count(*) FROM gone
    $$
    """,
    "REVOKE ALL ON FUNCTION app.forget_earlier_answers(uuid[]) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION app.forget_earlier_answers(uuid[]) TO {APP}",
]


def _shared() -> list[sa.Column[Any]]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("person", _moment("erased_at"))
    op.create_table(
        "personal_copy",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _moment("made_at"),
        _moment("expires_at", nullable=False),
        _moment("taken_at"),
        sa.Column("readable", sa.LargeBinary(), nullable=True),
        sa.Column("machine", sa.LargeBinary(), nullable=True),
        *_shared(),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'failed')", name=op.f("personal_copy_state_check")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("personal_copy_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("personal_copy_pkey")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_table(
        "erasure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        _moment("due_at", nullable=False),
        _moment("left_at"),
        _moment("finished_at"),
        _moment("cancelled_at"),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        *_shared(),
        sa.CheckConstraint(
            "state IN ('asked', 'leaving', 'done', 'cancelled')", name=op.f("erasure_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("erasure_person_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("erasure_pkey")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("erasure_organisation_id_number_key")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for table, columns in (
        ("personal_copy", ("person_id", "created_at")),
        ("personal_copy", ("expires_at",)),
        ("erasure", ("person_id", "created_at")),
        ("erasure", ("state", "due_at")),
    ):
        name = op.f(f"{table}_organisation_id_{'_'.join(columns)}_ix")
        op.create_index(name, table, ["organisation_id", *columns], unique=False)
    op.create_index(
        "erasure_open_key",
        "erasure",
        ["organisation_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'leaving')"),
    )
    for table in ("personal_copy", "erasure"):
        for statement in (*protect(table), grows(table)):
            op.execute(statement)
    for statement in FORGET:
        op.execute(statement)
