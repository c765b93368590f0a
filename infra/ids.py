"""
Identifiers. Inside an organisation they are UUIDv7 (RFC 9562, section 5.7), so
that rows lie in the order of their making; whatever crosses an organisation or
stands in a link is random, since a v7 tells when it was made.
"""

import os
import secrets
import time
from uuid import UUID, uuid4


def new() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return UUID(int=value)


def random() -> UUID:
    """An id that says nothing, for what other organisations or links may carry."""
    return uuid4()


def token() -> str:
    """256 random bits for a link, a session or an API token; only its digest is stored."""
    return secrets.token_urlsafe(32)


def digits(count: int = 6) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))
