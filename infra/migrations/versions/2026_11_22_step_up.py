"""By what people prove anew who they are: passkeys, codes, a fresh sign-in at a provider; and what waits meanwhile."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from infra.db.policies import grows, protect
from infra.db.roles import RESOLVER

revision = "2026_11_22_step_up"
down_revision = "2026_11_22_parties"

TABLES = ("passkey", "passkey_challenge", "step_up_code", "kept_form")


def upgrade() -> None:
    _passkeys()
    _step_up()
    _settings()
    for table in TABLES:
        for statement in (*protect(table), grows(table)):
            op.execute(statement)


def _passkeys() -> None:
    op.create_table(
        "passkey",
        *_key("passkey"),
        *_person("passkey"),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("transports", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_synced", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspected_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint(
            "organisation_id", "credential_id", name=op.f("passkey_organisation_id_credential_id_key")
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_table(
        "passkey_challenge",
        *_key("passkey_challenge"),
        *_person("passkey_challenge", is_known=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("browser_digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "asked IN ('sign_in', 'step_up', 'add')", name=op.f("passkey_challenge_asked_check")
        ),
        sa.UniqueConstraint(
            "organisation_id",
            "browser_digest",
            name=op.f("passkey_challenge_organisation_id_browser_digest_key"),
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    for table in ("passkey", "passkey_challenge"):
        _index(table, "person_id")
    _index("passkey_challenge", "expires_at")


def _step_up() -> None:
    op.create_table(
        "step_up_code",
        *_key("step_up_code"),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "session_id"],
            ["session.organisation_id", "session.id"],
            name=op.f("step_up_code_session_id_fkey"),
            ondelete="CASCADE",
        ),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    op.create_table(
        "kept_form",
        *_key("kept_form"),
        *_person("kept_form"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        info={"tenant": True, "reads": {}, "append_only": False},
    )
    _index("step_up_code", "session_id", "created_at")
    _index("step_up_code", "expires_at")
    _index("kept_form", "person_id")
    _index("kept_form", "expires_at")


def _settings() -> None:
    op.add_column(
        "identity_provider",
        sa.Column(
            "acr_values",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
    )
    op.drop_constraint(op.f("provider_visit_purpose_check"), "provider_visit", type_="check")
    op.create_check_constraint(
        op.f("provider_visit_purpose_check"),
        "provider_visit",
        "purpose IN ('sign_in', 'try', 'connect', 'step_up')",
    )
    op.add_column(
        "organisation",
        sa.Column("demands_passkeys", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.execute(f"GRANT SELECT (demands_passkeys) ON organisation TO {RESOLVER}")


def _key(table: str) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f(f"{table}_pkey")),
    )


def _person(table: str, *, is_known: bool = True) -> tuple[sa.Column[object] | sa.Constraint, ...]:
    return (
        sa.Column("person_id", sa.Uuid(), nullable=not is_known),
        sa.ForeignKeyConstraint(
            ["organisation_id", "person_id"],
            ["person.organisation_id", "person.id"],
            name=op.f(f"{table}_person_id_fkey"),
            ondelete="CASCADE",
        ),
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(
        op.f(f"{table}_organisation_id_{'_'.join(columns)}_ix"), table, ["organisation_id", *columns]
    )
