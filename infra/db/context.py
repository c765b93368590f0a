"""
Who a transaction works for. The database believes it because it is signed.

A bare setting is no wall: one injected `set_config` would read another
organisation. So the context carries an HMAC that only the application can
make, and every policy asks `app.organisation_id()`, which checks it.
"""

import time
from dataclasses import dataclass
from uuid import UUID

LIFETIME_S = 300  # longer than any transaction may last, shorter than a leaked one is useful


@dataclass(frozen=True, slots=True)
class Context:
    """An organisation, and the person and roles on whose behalf it is opened (none for the house itself)."""

    organisation_id: UUID
    person_id: UUID | None = None
    roles: tuple[str, ...] = ()

    def body(self) -> str:
        """What is signed: organisation|person|roles|expiry in Unix seconds."""
        person = str(self.person_id) if self.person_id else ""
        expiry = int(time.time()) + LIFETIME_S  # the server's clock judges it, not a stopped test clock
        return f"{self.organisation_id}|{person}|{','.join(self.roles)}|{expiry}"
