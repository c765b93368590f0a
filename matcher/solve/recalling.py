"""
The best edges of a bidder, remembered from bid to bid (look-back: Bertsekas 1992).

Prices of the other side only rise while one side bids, so what an edge leaves only falls: those remembered
stay the best while the second best of them is not below the best of those not remembered.
"""

from matcher.columns import I32, I64
from matcher.compiling import lean

KEPT = 11
"""Remembered edges. With 7, which fill one line of cache, rows are looked through more often; 15 take longer to recall."""
BOUND, COUNT = 2 * KEPT, 2 * KEPT + 1

REACH = 4
"""Steps below the best edge within which others are remembered at first."""

PIECE = 16
"""Edges between two looks at whether the rest of a sorted row can matter."""


@lean
def recall(row: I32, price: I64) -> tuple[int, int, int]:
    """(who leaves most, how much, what the second leaves), -1 and 0 where nothing leaves more than 0."""
    best, second, other = 0, 0, -1
    for t in range(row[COUNT]):
        # Without branches: nobody could foretell them.
        left = row[KEPT + t] - price[row[t]]
        second = max(second, min(best, left))
        other = row[t] if left > best else other
        best = max(best, left)
    return other, best, second


@lean
def remember(
    is_sorted: bool, indices: I32, score: I32, price: I64, begin: int, end: int, reach: I64, near: I32, row: I32
) -> None:  # fmt: skip
    """
    Puts up to KEPT of the edges begin .. end - 1 that leave most, the best two among them, into `row`, and a bound on all others.

    Looked for are those within reach[0] of the best, so that nothing need be sorted; where more than fit are so near,
    half as far. `reach` is moved to what makes about as many as fit. near int32[end - begin + 1] is scratch.
    """
    best, second = 0, 0
    at = begin
    while at < end:
        if is_sorted and score[at] < second and score[at] <= best - reach[0]:
            end = at  # scores fall and prices are 0 or more
            break
        stop = min(at + PIECE, end)
        for e in range(at, stop):
            left = score[e] - price[indices[e]]
            second = max(second, min(best, left))
            best = max(best, left)
        at = stop
    least = best - second + 1
    far = max(reach[0], least)
    count = 0
    for e in range(begin, end):
        near[count] = e - begin
        count += score[e] - price[indices[e]] > max(best - far, 0)
    if count > KEPT:
        reach[0] = max(reach[0] - (reach[0] >> 3), 1)
    elif count < KEPT - 2:
        reach[0] += (reach[0] >> 3) + 1
    while count > KEPT and far > least:
        far = max(far >> 1, least)
        among, count = count, 0
        for t in range(among):
            e = begin + near[t]
            near[count] = e - begin
            count += score[e] - price[indices[e]] > max(best - far, 0)
    row[BOUND] = max(best - far, 0)
    if count > KEPT:
        row[BOUND] = second  # too many leave as much as the second best: some of them will do
        for t in range(count):
            e = begin + near[t]
            if score[e] - price[indices[e]] == best:
                near[0], near[t] = near[t], near[0]
                break
        count = KEPT
    for t in range(count):
        row[t], row[KEPT + t] = indices[begin + near[t]], score[begin + near[t]]
    row[COUNT] = count
