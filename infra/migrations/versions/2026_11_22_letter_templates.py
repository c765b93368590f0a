"""An organisation's own words for its letters, and those for one reader."""

import sqlalchemy as sa
from alembic import op

from infra.db.policies import grows, protect

revision = "2026_11_22_letter_templates"
down_revision = "2026_11_22_meetings_kept"


def upgrade() -> None:
    op.add_column(
        "letter", sa.Column("is_edited", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_table(
        "letter_template",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("heading", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("shipped", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        *_row(),
        sa.CheckConstraint(
            "(subject IS NULL) = (body IS NULL) AND (heading IS NULL) = (body IS NULL)",
            name=op.f("letter_template_whole_check"),
        ),
        *_written("letter_template"),
        sa.UniqueConstraint(
            "organisation_id", "name", "language", "version",
            name=op.f("letter_template_organisation_id_name_language_version_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )  # fmt: skip
    op.create_table(
        "letter_edit",
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("original_subject", sa.Text(), nullable=False),
        sa.Column("original_heading", sa.Text(), nullable=False),
        sa.Column("original_body", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        *_row(),
        sa.ForeignKeyConstraint(
            ["organisation_id", "letter_id"],
            ["letter.organisation_id", "letter.id"],
            name=op.f("letter_edit_letter_id_fkey"),
            ondelete="CASCADE",
        ),
        *_written("letter_edit"),
        sa.UniqueConstraint(
            "organisation_id", "letter_id", "version",
            name=op.f("letter_edit_organisation_id_letter_id_version_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )  # fmt: skip
    for table in ("letter_template", "letter_edit"):
        op.create_index(
            op.f(f"{table}_organisation_id_written_by_ix"), table, ["organisation_id", "written_by"], unique=False
        )
        for statement in (*protect(table), grows(table)):
            op.execute(statement)


def _row() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )


def _written(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.CheckConstraint("version > 0", name=op.f(f"{table}_version_check")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "written_by"],
            ["person.organisation_id", "person.id"],
            name=op.f(f"{table}_written_by_fkey"),
            ondelete="SET NULL (written_by)",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f(f"{table}_pkey")),
    )
