"""What a mode gives back: the matching, its proof, and what it costs against the plain optimum."""

from typing import NamedTuple

from matcher.columns import I32, I64
from matcher.modes.reach import Cover


class Proof(NamedTuple):
    """
    Everything here is about the graph that pins and bans leave open.

    On every edge of at least `floor`: mentee_price + mentor_price >= score + lift; prices are 0 or more; together
    (mentors' times their places) they are total + lift * people. So at this number of people, or at more,
    nothing has a greater total. `people` covers every edge: nobody can match more. `above` covers every edge
    better than `floor` with fewer people than were matched: so the least score cannot be higher. A cover
    is None, and a price empty, where the mode claims nothing of the kind.
    """

    mentee_price: I64
    mentor_price: I64
    lift: int
    floor: int
    people: Cover | None
    above: Cover | None


class ModeResult(NamedTuple):
    mode: int
    match: I32
    """int32[n], with pinned pairs; -1 = unmatched."""
    matched: int
    least: int
    """Lowest score of a pair that was not pinned, 0 without one."""
    total: int
    """With the points of pinned pairs, as `bound`."""
    bound: int
    """No matching that keeps what this mode puts first has a greater total; for the stable mode, none at all."""
    gap: int
    """bound - total"""
    blocking_pairs: int
    """Among the pairs that pins and bans leave open."""
    plain_total: int
    """The greatest total of all, whoever is left out."""
    plain_matched: int
    plain_least: int
    price: int
    """plain_total - total: what the mode costs."""
    proof: Proof
