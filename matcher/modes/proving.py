"""A mode's result recounted from its proof alone, without the code that made it."""

import numpy as np

from matcher.columns import I32, Flags
from matcher.modes.graphs import Candidates, edited, rows_of
from matcher.modes.reach import Cover
from matcher.modes.results import ModeResult
from matcher.modes.running import MODES


def violations(
    result: ModeResult, graph: Candidates, *, pinned: I32 | None = None, forbidden: I32 | None = None
) -> tuple[str, ...]:
    """What the mode promised and the proof does not show; empty when all of it holds."""
    edit = edited(graph, pinned, forbidden)
    here, n = edit.open, len(graph.indptr) - 1
    rows = rows_of(here)
    match = np.where(edit.pinned >= 0, -1, result.match)
    used = match[rows] == here.indices
    people = int((match >= 0).sum())
    total = int(here.score[used].sum(dtype=np.int64))
    promises = MODES[result.mode].promises
    proof = result.proof
    wrong = {
        "match": int(used.sum()) != people
        or bool((result.match[edit.pinned >= 0] != edit.pinned[edit.pinned >= 0]).any()),
        "capacity": bool(
            (
                np.bincount(result.match[result.match >= 0], minlength=len(graph.capacity)) > graph.capacity
            ).any()
        ),
        "count": result.matched != int((result.match >= 0).sum()) or len(result.match) != n,
        "total": result.total != total + edit.pinned_total,
        "least": result.least != int(here.score[used].min(initial=np.iinfo(np.int32).max) if people else 0),
        "price": result.price != result.plain_total - result.total,
        "blocking_pairs": "blocking_pairs" in promises and result.blocking_pairs != 0,
    }
    if "total" in promises:
        floor = here.score >= proof.floor
        paid = proof.mentee_price[rows] + proof.mentor_price[here.indices]
        value = int(proof.mentee_price.sum()) + int((proof.mentor_price * here.capacity).sum())
        wrong["prices"] = bool((paid < here.score.astype(np.int64) + proof.lift)[floor].any()) or (
            min(int(proof.mentee_price.min(initial=0)), int(proof.mentor_price.min(initial=0))) < 0
        )
        wrong["bound"] = value != total + proof.lift * people or bool((used & ~floor).any())
    if "matched" in promises:
        most = covered(proof.people, here, here.score > 0)
        wrong["people"] = most != people
    if "least" in promises and people:
        # Nobody could be matched above the floor, or fewer people than were.
        above = here.score > proof.floor
        wrong["above"] = bool(above.any()) and not covered(proof.above, here, above) < people
    return tuple(name for name, is_wrong in wrong.items() if is_wrong)


def covered(cover: Cover | None, graph: Candidates, edges: Flags) -> int:
    """What the cover allows; more than anybody could match when it misses an edge."""
    n = len(graph.indptr) - 1
    if cover is None or not (cover.mentee[rows_of(graph)] | cover.mentor[graph.indices])[edges].all():
        return n + 1
    return int(cover.mentee.sum()) + int(graph.capacity[cover.mentor].sum(dtype=np.int64))
