"""
The envelope of one sealed value, format v1.

    01 | key id (16) | salt (32) | commitment (32) | AES-256-GCM ciphertext and tag (16)

HKDF-SHA512 makes from the key, the salt and the associated data 64 bytes: the key
of this one record, and the commitment to it. A fresh key for each record makes
a nonce of zeros safe and lifts the limit of 2^32 messages (NIST SP 800-38D,
section 8.3). GCM alone lets a forger build bytes that open under two keys to two
texts; the commitment is what forbids that, so it is checked first, in constant time.

The associated data are the place of the value and the version of its key: bytes
moved to another organisation, table, row or column do not open there.
"""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from infra.crypto.errors import TamperedCiphertext, UnknownKey

VERSION = 1
KEY = 32  # bytes: AES-256
SALT = 32
COMMITMENT = 32  # bytes: 128 bits against collisions
TAG = 16
HEADER = 1 + 16 + SALT + COMMITMENT
OVERHEAD = HEADER + TAG  # 97: version, salt, commitment and tag are 81, the key id 16
NONCE = bytes(12)

RECORD = b"mentorweave/record/v1"
WRAP = b"mentorweave/wrap/v1"


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key of 32 bytes with its public id and the version that the associated data carry."""

    id: UUID
    version: int
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY:
            raise ValueError(f"A key has {KEY} bytes, not {len(self.key)}.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives, and the only place where it opens."""

    tenant: UUID
    table: str
    row: UUID
    column: str

    def associated(self, version: int) -> bytes:
        return _joined(
            self.tenant.bytes,
            self.table.encode(),
            self.row.bytes,
            self.column.encode(),
            str(version).encode(),
        )


def seal(key: DataKey, place: Place, plaintext: bytes) -> bytes:
    return _sealed(RECORD, key, place.associated(key.version), plaintext, os.urandom(SALT))


def unseal(key: DataKey, place: Place, sealed: bytes) -> bytes:
    """
    The plaintext.

    Raises:
        UnknownKey: it was sealed with another key; `key_id` tells which to fetch.
        TamperedCiphertext: it was not sealed for this place, or not as it now is.
    """
    return _opened(RECORD, key, place.associated(key.version), sealed)


def key_id(sealed: bytes) -> UUID:
    """The id of the key that opens these bytes; an unproven claim until they are opened."""
    if len(sealed) < OVERHEAD or sealed[0] != VERSION:
        raise TamperedCiphertext(found="format")
    return UUID(bytes=sealed[1:17])


def wrap_key(outer: DataKey, context: Mapping[str, str], inner: bytes) -> bytes:
    """A key sealed under another, for one context, such as the organisation that it belongs to."""
    return _sealed(WRAP, outer, _context(context, outer.version), inner, os.urandom(SALT))


def unwrap_key(outer: DataKey, context: Mapping[str, str], wrapped: bytes) -> bytes:
    return _opened(WRAP, outer, _context(context, outer.version), wrapped)


def _sealed(label: bytes, key: DataKey, associated: bytes, plaintext: bytes, salt: bytes) -> bytes:
    record_key, commitment = _derived(label, key, associated, salt)
    ciphertext = AESGCM(record_key).encrypt(NONCE, plaintext, associated)
    return bytes([VERSION]) + key.id.bytes + salt + commitment + ciphertext


def _opened(label: bytes, key: DataKey, associated: bytes, sealed: bytes) -> bytes:
    if (named := key_id(sealed)) != key.id:
        raise UnknownKey(key_id=str(named))
    salt, commitment = sealed[17 : 17 + SALT], sealed[17 + SALT : HEADER]
    record_key, expected = _derived(label, key, associated, salt)
    if not hmac.compare_digest(commitment, expected):
        raise TamperedCiphertext(found="commitment")
    try:
        return AESGCM(record_key).decrypt(NONCE, sealed[HEADER:], associated)
    except InvalidTag as found:
        raise TamperedCiphertext(found="tag") from found


def _derived(label: bytes, key: DataKey, associated: bytes, salt: bytes) -> tuple[bytes, bytes]:
    made = HKDF(SHA512(), KEY + COMMITMENT, salt, _joined(label) + associated).derive(key.key)
    return made[:KEY], made[KEY:]


def _context(context: Mapping[str, str], version: int) -> bytes:
    pairs = [part.encode() for name in sorted(context) for part in (name, context[name])]
    return _joined(*pairs, str(version).encode())


def _joined(*parts: bytes) -> bytes:
    """Each part behind its length in four bytes, so that no two lists of parts read the same."""
    return b"".join(len(part).to_bytes(4) + part for part in parts)
