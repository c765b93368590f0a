"""A run as the explanations see it."""

from collections.abc import Callable
from typing import NamedTuple

from matcher.columns import I32
from matcher.given import Given
from matcher.large.pricing import Proved
from matcher.quotas import Floor
from matcher.scan.layout import Packed
from matcher.solve.margins import Margins

Tell = Callable[[str, float], None]


class Setting(NamedTuple):
    """Who stands with whom, of which people, by which rules."""

    given: Given
    floor: Floor
    match: I32
    """int32[n]: real mentors, with locked pairs."""
    packed: Packed
    """The pool as the run scanned it."""
    threads: int
    tell: Tell
    lift: int = 0
    """What each pair weighs beside its score, where people go first."""
    least: int = 1
    """Pairs that score less take no part."""


class Case(NamedTuple):
    setting: Setting
    proved: Proved
    margins: Margins
