"""Why this pair, or why not: the answer to one question about two people."""

import numpy as np

from matcher.columns import CRITERIA, LIMITS, Criteria, Pool, Quotas
from matcher.errors import InvalidColumn
from matcher.forcing import FAR, distances
from matcher.limits import failures
from matcher.proposing import Solved, asking_scores, solve
from matcher.results import Matching, Reasons
from matcher.scoring import contributions, scene
from matcher.validation import check_pool, pair_rows
from matcher.watching import Watch


def explain(
    pool: Pool, criteria: Criteria, mentee: int, mentor: int, *, matching: Matching | None = None
) -> Reasons:
    """
    The contributions of a pair, the limits it fails, and what forcing it would cost.

    With a `matching`, its locked and forbidden pairs and quotas hold; without, none do. The run is
    solved again for it, which gives the same matching.

    Raises:
        InvalidColumn: a row that is not in the pool, or a bad pool.
        LimitReached: more than 2,000 on a side.
    """
    check_pool(pool, criteria)
    for name, row, people in (("mentee", mentee, pool.mentees), ("mentor", mentor, pool.mentors)):
        if not 0 <= row < len(people.key):
            raise InvalidColumn(name, row, "row out of range")
    facts = scene(pool, criteria)
    forbidden = pair_rows("forbidden", () if matching is None else matching.forbidden_pairs, pool)
    mask, points = failures(facts, slice(mentee, mentee + 1), forbidden)
    failed = tuple(name for k, name in enumerate(LIMITS) if int(mask[0, mentor]) >> k & 1)
    parts = contributions(facts, np.array([mentee]), np.array([mentor]))
    nothing = np.zeros((0, 2), np.int32)
    run = solve(
        pool,
        criteria,
        locked=nothing if matching is None else matching.locked_pairs,
        forbidden=forbidden,
        quotas=None if matching is None else Quotas(matching.mentee_quota, matching.mentor_quota),
        watch=Watch(None, None),
    )
    is_matched = bool(run.match[mentee] == mentor)
    price = 0 if is_matched else None
    if not is_matched and not failed:
        price = price_of_forcing(run, mentee, mentor)
    return Reasons(
        mentee,
        mentor,
        int(points[0, mentor]),
        {name: int(part[0]) for name, part in zip(CRITERIA, parts, strict=True)},
        failed[0] if failed else "",
        failed,
        is_matched,
        price,
    )


def price_of_forcing(run: Solved, mentee: int, mentor: int) -> int | None:
    """Points lost when a legal pair is forced; None when locks or quotas leave no way."""
    near = distances(run.market, run.prices, run.floor_match, lambda _: None)
    ask = int(asking_scores(run, near)[mentee, mentor])
    return None if ask == FAR else ask - int(run.score[mentee, mentor])
