"""What a run puts first, as the matcher's modes; and what that came to, beside the most points in all."""

from collections.abc import Callable
from typing import Any, NamedTuple

from matcher import PEOPLE, SCORE, STABLE, WORST_OFF, Criteria, Matching
from matcher.modes import loss
from matcher.swapping import blocking_pairs
from tenants.proposals.runs.criteria import Snapshot
from workers.matching.encoding import Encoded

MODES = {"points": SCORE, "people": PEOPLE, "lowest": WORST_OFF, "stable": STABLE}


class Price(NamedTuple):
    """What another choice would cost the whole. `points` below zero are gained, at the price of people."""

    points: int
    people: int


def mode_of(snapshot: Snapshot) -> int:
    return MODES[snapshot.criteria.aim]


def price(matching: Matching, margin: int) -> Price | None:
    """A margin of the matcher in points and people; None where there is no such price."""
    if margin < 0:
        return None
    if matching.claim.mode in (PEOPLE, WORST_OFF):
        people, points = loss(matching.claim, margin)
        return Price(points, people)
    return Price(margin, 0)


def told(
    encoded: Encoded,
    criteria: Criteria,
    snapshot: Snapshot,
    matching: Matching,
    threads: int,
    pause: Callable[[float], None],
) -> dict[str, Any]:
    """
    `most_points_*` is what the most points in all would have meant for people; the price is `bound` - `total`.

    `blocking_pairs` counts who would both rather have each other.
    """
    claim = matching.claim
    return {
        "aim": snapshot.criteria.aim,
        "most_points_matched": claim.plain_pairs if claim.mode else len(matching.mentee),
        "most_points_lowest": claim.plain_lowest if claim.mode else min(matching.score.tolist(), default=0),
        "blocking_pairs": blocking_pairs(encoded.pool, criteria, matching, threads=threads, pause=pause),
    }
