"""Groups and circles as one proposal and one relationship each, and peers in pools."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import grows, protect

revision = "2026_11_22_parties"
down_revision = "2026_11_22_support"

ROLES = "role IN ('mentor', 'mentee', 'peer')"


def upgrade() -> None:
    _parties()
    _seats()
    _members()
    _holds()
    _relationships()
    op.drop_constraint(op.f("pool_card_side_check"), "pool_card", type_="check")
    _checked("pool_card", "side", "side IN ('mentor', 'mentee', 'peer')")
    for table in ("party", "seat", "relationship_member"):
        for statement in (*protect(table), grows(table)):
            op.execute(statement)


def _parties() -> None:
    op.create_table(
        "party",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("structure", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        *_row(),
        sa.CheckConstraint(
            "structure IN ('one_to_one', 'reverse', 'group', 'circle', 'reciprocal', 'coffee')",
            name=op.f("party_structure_check"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'confirmed', 'declined', 'withdrawn')", name=op.f("party_state_check")
        ),
        sa.CheckConstraint("least >= 1", name=op.f("party_least_check")),
        *(
            _refers("party", column, table)
            for column, table in (
                ("run_id", "matching_run"), ("pool_id", "pool"), ("cycle_id", "cycle"), ("approved_by", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("party_pkey")),
        sa.UniqueConstraint("organisation_id", "run_id", "number", name=op.f("party_organisation_id_run_id_number_key")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )  # fmt: skip
    for columns in (["state", "created_at", "id"], ["created_at", "id"]):
        name = f"party_organisation_id_{'_'.join(columns)}_ix"
        op.create_index(op.f(name), "party", ["organisation_id", *columns], unique=False)


def _seats() -> None:
    op.create_table(
        "seat",
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("contributions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_yes", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        *_row(),
        sa.CheckConstraint(ROLES, name=op.f("seat_role_check")),
        _refers("seat", "party_id", "party", ondelete="CASCADE"),
        _refers("seat", "participation_id", "participation", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("seat_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "party_id", "participation_id",
            name=op.f("seat_organisation_id_party_id_participation_id_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )  # fmt: skip
    op.create_index(
        op.f("seat_organisation_id_participation_id_ix"), "seat", ["organisation_id", "participation_id"], unique=False
    )  # fmt: skip


def _members() -> None:
    op.create_table(
        "relationship_member",
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        *_row(),
        sa.CheckConstraint(ROLES, name=op.f("relationship_member_role_check")),
        _refers("relationship_member", "relationship_id", "relationship", ondelete="CASCADE"),
        _refers("relationship_member", "participation_id", "participation"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("relationship_member_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "relationship_id", "participation_id",
            name=op.f("relationship_member_organisation_id_relationship_id_participation_id_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )  # fmt: skip
    op.create_index(
        op.f("relationship_member_organisation_id_participation_id_ix"),
        "relationship_member",
        ["organisation_id", "participation_id"],
        unique=False,
    )


def _holds() -> None:
    op.add_column("hold", sa.Column("party_id", sa.Uuid(), nullable=True))
    op.alter_column("hold", "proposal_id", nullable=True)
    _joined("hold", "party_id", "party", " ON DELETE CASCADE")
    _checked("hold", "one", "(proposal_id IS NULL) <> (party_id IS NULL)")
    op.create_unique_constraint(
        op.f("hold_organisation_id_party_id_participation_id_key"),
        "hold",
        ["organisation_id", "party_id", "participation_id"],
    )


def _relationships() -> None:
    """Pairs that are there stay as they are; a group or circle is new in a row of its own."""
    op.add_column("relationship", sa.Column("party_id", sa.Uuid(), nullable=True))
    for column in ("proposal_id", "mentor_id", "mentee_id"):
        op.alter_column("relationship", column, nullable=True)
    _joined("relationship", "party_id", "party", "")
    _checked(
        "relationship",
        "one",
        "CASE WHEN party_id IS NULL THEN num_nulls(proposal_id, mentor_id, mentee_id) = 0 "
        "ELSE num_nonnulls(proposal_id, mentor_id, mentee_id) = 0 END",
    )
    op.create_unique_constraint(
        op.f("relationship_organisation_id_party_id_key"), "relationship", ["organisation_id", "party_id"]
    )


def _row() -> list[sa.Column[object]]:
    return [
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _refers(here: str, column: str, table: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"{here}_{column}_fkey"),
        ondelete=ondelete,
    )


def _joined(table: str, column: str, other: str, rule: str) -> None:
    """A foreign key that locks nobody out while it looks at the rows that are there."""
    name = f"{table}_{column}_fkey"
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (organisation_id, {column}) "
        f"REFERENCES {other} (organisation_id, id){rule} NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def _checked(table: str, name: str, condition: str) -> None:
    """A check that locks nobody out while it looks at the rows that are there."""
    named = f"{table}_{name}_check"
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {named} CHECK ({condition}) NOT VALID")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {named}")
