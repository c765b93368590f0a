"""Sign-in by the accounts of the organisation, at providers that it names."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import grows, protect

revision = "2026_11_22_sign_in_providers"
down_revision = "2026_11_22_beliefs"


def upgrade() -> None:
    op.create_table(
        "identity_provider",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("directory", sa.Text(), nullable=True),
        sa.Column("domains", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('entra', 'google', 'okta', 'keycloak', 'other')",
            name=op.f("identity_provider_kind_check"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'closed')", name=op.f("identity_provider_state_check")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("identity_provider_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "issuer",
            "client_id",
            name=op.f("identity_provider_organisation_id_issuer_client_id_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_table(
        "logout_token",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("jti_digest", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "provider_id"],
            ["identity_provider.organisation_id", "identity_provider.id"],
            name=op.f("logout_token_provider_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("logout_token_pkey")),
        sa.UniqueConstraint(
            "organisation_id",
            "provider_id",
            "jti_digest",
            name=op.f("logout_token_organisation_id_provider_id_jti_digest_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("logout_token_organisation_id_created_at_ix"),
        "logout_token",
        ["organisation_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "account",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("account_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "provider_id"],
            ["identity_provider.organisation_id", "identity_provider.id"],
            name=op.f("account_provider_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("account_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "issuer", "subject", name=op.f("account_organisation_id_issuer_subject_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("account_organisation_id_person_id_ix"),
        "account",
        ["organisation_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("account_organisation_id_provider_id_ix"),
        "account",
        ["organisation_id", "provider_id"],
        unique=False,
    )
    op.create_table(
        "provider_visit",
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state_digest", sa.LargeBinary(), nullable=False),
        sa.Column("browser_digest", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('sign_in', 'try', 'connect')", name=op.f("provider_visit_purpose_check")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f("provider_visit_person_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "provider_id"],
            ["identity_provider.organisation_id", "identity_provider.id"],
            name=op.f("provider_visit_provider_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("provider_visit_pkey")),
        sa.UniqueConstraint(
            "organisation_id", "state_digest", name=op.f("provider_visit_organisation_id_state_digest_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_index(
        op.f("provider_visit_organisation_id_expires_at_ix"),
        "provider_visit",
        ["organisation_id", "expires_at"],
        unique=False,
    )
    op.create_index(
        op.f("provider_visit_organisation_id_person_id_ix"),
        "provider_visit",
        ["organisation_id", "person_id"],
        unique=False,
    )
    op.create_index(
        op.f("provider_visit_organisation_id_provider_id_ix"),
        "provider_visit",
        ["organisation_id", "provider_id"],
        unique=False,
    )
    op.add_column("session", sa.Column("provider_session", sa.Text(), nullable=True))
    for table in ("identity_provider", "account", "provider_visit", "logout_token"):
        for statement in (*protect(table), grows(table)):
            op.execute(statement)
