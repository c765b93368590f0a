"""Starting, cancelling and finishing runs. Keeping pairs together and apart is in `wishing`."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Forbidden, NotFound
from infra.outbox import enqueue, withdraw
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.organisations.models import Organisation
from tenants.permissions import Permission
from tenants.pools import actions as pools
from tenants.pools import queries as cards
from tenants.pools.models import Pool, Side
from tenants.pools.queries import Counts
from tenants.programmes import queries as programmes
from tenants.programmes.structures import Makes, facts
from tenants.proposals.models import MatchingRun, RunState
from tenants.proposals.runs import criteria as choosing
from tenants.proposals.runs import inputs, queries, results, rules
from tenants.proposals.runs.criteria import Criteria, Snapshot
from tenants.proposals.runs.events import Event
from tenants.proposals.runs.jobs import CountPairs, ExplainPair, RunMatching
from tenants.registration import queries as registration


async def snapshot(
    session: AsyncSession, actor: Actor, cycle_id: UUID, criteria: Criteria | None
) -> Snapshot:
    """
    These criteria, or the programme's usual ones, with what else a run has to know.

    Raises:
        NotFound: no such cycle.
        Invalid: criteria that a run of this structure cannot keep.
    """
    cycle = await programmes.access_cycle(session, actor, cycle_id)
    programme = await programmes.own_programme(session, cycle.programme_id)
    chosen = criteria or choosing.of_programme(await programmes.criteria(session, programme.id))
    of = facts(programme.structure)
    choosing.must_suit(chosen, of)
    sizes = (chosen.sizes or of.sizes) if of.sizes else None
    return Snapshot(
        chosen, choosing.points(chosen.weights), of.seniority_sign, cycle.launch_on, sizes, of.makes
    )


async def start_run(
    session: AsyncSession, actor: Actor, cycle_id: UUID, criteria: Criteria | None = None
) -> MatchingRun:
    """
    Start a run over all who can be matched now, with these criteria or the programme's usual ones.

    One run of a pool is open at a time. The same person's same start, ten seconds
    later at most, is a doubled click and gives the run that it has started.

    Raises:
        RunForAll: the actor works for some offices, and a run is over the people of all.
        NotFound: no such cycle.
        Invalid: a quota that counts nobody, or more people than the aim can take.
        PoolEmpty: nobody to match on one side.
        RunOpen: another run of the pool is under way.
    """
    rules.must_be_for_all(actor)
    person_id = actor.require_person()
    kept = choosing.plain(await snapshot(session, actor, cycle_id, criteria))
    pool = await pools.ensure_pool(session, actor, cycle_id)
    await _must_count_somebody(session, pool.id, criteria)
    await session.execute(select(Pool.id).where(Pool.id == pool.id).with_for_update(key_share=True))
    if doubled := await _doubled(session, pool.id, person_id, kept):
        return doubled
    if (other := await queries.open_run(session, pool.id)) is not None:
        raise rules.RunOpen(number=other.number, id=str(other.id))
    counted = await cards.counts(session, pool.id)
    _must_have_people(counted, choosing.of_run(kept).kind)
    run = MatchingRun(
        organisation_id=actor.organisation_id,
        id=ids.new(),
        number=await _next_number(session),
        pool_id=pool.id,
        cycle_id=cycle_id,
        started_by=person_id,
        criteria=kept,
    )
    session.add(run)
    await session.flush()
    audit.record(
        session,
        actor,
        Event.RUN_STARTED,
        kind="run",
        id=run.id,
        number=run.number,
        pairs=counted.pairs,
        aim=choosing.of_run(kept).criteria.aim,
    )
    await enqueue(session, RunMatching(run_id=run.id), key=rules.job_key(run.id))
    return run


def _must_have_people(counted: Counts, kind: Makes) -> None:
    if kind in (Makes.MUTUAL, Makes.CIRCLES):
        if not counted.peers:
            raise rules.NoPeers(side=Side.PEER)
    elif not counted.mentees or not counted.mentors:
        raise rules.PoolEmpty(side=Side.MENTOR if counted.mentees else Side.MENTEE)


async def _must_count_somebody(session: AsyncSession, pool_id: UUID, criteria: Criteria | None) -> None:
    if criteria is None or not criteria.quotas:
        return
    field = choosing.quota_field(criteria)
    groups = (await cards.groups(session, pool_id, field))[field]
    choosing.must_count_somebody(criteria, {choosing.folded(group.of) for group in groups})


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the answer to a count will be: see `infra.progress.last`."""

    key: str
    pool_id: UUID


