"""
A second opinion on pairs of peers.

Nothing is taken from the code that makes them: `recounting.pairs` says what a pair is worth and whether it may be.
"""

from collections.abc import Iterator

import numpy as np

from matcher.columns import I32, I64, Criteria, Flags, Pool
from matcher.digest import digest
from matcher.recounting.pairs import Facts, facts, legal, place_in, points_of, too_close, unsuited
from matcher.results import Certificate
from matcher.structures.mutual_results import MutualMatching
from matcher.validation import check_pool

MOST_VIOLATIONS = 100
HALF_HOUR = 30
ROWS = 64
"""People whose pairs are looked at together."""

SMALL = 1_000
"""Up to so many people all pairs stand in one table; beyond, they are swept in blocks."""

FAR = 1 << 40
"""The price of somebody whom a lock keeps: no pair with her is of interest."""


def certify_mutual(pool: Pool, criteria: Criteria, found: MutualMatching) -> Certificate:
    """
    Recount pairs of one pool: everybody once, all pairs legal both ways, scores, and the prices of every pair there could be.

    Raises:
        InvalidColumn: pool or criteria are not what their description says.
    """
    check_pool(pool, criteria)
    n = len(pool.mentees.key)
    checked = n * (n - 1) // 2
    used = [*found.one.tolist(), *found.other.tolist()]
    if len(set(used)) != len(used) or any(not 0 <= i < n for i in used) or len(found.proof.price) != n:
        return Certificate(False, 0, 0, 0, ("pairs_malformed",))
    s = facts(pool, criteria, both(found.forbidden_pairs))
    pairs = np.stack([found.one, found.other], axis=1).astype(np.int64)
    table, may, is_mutual = worths_of(s, pairs[:, 0], pairs[:, 1])
    faults = [] if found.digest == digest(pool, criteria) else ["other_input"]
    locked = {tuple(pair) for pair in found.locked_pairs.tolist()}
    total = 0
    for at, pair in enumerate(map(tuple, pairs.tolist())):
        points, parts = int(table[at]), found.contributions[at]
        if not may[at] or not (is_mutual[at] or pair in locked):
            faults.append(f"illegal_pair: {pair[0]} {pair[1]}")
        if int(found.score[at]) != points or int(parts.sum()) != points or (parts < 0).any():
            faults.append(f"wrong_score: {pair[0]} {pair[1]}")
        total += points
    faults += [f"lock_broken: {a} {b}" for a, b in locked - set(map(tuple, pairs.tolist()))]
    fixed = [i for pair in sorted(locked) for i in pair]
    kept = np.array(sorted(locked), np.int64).reshape(-1, 2)
    recounted = mutual_bound if n <= SMALL else swept_bound
    bound = recounted(s, found, fixed, faults) + int(worths_of(s, kept[:, 0], kept[:, 1])[0].sum())
    if total != found.total or not found.total <= found.bound <= bound:
        faults.append(f"not_bounded: {total} {found.total} {found.bound} {bound}")
    return Certificate(not faults, total, bound, checked, tuple(faults[:MOST_VIOLATIONS]))


def swept_bound(s: Facts, found: MutualMatching, fixed: list[int], faults: list[str]) -> int:
    """What the prices prove in a large pool, where they cover every pair; odd sets have no price there."""
    from matcher.recounting.peers import sweep_peers  # compiled kernels: loaded when they are worth it

    price = np.array(found.proof.price, np.int64)
    if (price < 0).any() or found.proof.odd_sets:
        faults.append("prices_too_low")
    price[fixed] = FAR

    def judge(a: I64, b: I64) -> None:
        worth, may, is_mutual = worths_of(s, a, b)
        bad = may & is_mutual & (2 * worth > price[a] + price[b])
        faults.extend(
            f"prices_too_low: {i} {j}" for i, j in zip(a[bad][:1].tolist(), b[bad][:1].tolist(), strict=True)
        )

    sweep_peers(s, price, 0, is_sum=False, judge=judge)
    return int(found.proof.price.sum()) // 2


def mutual_bound(s: Facts, found: MutualMatching, fixed: list[int], faults: list[str]) -> int:
    """What the doubled prices of people and of odd sets of them prove (Edmonds 1965), where they cover every pair."""
    table, may, is_mutual = worths(s)
    worth = table * (may & is_mutual)
    paid = found.proof.price[:, None] + found.proof.price
    value = int(found.proof.price.sum())
    is_sound = bool((found.proof.price >= 0).all())
    for odd in found.proof.odd_sets:
        paid[np.ix_(odd.people, odd.people)] += odd.price
        value += odd.price * (len(odd.people) // 2)
        is_sound &= odd.price >= 0 and len(odd.people) % 2 == 1 == len(odd.people) // len(
            set(odd.people.tolist())
        )
    open_worth = np.maximum(worth, 0)
    open_worth[fixed], open_worth[:, fixed] = 0, 0
    np.fill_diagonal(open_worth, 0)
    if not is_sound or (paid < 2 * open_worth).any():
        faults.append("prices_too_low")
    return value // 2


def both(pairs: I32) -> I32:
    return np.concatenate([pairs, pairs[:, ::-1]]).astype(np.int32)


def directions(s: Facts) -> Iterator[tuple[I64, I64, I64]]:
    """Blocks of rows: (rows, all columns of each, what the row gets from the column)."""
    n = len(s.pool.mentees.key)
    for start in range(0, n, ROWS):
        rows = np.repeat(np.arange(start, min(start + ROWS, n)), n)
        columns = np.tile(np.arange(n), len(rows) // max(n, 1))
        yield rows, columns, points_of(s, rows, columns).sum(axis=0)


def points(s: Facts) -> I64:
    n = len(s.pool.mentees.key)
    found = np.zeros((n, n), np.int64)
    for rows, columns, block in directions(s):
        found[rows, columns] = block
    return found


def worths(s: Facts) -> tuple[I64, Flags, Flags]:
    """What any two are worth as a pair (of what one gets more, half counts), whether they may be one, and whether both get anything."""
    there = points(s)
    back = there.T
    n = len(there)
    worth = there + back - (np.abs(there - back) + 1) // 2
    may = np.zeros((n, n), np.bool_)
    for rows, columns, _block in directions(s):
        may[rows, columns] = (
            (s.pool.mentors.capacity[columns] > 0) & ~barred(s, rows, columns) & ~unsuited(s, rows, columns)
        )
    return worth, may & may.T, (there > 0) & (back > 0)


def worths_of(s: Facts, one: I64, other: I64) -> tuple[I64, Flags, Flags]:
    """As `worths`, of some pairs."""
    there, back = points_of(s, one, other).sum(axis=0), points_of(s, other, one).sum(axis=0)
    may = legal(s, one, other) & legal(s, other, one)
    return there + back - (np.abs(there - back) + 1) // 2, may, (there > 0) & (back > 0)


def barred(s: Facts, i: I64, j: I64) -> Flags:
    listed: Flags = (place_in(s.pool, s.exclusions, i, j) >= 0) | (place_in(s.pool, s.forbidden, i, j) >= 0)
    return listed | too_close(s, i, j)
