"""
By how much a bid may be above what it must be: large steps end an auction sooner, small ones leave less to repair.

All are parts of what a mentee typically earns with her best mentor.
"""

from typing import NamedTuple

import numpy as np

from matcher.solve.graph import Graph

LOOSE = 2048
SCARCE = (376, 5000)
"""Two auctions are enough where first prices are good: what is left is searched for."""

FAR = (64, 1024, 8192)
"""Where they turn out to have far to go."""

MANY_PLACES = 512
FINER = 16
"""A search through a mentor with many places is dear: a finer step more, on finer scores, leaves few of them to do."""


class Steps(NamedTuple):
    typical: int
    """The median of the best score of each row."""
    has_crowds: bool
    """Has some mentor many places?"""

    def part(self, of: int) -> int:
        return max(1, self.typical // of)

    def loose(self) -> int:
        """Of the only auction where places are plenty."""
        return self.part(LOOSE * (FINER if self.has_crowds else 1))

    def scarce(self) -> list[int]:
        return self.parts(SCARCE)

    def far(self) -> list[int]:
        return self.parts(FAR)

    def parts(self, of: tuple[int, ...]) -> list[int]:
        finest = (of[-1] * FINER,) if self.has_crowds else ()
        return [self.part(each) for each in of + finest]


def steps_of(graph: Graph, has_crowds: bool) -> Steps:
    first = graph.indptr[:-1][np.diff(graph.indptr) > 0]
    return Steps(int(np.median(graph.score[first])) if len(first) else 1, has_crowds)
