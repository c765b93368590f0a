"""People and groups that the organisation's own directory keeps up to date here."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import grows, protect

revision = "2026_11_22_directory"
down_revision = "2026_11_22_sign_in_providers"

TABLES = ("scim_user", "scim_group", "scim_member")


def upgrade() -> None:
    op.create_table(
        "scim_group",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'programme_manager', 'coordinator', 'focal_point', 'moderator', 'evaluator', "
            "'participant', 'it_contact')",
            name=op.f("scim_group_role_check"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("scim_group_pkey")),
        sa.UniqueConstraint("organisation_id", "name_key", name=op.f("scim_group_organisation_id_name_key_key")),
        sa.UniqueConstraint("organisation_id", "role", name=op.f("scim_group_organisation_id_role_key")),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_table(
        "scim_user",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("user_name_key", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("was_here", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("scim_user_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("scim_user_pkey")),
        sa.UniqueConstraint("organisation_id", "person_id", name=op.f("scim_user_organisation_id_person_id_key")),
        sa.UniqueConstraint(
            "organisation_id", "user_name_key", name=op.f("scim_user_organisation_id_user_name_key_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_table(
        "scim_member",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("gave", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "group_id"],
            ["scim_group.organisation_id", "scim_group.id"],
            name=op.f("scim_member_group_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "user_id"],
            ["scim_user.organisation_id", "scim_user.id"],
            name=op.f("scim_member_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("scim_member_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "group_id", "user_id", name=op.f("scim_member_organisation_id_group_id_user_id_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for table in ("scim_user", "scim_group"):
        for columns in (["external_id"], ["created_at", "id"]):
            name = f"{table}_organisation_id_{'_'.join(columns)}_ix"
            op.create_index(op.f(name), table, ["organisation_id", *columns], unique=False)
    op.create_index(
        op.f("scim_member_organisation_id_user_id_ix"), "scim_member", ["organisation_id", "user_id"], unique=False
    )
    for table in TABLES:
        for statement in (*protect(table), grows(table)):
            op.execute(statement)
