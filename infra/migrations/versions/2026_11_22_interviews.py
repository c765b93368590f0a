"""Confidential notes: interviews, debriefs, what a pair shares; who may read them, checked by the database itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import TENANT, grows
from infra.db.roles import APP, OWNER

revision = "2026_11_22_interviews"
down_revision = "2026_11_22_consent_log"

TABLES = ("interview_note", "sealed_note", "note_emergency", "note_release", "note_release_yes", "note_grant")
ROLES = (
    "'owner', 'programme_manager', 'coordinator', 'focal_point', 'moderator', 'evaluator', 'participant', "
    "'it_contact', 'data_protection'"
)
WITH_ROLES = ("role_grant", "scim_group")

ME = "(SELECT app.person_id())"
MY_ROLES = "(SELECT app.roles())::text[]"
# Who may open a note in an emergency; the same as in tenants.permissions.
DECIDING = f"{MY_ROLES} && ARRAY['owner', 'programme_manager', 'data_protection']"
OF_NOTE = "n.organisation_id = {table}.organisation_id AND n.id = {table}.note_id"

RIGHTS = {
    "interview_note": (
        "SELECT, INSERT, DELETE, UPDATE (state, held_on, explained, fields_filled, version, form_window, saved_at, "
        "destroy_on, destroyed_at)"
    ),
    "sealed_note": "SELECT, INSERT, DELETE, UPDATE (words)",
    "note_emergency": "SELECT, INSERT, DELETE, UPDATE (state, decided_by, decided_at)",
    "note_release": "SELECT, INSERT, DELETE",
    "note_release_yes": "SELECT, INSERT, DELETE",
    "note_grant": "SELECT, INSERT, DELETE, UPDATE (ended_at, ended_by)",
}


def _note(table: str, condition: str) -> str:
    """There is a note of this row of `table` for which the condition holds."""
    return f"EXISTS (SELECT FROM interview_note n WHERE {OF_NOTE.format(table=table)} AND {condition})"


_MINE = f"n.author_id = {ME} AND n.destroyed_at IS NULL"
_SHARED = f"n.kind = 'shared' AND {ME} IN (n.author_id, n.other_id)"
# The interviewer reads, and whoever shares the note once it is sealed.
_READS = f"(n.author_id = {ME} OR n.other_id = {ME} AND n.state = 'sealed') AND n.destroyed_at IS NULL"
_GRANTED = f"""
    EXISTS (SELECT FROM note_grant g WHERE g.organisation_id = sealed_note.organisation_id
      AND g.note_id = sealed_note.note_id AND g.person_id = {ME} AND g.until > now() AND g.ended_at IS NULL)
    AND {_note("sealed_note", "n.state = 'sealed'")} AND NOT {MY_ROLES} && ARRAY['owner']"""
_INTERVIEWED = f"{_MINE} AND n.kind = 'interview'"
_BY_INTERVIEWER = f"kind = 'given' AND {_note('note_grant', _INTERVIEWED)}"
_BY_EMERGENCY = f"""
    kind = 'emergency' AND {_note("note_grant", "n.kind = 'interview'")}
    AND EXISTS (SELECT FROM note_emergency e WHERE e.organisation_id = note_grant.organisation_id
      AND e.id = note_grant.emergency_id AND e.note_id = note_grant.note_id AND e.requester_id = note_grant.person_id
      AND e.decided_by = {ME} AND e.state = 'opened' AND note_grant.until <= e.decided_at + interval '60 minutes')"""
_BY_BOTH = f"""
    kind = 'release' AND {_note("note_grant", _SHARED)}
    AND EXISTS (SELECT FROM note_release r WHERE r.organisation_id = note_grant.organisation_id
      AND r.id = note_grant.release_id AND r.note_id = note_grant.note_id AND r.reader_id = note_grant.person_id)
    AND 2 = (SELECT count(*) FROM note_release_yes y JOIN interview_note n
      ON n.organisation_id = y.organisation_id AND n.id = note_grant.note_id
      AND y.person_id IN (n.author_id, n.other_id)
      WHERE y.organisation_id = note_grant.organisation_id AND y.release_id = note_grant.release_id)"""
_OF_MY_RELEASE = f"""
    person_id = {ME} AND EXISTS (SELECT FROM note_release r JOIN interview_note n
      ON n.organisation_id = r.organisation_id AND n.id = r.note_id
      WHERE r.organisation_id = note_release_yes.organisation_id AND r.id = note_release_yes.release_id
      AND {_SHARED})"""

# Table, name, command, who is let through (USING) and what may come of it (WITH CHECK).
POLICIES: tuple[tuple[str, str, str, str, str], ...] = (
    ("interview_note", "listed", "SELECT", "true", ""),
    ("interview_note", "begun", "INSERT", "", f"author_id = {ME}"),
    # The house acts in nobody's name, and so does a visitor: nothing else than what is due can be marked as destroyed.
    (
        "interview_note",
        "kept",
        "UPDATE",
        f"author_id = {ME} OR {ME} IS NULL AND destroy_on <= CURRENT_DATE",
        f"author_id = {ME} OR destroyed_at IS NOT NULL",
    ),
    ("interview_note", "erased", "DELETE", "true", ""),
    ("sealed_note", "read", "SELECT", f"{_note('sealed_note', _READS)} OR {_GRANTED}", ""),
    ("sealed_note", "written", "INSERT", "", _note("sealed_note", _MINE)),
    ("sealed_note", "rewritten", "UPDATE", _note("sealed_note", _MINE), _note("sealed_note", _MINE)),
    ("sealed_note", "forgotten", "DELETE", _note("sealed_note", "n.destroyed_at IS NOT NULL"), ""),
    ("note_emergency", "listed", "SELECT", "true", ""),
    ("note_emergency", "asked", "INSERT", "", f"requester_id = {ME} AND state = 'asked'"),
    (
        "note_emergency",
        "decided",
        "UPDATE",
        f"state = 'asked' AND requester_id <> {ME} AND {DECIDING}",
        f"state <> 'asked' AND decided_by = {ME}",
    ),
    ("note_emergency", "erased", "DELETE", "true", ""),
    ("note_release", "listed", "SELECT", "true", ""),
    ("note_release", "asked", "INSERT", "", f"asked_by = {ME} AND {_note('note_release', _SHARED)}"),
    ("note_release", "erased", "DELETE", "true", ""),
    ("note_release_yes", "listed", "SELECT", "true", ""),
    ("note_release_yes", "said", "INSERT", "", _OF_MY_RELEASE),
    ("note_release_yes", "erased", "DELETE", "true", ""),
    ("note_grant", "listed", "SELECT", "true", ""),
    (
        "note_grant",
        "given",
        "INSERT",
        "",
        f"granted_by = {ME} AND ended_at IS NULL AND ({_BY_INTERVIEWER} OR {_BY_EMERGENCY} OR {_BY_BOTH})",
    ),
    ("note_grant", "ended", "UPDATE", "ended_at IS NULL", "ended_at IS NOT NULL"),
    ("note_grant", "erased", "DELETE", "true", ""),
)

FUNCTIONS = (
    """
    CREATE FUNCTION app.roles() RETURNS text[] LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $$ SELECT string_to_array((app.context())[3], ',') $$
    """,
    "REVOKE ALL ON FUNCTION app.roles() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION app.roles() TO {APP}, {OWNER}",
    # Whoever leaves, by whichever door, reads no more, also when she comes back.
    """
    CREATE FUNCTION app.end_grants() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      UPDATE public.note_grant SET ended_at = clock_timestamp()
      WHERE organisation_id = NEW.organisation_id AND person_id = NEW.id AND ended_at IS NULL;
      RETURN NULL;
    END $$
    """,
    "REVOKE ALL ON FUNCTION app.end_grants() FROM PUBLIC",
    """
    CREATE TRIGGER end_grants AFTER UPDATE OF is_active ON person
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION app.end_grants()
    """,
)


def upgrade() -> None:
    _tables()
    for statement in (*FUNCTIONS, *_protected()):
        op.execute(statement)
    for table in WITH_ROLES:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_role_check")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_role_check CHECK (role IN ({ROLES})) NOT VALID"
        )
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {table}_role_check")


def _protected() -> list[str]:
    statements = []
    for table in TABLES:
        statements += [
            f"ALTER TABLE {table} OWNER TO {OWNER}",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY tenant ON {table} AS RESTRICTIVE FOR ALL TO {APP}, {OWNER} "
            f"USING ({TENANT}) WITH CHECK ({TENANT})",
            f"GRANT {RIGHTS[table]} ON {table} TO {APP}",
            grows(table),
        ]
    for table, name, command, using, check in POLICIES:
        parts = [f"CREATE POLICY {name} ON {table} AS PERMISSIVE FOR {command} TO {APP}, {OWNER}"]
        parts += [f"USING ({using})"] if using else []
        parts += [f"WITH CHECK ({check})"] if check else []
        statements.append(" ".join(parts))
    return statements


def _tables() -> None:
    op.create_table(
        "interview_note",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=True),
        sa.Column("relationship_id", sa.Uuid(), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("explained", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fields_filled", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_window", sa.Uuid(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroy_on", sa.Date(), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'debrief') = (about_id IS NOT NULL)", name=op.f("interview_note_about_check")
        ),
        sa.CheckConstraint(
            "(kind = 'interview') = (other_id IS NULL)", name=op.f("interview_note_other_check")
        ),
        sa.CheckConstraint(
            "(kind = 'shared') = (participation_id IS NULL)", name=op.f("interview_note_participation_check")
        ),
        sa.CheckConstraint(
            "(kind = 'shared') = (relationship_id IS NOT NULL)",
            name=op.f("interview_note_relationship_check"),
        ),
        sa.CheckConstraint(
            "(state = 'destroyed') = (destroyed_at IS NOT NULL)", name=op.f("interview_note_destroyed_check")
        ),
        sa.CheckConstraint(
            "kind IN ('interview', 'debrief', 'shared')", name=op.f("interview_note_kind_check")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sealed', 'destroyed')", name=op.f("interview_note_state_check")
        ),
        sa.CheckConstraint("author_id <> other_id", name=op.f("interview_note_two_check")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "about_id"],
            ["interview_note.organisation_id", "interview_note.id"],
            name=op.f("interview_note_about_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "author_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("interview_note_author_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "other_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("interview_note_other_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participation_id"],
            ["participation.organisation_id", "participation.id"],
            name=op.f("interview_note_participation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "subject_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("interview_note_subject_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("interview_note_pkey")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        "interview_note_debrief_key",
        "interview_note",
        ["organisation_id", "about_id", "other_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'debrief' AND state <> 'destroyed'"),
    )
    op.create_index(
        "interview_note_draft_key",
        "interview_note",
        ["organisation_id", "author_id", "participation_id"],
        unique=True,
        postgresql_where=sa.text("state = 'draft' AND kind = 'interview'"),
    )
    op.create_index(
        "interview_note_due_ix",
        "interview_note",
        ["organisation_id", "destroy_on"],
        unique=False,
        postgresql_where=sa.text("destroyed_at IS NULL"),
    )
    op.create_index(
        op.f("interview_note_organisation_id_about_id_ix"),
        "interview_note",
        ["organisation_id", "about_id"],
        unique=False,
    )
    op.create_index(
        op.f("interview_note_organisation_id_author_id_ix"),
        "interview_note",
        ["organisation_id", "author_id"],
        unique=False,
    )
    op.create_index(
        op.f("interview_note_organisation_id_other_id_ix"),
        "interview_note",
        ["organisation_id", "other_id"],
        unique=False,
    )
    op.create_index(
        op.f("interview_note_organisation_id_participation_id_ix"),
        "interview_note",
        ["organisation_id", "participation_id"],
        unique=False,
    )
    op.create_index(
        op.f("interview_note_organisation_id_relationship_id_ix"),
        "interview_note",
        ["organisation_id", "relationship_id"],
        unique=False,
    )
    op.create_index(
        op.f("interview_note_organisation_id_subject_id_ix"),
        "interview_note",
        ["organisation_id", "subject_id"],
        unique=False,
    )
    op.create_table(
        "sealed_note",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "note_id"],
            ["interview_note.organisation_id", "interview_note.id"],
            name=op.f("sealed_note_note_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("sealed_note_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "note_id", name=op.f("sealed_note_organisation_id_note_id_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_table(
        "note_emergency",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("requester_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_by IS NULL)", name=op.f("note_emergency_decided_check")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'opened', 'refused')", name=op.f("note_emergency_state_check")
        ),
        sa.CheckConstraint("requester_id <> decided_by", name=op.f("note_emergency_two_check")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "decided_by"],
            ["person.organisation_id", "person.id"],
            name=op.f("note_emergency_decided_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "note_id"],
            ["interview_note.organisation_id", "interview_note.id"],
            name=op.f("note_emergency_note_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "requester_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("note_emergency_requester_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("note_emergency_pkey")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        "note_emergency_asked_key",
        "note_emergency",
        ["organisation_id", "note_id", "requester_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index(
        op.f("note_emergency_organisation_id_decided_by_ix"),
        "note_emergency",
        ["organisation_id", "decided_by"],
        unique=False,
    )
    op.create_index(
        op.f("note_emergency_organisation_id_note_id_ix"),
        "note_emergency",
        ["organisation_id", "note_id"],
        unique=False,
    )
    op.create_index(
        op.f("note_emergency_organisation_id_requester_id_ix"),
        "note_emergency",
        ["organisation_id", "requester_id"],
        unique=False,
    )
    op.create_table(
        "note_release",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "asked_by"],
            ["person.organisation_id", "person.id"],
            name=op.f("note_release_asked_by_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "note_id"],
            ["interview_note.organisation_id", "interview_note.id"],
            name=op.f("note_release_note_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "reader_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("note_release_reader_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("note_release_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "note_id",
            "reader_id",
            name=op.f("note_release_organisation_id_note_id_reader_id_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("note_release_organisation_id_asked_by_ix"),
        "note_release",
        ["organisation_id", "asked_by"],
        unique=False,
    )
    op.create_index(
        op.f("note_release_organisation_id_reader_id_ix"),
        "note_release",
        ["organisation_id", "reader_id"],
        unique=False,
    )
    op.create_table(
        "note_release_yes",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("note_release_yes_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["note_release.organisation_id", "note_release.id"],
            name=op.f("note_release_yes_release_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("note_release_yes_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "release_id",
            "person_id",
            name=op.f("note_release_yes_organisation_id_release_id_person_id_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("note_release_yes_organisation_id_person_id_ix"),
        "note_release_yes",
        ["organisation_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "note_grant",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("emergency_id", sa.Uuid(), nullable=True),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'emergency') = (emergency_id IS NOT NULL)", name=op.f("note_grant_emergency_check")
        ),
        sa.CheckConstraint(
            "(kind = 'release') = (release_id IS NOT NULL)", name=op.f("note_grant_release_check")
        ),
        sa.CheckConstraint("kind IN ('given', 'emergency', 'release')", name=op.f("note_grant_kind_check")),
        sa.CheckConstraint(
            "purpose IN ('matching', 'support', 'hand_over', 'concern', 'emergency', 'release')",
            name=op.f("note_grant_purpose_check"),
        ),
        sa.CheckConstraint("person_id <> granted_by", name=op.f("note_grant_two_check")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "emergency_id"],
            ["note_emergency.organisation_id", "note_emergency.id"],
            name=op.f("note_grant_emergency_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "ended_by"],
            ["person.organisation_id", "person.id"],
            name=op.f("note_grant_ended_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "granted_by"],
            ["person.organisation_id", "person.id"],
            name=op.f("note_grant_granted_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "note_id"],
            ["interview_note.organisation_id", "interview_note.id"],
            name=op.f("note_grant_note_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("note_grant_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "release_id"],
            ["note_release.organisation_id", "note_release.id"],
            name=op.f("note_grant_release_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("note_grant_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "emergency_id", name=op.f("note_grant_organisation_id_emergency_id_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("note_grant_organisation_id_ended_by_ix"),
        "note_grant",
        ["organisation_id", "ended_by"],
        unique=False,
    )
    op.create_index(
        op.f("note_grant_organisation_id_granted_by_ix"),
        "note_grant",
        ["organisation_id", "granted_by"],
        unique=False,
    )
    op.create_index(
        op.f("note_grant_organisation_id_note_id_person_id_ix"),
        "note_grant",
        ["organisation_id", "note_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("note_grant_organisation_id_person_id_ix"),
        "note_grant",
        ["organisation_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("note_grant_organisation_id_release_id_ix"),
        "note_grant",
        ["organisation_id", "release_id"],
        unique=False,
    )
