"""Why this pair, or why not: the answer to one question about two people."""

import numpy as np

from matcher import dense, repairing
from matcher.columns import CRITERIA, LIMITS, Criteria, Pool, Quotas
from matcher.digest import digest
from matcher.errors import InvalidColumn, LimitReached
from matcher.forcing import FAR, distances
from matcher.given import Given, given
from matcher.limits import failures
from matcher.modes import whole
from matcher.modes.running import SCORE, STABLE
from matcher.proposing import MOST_A_SIDE, is_small
from matcher.results import Matching, Reasons
from matcher.scoring import contributions, scene
from matcher.watching import Watch


def explain(
    pool: Pool,
    criteria: Criteria,
    mentee: int,
    mentor: int,
    *,
    matching: Matching | None = None,
    threads: int = 1,
) -> Reasons:
    """
    The contributions of a pair, the limits it fails, and what forcing it would cost.

    With a `matching`, its mode, locked and forbidden pairs and quotas hold, and a result of greatest total answers from
    its prices by one repair, as long as that does not lead too far; without, none hold, and the run is solved for it.

    Raises:
        InvalidColumn: a row that is not in the pool, a bad pool, or a matching of another one.
        LimitReached: more than 300,000 on a side.
    """
    none = np.zeros((0, 2), np.int32)
    locked = none if matching is None else matching.locked_pairs
    forbidden = none if matching is None else matching.forbidden_pairs
    quotas = None if matching is None else Quotas(matching.mentee_quota, matching.mentor_quota)
    x = given(pool, criteria, locked, forbidden, quotas)
    for name, row, people in (("mentee", mentee, pool.mentees), ("mentor", mentor, pool.mentors)):
        if not 0 <= row < len(people.key):
            raise InvalidColumn(name, row, "row out of range")
        if len(people.key) > MOST_A_SIDE:
            raise LimitReached(f"{name}s", len(people.key), MOST_A_SIDE)
    mask, points, parts = pair_facts(x, mentee, mentor)
    price: int | None
    failed = tuple(name for k, name in enumerate(LIMITS) if mask >> k & 1)
    mode = SCORE if matching is None else matching.claim.mode
    if matching is not None and (mode == SCORE or not is_small(x)):
        if matching.digest != digest(pool, criteria, mode):
            raise InvalidColumn("matching", -1, "is of other columns")
        if failed or are_together(matching, mentee, mentor):
            is_matched, price = are_together(matching, mentee, mentor), 0
        else:
            is_matched, price = repaired(x, matching, mentee, mentor, points, threads)
    elif mode == SCORE:
        is_matched, price = anew(x, mentee, mentor, points)
    else:
        is_matched, price = whole.force(x, mode, mentee, mentor)
    return Reasons(
        mentee,
        mentor,
        points,
        dict(zip(CRITERIA, parts, strict=True)),
        failed[0] if failed else "",
        failed,
        is_matched,
        price if is_matched or not failed else None,
    )


def are_together(matching: Matching, mentee: int, mentor: int) -> bool:
    return bool(((matching.mentee == mentee) & (matching.mentor == mentor)).any())


def repaired(
    x: Given, matching: Matching, mentee: int, mentor: int, points: int, threads: int
) -> tuple[bool, int | None]:
    """Of a legal pair that is not matched."""
    if matching.claim.mode == STABLE:
        return False, None
    if matching.claim.mode != SCORE:
        from matcher.large.aims import force

        return force(x, matching.claim.mode, mentee, mentor, points, threads)
    try:
        return repairing.force(x, matching, mentee, mentor, points, steps=repairing.STEPS)
    except repairing.TooFar:
        return anew(x, mentee, mentor, points)


def anew(x: Given, mentee: int, mentor: int, points: int) -> tuple[bool, int | None]:
    """Whether the pair is matched, and the points lost when it is forced; None when locks or quotas leave no way."""
    return (densely if is_small(x) else largely)(x, mentee, mentor, points)


def pair_facts(x: Given, mentee: int, mentor: int) -> tuple[int, int, list[int]]:
    """Mask of failed limits, score and contributions of one pair."""
    from matcher.large.taking import among

    few, barred = among(x.pool, x.forbidden, np.array([mentee]), np.array([mentor]))
    facts = scene(few, x.criteria)
    mask, points = failures(facts, slice(0, 1), barred)
    parts = contributions(facts, np.array([0]), np.array([0]))
    return int(mask[0, 0]), int(points[0, 0]), [int(part[0]) for part in parts]


def densely(x: Given, mentee: int, mentor: int, points: int) -> tuple[bool, int | None]:
    run = dense.solve(x, Watch(None, None))
    if run.match[mentee] == mentor:
        return True, 0
    near = distances(run.market, run.prices, run.floor_match, lambda _: None)
    ask = int(dense.asking_scores(run, near)[mentee, mentor])
    return False, None if ask == FAR else ask - points


def largely(x: Given, mentee: int, mentor: int, points: int) -> tuple[bool, int | None]:
    from matcher.large.running import force

    return force(x, mentee, mentor, points)
