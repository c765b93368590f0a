"""Checking a finished run again, from what it keeps: the seal, the proof, and the pairs as they were written."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from infra.db.context import Context
from infra.ground import Ground
from matcher import GroupMatching, certify, certify_groups
from tenants.actor import house
from tenants.proposals.models import Proposal
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
        written = {(row[0], row[1]): row[2] for row in rows}
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
    if isinstance(kept.matching, GroupMatching):
        proof = certify_groups(kept.pool, kept.criteria, kept.matching)
    else:
        proof = certify(kept.pool, kept.criteria, kept.matching)
    faults += proof.violations
    proved = {
        (kept.mentees[i], kept.mentors[j]): int(score)
        for i, j, score in zip(kept.matching.mentee, kept.matching.mentor, kept.matching.score, strict=True)
    }
    if proved != written:
        faults.append("proposals_differ")
    if (proof.total, kept.matching.digest) != (run.result["total"], run.inputs_digest):
        faults.append("result_differs")
    return Checked(run.number, proof.total, proof.bound, proof.pairs_checked, tuple(faults))
