"""What a party is about: the labels of its topics, in the language that is spoken."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import language
from tenants.programmes.models import Cycle, Topic
from tenants.proposals.party_models import Party

MOST = 3  # topics that are told of a circle


async def labels(session: AsyncSession, cycle_id: UUID) -> dict[str, str]:
    """Every topic of a cycle's programme by its code."""
    rows = await session.execute(
        select(Topic.code, Topic.label)
        .join(
            Cycle,
            and_(Cycle.organisation_id == Topic.organisation_id, Cycle.programme_id == Topic.programme_id),
        )
        .where(Cycle.id == cycle_id)
    )
    spoken = language.current()
    return {row.code: row.label.get(spoken) or row.label.get("en") or row.code for row in rows}


async def of_party(session: AsyncSession, party: Party) -> list[str]:
    """The topics that most of its people share, the first ones."""
    named = await labels(session, party.cycle_id)
    return told(party.facts.get("topics", ()), named)


def told(codes: Iterable[str], named: dict[str, str]) -> list[str]:
    return [named.get(code, code) for code in list(codes)[:MOST]]
