"""The worker's part: taking a run up, and writing down what came of it, all at once or not at all."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.people import queries as people
from tenants.proposals.models import MatchingRun, Proposal, RunState, Unmatched
from tenants.proposals.party_models import Party, Seat
from tenants.proposals.runs import queries, rules
from tenants.proposals.runs.events import Event
from tenants.proposals.runs.outcomes import DraftedParty, Outcome

BATCH = 500  # rows of one statement

T = TypeVar("T")


async def begin(session: AsyncSession, actor: Actor, run_id: UUID) -> MatchingRun | None:
    """
    Take the run in hand, also one that a worker which died has left; None when it has ended.

    It ends here where whoever has started it may not start runs any more.
    """
    run = await queries.access_run(session, actor, run_id, lock=True)
    if run.state not in rules.OPEN:
        return None
    starter = await people.acts_now(session, actor, run.started_by)
    if starter is None or not rules.may_start(starter):
        await fail(session, actor, run_id, "run_not_permitted")
        return None
    run.state = RunState.RUNNING
    run.begun_at = run.begun_at or clock.now()
    return run


async def finish(session: AsyncSession, actor: Actor, run_id: UUID, outcome: Outcome) -> bool:
    """
    Write proposals, those left out and the proof; the run is done.

    False, and nothing is written, when it was cancelled meanwhile or somebody has
    finished it: that is why a run taken up twice proposes nobody twice.
    """
    run = await queries.access_run(session, actor, run_id, lock=True)
    if run.state != RunState.RUNNING:
        return False
    shared = {"organisation_id": actor.organisation_id, "run_id": run.id}
    for drafted in _batches(outcome.proposals):
        await session.execute(
            insert(Proposal),
            [
                {
                    **shared,
                    "id": ids.random(),
                    "pool_id": run.pool_id,
                    "cycle_id": run.cycle_id,
                    "mentor_id": one.mentor_id,
                    "mentee_id": one.mentee_id,
                    "score": one.score,
                    "most": one.most,
                    "contributions": one.contributions,
                    "alternatives": one.alternatives,
                }
                for one in drafted
            ],
        )
    await _seat(session, run, outcome.parties)
    for left_out in _batches(outcome.unmatched):
        await session.execute(
            insert(Unmatched),
            [
                {
                    **shared,
                    "id": ids.new(),
                    "participation_id": one.participation_id,
                    "side": one.side,
                    "reason": one.reason,
                    "facts": one.facts,
                    "change": one.change,
                }
                for one in left_out
            ],
        )
    run.state, run.ended_at = RunState.DONE, clock.now()
    run.inputs_digest, run.matcher_version = outcome.inputs_digest, outcome.version
    run.result, run.certificate, run.inputs = outcome.result, outcome.certificate, outcome.inputs
    made = len(outcome.proposals) + len(outcome.parties)
    audit.record(session, actor, Event.RUN_DONE, kind="run", id=run.id, proposals=made)
    return True


async def _seat(session: AsyncSession, run: MatchingRun, drafted: Sequence[DraftedParty]) -> None:
    """Write groups and circles with their people, numbered as the run made them."""
    parties, seats = [], []
    for number, one in enumerate(drafted, start=1):
        party_id = ids.random()
        shared = {"organisation_id": run.organisation_id}
        parties.append({
            **shared, "id": party_id, "run_id": run.id, "pool_id": run.pool_id, "cycle_id": run.cycle_id,
            "structure": one.structure, "number": number, "least": one.least, "score": one.score,
            "facts": one.facts,
        })  # fmt: skip
        seats += [
            {
                **shared, "id": ids.new(), "party_id": party_id, "participation_id": seat.participation_id,
                "role": seat.role, "score": seat.score, "most": seat.most, "contributions": seat.contributions,
            }
            for seat in one.seats
        ]  # fmt: skip
    for table, rows in ((Party, parties), (Seat, seats)):
        for part in _batches(rows):
            await session.execute(insert(table), part)


async def fail(session: AsyncSession, actor: Actor, run_id: UUID, error: str, **facts: Any) -> bool:
    """End the run with a code that a coordinator can be told. False when it has ended already."""
    run = await queries.access_run(session, actor, run_id, lock=True)
    if run.state not in rules.OPEN:
        return False
    run.state, run.ended_at, run.error, run.result = RunState.FAILED, clock.now(), error, facts
    audit.record(session, actor, Event.RUN_FAILED, kind="run", id=run.id, error=error)
    return True


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
