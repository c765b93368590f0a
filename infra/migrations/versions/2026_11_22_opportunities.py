"""Opportunities for the people of a programme, and letters that come to who has asked for them."""

import sqlalchemy as sa
from alembic import op

from infra.db.policies import grows, protect

revision = "2026_11_22_opportunities"
down_revision = "2026_11_22_last_seen"

TABLES = (
    "opportunity",
    "opportunity_programme",
    "opportunity_interest",
    "letter_wish",
)
GROWING = (
    "opportunity",
    "opportunity_programme",
    "opportunity_interest",
    "letter_wish",
)


def upgrade() -> None:
    op.create_table(
        "opportunity",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("is_remote", sa.Boolean(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("posted_by", sa.Uuid(), nullable=True),
        sa.Column("is_proposal", sa.Boolean(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('job', 'training', 'event', 'other')", name=op.f("opportunity_kind_check")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'open', 'declined', 'closed', 'withdrawn')",
            name=op.f("opportunity_state_check"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "office_id"],
            ["office.organisation_id", "office.id"],
            name=op.f("opportunity_office_id_fkey"),
            ondelete="SET NULL (office_id)",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "posted_by"],
            ["person.organisation_id", "person.id"],
            name=op.f("opportunity_posted_by_fkey"),
            ondelete="SET NULL (posted_by)",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("opportunity_pkey")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        "opportunity_listing_ix", "opportunity", ["organisation_id", "state", "last_on", "id"], unique=False
    )
    op.create_index(
        op.f("opportunity_organisation_id_posted_by_ix"),
        "opportunity",
        ["organisation_id", "posted_by"],
        unique=False,
    )
    op.create_table(
        "opportunity_programme",
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opportunity_id"],
            ["opportunity.organisation_id", "opportunity.id"],
            name=op.f("opportunity_programme_opportunity_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "programme_id"],
            ["programme.organisation_id", "programme.id"],
            name=op.f("opportunity_programme_programme_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("opportunity_programme_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "opportunity_id", "programme_id", name="opportunity_programme_once_key"
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("opportunity_programme_organisation_id_programme_id_ix"),
        "opportunity_programme",
        ["organisation_id", "programme_id"],
        unique=False,
    )
    op.create_table(
        "opportunity_interest",
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opportunity_id"],
            ["opportunity.organisation_id", "opportunity.id"],
            name=op.f("opportunity_interest_opportunity_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participation_id"],
            ["participation.organisation_id", "participation.id"],
            name=op.f("opportunity_interest_participation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("opportunity_interest_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("opportunity_interest_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "opportunity_id", "person_id", name="opportunity_interest_once_key"
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("opportunity_interest_organisation_id_participation_id_ix"),
        "opportunity_interest",
        ["organisation_id", "participation_id"],
        unique=False,
    )
    op.create_index(
        op.f("opportunity_interest_organisation_id_person_id_ix"),
        "opportunity_interest",
        ["organisation_id", "person_id"],
        unique=False,
    )
    op.create_table(
        "letter_wish",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("letter_wish_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("letter_wish_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "person_id",
            "kind",
            name=op.f("letter_wish_organisation_id_person_id_kind_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("letter_wish_organisation_id_kind_person_id_ix"),
        "letter_wish",
        ["organisation_id", "kind", "person_id"],
        unique=False,
    )
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    for table in GROWING:
        op.execute(grows(table))
