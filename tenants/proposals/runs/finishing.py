"""The worker's part: taking a run up, and writing down what came of it, all at once or not at all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.people import queries as people
from tenants.proposals.models import MatchingRun, Proposal, RunState, Unmatched
from tenants.proposals.party_models import Party, Seat
from tenants.proposals.runs import queries, rules
from tenants.proposals.runs.events import Event
from tenants.proposals.runs.outcomes import Drafted, DraftedParty, LeftOut, Outcome


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
    for proposals in bulk.batches(outcome.proposals):
        await bulk.insert_rows(session, bulk.table(Proposal), [_proposal(run, one) for one in proposals])
    await _seat(session, run, outcome.parties)
    for left_out in bulk.batches(outcome.unmatched):
        await bulk.insert_rows(session, bulk.table(Unmatched), [_left_out(run, one) for one in left_out])
    run.state, run.ended_at = RunState.DONE, clock.now()
    run.inputs_digest, run.matcher_version = outcome.inputs_digest, outcome.version
    run.result, run.certificate, run.inputs = outcome.result, outcome.certificate, outcome.inputs
    made = len(outcome.proposals) + len(outcome.parties)
    audit.record(session, actor, Event.RUN_DONE, kind="run", id=run.id, proposals=made)
    return True


def _proposal(run: MatchingRun, one: Drafted) -> dict[str, Any]:
    return {
        "organisation_id": run.organisation_id, "id": ids.random(), "run_id": run.id, "pool_id": run.pool_id,
        "cycle_id": run.cycle_id, "mentor_id": one.mentor_id, "mentee_id": one.mentee_id,
        "score": one.score, "most": one.most, "contributions": one.contributions,
        "alternatives": one.alternatives,
    }  # fmt: skip


def _left_out(run: MatchingRun, one: LeftOut) -> dict[str, Any]:
    return {
        "organisation_id": run.organisation_id, "id": ids.new(), "run_id": run.id,
        "participation_id": one.participation_id, "side": one.side, "reason": one.reason, "facts": one.facts,
        "change": one.change,
    }  # fmt: skip


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
    await bulk.insert_rows(session, bulk.table(Party), parties)
    await bulk.insert_rows(session, bulk.table(Seat), seats)


async def fail(session: AsyncSession, actor: Actor, run_id: UUID, error: str, **facts: Any) -> bool:
    """End the run with a code that a coordinator can be told. False when it has ended already."""
    run = await queries.access_run(session, actor, run_id, lock=True)
    if run.state not in rules.OPEN:
        return False
    run.state, run.ended_at, run.error, run.result = RunState.FAILED, clock.now(), error, facts
    audit.record(session, actor, Event.RUN_FAILED, kind="run", id=run.id, error=error)
    return True
