"""Agreements with their texts and signatures, activity plans, notice, and memos that were read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import grows, protect

revision = "2026_11_22_agreements"
down_revision = "2026_11_22_match_search"

TABLES = (
    "agreement_text",
    "agreement_setting",
    "agreement",
    "agreement_expectation",
    "agreement_signature",
    "memo_read",
    "activity_plan",
    "notice",
)
GROWING = (
    "agreement",
    "agreement_expectation",
    "agreement_signature",
    "memo_read",
    "activity_plan",
    "notice",
)


def upgrade() -> None:
    op.create_table(
        "agreement_text",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_shipped", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "form IN ('toolbox', 'annex', 'memo_mentee', 'memo_mentor')",
            name=op.f("agreement_text_form_check"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "programme_id"],
            ["programme.organisation_id", "programme.id"],
            name=op.f("agreement_text_programme_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "written_by"],
            ["person.organisation_id", "person.id"],
            name=op.f("agreement_text_written_by_fkey"),
            ondelete="SET NULL (written_by)",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("agreement_text_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "programme_id", "form", "language", "number", name="agreement_text_once_key"
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("agreement_text_organisation_id_written_by_ix"),
        "agreement_text",
        ["organisation_id", "written_by"],
        unique=False,
    )
    op.create_table(
        "agreement_setting",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("copy_days", sa.Integer(), nullable=False),
        sa.Column("review_months", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("form IN ('toolbox', 'annex')", name=op.f("agreement_setting_form_check")),
        sa.CheckConstraint("copy_days BETWEEN 1 AND 90", name=op.f("agreement_setting_copy_days_check")),
        sa.CheckConstraint(
            "review_months BETWEEN 1 AND 12", name=op.f("agreement_setting_review_months_check")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "programme_id"],
            ["programme.organisation_id", "programme.id"],
            name=op.f("agreement_setting_programme_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("agreement_setting_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "programme_id", name=op.f("agreement_setting_organisation_id_programme_id_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_table(
        "agreement",
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ways", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("aims", sa.Text(), nullable=False),
        sa.Column("purposes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("other_purposes", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("edited_by", sa.Uuid(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("form IN ('toolbox', 'annex')", name=op.f("agreement_form_check")),
        sa.CheckConstraint(
            "state IN ('draft', 'in_force', 'replaced', 'dropped')", name=op.f("agreement_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "edited_by"],
            ["participation.organisation_id", "participation.id"],
            name=op.f("agreement_edited_by_fkey"),
            ondelete="SET NULL (edited_by)",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "relationship_id"],
            ["relationship.organisation_id", "relationship.id"],
            name=op.f("agreement_relationship_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("agreement_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "relationship_id",
            "number",
            name=op.f("agreement_organisation_id_relationship_id_number_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        "agreement_one_draft_key",
        "agreement",
        ["organisation_id", "relationship_id"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.create_index(
        op.f("agreement_organisation_id_edited_by_ix"),
        "agreement",
        ["organisation_id", "edited_by"],
        unique=False,
    )
    op.create_index(
        op.f("agreement_organisation_id_state_review_on_ix"),
        "agreement",
        ["organisation_id", "state", "review_on"],
        unique=False,
    )
    op.create_table(
        "agreement_expectation",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "agreement_id"],
            ["agreement.organisation_id", "agreement.id"],
            name=op.f("agreement_expectation_agreement_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participation_id"],
            ["participation.organisation_id", "participation.id"],
            name=op.f("agreement_expectation_participation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("agreement_expectation_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "agreement_id", "participation_id", name="agreement_expectation_once_key"
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("agreement_expectation_organisation_id_participation_id_ix"),
        "agreement_expectation",
        ["organisation_id", "participation_id"],
        unique=False,
    )
    op.create_table(
        "agreement_signature",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("by_token", sa.Boolean(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "agreement_id"],
            ["agreement.organisation_id", "agreement.id"],
            name=op.f("agreement_signature_agreement_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participation_id"],
            ["participation.organisation_id", "participation.id"],
            name=op.f("agreement_signature_participation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "text_id"],
            ["agreement_text.organisation_id", "agreement_text.id"],
            name=op.f("agreement_signature_text_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("agreement_signature_pkey")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        "agreement_signature_once_key",
        "agreement_signature",
        ["organisation_id", "agreement_id", "participation_id"],
        unique=True,
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.create_index(
        op.f("agreement_signature_organisation_id_agreement_id_ix"),
        "agreement_signature",
        ["organisation_id", "agreement_id"],
        unique=False,
    )
    op.create_index(
        op.f("agreement_signature_organisation_id_participation_id_ix"),
        "agreement_signature",
        ["organisation_id", "participation_id"],
        unique=False,
    )
    op.create_index(
        op.f("agreement_signature_organisation_id_text_id_ix"),
        "agreement_signature",
        ["organisation_id", "text_id"],
        unique=False,
    )
    op.create_table(
        "memo_read",
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participation_id"],
            ["participation.organisation_id", "participation.id"],
            name=op.f("memo_read_participation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "text_id"],
            ["agreement_text.organisation_id", "agreement_text.id"],
            name=op.f("memo_read_text_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("memo_read_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "participation_id",
            "text_id",
            name=op.f("memo_read_organisation_id_participation_id_text_id_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("memo_read_organisation_id_text_id_ix"),
        "memo_read",
        ["organisation_id", "text_id"],
        unique=False,
    )
    op.create_table(
        "activity_plan",
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("change", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "changed_by"],
            ["participation.organisation_id", "participation.id"],
            name=op.f("activity_plan_changed_by_fkey"),
            ondelete="SET NULL (changed_by)",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "relationship_id"],
            ["relationship.organisation_id", "relationship.id"],
            name=op.f("activity_plan_relationship_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("activity_plan_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "relationship_id",
            "number",
            name=op.f("activity_plan_organisation_id_relationship_id_number_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("activity_plan_organisation_id_changed_by_ix"),
        "activity_plan",
        ["organisation_id", "changed_by"],
        unique=False,
    )
    op.create_table(
        "notice",
        sa.Column("relationship_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("ground IN ('month', 'breach', 'confidence')", name=op.f("notice_ground_check")),
        sa.CheckConstraint(
            "state IN ('given', 'taken_back', 'done', 'lapsed')", name=op.f("notice_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participation_id"],
            ["participation.organisation_id", "participation.id"],
            name=op.f("notice_participation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "relationship_id"],
            ["relationship.organisation_id", "relationship.id"],
            name=op.f("notice_relationship_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("notice_pkey")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        "notice_once_key",
        "notice",
        ["organisation_id", "relationship_id", "participation_id"],
        unique=True,
        postgresql_where=sa.text("state = 'given'"),
    )
    op.create_index(
        op.f("notice_organisation_id_participation_id_ix"),
        "notice",
        ["organisation_id", "participation_id"],
        unique=False,
    )
    op.create_index(
        op.f("notice_organisation_id_relationship_id_ix"),
        "notice",
        ["organisation_id", "relationship_id"],
        unique=False,
    )
    op.create_index(
        op.f("notice_organisation_id_state_ends_on_ix"),
        "notice",
        ["organisation_id", "state", "ends_on"],
        unique=False,
    )
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    for table in GROWING:
        op.execute(grows(table))
