"""A run's inputs and proof as bytes, so that it can be checked again when its cards are gone; and its seal."""

import hashlib
import hmac
import io
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import numpy as np

from matcher import Criteria, Matching, Mentees, Mentors, NextBest, Pool, Waterfall
from tenants.pools.queries import Card
from workers.matching.encoding import Encoded

# What a certificate rests on; reasons and next best are explanation, not proof.
PROOF = (
    "mentee", "mentor", "score", "contributions", "locked", "margin", "mentee_price", "mentor_price",
    "mentee_quota_price", "mentor_quota_price", "locked_pairs", "forbidden_pairs", "mentee_quota", "mentor_quota",
)  # fmt: skip
NUMBERS = ("total", "bound", "pairs_possible")
TEXTS = ("digest", "version")


class Kept(NamedTuple):
    """What a run keeps; `mentees` and `mentors` are the participations behind the rows."""

    pool: Pool
    criteria: Criteria
    matching: Matching
    mentees: list[UUID]
    mentors: list[UUID]


def pack(encoded: Encoded, criteria: Criteria, matching: Matching) -> bytes:
    """Columns, tables and proof in numpy's own format, compressed. Of people there is a number that the house alone can read."""
    pool = encoded.pool
    arrays: dict[str, Any] = {f"mentees.{name}": value for name, value in pool.mentees._asdict().items()}
    arrays |= {f"mentors.{name}": value for name, value in pool.mentors._asdict().items()}
    arrays |= {f"pool.{name}": getattr(pool, name) for name in ("zones", "exclusions", "wishes")}
    arrays |= {f"criteria.{name}": np.asarray(value) for name, value in criteria._asdict().items()}
    arrays |= {f"matching.{name}": np.asarray(getattr(matching, name)) for name in (*PROOF, *NUMBERS, *TEXTS)}
    arrays["rows.mentees"], arrays["rows.mentors"] = _ids(encoded.mentees), _ids(encoded.mentors)
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def unpack(kept: bytes) -> Kept:
    """The other way round; the explanation of the matching comes back empty."""
    with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
        parts: dict[str, dict[str, Any]] = {}
        for name in arrays.files:
            where, _, field = name.partition(".")
            parts.setdefault(where, {})[field] = arrays[name]
    pool = Pool(Mentees(**parts["mentees"]), Mentors(**parts["mentors"]), **parts["pool"])
    criteria = Criteria(**{name: _scalar(value) for name, value in parts["criteria"].items()})
    empty = np.zeros((0, 3), np.int32)
    matching = Matching(
        **{name: _scalar(value) for name, value in parts["matching"].items()},
        waterfall=Waterfall(0, ()),
        next_best=NextBest(empty, empty.astype(np.int16), empty),
        unmatched_mentees=(),
        unmatched_mentors=(),
    )
    rows = {side: [UUID(bytes=row.tobytes()) for row in ids] for side, ids in parts["rows"].items()}
    return Kept(pool, criteria, matching, rows["mentees"], rows["mentors"])


def _ids(cards: Sequence[Card]) -> Any:
    return np.frombuffer(b"".join(card.participation_id.bytes for card in cards), np.uint8).reshape(-1, 16)


def _scalar(value: Any) -> Any:
    return value.item() if value.ndim == 0 else value


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
