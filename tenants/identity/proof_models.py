"""By what people who have signed in prove anew who they are: passkeys, codes; and what waits meanwhile."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique


class Asked(StrEnum):
    """What a passkey is asked for."""

    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    ADD = "add"


class Passkey(TenantRow):
    """
    A passkey of a person. `public_key` is in COSE form, as the authenticator gave it.

    It opens at `host` alone, the organisation's at the time. `suspected_at` is when it counted backwards, as a copy would.
    """

    __tablename__ = "passkey"
    __table_args__ = keys(
        unique("credential_id"), refers("person_id", "person", on_delete="CASCADE"), index("person_id")
    )

    person_id: Mapped[UUID]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    host: Mapped[str]
    name: Mapped[str]
    transports: Mapped[list[str]]
    is_synced: Mapped[bool]
    used_at: Mapped[datetime | None]
    suspected_at: Mapped[datetime | None]


class PasskeyChallenge(TenantRow):
    """What a passkey has been asked to sign: once, within five minutes, in one browser; for one person once she is known."""

    __tablename__ = "passkey_challenge"
    __table_args__ = keys(
        unique("browser_digest"),
        refers("person_id", "person", on_delete="CASCADE"),
        index("person_id"),
        index("expires_at"),
        one_of("asked", Asked),
    )

    asked: Mapped[str]
    challenge: Mapped[bytes]
    browser_digest: Mapped[bytes]
    person_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StepUpCode(TenantRow):
    """A code that was sent to the owner of a session, who has to prove anew who she is. No secret: see `SignInLink`."""

    __tablename__ = "step_up_code"
    __table_args__ = keys(
        refers("session_id", "session", on_delete="CASCADE"),
        index("session_id", "created_at"),
        index("expires_at"),
    )

    session_id: Mapped[UUID]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    wrong_codes: Mapped[int] = mapped_column(default=0, server_default="0")


class KeptForm(TenantRow):
    """What somebody sent to a page that asked her first who she is. Sealed under a key that only her browser has."""

    __tablename__ = "kept_form"
    __table_args__ = keys(
        refers("person_id", "person", on_delete="CASCADE"), index("person_id"), index("expires_at")
    )

    person_id: Mapped[UUID]
    sealed: Mapped[bytes]
    expires_at: Mapped[datetime]
