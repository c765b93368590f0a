"""The groups themselves: from good prices to groups, then better ones, then, if the pool is small, the best."""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from matcher.columns import I64
from matcher.modes.pausing import Pause
from matcher.structures.group_prices import Choices, Priced, all_choices, first_prices, lowered, priced
from matcher.structures.offers import Offers
from matcher.structures.seating import Seats, seat, seat_some

ROUNDS = 12
"""Of lowering the bound, then trying the offers that look best: (steps, times)."""
STEPS = 20

TRIES = 3
"""Other offers of one mentor that are tried."""

WORK = 100_000_000
"""Cells (mentees times places) that the local search may seat: some seconds."""

MOST_NODES = 2_000
CELLS = 800_000_000
"""Cells (offers times mentees) priced in the search for a proof: some ten seconds."""


class Found(NamedTuple):
    seats: Seats
    bound: int
    priced: Priced
    """At the root: the bound that anybody can recount from its prices."""
    nodes: int


def search(offers: Offers, pause: Pause) -> Found:
    """The best groups found, and the lowest bound."""
    choices = all_choices(offers)
    nobody = Seats(0, np.full(offers.worth.shape[1], -1, np.int32), True)
    if not len(offers.mentor):
        return Found(nobody, 0, priced(offers, choices, np.zeros(offers.worth.shape[1], np.int64)), 0)
    root = priced(offers, choices, first_prices(offers))
    best, tried = nobody, set()
    for _ in range(ROUNDS):
        led = root.best[root.best >= 0]
        if led.tobytes() in tried or root.bound <= best.value:
            break
        tried.add(led.tobytes())
        best = max(best, seat_some(offers, led), key=lambda s: s.value)
        root = lowered(offers, choices, root, best.value, STEPS, pause)
    best = climb(offers, root, best, pause)
    root = lowered(offers, choices, root, best.value, 2 * STEPS, pause)
    return branch(offers, root, best, pause)


def climb(offers: Offers, at: Priced, best: Seats, pause: Pause) -> Seats:
    """Change one mentor's offer, or let her begin or stop, as long as that gains."""
    left = WORK
    moved = True
    while moved and best.value < at.bound:
        moved = False
        for mentor in range(offers.mentors):
            now = np.unique(best.offer[best.offer >= 0]).astype(np.int64)
            others = now[offers.mentor[now] != mentor]
            for led in variants(offers, at, mentor, others):
                pause()
                left -= offers.worth.shape[1] * int(offers.room[led].sum())
                if left < 0:
                    return best
                seats = seat_some(offers, led)
                if seats.value > best.value:
                    best, moved = seats, True
                    break
    return best


def variants(offers: Offers, at: Priced, mentor: int, others: I64) -> Iterator[I64]:
    """The mentor's best offers at these prices, then none."""
    hers = np.flatnonzero(offers.mentor == mentor)
    for offer in hers[np.argsort(-at.gain[hers], kind="stable")][:TRIES]:
        yield np.sort(np.append(others, offer))
    yield others


def branch(offers: Offers, root: Priced, best: Seats, pause: Pause) -> Found:
    """
    Branch and bound over what each mentor leads, highest bound first, within `MOST_NODES` and `CELLS`.

    Stopped early, the highest bound still open is the bound.
    """
    open_nodes = [(-root.bound, 0, all_choices(offers), root.price)]
    nodes, made, left = 0, 0, CELLS
    while open_nodes and -open_nodes[0][0] > best.value and nodes < MOST_NODES and left > 0:
        _, _, choices, price = heappop(open_nodes)
        nodes += 1
        left -= STEPS * int(choices.offer.sum()) * len(price)
        at = lowered(offers, choices, priced(offers, choices, price), best.value, STEPS, pause)
        if at.bound <= best.value:
            continue
        choices = narrowed(offers, choices, at, best.value)
        seats = seat_some(offers, at.best[at.best >= 0])
        best = max(best, seats, key=lambda s: s.value)
        for bound, child in children(offers, choices, at):
            if is_decided(offers, child):
                seats = seat(offers, np.flatnonzero(child.offer))
                best = max(best, seats if seats.is_full else best, key=lambda s: s.value)
            elif bound > best.value:
                made += 1
                heappush(open_nodes, (-bound, made, child, at.price))
    bound = max([best.value, *(-node[0] for node in open_nodes)])
    return Found(best, min(bound, root.bound), root, nodes)


def most_of(at: Priced) -> I64:
    """int64[m]: what each mentor gains by her best choice."""
    most: I64 = np.where(at.best >= 0, at.gain[at.best], 0)
    return most


def narrowed(offers: Offers, choices: Choices, at: Priced, value: int) -> Choices:
    """Without what cannot stand in anything better than `value`: taking it costs more than the gap."""
    most = most_of(at)
    keep = choices.offer & (at.bound - (most[offers.mentor] - at.gain) > value)
    return Choices(keep, choices.none & (at.bound - most > value))


def options(offers: Offers, choices: Choices) -> I64:
    return np.bincount(offers.mentor[choices.offer], minlength=offers.mentors) + choices.none


def is_decided(offers: Offers, choices: Choices) -> bool:
    return bool((options(offers, choices) <= 1).all())


def children(offers: Offers, choices: Choices, at: Priced) -> Iterator[tuple[int, Choices]]:
    """One, with its bound, for each choice of the mentor who gains most of those with several."""
    count = options(offers, choices)
    if (count == 0).any():
        return
    if (count == 1).all():
        yield at.bound, choices
        return
    most = most_of(at)
    mentor = int(np.argmax(np.where(count > 1, most, -1)))
    hers = offers.mentor == mentor
    for offer in np.flatnonzero(hers & choices.offer):
        only = choices.offer & ~hers
        only[offer] = True
        yield (
            at.bound - int(most[mentor] - at.gain[offer]),
            Choices(only, choices.none & (np.arange(offers.mentors) != mentor)),
        )
    if choices.none[mentor]:
        yield at.bound - int(most[mentor]), Choices(choices.offer & ~hers, choices.none)
