"""The table of modes, and the one way to run them."""

from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, U64
from matcher.errors import InvalidColumn
from matcher.modes.choosing import Chosen, greatest_total, highest_floor, least_score, most_matched
from matcher.modes.graphs import Candidates, Edited, edited, order_of, renumbered, rows_of
from matcher.modes.pausing import pause_of
from matcher.modes.results import ModeResult, Proof
from matcher.stable import count_blocking_pairs, deferred_acceptance

SCORE, PEOPLE, STABLE, WORST_OFF = 0, 1, 2, 3


class Mode(NamedTuple):
    """What a mode puts first; each later promise holds among the matchings that keep the earlier ones."""

    code: int
    name: str
    promises: tuple[str, ...]


MODES = MappingProxyType(
    {
        mode.code: mode
        for mode in (
            Mode(SCORE, "score", ("total",)),
            Mode(PEOPLE, "people", ("matched", "total")),
            Mode(STABLE, "stable", ("blocking_pairs",)),
            Mode(WORST_OFF, "worst_off", ("matched", "least", "total")),
        )
    }
)


def run_mode(
    mode: int,
    indptr: I64,
    indices: I32,
    score: I32,
    capacity: I32,
    *,
    pinned: I32 | None = None,
    forbidden: I32 | None = None,
    mentee_key: U64 | None = None,
    mentor_key: U64 | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ModeResult:
    """
    Match a candidate graph (as `assign` takes it) by a mode of `MODES`.

    `pinned` int32[k, 2] are pairs that go on: they stand, and hold their place. `forbidden` int32[k, 2] are
    never made. With keys (unique), ties do not depend on the order of rows; without, row numbers are the
    keys. `cancelled` is asked between solutions.

    Raises:
        InvalidColumn: an unknown mode, a bad graph, pins or keys.
        LockedRefused: a pin that cannot stand.
        LimitReached: scores too great to put people first.
        Cancelled: `cancelled` answered True.
    """
    if mode not in MODES:
        raise InvalidColumn("mode", -1, f"{mode} is not in 0..{len(MODES) - 1}")
    given = Candidates(indptr, indices, score, capacity)
    edit = edited(given, pinned, forbidden)
    n, m = len(indptr) - 1, len(capacity)
    rows, columns = order_of("mentee_key", mentee_key, n), order_of("mentor_key", mentor_key, m)
    graph = renumbered(edit.open, rows, columns)
    pause = pause_of(cancelled)
    pause()
    plain = greatest_total(graph)
    pause()
    if mode == SCORE:
        found = plain
    elif mode == PEOPLE:
        found = most_matched(graph, plain.optimum, pause)
    elif mode == WORST_OFF:
        found = highest_floor(graph, plain.optimum, pause)
    else:
        match = deferred_acceptance(*graph)
        found = plain._replace(match=match, total=scored(graph, match))
    return result(mode, graph, edit, plain, found, rows, columns)


def result(
    mode: int, graph: Candidates, edit: Edited, plain: Chosen, found: Chosen, rows: I64, columns: I64
) -> ModeResult:
    """Count everything, and number people as the caller does."""
    back = np.argsort(rows)
    match = np.append(columns, -1)[found.match][back].astype(np.int32)
    match[edit.pinned >= 0] = edit.pinned[edit.pinned >= 0]
    more = edit.pinned_total
    covers = []
    for cover in (found.people, found.above):
        covers.append(
            cover and cover._replace(mentee=cover.mentee[back], mentor=cover.mentor[np.argsort(columns)])
        )
    return ModeResult(
        mode,
        match,
        matched=int((match >= 0).sum()),
        least=least_score(graph, found.match),
        total=found.total + more,
        bound=found.bound + more,
        gap=found.bound - found.total,
        blocking_pairs=count_blocking_pairs(*graph, found.match),
        plain_total=plain.total + more,
        plain_matched=int((plain.match >= 0).sum() + (edit.pinned >= 0).sum()),
        plain_least=least_score(graph, plain.match),
        price=plain.total - found.total,
        proof=Proof(
            found.optimum.mentee_price[back],
            found.optimum.mentor_price[np.argsort(columns)],
            found.lift,
            found.floor,
            *covers,
        ),
    )


def scored(graph: Candidates, match: I32) -> int:
    return int(graph.score[match[rows_of(graph)] == graph.indices].sum(dtype=np.int64))
