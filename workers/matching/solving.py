"""
What each structure of mentoring has the matcher do: pairs, pairs of peers, groups around one topic, circles.

One small strategy each, chosen by the facts that a run was started with; the rest of a run is the same for all.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from matcher import (
    Certificate,
    CircleMatching,
    Criteria,
    GroupMatching,
    Matching,
    MutualMatching,
    certify,
    certify_circles,
    certify_groups,
    certify_mutual,
    propose,
    propose_circles,
    propose_groups,
    propose_mutual,
)
from matcher.scan.tiling import Crew
from tenants.programmes.structures import Makes
from tenants.proposals.runs.criteria import Snapshot
from tenants.proposals.runs.outcomes import Drafted, DraftedParty, LeftOut
from workers.matching import aiming, describing, seating
from workers.matching.encoding import Encoded, mentees_apart

THREADS = os.cpu_count() or 1
Rows = list[tuple[int, int]]
Progress = Callable[[str, int], None]
Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One run as columns, tables and rows of pairs."""

    snapshot: Snapshot
    encoded: Encoded
    criteria: Criteria
    locked: Rows
    forbidden: Rows


def _no_pairs(_asked: Asked, _found: Any) -> list[Drafted]:
    return []


def _no_parties(_asked: Asked, _found: Any) -> list[DraftedParty]:
    return []


@dataclass(frozen=True, slots=True)
class Strategy:
    """
    `find` makes the matching, `check` recounts it apart from that code, `told` is what the result says of it besides
    what every result says, `drafted` its proposals and `parties` its groups or circles, `left` whom it leaves out.
    What takes long hears whether to go on: a `Pause` is told the share done, and may raise.
    """

    find: Callable[[Asked, Progress, Callable[[], bool], Crew | None], Any]
    check: Callable[[Asked, Any, Pause], Certificate]
    told: Callable[[Asked, Any, Pause], dict[str, Any]]
    drafted: Callable[[Asked, Any], list[Drafted]] = _no_pairs
    parties: Callable[[Asked, Any], list[DraftedParty]] = _no_parties
    left: Callable[[Asked, Any], list[LeftOut]] = lambda x, found: describing.left_out(x.encoded, found)


def of(snapshot: Snapshot) -> Strategy:
    return _BY_KIND[snapshot.kind]


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
        quotas=x.encoded.quotas(x.snapshot.criteria.quotas),
        progress=progress,
        cancelled=cancelled,
        threads=THREADS,
    )


def _mutual(
    x: Asked, progress: Progress, cancelled: Callable[[], bool], _crew: Crew | None
) -> MutualMatching:
    return propose_mutual(
        x.encoded.pool,
        x.criteria,
        locked=x.locked,
        forbidden=x.forbidden,
        progress=progress,
        cancelled=cancelled,
        threads=THREADS,
    )


def _circles(
    x: Asked, progress: Progress, cancelled: Callable[[], bool], _crew: Crew | None
) -> CircleMatching:
    least, most = x.snapshot.group_sizes or (0, 0)
    return propose_circles(
        x.encoded.pool,
        x.criteria,
        least=least,
        most=most,
        forbidden=x.forbidden,
        progress=progress,
        cancelled=cancelled,
        threads=THREADS,
    )


_BY_KIND = MappingProxyType(
    {
        Makes.PAIRS: Strategy(
            _pairs,
            lambda x, found, pause: certify(x.encoded.pool, x.criteria, found, threads=THREADS, pause=pause),
            lambda x, found, pause: (
                describing.summary(x.encoded, x.snapshot, found, kept=len(x.locked), apart=len(x.forbidden))
                | aiming.told(x.encoded, x.criteria, x.snapshot, found, THREADS, pause)
            ),
            drafted=lambda x, found: describing.drafted(x.encoded, x.snapshot, found),
        ),
        Makes.GROUPS: Strategy(
            _groups,
            lambda x, found, _pause: certify_groups(x.encoded.pool, x.criteria, found),
            lambda x, found, _pause: (
                describing.summary(x.encoded, x.snapshot, found, kept=len(x.locked), apart=len(x.forbidden))
                | seating.told_of_groups(x.snapshot, found)
            ),
            parties=lambda x, found: seating.groups(x.encoded, x.snapshot, found),
        ),
        Makes.MUTUAL: Strategy(
            _mutual,
            lambda x, found, _pause: certify_mutual(x.encoded.pool, x.criteria, found),
            lambda x, found, _pause: seating.told_of_pairs(
                x.encoded, x.snapshot, found, kept=len(x.locked), apart=len(x.forbidden)
            ),
            drafted=lambda x, found: seating.pairs(x.encoded, x.snapshot, found),
            left=lambda x, found: seating.left_out(x.encoded, found.unmatched),
        ),
        Makes.CIRCLES: Strategy(
            _circles,
            lambda x, found, _pause: certify_circles(x.encoded.pool, x.criteria, found),
            lambda x, found, _pause: seating.told_of_circles(
                x.encoded, x.snapshot, found, apart=len(x.forbidden)
            ),
            parties=lambda x, found: seating.circles(x.encoded, x.snapshot, found),
            left=lambda x, found: seating.left_out(x.encoded, found.unmatched),
        ),
    }
)