async def ask_count(
    session: AsyncSession, actor: Actor, cycle_id: UUID, criteria: Criteria | None = None
) -> Asked:
    """
    Have the pairs counted that stay possible under these criteria.

    The key is made of the criteria and of all that the pool holds, so the answer is
    found again until either changes.

    Raises:
        RunForAll: the actor works for some offices.
        NotFound: no such cycle.
    """
    rules.must_be_for_all(actor)
    looked_at = criteria and msgspec.structs.replace(criteria, aim="points")  # it takes no pair away
    kept = choosing.plain(await snapshot(session, actor, cycle_id, looked_at))
    pool = await cards.pool_of(session, cycle_id) or await pools.ensure_pool(session, actor, cycle_id)
    await _must_count_somebody(session, pool.id, criteria)
    stamp = (await cards.stamp(session, pool.id), await inputs.stamp(session, cycle_id))
    told = msgspec.json.encode((kept, stamp), order="sorted")
    key = f"count:{actor.organisation_id}:{pool.id}:{hashlib.sha256(told).hexdigest()[:32]}"
    # The answer may be lost with its server: a minute later it may be asked for anew.
    minute = f"{clock.now():%Y-%m-%dT%H:%M}"
    await enqueue(session, CountPairs(pool_id=pool.id, key=key, snapshot=kept), key=f"{key}:{minute}")
    return Asked(key, pool.id)


async def ask_why(
    session: AsyncSession, actor: Actor, run_id: UUID, *, mentee_id: UUID, mentor_id: UUID
) -> str:
    """
    Have it worked out what another pair would earn and what it would cost the run; returns the key of the answer.

    Raises:
        NotFound: no such run, or not two people of its cycle whom the actor may know of.
        RunNotDone: the run has no result.
    """
    run = await queries.access_run(session, actor, run_id)
    rules.must_be_done(run)
    known = await results.named(session, actor, (mentee_id, mentor_id))
    for participation_id in (mentee_id, mentor_id):
        if participation_id in known and known[participation_id].is_hidden:
            raise NotFound(kind="participation", id=str(participation_id))
        if (await registration.own_participation(session, participation_id)).cycle_id != run.cycle_id:
            raise rules.WishNotOfCycle(id=str(participation_id))
    key = f"why:{actor.organisation_id}:{run.id}:{mentee_id}:{mentor_id}"
    job = ExplainPair(run_id=run.id, mentee_id=mentee_id, mentor_id=mentor_id, key=key)
    await enqueue(session, job, key=f"{key}:{clock.now():%Y-%m-%dT%H:%M}")
    return key


async def _doubled(
    session: AsyncSession, pool_id: UUID, person_id: UUID, kept: dict[str, Any]
) -> MatchingRun | None:
    found: MatchingRun | None = await session.scalar(
        select(MatchingRun)
        .where(
            MatchingRun.pool_id == pool_id,
            MatchingRun.started_by == person_id,
            MatchingRun.created_at > clock.now() - rules.AGAIN,
            MatchingRun.state.not_in((RunState.CANCELLED, RunState.FAILED)),
        )
        .order_by(MatchingRun.number.desc())
        .limit(1)
    )
    return found if found is not None and found.criteria == kept else None


async def _next_number(session: AsyncSession) -> int:
    """The next number within the organisation, whose row is locked until the run is written."""
    await session.execute(select(Organisation.organisation_id).with_for_update(key_share=True))
    return int(
        (await session.execute(select(func.coalesce(func.max(MatchingRun.number), 0) + 1))).scalar_one()
    )


async def cancel_run(session: AsyncSession, actor: Actor, run_id: UUID) -> MatchingRun:
    """
    Stop a run; nothing is proposed to anyone. A worker that has it in hand notices within seconds.

    Raises:
        NotFound: no such run.
        Forbidden: somebody else's, over the people of more offices than the actor's.
        RunNotOpen: it has ended already.
    """
    actor.require(Permission.RUN_START)
    run = await queries.access_run(session, actor, run_id, lock=True)
    if not rules.may_stop(actor, run):
        raise Forbidden(permission=Permission.RUN_START.value)
    rules.must_be_open(run)
    run.state = RunState.CANCELLED
    run.ended_at = clock.now()
    await withdraw(session, key=rules.job_key(run.id))
    audit.record(session, actor, Event.RUN_CANCELLED, kind="run", id=run.id)
    return run


async def fail_lost(session: AsyncSession, actor: Actor) -> None:
    """End the runs that nobody works on any more: their job was given up."""
    for run in await queries.lost(session):
        run.state, run.ended_at, run.error = RunState.FAILED, clock.now(), "run_lost"
        audit.record(session, actor, Event.RUN_FAILED, kind="run", id=run.id, error=run.error)
