"""
Where else people prove who they are: the organisation's own accounts, by OpenID Connect.

An account is known by (organisation, issuer, subject) and by nothing else; an address that a provider tells never
leads to a person by itself.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique


class ProviderKind(StrEnum):
    ENTRA = "entra"
    GOOGLE = "google"
    OKTA = "okta"
    KEYCLOAK = "keycloak"
    OTHER = "other"


class ProviderState(StrEnum):
    DRAFT = "draft"  # only those who set it up may try it
    OPEN = "open"
    CLOSED = "closed"


class Purpose(StrEnum):
    SIGN_IN = "sign_in"
    TRY = "try"
    CONNECT = "connect"
    STEP_UP = "step_up"


class IdentityProvider(TenantRow):
    """`secret` is sealed under a key of its own, which the installation's master key wraps."""

    __tablename__ = "identity_provider"
    __table_args__ = keys(
        unique("issuer", "client_id"), one_of("kind", ProviderKind), one_of("state", ProviderState)
    )

    name: Mapped[str]
    kind: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    key_id: Mapped[UUID | None]
    wrapped_key: Mapped[bytes | None]
    secret: Mapped[bytes | None]
    directory: Mapped[str | None]
    # Addresses of these domains may join by themselves; none, if the list is empty.
    domains: Mapped[list[str]]
    # Ways of signing in there (acr) that prove enough for what is confidential; any, if the list is empty.
    acr_values: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    state: Mapped[str]
    tried_at: Mapped[datetime | None]


class Account(TenantRow):
    """A person's account at a provider."""

    __tablename__ = "account"
    __table_args__ = keys(
        unique("issuer", "subject"),
        refers("provider_id", "identity_provider", on_delete="CASCADE"),
        refers("person_id", "person", on_delete="CASCADE"),
        index("person_id"),
        index("provider_id"),
    )

    provider_id: Mapped[UUID]
    issuer: Mapped[str]
    subject: Mapped[str]
    person_id: Mapped[UUID]
    used_at: Mapped[datetime | None]


class Visit(TenantRow):
    """Somebody on her way to a provider and back: ten minutes, once, in one browser."""

    __tablename__ = "provider_visit"
    __table_args__ = keys(
        unique("state_digest"),
        refers("provider_id", "identity_provider", on_delete="CASCADE"),
        refers("person_id", "person", on_delete="CASCADE"),
        index("provider_id"),
        index("person_id"),
        index("expires_at"),
        one_of("purpose", Purpose),
    )

    provider_id: Mapped[UUID]
    purpose: Mapped[str]
    state_digest: Mapped[bytes]
    browser_digest: Mapped[bytes]
    nonce: Mapped[str]
    verifier: Mapped[str]
    person_id: Mapped[UUID | None]
    after: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LogoutToken(TenantRow):
    """A logout token that has been taken; none counts twice."""

    __tablename__ = "logout_token"
    __table_args__ = keys(
        unique("provider_id", "jti_digest"),
        refers("provider_id", "identity_provider", on_delete="CASCADE"),
        index("created_at"),
    )

    provider_id: Mapped[UUID]
    jti_digest: Mapped[bytes]
