"""Masks of a chunk: 2,048 lanes in 64 words, which a processor adds, joins and cuts in a few instructions."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32
from matcher.compiling import inlined, lean
from matcher.scan.bits import CHUNK_WORDS, Words
from matcher.scan.layout import Lanes


class Planes(NamedTuple):
    """
    What lanes of one chunk are, by themselves: copied from `Lanes`, uint32[.., C / 32].

    In arrays of their own, since a place that is counted from the chunk's first word keeps loops from vectors.
    """

    real: Words
    open: Words
    levels: Words
    topics: Words
    everybody: Words
    nobody: Words


def planes_of(lanes: Lanes) -> Planes:
    def words(*shape: int) -> Words:
        return np.zeros((*shape, CHUNK_WORDS), np.uint32)

    return Planes(words(), words(), words(len(lanes.levels)), words(len(lanes.topics)), ~words(), words())


@lean
def take_planes(lanes: Lanes, begin: int, planes: Planes) -> None:
    first = begin >> 5
    for w in range(CHUNK_WORDS):
        planes.real[w], planes.open[w] = lanes.real[first + w], lanes.open[first + w]
        for k in range(len(planes.levels)):
            planes.levels[k, w] = lanes.levels[k, first + w]
        for k in range(len(planes.topics)):
            planes.topics[k, w] = lanes.topics[k, first + w]


@inlined
def best_levels(speaks: I32, row: int, planes: Planes, out: Words) -> None:
    """out uint32[4, C / 32]: lanes whose best level in common with the row is at least 1 .. 4."""
    for level in range(4):
        copy(planes.nobody, out[level])
    for s in range(speaks.shape[1]):
        plane = speaks[row, s]
        if plane < 0:
            break
        join(planes.levels[plane], out[plane & 3])


@inlined
def copy(words: Words, out: Words) -> None:
    for w in range(CHUNK_WORDS):
        out[w] = words[w]


@inlined
def join(words: Words, out: Words) -> None:
    for w in range(CHUNK_WORDS):
        out[w] |= words[w]


@inlined
def keep(words: Words, out: Words) -> None:
    for w in range(CHUNK_WORDS):
        out[w] &= words[w]
