"""A run's inputs and proof as bytes, so that it can be checked again when its cards are gone; and its seal."""

import hashlib
import hmac
import io
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import numpy as np

from matcher import CircleMatching, Criteria, GroupMatching, Matching, MutualMatching, Pool, archiving
from tenants.pools.queries import Card
from workers.matching.encoding import Encoded


class Kept(NamedTuple):
    """What a run keeps; `mentees` and `mentors` are the participations behind the rows."""

    pool: Pool
    criteria: Criteria
    matching: Any
    """A `Matching`, or of groups, peers or circles theirs."""
    mentees: list[UUID]
    mentors: list[UUID]


Made = Matching | GroupMatching | MutualMatching | CircleMatching


def pack(encoded: Encoded, criteria: Criteria, matching: Made) -> bytes:
    """Columns, tables and proof in numpy's own format, compressed. Of people there is a number that the house alone can read."""
    arrays = archiving.arrays_of_pool(encoded.pool, criteria)
    if isinstance(matching, GroupMatching):
        arrays |= archiving.arrays_of_groups(matching)
    elif isinstance(matching, MutualMatching):
        arrays |= archiving.arrays_of_mutual(matching)
    elif isinstance(matching, CircleMatching):
        arrays |= archiving.arrays_of_circles(matching)
    else:
        arrays |= archiving.arrays_of_proof(matching)
    arrays["rows.mentees"], arrays["rows.mentors"] = _ids(encoded.mentees), _ids(encoded.mentors)
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def unpack(kept: bytes) -> Kept:
    """The other way round; the explanation of the matching comes back empty."""
    with np.load(io.BytesIO(kept), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    pool, criteria = archiving.pool_of(arrays)
    mentees, mentors = (
        [UUID(bytes=row.tobytes()) for row in arrays[f"rows.{side}"]] for side in ("mentees", "mentors")
    )
    parts = {name.partition(".")[0] for name in arrays}
    read = next((read for part, read in _READERS.items() if part in parts), archiving.matching_of)
    return Kept(pool, criteria, read(arrays), mentees, mentors)


_READERS = {
    "groups": archiving.groups_of,
    "mutual": archiving.mutual_of,
    "circles": archiving.circles_of,
}


def _ids(cards: Sequence[Card]) -> Any:
    return np.frombuffer(b"".join(card.participation_id.bytes for card in cards), np.uint8).reshape(-1, 16)


def seal(
    key: bytes,
    run_id: UUID,
    *,
    criteria: dict[str, Any],
    result: dict[str, Any],
    certificate: dict[str, Any],
    inputs: bytes,
) -> str:
    """A signature over all that the run keeps; `certificate` without its own seal."""
    body = {
        "run": str(run_id),
        "criteria": criteria,
        "result": result,
        "certificate": {name: value for name, value in certificate.items() if name != "seal"},
        "inputs": hashlib.sha256(inputs).hexdigest(),
    }
    return hmac.new(key, msgspec.json.encode(body, order="sorted"), hashlib.sha256).hexdigest()
