"""
Circles of a large pool while they are made: who sits where, what it is worth, and exchanges that get better.

Exchanges that lose are taken too, the fewer the longer it goes on (Kirkpatrick, Gelatt and Vecchi, "Optimization by
simulated annealing", 1983), with whole numbers only, so that every machine makes the same circles.
"""

from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I32, I64, U64
from matcher.compiling import lean

OUT = -1
WAYS = 1024
"""Entries of the table of luck, which is 1,024 times the logarithm that annealing asks for."""


class Round(NamedTuple):
    """C circles; people in the order of their keys. Everything but the first four is written in place."""

    worth: I32
    """int32[n, n]: what two earn together, -1 = never together."""
    speaks: U64
    """uint64[n, W]: bits of languages, well enough to take part."""
    hours: U64
    """uint64[n]: bits of the slots of a day."""
    near: I32
    """int32[n, K]: with whom she is worth most, -1 = no more."""
    circle: I32
    """int32[n], -1 = out"""
    members: I32
    """int32[C, most]"""
    size: I32
    """int32[C]"""
    value: I64
    """int64[n]: what she earns with all others of her circle."""
    found: I32
    """int32[4, most + 1]: scratch for what one person earns with each of a circle."""
    hours_least: int


@lean
def has_common(r: Round, circle: int, leaving: int, joining: int) -> bool:
    """A language, and hours enough, of the circle without one and with another (-1 = nobody)."""
    hours = r.hours[joining] if joining >= 0 else ~np.uint64(0)
    for k in range(r.size[circle]):
        if r.members[circle, k] != leaving:
            hours &= r.hours[r.members[circle, k]]
    count = 0
    while hours != np.uint64(0):
        hours &= hours - np.uint64(1)
        count += 1
    if count < r.hours_least:
        return False
    for w in range(r.speaks.shape[1]):
        words = r.speaks[joining, w] if joining >= 0 else ~np.uint64(0)
        for k in range(r.size[circle]):
            if r.members[circle, k] != leaving:
                words &= r.speaks[r.members[circle, k], w]
        if words != np.uint64(0):
            return True
    return False


@lean
def gain_of(r: Round, person: int, circle: int, leaving: int, each: I32) -> int:
    """What she would earn in the circle without `leaving`, -1 where she may not sit there; each int32: with whom how much."""
    total = 0
    for k in range(r.size[circle]):
        other = r.members[circle, k]
        each[k] = 0
        if other != leaving:
            each[k] = r.worth[person, other]
            if each[k] < 0:
                return -1
            total += each[k]
    return total


@lean
def put(r: Round, circle: int, leaving: int, joining: int, each: I32) -> None:
    """`joining` takes the seat of `leaving`, `each` what she earns there. Values of the others follow, hers is not set."""
    for k in range(r.size[circle]):
        other = r.members[circle, k]
        if other == leaving:
            r.members[circle, k] = joining
        else:
            r.value[other] += each[k] - r.worth[leaving, other]
    r.circle[joining] = circle


@lean
def draw(state: U64, most: int) -> Any:
    """A number below `most` (SplitMix64: Steele, Lea, Flood 2014)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return np.int64((z >> np.uint64(32)) * np.uint64(most) >> np.uint64(32))


@lean
def anneal(r: Round, state: U64, luck: I64, heat: int, steps: int) -> int:
    """
    Tries `steps` exchanges: somebody goes to a person with whom she is worth much, in place of another there.

    An exchange that loses up to heat * luck / 1024 is taken. Answers how much all circles gained.
    """
    n, gained = len(r.circle), 0
    for _ in range(steps):
        i = draw(state, n)
        friend = r.near[i, draw(state, r.near.shape[1])]
        if friend < 0 or r.circle[friend] == OUT or r.circle[friend] == r.circle[i]:
            continue
        there, here = r.circle[friend], r.circle[i]
        k = r.members[there, draw(state, r.size[there])]
        if k == friend:
            continue
        if not has_common(r, there, k, i) or (here != OUT and not has_common(r, here, i, k)):
            continue
        first = gain_of(r, i, there, k, r.found[0])
        if first < 0:
            continue
        second = 0 if here == OUT else gain_of(r, k, here, i, r.found[1])
        change = first + second - r.value[i] - r.value[k]
        if second < 0 or 1024 * change < -heat * luck[draw(state, len(luck))]:
            continue
        put(r, there, k, i, r.found[0])
        r.value[i], r.value[k] = first, second
        r.circle[k] = here
        if here != OUT:
            put(r, here, i, k, r.found[1])
            r.circle[i] = there
        gained += change
    return gained


def luck_of(entries: int = WAYS) -> I64:
    """int64: -1024 * ln of evenly spread numbers, whole."""
    spread = (np.arange(entries) + 0.5) / entries
    luck: I64 = np.rint(-1024 * np.log(spread)).astype(np.int64)
    return luck
