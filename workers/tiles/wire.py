"""Pools, questions and answers as named arrays; and the message that brings one tile to somebody."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import dramatiq
import numpy as np

from matcher import VERSION, archiving
from matcher.scan.asking import Ask
from matcher.scan.layout import Packed
from matcher.scan.lists import Lists
from matcher.scan.packing import pack
from matcher.scan.tiling import Tile, tiles
from workers.tiles.board import Share

QUEUE = "match"
ACTOR = "answer_tile"


class OtherVersion(Exception):
    """Asked by a process whose matcher may find something else: nothing that could be answered."""


class Question(NamedTuple):
    ask: Ask
    pairs: int
    """Of a tile: with the pool and the question it says where every tile begins and ends."""

    def cut(self, packed: Packed) -> list[Tile]:
        return tiles(packed, self.ask, self.pairs)


def arrays_of_pool(packed: Packed) -> dict[str, Any]:
    problem = archiving.plain(packed.pool, packed.criteria)._replace(forbidden=packed.forbidden)
    return archiving.arrays_of_problem(problem)


def pool_of(arrays: Mapping[str, Any]) -> Packed:
    problem = archiving.problem_of(arrays)
    return pack(problem.pool, problem.criteria, problem.forbidden)


def arrays_of_question(question: Question) -> dict[str, Any]:
    arrays = {name: np.asarray(value) for name, value in question.ask._asdict().items()}
    return arrays | {"pairs": np.asarray(question.pairs), "version": np.asarray(VERSION)}


def question_of(arrays: Mapping[str, Any]) -> Question:
    """
    Raises:
        OtherVersion: only a process of that version may answer it.
    """
    if (version := str(arrays["version"])) != VERSION:
        raise OtherVersion(version)
    ask = Ask(
        cast("Any", str(arrays["side"])),
        arrays["people"],
        int(arrays["k"]),
        arrays["price"],
        arrays["above"],
        bool(arrays.get("is_scattered", False)),
    )
    return Question(ask, int(arrays["pairs"]))


def lists_of(arrays: Mapping[str, Any]) -> Lists:
    return Lists(arrays["length"], arrays["person"], arrays["score"])


def message(share: Share, number: int, tile: int) -> dramatiq.Message[None]:
    return dramatiq.Message(
        queue_name=QUEUE,
        actor_name=ACTOR,
        args=(str(share.organisation_id), str(share.id), number, tile),
        kwargs={},
        options={},
    )
