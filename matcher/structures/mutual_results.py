"""What a run of pairs within one pool gives back, and what is found on the way to it."""

from typing import NamedTuple

from matcher.columns import I32
from matcher.results import Unmatched, Waterfall
from matcher.structures.proofs import Proof


class MutualMatching(NamedTuple):
    """Pairs of rows (`one` < `other`), ascending. Where `total` equals `bound`, nothing can be better."""

    one: I32
    """int32[p]"""
    other: I32
    """int32[p]"""
    score: I32
    """int32[p]"""
    contributions: I32
    """int32[p, len(CRITERIA)], each row adds up to the score."""
    total: int
    bound: int
    proof: Proof
    """Prices of all rows, of those in locked pairs 0."""
    pairs_possible: int
    waterfall: Waterfall
    """Of pairs: what forbids one direction forbids both."""
    unmatched: tuple[Unmatched, ...]
    locked_pairs: I32
    forbidden_pairs: I32
    digest: str
    version: str


class Found(NamedTuple):
    """Pairs of everybody whom no lock keeps, and what is told of all."""

    partner: I32
    """int32[n], -1 = none; locked people have none here."""
    proof: Proof
    waterfall: Waterfall
    unmatched: tuple[Unmatched, ...]
