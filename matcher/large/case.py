"""A solved run as the explanations see it."""

from collections.abc import Callable
from typing import NamedTuple

from matcher.columns import I32
from matcher.given import Given
from matcher.large.pricing import Proved
from matcher.quotas import Floor
from matcher.scan.layout import Packed
from matcher.solve.margins import Margins

Tell = Callable[[str, float], None]


class Case(NamedTuple):
    given: Given
    floor: Floor
    proved: Proved
    margins: Margins
    match: I32
    """int32[n]: real mentors, with locked pairs."""
    threads: int
    tell: Tell
    packed: Packed
    """The pool as the run scanned it."""
    lift: int = 0
    """What each pair weighs beside its score, in `proved` and so in `margins`."""
    least: int = 1
    """Pairs that score less take no part."""
