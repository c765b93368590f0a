"""States of a run, and its numbers as people see them: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from infra.errors import Conflict, Forbidden, NotFound, WrongState
from tenants.actor import Actor
from tenants.permissions import Permission
from tenants.proposals.models import MatchingRun, RunState
from tenants.proposals.runs.criteria import UNIT

OPEN = frozenset({RunState.WAITING, RunState.RUNNING})
AGAIN = timedelta(seconds=10)  # the same start within this time is a doubled click


class RunOpen(Conflict):
    """Another run of this pool is under way; `number` says which."""

    code = "run_open"


class RunForAll(Forbidden):
    """A run is over the people of all offices, and whoever asks for it works for some of them."""

    code = "run_for_all_offices"


class RunNotOpen(WrongState):
    code = "run_not_open"


class RunNotDone(WrongState):
    code = "run_not_done"


class PoolEmpty(WrongState):
    """Nobody is ready on one side; `side` says which."""

    code = "pool_empty"


class NoPeers(PoolEmpty):
    """Nobody is ready where everybody is on one side."""

    code = "pool_without_peers"


class WishNotOfCycle(NotFound):
    """A pair wish needs a mentor and a mentee of the same cycle."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One criterion of a pair as people see it: whole points that add up to the whole score."""

    criterion: str
    points: int
    most: int
    facts: Mapping[str, Any]


def may_start(actor: Actor) -> bool:
    """A run is over the people of all offices, so only who works for all of them starts it, or tries its criteria."""
    return actor.may(Permission.RUN_START) and not actor.offices


def must_be_for_all(actor: Actor) -> None:
    actor.require(Permission.RUN_START)
    if not may_start(actor):
        raise RunForAll(permission=Permission.RUN_START.value)


def may_stop(actor: Actor, run: MatchingRun) -> bool:
    """Whoever starts runs stops them; and a run that somebody started before she worked for some offices only, she may stop."""
    return actor.may(Permission.RUN_START) and (not actor.offices or run.started_by == actor.person_id)


def quotas_told(actor: Actor, run: MatchingRun) -> list[dict[str, Any]]:
    """How the quotas of a run were used, as far as the actor's offices reach; empty before it is done."""
    mine = {str(one) for one in actor.offices}
    return [
        one for one in run.result.get("quotas", ()) if one["by"] != "office" or not mine or one["of"] in mine
    ]


def must_be_open(run: MatchingRun) -> None:
    if run.state not in OPEN:
        raise RunNotOpen(state=run.state)


def must_be_done(run: MatchingRun) -> None:
    if run.state != RunState.DONE:
        raise RunNotDone(state=run.state)


def of_hundred(points: int, *, unit: int = UNIT) -> int:
    """Stored points as points of a hundred, half away from nothing; `unit` is larger where several pairs are added."""
    return (points + unit // 2) // unit if points >= 0 else -((-points + unit // 2) // unit)


def shown(contributions: Sequence[Mapping[str, Any]], *, unit: int = UNIT) -> list[Shown]:
    """
    Contributions as points of a hundred which add up to the score that is shown, strongest first.

    Each is rounded down or up; up go the largest remainders. A criterion that weighs
    nothing is left out.
    """
    score = of_hundred(sum(int(row["points"]) for row in contributions), unit=unit)
    floors = [divmod(int(row["points"]), unit) for row in contributions]
    left = score - sum(whole for whole, _ in floors)
    order = sorted(range(len(floors)), key=lambda at: (-floors[at][1], at))
    up = set(order[: max(left, 0)])
    rows = [
        Shown(row["criterion"], floors[at][0] + (at in up), int(row["most"]) // unit, row.get("facts", {}))
        for at, row in enumerate(contributions)
        if row["most"]
    ]
    return sorted(rows, key=lambda row: -row.points)


def weakest(rows: Sequence[Shown]) -> Shown | None:
    """The criterion of which the smallest share was earned."""
    weighing = [row for row in rows if row.most]
    return min(weighing, key=lambda row: (row.points / row.most, -row.most), default=None)


def progress_key(organisation_id: UUID, run_id: UUID) -> str:
    """Where the worker tells how far it is; see infra/progress.py."""
    return f"run:{organisation_id}:{run_id}"


def job_key(run_id: UUID | str) -> str:
    return f"matching.run:{run_id}"
