"""Pairs of one pool that is too large for all pairs at once: the same limits, scores and reasons, row by row."""

from functools import partial

import numpy as np

from matcher.columns import I32
from matcher.explaining import binding_limit
from matcher.given import Given
from matcher.large.taking import failed_of_pairs, pairless
from matcher.limits import Mask
from matcher.locks import check_locked
from matcher.results import Unmatched
from matcher.structures.covering import cover
from matcher.structures.crowds import scenery
from matcher.structures.mutual_results import Found
from matcher.structures.ordering import moved, reordered
from matcher.structures.peer_counts import EVERY, count_left, failed_by
from matcher.structures.peering import MUTUAL
from matcher.structures.proofs import Proof
from matcher.unanswered import has_no_answer
from matcher.watching import Watch


def pairs_of_many(x: Given, kept: I32, threads: int, watch: Watch) -> Found:
    """
    Pairs of everybody but those in `kept` (int32[k, 2]), who stay together.

    Raises:
        LockedRefused: a kept pair cannot stand.
    """
    failed = failed_of_pairs(x.pool, x.criteria, x.forbidden, x.locked)[0]
    failed |= failed_of_pairs(x.pool, x.criteria, x.forbidden, x.locked[:, ::-1])[0]
    check_locked(x, failed.tolist())
    n = len(x.pool.mentees.key)
    order = np.argsort(x.pool.mentees.key, kind="stable")
    place = np.argsort(order)
    pool = reordered(x.pool, order, order)
    s = scenery(pool, x.criteria, moved(x.forbidden, order, order), pause=partial(watch, "scoring"))
    left = count_left(s, EVERY, MUTUAL, threads, lambda done: watch("scoring", done))
    free = np.ones(n, np.bool_)
    free[place[kept.ravel()]] = False
    found = cover(s, free, threads, partial(watch, "solving"))
    partner = np.append(order, -1)[found.partner][place].astype(np.int32)
    together = partner.copy()
    together[kept.ravel()] = kept[:, ::-1].ravel()
    facts = pairless(x.pool, x.criteria)

    def told(row: int) -> Unmatched:
        watch("explaining", 0)
        mask: Mask = np.delete(failed_by(s, int(place[row]), EVERY, MUTUAL), place[row])
        possible = int((mask == 0).sum())
        reason = "taken" if possible else binding_limit(mask)
        return Unmatched(row, reason, has_no_answer(facts, "mentees", row, reason), possible, ())

    return Found(
        partner,
        Proof(found.price[place], ()),
        left.waterfall,
        tuple(told(row) for row in np.flatnonzero(together < 0).tolist()),
    )
