"""
Sessions, sign-in links and API tokens. Secrets are stored as SHA-256 digests only.

A sign-in link needs no digest: its token is an HMAC over its random id (see
`infra.crypto.links`), so that the mail worker can write it without storing it.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique
from tenants.identity import support_models as _support_models  # noqa: F401  a session refers to its table

_SESSION = [
    "organisation_id",
    "id",
    "person_id",
    "token_digest",
    "seen_at",
    "expires_at",
    "ended_at",
    "verified_at",
    "passkey_at",
    "support_id",
]
_TOKEN = [
    "organisation_id",
    "id",
    "person_id",
    "token_digest",
    "permissions",
    "used_at",
    "expires_at",
    "ended_at",
]


class How(StrEnum):
    """By what somebody has proved who she is."""

    LINK = "link"
    CODE = "code"
    ACCOUNT = "account"
    PASSKEY = "passkey"


class Session(TenantRow):
    """
    `verified_at` is when its owner last proved who she is, and `verified_by` how; empty where nobody can tell, as after
    a provider let her in without asking her. `passkey_at` is when she last showed a passkey in this session.
    """

    __tablename__ = "session"
    __table_args__ = keys(
        unique("token_digest"),
        refers("person_id", "person", on_delete="CASCADE"),
        refers("support_id", "support_window", on_delete="CASCADE"),
        index("person_id"),
        index("support_id"),
        one_of("verified_by", How),
        reads={"resolver": _SESSION},
    )

    person_id: Mapped[UUID]
    token_digest: Mapped[bytes]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    passkey_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str | None]
    # Provider and session there, for a provider that ends its sessions here too.
    provider_session: Mapped[str | None]
    # Somebody of the support in the place of its person: see `support_models`.
    support_id: Mapped[UUID | None]


class SignInLink(TenantRow):
    """
    One request to sign in, for the address that somebody typed, whether or not it is known.

    Who lives at the address is looked up by the letter and by the sign-in, never
    while she asks: so asking takes the same time for everybody. `browser_digest`
    is that of the browser which asked. A link that the house makes itself has a
    person instead of an address, and no browser.
    """

    __tablename__ = "sign_in_link"
    __table_args__ = keys(
        refers("person_id", "person", on_delete="CASCADE"),
        index("person_id"),
        index("email", "created_at"),
        index("expires_at"),
        CheckConstraint("(person_id IS NULL) <> (email IS NULL)", name="whose"),
    )

    person_id: Mapped[UUID | None]
    email: Mapped[str | None]
    browser_digest: Mapped[bytes | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    wrong_codes: Mapped[int] = mapped_column(default=0)


class WrongCode(TenantRow):
    """A wrong code for an address, kept for a day: see `guessing`. The address itself is not kept."""

    __tablename__ = "wrong_code"
    __table_args__ = keys(index("address_digest", "created_at"), index("created_at"))

    address_digest: Mapped[bytes]


class ApiToken(TenantRow):
    __tablename__ = "api_token"
    __table_args__ = keys(
        unique("token_digest"),
        refers("person_id", "person", on_delete="CASCADE"),
        index("person_id"),
        reads={"resolver": _TOKEN},
    )

    name: Mapped[str]
    person_id: Mapped[UUID]
    token_digest: Mapped[bytes]
    permissions: Mapped[list[str]]
    used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AddressChange(TenantRow):
    """Somebody's wish to be reached at another address, until it is confirmed from there or closed."""

    __tablename__ = "address_change"
    __table_args__ = keys(
        refers("person_id", "person", on_delete="CASCADE"),
        index("person_id", "created_at"),
        index("expires_at"),
    )

    person_id: Mapped[UUID]
    email: Mapped[str]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
