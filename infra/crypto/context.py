"""
The signature that makes a context setting trustworthy.

A plain setting is no wall: whoever slips a statement into a query may set it
anew. The database therefore checks an HMAC. It has no `hmac`, but HMAC-SHA256 is
two nested digests over two fixed blocks (RFC 2104, section 2), so the server
holds the blocks and never the key itself.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

BLOCK = 64  # bytes; the input block of SHA-256 (RFC 2104, section 2)
KEY = 32  # bytes; as long as the digest, the least that RFC 2104, section 3 recommends


@dataclass(frozen=True, slots=True)
class ContextSigner:
    """Signs contexts with one key of 32 bytes, which its repr hides."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY:
            raise ValueError(f"A context key has {KEY} bytes, not {len(self.key)}.")

    def blocks(self) -> tuple[bytes, bytes]:
        """The inner and the outer block, for a server that can only do `sha256(outer || sha256(inner || body))`."""
        padded = self.key.ljust(BLOCK, b"\0")
        return bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)

    def sign(self, body: str) -> str:
        """`body.mac`, the MAC in lower-case hexadecimal; the server splits at the first point, so `body` has none."""
        if "." in body:
            raise ValueError("A context holds no point, since the point parts it from its signature.")
        return f"{body}.{hmac.new(self.key, body.encode(), hashlib.sha256).hexdigest()}"
