"""Why no set of pairs can be better: prices of people, and of odd sets of them."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I64
from matcher.modes.graphs import Candidates, rows_of


class OddSet(NamedTuple):
    """People of whom, being an odd number, one must stay out: a price on the pairs within."""

    people: I64
    price: int


class Proof(NamedTuple):
    """
    Prices are doubled, and 0 or more.

    For each possible pair: price + price + prices of the odd sets that hold both >= 2 * score. So no set of
    pairs has a greater value than `bound`.
    """

    price: I64
    odd_sets: tuple[OddSet, ...]

    @property
    def bound(self) -> int:
        within = sum(odd.price * (len(odd.people) // 2) for odd in self.odd_sets)
        return (int(self.price.sum()) + within) // 2


def proves(proof: Proof, graph: Candidates) -> bool:
    """Whether the prices cover every pair of the graph, recounted."""
    row = rows_of(graph)
    paid = proof.price[row] + proof.price[graph.indices]
    sound = bool((proof.price >= 0).all())
    for odd in proof.odd_sets:
        inside = np.zeros(len(proof.price), np.bool_)
        inside[odd.people] = True
        paid = paid + odd.price * (inside[row] & inside[graph.indices])
        sound &= len(odd.people) % 2 == 1 and int(inside.sum()) == len(odd.people) and odd.price >= 0
    return sound and bool((paid >= 2 * graph.score.astype(np.int64)).all())
