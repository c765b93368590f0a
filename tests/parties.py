"""Groups and circles for tests: drafts of a run, led as far as a test wants."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from infra import clock, ids
from tenants.pools.actions import ensure_pool
from tenants.programmes.models import Structure
from tenants.proposals import actions as proposals
from tenants.proposals.models import MatchingRun, RunState
from tenants.proposals.party_models import Party, Seat
from tenants.relationships import parties
from tenants.relationships.models import Member, Relationship
from tests.pairing import POINTS, Somebody, Stage

FACTS = {"topics": ["leadership"], "languages": ["en"], "hours": 6}


async def drafted(stage: Stage, *groups: Sequence[Somebody], least: int = 3) -> tuple[UUID, list[UUID]]:
    """A run that is done and has these parties as drafts; whoever joined as a mentor leads hers."""
    structure = Structure(stage.launched.programme.structure)
    async with stage.session() as session:
        pool = await ensure_pool(session, stage.made.house, stage.launched.cycle.id)
        number = len((await session.execute(select(MatchingRun.id))).all()) + 1
        run = MatchingRun(
            organisation_id=stage.made.id, id=ids.new(), number=number, pool_id=pool.id,
            cycle_id=stage.launched.cycle.id, started_by=stage.by.require_person(), state=RunState.DONE,
            criteria={"points": {}}, result={"makes": "circles" if structure == Structure.CIRCLE else "groups"},
        )  # fmt: skip
        session.add(run)
        await session.flush()
        made = []
        for at, people in enumerate(groups, start=1):
            party = Party(
                organisation_id=stage.made.id, id=ids.random(), run_id=run.id, pool_id=pool.id,
                cycle_id=stage.launched.cycle.id, structure=structure, number=at, least=least,
                score=100 * at, facts=FACTS,
            )  # fmt: skip
            session.add(party)
            await session.flush()
            session.add_all(
                Seat(
                    organisation_id=stage.made.id, party_id=party.id, participation_id=one.id, role=one.role,
                    score=0 if one.role == "mentor" else 520, most=750, contributions=list(POINTS),
                )
                for one in people
            )  # fmt: skip
            made.append(party.id)
    return run.id, made


async def sent(stage: Stage, *groups: Sequence[Somebody], least: int = 3) -> list[UUID]:
    """The same, approved, and everybody has been told."""
    run_id, made = await drafted(stage, *groups, least=least)
    async with stage.session(stage.by) as session:
        await proposals.approve(session, stage.by, run_id)
    await become_known(stage, *made)
    return made


async def become_known(stage: Stage, *party_ids: UUID) -> None:
    async with stage.session() as session:
        await session.execute(
            update(Party).where(Party.id.in_(party_ids)).values(sent_at=clock.now() - timedelta(hours=1))
        )


async def says(stage: Stage, party_id: UUID, who: Somebody, *, yes: bool, **more: Any) -> Party:
    async with stage.session(who.actor) as session:
        return await parties.answer(session, who.actor, party_id, is_yes=yes, **more)


async def read(stage: Stage, party_id: UUID) -> Party:
    async with stage.session() as session:
        return (await session.execute(select(Party).where(Party.id == party_id))).scalar_one()


async def begun(stage: Stage, party_id: UUID) -> tuple[Relationship, set[UUID]] | None:
    """Its case, with the participations that are in it now."""
    async with stage.session() as session:
        found = (
            await session.execute(select(Relationship).where(Relationship.party_id == party_id))
        ).scalar_one_or_none()
        if found is None:
            return None
        rows = await session.execute(
            select(Member.participation_id).where(
                Member.relationship_id == found.id, Member.left_at.is_(None)
            )
        )
        return found, set(rows.scalars())
