"""Windows for support, domains and their proof; and indexes for what is looked up when somebody is removed."""

import sqlalchemy as sa
from alembic import op

from infra.db.policies import grows, protect
from infra.db.roles import RESOLVER

revision = "2026_11_22_support"
down_revision = "2026_11_22_key_tombstones"


def upgrade() -> None:
    op.create_table(
        "support_window",
        *_key("support_window"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("let_in_by", sa.Uuid(), nullable=True),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("support_window_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "let_in_by"],
            ["person.organisation_id", "person.id"],
            name=op.f("support_window_let_in_by_fkey"),
            ondelete="SET NULL (let_in_by)",
        ),
        sa.CheckConstraint(
            "expires_at <= created_at + interval '1 hour'", name=op.f("support_window_an_hour_check")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for columns in (["person_id"], ["let_in_by"], ["created_at", "id"]):
        _index("support_window", *columns)
    op.create_table(
        "domain",
        *_key("domain"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("look", sa.Text(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "look IN ('found', 'missing', 'other', 'no_answer')", name=op.f("domain_look_check")
        ),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("domain_organisation_id_name_key")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for table in ("support_window", "domain"):
        for statement in (*protect(table), grows(table)):
            op.execute(statement)
    op.add_column("session", sa.Column("support_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("session_support_id_fkey"),
        "session",
        "support_window",
        ["organisation_id", "support_id"],
        ["organisation_id", "id"],
        ondelete="CASCADE",
    )
    _index("session", "support_id")
    op.execute(f"GRANT SELECT (support_id) ON session TO {RESOLVER}")
    for table, column in (("registration", "recorded_by"), ("task", "person_id"), ("api_token", "person_id")):
        _index(table, column)


def _key(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f(f"{table}_pkey")),
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"{table}_organisation_id_{'_'.join(columns)}_ix"), table, ["organisation_id", *columns])
