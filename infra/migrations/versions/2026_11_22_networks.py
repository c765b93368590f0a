"""Sub-networks, newsletters, and what stands on a programme's page of news."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import grows, protect

revision = "2026_11_22_networks"
down_revision = "2026_11_22_gatherings"

TABLES = (
    "sub_network",
    "sub_network_member",
    "newsletter",
    "newsletter_programme",
    "news_page",
)
GROWING = (
    "sub_network_member",
    "newsletter",
)


def upgrade() -> None:
    op.create_table(
        "sub_network",
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("name", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "lead_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("sub_network_lead_id_fkey"),
            ondelete="SET NULL (lead_id)",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "programme_id"],
            ["programme.organisation_id", "programme.id"],
            name=op.f("sub_network_programme_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("sub_network_pkey")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("sub_network_organisation_id_lead_id_ix"),
        "sub_network",
        ["organisation_id", "lead_id"],
        unique=False,
    )
    op.create_index(
        op.f("sub_network_organisation_id_programme_id_ix"),
        "sub_network",
        ["organisation_id", "programme_id"],
        unique=False,
    )
    op.create_table(
        "sub_network_member",
        sa.Column("network_id", sa.Uuid(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "network_id"],
            ["sub_network.organisation_id", "sub_network.id"],
            name=op.f("sub_network_member_network_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "participation_id"],
            ["participation.organisation_id", "participation.id"],
            name=op.f("sub_network_member_participation_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("sub_network_member_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "network_id", "participation_id", name="sub_network_member_once_key"
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("sub_network_member_organisation_id_participation_id_ix"),
        "sub_network_member",
        ["organisation_id", "participation_id"],
        unique=False,
    )
    op.create_table(
        "newsletter",
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column(
            "offices", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("readers", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'held', 'sent')", name=op.f("newsletter_state_check")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "sent_by"],
            ["person.organisation_id", "person.id"],
            name=op.f("newsletter_sent_by_fkey"),
            ondelete="SET NULL (sent_by)",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "written_by"],
            ["person.organisation_id", "person.id"],
            name=op.f("newsletter_written_by_fkey"),
            ondelete="SET NULL (written_by)",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("newsletter_pkey")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        "newsletter_listing_ix", "newsletter", ["organisation_id", "created_at", "id"], unique=False
    )
    op.create_index(
        op.f("newsletter_organisation_id_sent_by_ix"),
        "newsletter",
        ["organisation_id", "sent_by"],
        unique=False,
    )
    op.create_index(
        op.f("newsletter_organisation_id_written_by_ix"),
        "newsletter",
        ["organisation_id", "written_by"],
        unique=False,
    )
    op.create_table(
        "newsletter_programme",
        sa.Column("newsletter_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "newsletter_id"],
            ["newsletter.organisation_id", "newsletter.id"],
            name=op.f("newsletter_programme_newsletter_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "programme_id"],
            ["programme.organisation_id", "programme.id"],
            name=op.f("newsletter_programme_programme_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("newsletter_programme_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "newsletter_id", "programme_id", name="newsletter_programme_once_key"
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("newsletter_programme_organisation_id_programme_id_ix"),
        "newsletter_programme",
        ["organisation_id", "programme_id"],
        unique=False,
    )
    op.create_table(
        "news_page",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("press", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "programme_id"],
            ["programme.organisation_id", "programme.id"],
            name=op.f("news_page_programme_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("news_page_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "programme_id", name=op.f("news_page_organisation_id_programme_id_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for table in TABLES:
        for statement in protect(table):
            op.execute(statement)
    for table in GROWING:
        op.execute(grows(table))
