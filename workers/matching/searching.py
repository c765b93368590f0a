"""One search by hand from cards to an answer: pure computation, with the columns, tables and words of a run."""

from collections.abc import Sequence
from typing import Any

from matcher import (
    CRITERIA,
    LIMITS,
    VERSION,
    Searched,
    digest,
    search_mentees,
    search_mentors,
    search_peers,
)
from tenants.pools.models import Side
from tenants.pools.queries import Card
from tenants.proposals.runs.criteria import MOST, Snapshot
from tenants.proposals.searches.inputs import Read
from tenants.proposals.searches.rules import BEST, card_digest
from workers.matching import describing, seating
from workers.matching.counting import waterfall
from workers.matching.encoding import Encoded, encode
from workers.matching.weighing import in_use, tables

Answer = tuple[dict[str, Any], str, str]


def search(read: Read, snapshot: Snapshot, named_id: str | None) -> Answer:
    """The result, the digest of its inputs, and the version of the matcher."""
    mine = read.mine.participation_id
    pairs = [(mine, one) if read.mine.side != Side.MENTOR else (one, mine) for one in sorted(read.never)]
    encoded = encode([read.mine, *read.others], pairs, snapshot.meets_on)
    criteria = tables(snapshot, len(encoded.sectors))
    kept = encoded.rows(
        (mine, one) if read.mine.side != Side.MENTOR else (one, mine) for one in sorted(read.apart)
    )
    others, row, look = _sides(encoded, read.mine)
    found = look(encoded.pool, criteria, row, forbidden=kept)
    best = found.best.tolist()

    def told(other: int) -> dict[str, Any]:
        return _told(encoded, snapshot, found, row, other, others)

    named = next((at for at, card in enumerate(others) if str(card.participation_id) == named_id), None)
    result = {
        "side": read.mine.side,
        "most": MOST,
        "card": card_digest(read.mine),
        "others": found.waterfall.pairs,
        "elsewhere": read.elsewhere,
        "possible": len(best),
        "waterfall": waterfall(found.waterfall.pairs, found.waterfall.left, in_use(snapshot)),
        "best": [told(other) for other in best[:BEST]],
        "named": None if named is None else told(named),
        # Her place among all who are possible, from 1; 0 where a limit forbids it, or nobody is asked about.
        "place": best.index(named) + 1 if named in best else 0,
    }
    return result, digest(encoded.pool, criteria), VERSION


def _sides(encoded: Encoded, mine: Card) -> tuple[Sequence[Card], int, Any]:
    """The other side, her own row, and how it is looked at."""
    if mine.side == Side.MENTOR:
        return encoded.mentees, encoded.mentor_row[mine.participation_id], search_mentees
    if mine.side == Side.MENTEE:
        return encoded.mentors, encoded.mentee_row[mine.participation_id], search_mentors
    return encoded.mentees, encoded.mentee_row[mine.participation_id], search_peers


def _told(
    encoded: Encoded, snapshot: Snapshot, found: Searched, mine: int, other: int, others: Sequence[Card]
) -> dict[str, Any]:
    """One of the others: points by criterion with their facts, and the limits that she fails."""
    card = others[other]
    points = dict(zip(CRITERIA, found.parts[other].tolist(), strict=True))
    mask = int(found.mask[other])
    return {
        "participation_id": str(card.participation_id),
        "card": card_digest(card),
        "score": int(found.score[other]),
        "contributions": _contributions(encoded, snapshot, points, mine, other, card.side),
        "failed": [name for bit, name in enumerate(LIMITS) if mask >> bit & 1],
    }


def _contributions(
    encoded: Encoded, snapshot: Snapshot, points: dict[str, int], mine: int, other: int, side: str
) -> list[dict[str, Any]]:
    if side == Side.MENTOR:
        return describing.contributions(encoded, snapshot, points, mine, other)
    if side == Side.MENTEE:
        return describing.contributions(encoded, snapshot, points, other, mine)
    one, two = sorted((mine, other), key=lambda row: encoded.mentees[row].participation_id)
    return seating.of_two(encoded, snapshot, points, one, two)
