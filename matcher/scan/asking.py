"""A question to the scan as plain arrays, so that it can be asked elsewhere too."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from matcher.columns import I16, I32
from matcher.scan.spreading import Pause


class Ask(NamedTuple):
    """
    For each of `people` the `k` best of the other side by score - price, above a bound.

    Prices and bounds are all that changes from pass to pass, two bytes a person.
    """

    side: Literal["mentees", "mentors"]
    """Whose lists are wanted."""
    people: I32
    """int32[p]: whom, in the order in which the answer is given."""
    k: int
    price: I16
    """int16, 0 .. 32,766: of everybody on the other side."""
    above: I16
    """int16[p]"""
    is_scattered: bool = False
    """Of equals the first goes by a hash of both keys, so that not everybody has the same: see `scanning.top_mentors`."""


Found = tuple[I32, I32, I16]
"""A `scanning.Lists`, one row for each of `Ask.people`."""

Others = Callable[[Ask, Pause | None], Found | None]
"""Answers a question together with other processes; None when nobody is there, who would have to ask alone."""
