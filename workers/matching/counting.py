"""What the constraints leave, for a page that asks before a run: no solving, no people."""

from typing import Any

from matcher import LIMITS, Counted, count_pairs, count_peers
from tenants.programmes.structures import Makes
from tenants.proposals.runs.criteria import Snapshot
from workers.matching.encoding import Encoded
from workers.matching.weighing import tables


def count(encoded: Encoded, snapshot: Snapshot, apart: list[tuple[int, int]]) -> Counted:
    """Pairs of a mentor and a mentee; of peers, any two."""
    criteria = tables(snapshot, len(encoded.sectors))
    if snapshot.kind in (Makes.MUTUAL, Makes.CIRCLES):
        in_circles = snapshot.kind is Makes.CIRCLES
        return count_peers(encoded.pool, criteria, forbidden=apart, in_circles=in_circles)
    return count_pairs(encoded.pool, criteria, forbidden=apart)


def waterfall(pairs: int, left: tuple[int, ...], shown: tuple[str, ...]) -> list[dict[str, Any]]:
    """The constraints that are in use, or take something all the same, each with what it takes and leaves."""
    rows: list[dict[str, Any]] = []
    before = pairs
    for limit, after in zip(LIMITS, left, strict=True):
        if after != before or limit in shown:
            rows.append({"limit": limit, "taken": before - after, "left": after})
        before = after
    return rows
