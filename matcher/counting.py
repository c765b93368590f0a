"""How many pairs stay possible after each limit: what a run would find, without finding it."""

from typing import NamedTuple

from matcher.columns import Criteria, Pool
from matcher.errors import LimitReached
from matcher.given import Pairs, given
from matcher.proposing import MOST_A_SIDE
from matcher.scan.counting import count_left
from matcher.scan.packing import pack


class Counted(NamedTuple):
    """`left` are the pairs after each limit of `LIMITS` in order; `few` the mentees with less than three mentors."""

    pairs: int
    left: tuple[int, ...]
    few: int


def count_pairs(pool: Pool, criteria: Criteria, *, forbidden: Pairs = (), threads: int = 1) -> Counted:
    """
    Raises:
        InvalidColumn: the input is not what its description says.
        LimitReached: more than a run takes on a side.
    """
    x = given(pool, criteria, (), forbidden, None)
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    for side, count in (("mentees", n), ("mentors", m)):
        if count > MOST_A_SIDE:
            raise LimitReached(side, count, MOST_A_SIDE)
    found = count_left(pack(pool, criteria, x.forbidden), threads=threads)
    return Counted(n * m, tuple(found.left.tolist()), found.with_few)
