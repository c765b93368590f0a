"""
Tokens for links in letters, made from an id and a key and stored nowhere.

A letter is written when it is sent, by a worker that knows ids only. So the
secret of a link is an HMAC over the id of the row it opens: the worker can
write it, the database does not hold it, and a row that is used up or expired
makes it worthless. Ids in links are random (`infra.ids.random`).
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

_MAC = 16  # bytes: 128 bits, beyond guessing even without the limiter


@dataclass(frozen=True, slots=True)
class LinkSigner:
    key: bytes = field(repr=False)

    def token(self, purpose: str, organisation_id: UUID, row_id: UUID) -> str:
        """The part of a link's address that opens row `row_id` for `purpose`, 43 characters."""
        return _encode(row_id.bytes + self._mac(purpose, organisation_id, row_id)[:_MAC])

    def read(self, purpose: str, organisation_id: UUID, token: str) -> UUID | None:
        """The id of the row that `token` opens; None if it was not made for this purpose and organisation."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        if len(raw) != 16 + _MAC:
            return None
        row_id = UUID(bytes=raw[:16])
        mac = self._mac(purpose, organisation_id, row_id)[:_MAC]
        return row_id if hmac.compare_digest(mac, raw[16:]) else None

    def code(self, purpose: str, organisation_id: UUID, row_id: UUID, length: int = 6) -> str:
        """The digits that a person may type instead of opening the link."""
        mac = self._mac(f"code|{purpose}", organisation_id, row_id)
        return str(int.from_bytes(mac[:8]) % 10**length).zfill(length)

    def _mac(self, purpose: str, organisation_id: UUID, row_id: UUID) -> bytes:
        message = purpose.encode() + b"\0" + organisation_id.bytes + row_id.bytes
        return hmac.new(self.key, message, hashlib.sha256).digest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
