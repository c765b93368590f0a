"""Checking a finished run again, from what it keeps: the seal, the proof, and the pairs as they were written."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db.context import Context
from infra.ground import Ground
from matcher import (
    Certificate,
    CircleMatching,
    GroupMatching,
    MutualMatching,
    certify,
    certify_circles,
    certify_groups,
    certify_mutual,
)
from tenants.actor import house
from tenants.proposals.models import Proposal
from tenants.proposals.party_models import Party, Seat
from tenants.proposals.runs import queries, rules
from workers.matching import SEAL, keeping


@dataclass(frozen=True, slots=True)
class Checked:
    """`faults` is empty when the run is what it says; its codes are for engineers."""

    number: int
    total: int
    bound: int
    pairs_checked: int
    faults: tuple[str, ...]


async def check_run(ground: Ground, organisation_id: UUID, run_id: UUID) -> Checked:
    """
    Recount a run by the independent code and compare it with its seal and its proposals.

    Raises:
        NotFound: no such run. RunNotDone: it has no result.
    """
    actor = house(organisation_id)
    async with ground.database.tenant_session(Context(organisation_id)) as session:
        run = await queries.access_run(session, actor, run_id)
        rules.must_be_done(run)
        inputs = await queries.kept_inputs(session, run_id) or b""
        rows = await session.execute(
            select(Proposal.mentee_id, Proposal.mentor_id, Proposal.score).where(Proposal.run_id == run_id)
        )
        written = {frozenset((row[0], row[1])): row[2] for row in rows} | await _parties(session, run_id)
        changed = await _changed(session, run_id)
    faults = []
    seal = keeping.seal(
        ground.keyring.derived(SEAL),
        run.id,
        criteria=run.criteria,
        result=run.result,
        certificate=run.certificate,
        inputs=inputs,
    )
    if not hmac.compare_digest(seal, str(run.certificate.get("seal"))):
        faults.append("seal_broken")
    if not inputs:
        return Checked(run.number, 0, 0, 0, (*faults, "inputs_missing"))
    kept = keeping.unpack(inputs)
    proof = _certified(kept)
    faults += proof.violations
    proved = _proved(kept)
    if isinstance(kept.matching, GroupMatching) and written.keys() - proved.keys():
        proved = _pairs(kept)  # a run of groups that is older than parties
    # What a coordinator has moved by hand since is no longer what the run made.
    if not changed and proved != written:
        faults.append("proposals_differ")
    if (proof.total, kept.matching.digest) != (run.result["total"], run.inputs_digest):
        faults.append("result_differs")
    return Checked(run.number, proof.total, proof.bound, proof.pairs_checked, tuple(faults))


Together = dict[frozenset[UUID], int]
"""Who is proposed together, and with how many stored points."""


async def _parties(session: AsyncSession, run_id: UUID) -> Together:
    rows = await session.execute(
        select(func.array_agg(Seat.participation_id), Party.score)
        .join(Seat, Seat.party_id == Party.id)
        .where(Party.run_id == run_id)
        .group_by(Party.id, Party.score)
    )
    return {frozenset(row[0]): row[1] for row in rows}


async def _changed(session: AsyncSession, run_id: UUID) -> bool:
    query = select(func.count()).where(Party.run_id == run_id, Party.changed_at.is_not(None))
    return bool((await session.execute(query)).scalar_one())


def _certified(kept: keeping.Kept) -> Certificate:
    found = kept.matching
    if isinstance(found, GroupMatching):
        return certify_groups(kept.pool, kept.criteria, found)
    if isinstance(found, MutualMatching):
        return certify_mutual(kept.pool, kept.criteria, found)
    if isinstance(found, CircleMatching):
        return certify_circles(kept.pool, kept.criteria, found)
    return certify(kept.pool, kept.criteria, found)


def _proved(kept: keeping.Kept) -> Together:
    found = kept.matching
    if isinstance(found, GroupMatching):
        return {
            frozenset((kept.mentors[one.mentor], *(kept.mentees[i] for i in one.mentees))): one.value
            for one in found.groups
        }
    if isinstance(found, MutualMatching):
        rows = zip(found.one.tolist(), found.other.tolist(), found.score.tolist(), strict=True)
        return {frozenset((kept.mentees[a], kept.mentees[b])): score for a, b, score in rows}
    if isinstance(found, CircleMatching):
        return {
            frozenset(kept.mentees[i] for i in one.people): int(found.score[list(one.people)].sum()) // 2
            for one in found.circles
        }
    return _pairs(kept)


def _pairs(kept: keeping.Kept) -> Together:
    found = kept.matching
    rows = zip(found.mentee.tolist(), found.mentor.tolist(), found.score.tolist(), strict=True)
    return {frozenset((kept.mentees[i], kept.mentors[j])): int(score) for i, j, score in rows}
