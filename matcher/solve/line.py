"""
Those who wait to bid, in the order in which they came.

So it is known long before whose edges are wanted next, and they are fetched meanwhile; whom to take next is otherwise of
little weight for an auction (as many bids as when the last to come bids first, and half the time).
"""

from matcher.columns import I32, I64
from matcher.compiling import inlined
from matcher.solve.ahead import LINE, fetch, fetch_edges
from matcher.solve.recalling import WIDTH

NEXT, COUNTED = 0, 1
"""Of `line`, int64[2]: where in the ring the next one stands, and how many wait."""

FAR_AHEAD, AHEAD = 8, 4
"""Places behind the one who bids: memories are fetched that early, and edges, which may not be needed after all."""


@inlined
def waiting_in(line: I64) -> int:
    count: int = line[COUNTED]
    return count


@inlined
def come_next(ring: I32, line: I64) -> int:
    """Takes the first of those who wait."""
    first: int = ring[line[NEXT]]
    line[NEXT] = line[NEXT] + 1 if line[NEXT] + 1 < len(ring) else 0
    line[COUNTED] -= 1
    return first


@inlined
def queue_up(ring: I32, line: I64, who: int) -> None:
    ring[place_of(ring, line[NEXT] + line[COUNTED])] = who
    line[COUNTED] += 1


@inlined
def look_ahead(indptr: I64, indices: I32, score: I32, memory: I32, ring: I32, line: I64) -> None:
    """Fetches what those who come soon will want."""
    if line[COUNTED] > FAR_AHEAD:
        who = ring[place_of(ring, line[NEXT] + FAR_AHEAD)]
        fetch(indptr, who)
        for k in range(0, WIDTH, LINE // memory.itemsize):
            fetch(memory, who * WIDTH + k)
        fetch_edges(indptr, indices, score, ring[place_of(ring, line[NEXT] + AHEAD)])


@inlined
def place_of(ring: I32, at: int) -> int:
    return at if at < len(ring) else at - len(ring)
