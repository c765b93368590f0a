"""A fingerprint of what a run was given."""

import hashlib

import numpy as np

from matcher.columns import Criteria, Pool

VERSION = "1.0"
"""Of the definition of scores, limits and ties: it changes when the same input may give another result."""


def digest(pool: Pool, criteria: Criteria, mode: int = 0) -> str:
    """
    sha256 in hex of all columns and tables, in their order, with names, types and shapes; and of the mode.

    Quotas, locked and forbidden pairs are not part of it: a matching lists them itself.
    """
    seal = hashlib.sha256(f"matcher {VERSION}".encode())
    parts = [
        *(("mentees", name, value) for name, value in pool.mentees._asdict().items()),
        *(("mentors", name, value) for name, value in pool.mentors._asdict().items()),
        *(("pool", name, getattr(pool, name)) for name in ("zones", "exclusions", "wishes")),
        *(("criteria", name, value) for name, value in criteria._asdict().items()),
    ]
    for where, name, value in parts:
        array = np.asarray(value, None if isinstance(value, np.ndarray) else np.int64)
        little = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<")))
        seal.update(f"{where}.{name}:{little.dtype.str}:{little.shape};".encode())
        seal.update(little.tobytes())
    if mode:
        seal.update(f"mode:{mode};".encode())
    return seal.hexdigest()
