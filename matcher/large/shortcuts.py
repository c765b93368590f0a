"""
A cheaper way than the graph of candidates knows, over one pair of the whole pool that it does not hold.

Known are the ways from one end and to the other. A pass over all pairs, each mentee asked for as much as the way to her
costs more, and each mentor as much as the way on from her, finds the best way over any single pair. Ways over two or more
that the graph does not hold cost twice what each of them costs at least. So a search from both ends takes one scan.
"""

import numpy as np

from matcher.columns import I64
from matcher.quotas import Floor
from matcher.scan.layout import Packed
from matcher.scan.scanning import MOST_SLACK, top_mentors
from matcher.solve.margins import Margins
from matcher.solve.solving import Solution

FAR = 1 << 40
"""Further than any way."""


def shortest_way(
    packed: Packed, ground: Floor, solution: Solution, margins: Margins, source: int, target: int, known: int
) -> int | None:
    """
    Points lost when mentor `source` takes one more mentee and `target` (-1: nobody) loses one; None if that is not certain.

    `known`: what a way over pairs of the graph alone costs.
    """
    if not 0 <= known <= min(2 * margins.near, MOST_SLACK):
        return None
    n, m = ground.mentees, ground.mentors
    hub = margins.hub
    # Beyond the last mentor stands the place of those who have none.
    ahead = np.append(margins.from_mentor(source), hub.home[source])
    back = hub.home if target < 0 else margins.to_mentor(target)
    ahead, back = np.minimum(ahead, FAR), np.minimum(back, FAR)
    price: I64 = solution.mentor_price[:m] + np.where(ground.capacity[:m] > 0, back[:m], FAR)
    asking = np.where(ground.free, solution.mentee_price[:n] + ahead[solution.match[:n]], FAR)
    found = top_mentors(packed, None, 1, mentor_price=price, above=asking - known, is_tight=True)
    better = np.flatnonzero(found.length > 0)
    over_one = asking[better] - (found.score[better, 0] - price[found.person[better, 0]])
    return int(over_one.min(initial=known))
