"""The desk: contacts, phases and conflicts of cases, what is done to many; and notes of an author who has left."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import grows, protect
from infra.db.roles import APP, OWNER

revision = "2026_11_22_desk"
down_revision = "2026_11_22_no_tenant_tombstones"

TABLES = ("contact", "case_phase", "conflict", "conflict_step", "deed")
ME = "(SELECT app.person_id())"
OF_NOTE = "n.organisation_id = note_grant.organisation_id AND n.id = note_grant.note_id"

_BY_INTERVIEWER = f"""
    kind = 'given' AND EXISTS (SELECT FROM interview_note n WHERE {OF_NOTE}
      AND n.author_id = {ME} AND n.destroyed_at IS NULL AND n.kind = 'interview')"""
# An hour in an emergency. Of an author who works with nobody here any more, some months for whoever took over from her.
_BY_DECISION = f"""
    kind = 'emergency' AND EXISTS (SELECT FROM interview_note n WHERE {OF_NOTE} AND n.kind = 'interview')
    AND EXISTS (SELECT FROM note_emergency e WHERE e.organisation_id = note_grant.organisation_id
      AND e.id = note_grant.emergency_id AND e.note_id = note_grant.note_id AND e.requester_id = note_grant.person_id
      AND e.decided_by = {ME} AND e.state = 'opened' AND (
        e.asked_for = 'emergency' AND note_grant.until <= e.decided_at + interval '60 minutes'
        OR e.asked_for = 'hand_over' AND note_grant.purpose = 'hand_over'
          AND note_grant.until <= e.decided_at + interval '90 days'
          AND NOT EXISTS (SELECT FROM interview_note n
            JOIN person p ON p.organisation_id = n.organisation_id AND p.id = n.author_id AND p.is_active
            JOIN role_grant r ON r.organisation_id = p.organisation_id AND r.person_id = p.id
              AND r.role IN ('coordinator', 'programme_manager')
            WHERE {OF_NOTE})))"""  # noqa: S608  made of constants of ours
_SHARED = f"n.kind = 'shared' AND {ME} IN (n.author_id, n.other_id)"
_BY_BOTH = f"""
    kind = 'release' AND EXISTS (SELECT FROM interview_note n WHERE {OF_NOTE} AND {_SHARED})
    AND EXISTS (SELECT FROM note_release r WHERE r.organisation_id = note_grant.organisation_id
      AND r.id = note_grant.release_id AND r.note_id = note_grant.note_id AND r.reader_id = note_grant.person_id)
    AND 2 = (SELECT count(*) FROM note_release_yes y JOIN interview_note n
      ON n.organisation_id = y.organisation_id AND n.id = note_grant.note_id
      AND y.person_id IN (n.author_id, n.other_id)
      WHERE y.organisation_id = note_grant.organisation_id AND y.release_id = note_grant.release_id)"""  # noqa: S608  as above


def upgrade() -> None:
    _contacts()
    _conflicts()
    op.create_table(
        "deed",
        *_key("deed"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _refers("deed", "person_id", "person", "CASCADE"),
        sa.CheckConstraint(
            "kind IN ('remind', 'write', 'move', 'tick', 'hand_over')", name=op.f("deed_kind_check")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    _index("deed", "person_id")
    _index("deed", "created_at")
    for table in TABLES:
        for statement in (*protect(table), grows(table)):
            op.execute(statement)
    _notes_of_leavers()


def _contacts() -> None:
    op.create_table(
        "contact",
        *_key("contact"),
        sa.Column("relationship_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        _refers("contact", "relationship_id", "relationship", "CASCADE"),
        _refers("contact", "person_id", "person", "CASCADE"),
        _refers("contact", "by_id", "person"),
        sa.CheckConstraint(
            "channel IN ('call', 'email', 'text', 'meeting', 'letter', 'note')",
            name=op.f("contact_channel_check"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(relationship_id, person_id) > 0", name=op.f("contact_of_somebody_check")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for columns in (("relationship_id", "on_day"), ("person_id", "on_day"), ("by_id",)):
        _index("contact", *columns)
    op.create_table(
        "case_phase",
        *_key("case_phase"),
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=True),
        _refers("case_phase", "relationship_id", "relationship", "CASCADE"),
        _refers("case_phase", "by_id", "person"),
        sa.CheckConstraint(
            "phase IN ('initiation', 'cultivation', 'maturation', 'separation', 'redefinition')",
            name=op.f("case_phase_phase_check"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    _index("case_phase", "relationship_id", "created_at")
    _index("case_phase", "by_id")


def _conflicts() -> None:
    op.create_table(
        "conflict",
        *_key("conflict"),
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("concern_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("agreed", sa.Text(), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        _refers("conflict", "relationship_id", "relationship", "CASCADE"),
        _refers("conflict", "concern_id", "concern", "SET NULL (concern_id)"),
        _refers("conflict", "opened_by", "person"),
        _refers("conflict", "helper_id", "person", "SET NULL (helper_id)"),
        _refers("conflict", "closed_by", "person"),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("conflict_state_check")),
        sa.CheckConstraint(
            "outcome IN ('settled', 'changed', 'parted', 'passed_on', 'unfounded')",
            name=op.f("conflict_outcome_check"),
        ),
        sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name=op.f("conflict_closed_check")),
        sa.CheckConstraint("shared_at IS NULL OR agreed IS NOT NULL", name=op.f("conflict_shared_check")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        "conflict_open_key",
        "conflict",
        ["organisation_id", "relationship_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    for column in ("relationship_id", "concern_id", "opened_by", "helper_id", "closed_by"):
        _index("conflict", column)
    op.create_table(
        "conflict_step",
        *_key("conflict_step"),
        sa.Column("conflict_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        _refers("conflict_step", "conflict_id", "conflict", "CASCADE"),
        _refers("conflict_step", "done_by", "person"),
        sa.UniqueConstraint(
            "organisation_id",
            "conflict_id",
            "place",
            name=op.f("conflict_step_organisation_id_conflict_id_place_key"),
        ),
        sa.CheckConstraint("num_nonnulls(item, title) = 1", name=op.f("conflict_step_named_check")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    _index("conflict_step", "done_by")


def _notes_of_leavers() -> None:
    """What is decided about a note: an hour in an emergency, or who reads on for an author who has left."""
    op.add_column(
        "note_emergency",
        sa.Column("asked_for", sa.Text(), server_default=sa.text("'emergency'"), nullable=False),
    )
    op.create_check_constraint(
        op.f("note_emergency_asked_for_check"), "note_emergency", "asked_for IN ('emergency', 'hand_over')"
    )
    op.execute("DROP POLICY given ON note_grant")
    op.execute(
        f"CREATE POLICY given ON note_grant AS PERMISSIVE FOR INSERT TO {APP}, {OWNER} WITH CHECK "
        f"(granted_by = {ME} AND ended_at IS NULL AND ({_BY_INTERVIEWER} OR {_BY_DECISION} OR {_BY_BOTH}))"
    )


def _key(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f(f"{table}_pkey")),
    )


def _refers(table: str, column: str, other: str, on_delete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"{table}_{column}_fkey"),
        ondelete=on_delete,
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(
        op.f(f"{table}_organisation_id_{'_'.join(columns)}_ix"), table, ["organisation_id", *columns]
    )
