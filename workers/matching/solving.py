"""
What each structure of mentoring has the matcher do: pairs, or groups around one topic.

One small strategy each, chosen by the facts that a run was started with; the rest of a run is the same for all.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matcher import (
    Certificate,
    Criteria,
    GroupMatching,
    Matching,
    certify,
    certify_groups,
    propose,
    propose_groups,
)
from matcher.scan.tiling import Crew
from tenants.proposals.runs.criteria import Snapshot
from tenants.proposals.runs.outcomes import Drafted
from workers.matching import aiming, describing
from workers.matching.encoding import Encoded, mentees_apart

THREADS = os.cpu_count() or 1
Rows = list[tuple[int, int]]
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One run as columns, tables and rows of pairs."""

    snapshot: Snapshot
    encoded: Encoded
    criteria: Criteria
    locked: Rows
    forbidden: Rows


@dataclass(frozen=True, slots=True)
class Strategy:
    """
    `find` makes the matching, `check` recounts it apart from that code, `told` is what the result says of it besides
    what every result says, and `drafted` its proposals.
    """

    find: Callable[[Asked, Progress, Callable[[], bool], Crew | None], Any]
    check: Callable[[Asked, Any], Certificate]
    told: Callable[[Asked, Any], dict[str, Any]]
    drafted: Callable[[Asked, Any], list[Drafted]]


def of(snapshot: Snapshot) -> Strategy:
    return _PAIRS if snapshot.group_sizes is None else _GROUPS


def _pairs(x: Asked, progress: Progress, cancelled: Callable[[], bool], crew: Crew | None) -> Matching:
    return propose(
        x.encoded.pool,
        x.criteria,
        locked=x.locked,
        forbidden=x.forbidden,
        quotas=x.encoded.quotas(x.snapshot.criteria.quotas),
        progress=progress,
        cancelled=cancelled,
        threads=THREADS,
        mode=aiming.mode_of(x.snapshot),
        crew=crew,
    )


def _groups(x: Asked, progress: Progress, cancelled: Callable[[], bool], _crew: Crew | None) -> GroupMatching:
    least, most = x.snapshot.group_sizes or (0, 0)
    return propose_groups(
        x.encoded.pool,
        x.criteria,
        least=least,
        most=most,
        locked=x.locked,
        forbidden=x.forbidden,
        apart=mentees_apart(x.encoded.mentees, is_supervision_apart=x.snapshot.criteria.supervisor),
        progress=progress,
        cancelled=cancelled,
    )


def _told_of_groups(x: Asked, found: GroupMatching) -> dict[str, Any]:
    """How many groups there are, of which sizes, and how near they are to what nothing can beat."""
    sizes: dict[str, int] = {}
    for group in found.groups:
        sizes[str(len(group.mentees))] = sizes.get(str(len(group.mentees)), 0) + 1
    return {"aim": x.snapshot.criteria.aim, "groups": len(found.groups), "group_sizes": sizes}


_PAIRS = Strategy(
    _pairs,
    lambda x, found: certify(x.encoded.pool, x.criteria, found),
    lambda x, found: aiming.told(x.encoded, x.criteria, x.snapshot, found),
    lambda x, found: describing.drafted(x.encoded, x.snapshot, found),
)
_GROUPS = Strategy(
    _groups,
    lambda x, found: certify_groups(x.encoded.pool, x.criteria, found),
    _told_of_groups,
    lambda x, found: describing.drafted_in_groups(x.encoded, x.snapshot, found),
)
