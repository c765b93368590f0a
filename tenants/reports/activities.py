"""
K72: what kinds of networking there were in a time, and how often each.

Meetings and workshops count as far as the reader's offices reach; the board, sub-networks and newsletters are for all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.gatherings import queries as gatherings
from tenants.gatherings.models import GatheringKind, Workshop
from tenants.newsletters import queries as newsletters
from tenants.opportunities.models import Opportunity
from tenants.permissions import Permission
from tenants.reports.network import Facts

MEETINGS, OPPORTUNITIES, NETWORKS, NEWSLETTERS = "meetings", "opportunities", "networks", "newsletters"


@dataclass(frozen=True, slots=True)
class Activity:
    """`kind` is one of the words above, or a kind of workshop."""

    kind: str
    number: int


async def activities(
    session: AsyncSession, actor: Actor, facts: Facts, begins: datetime, ends: datetime
) -> list[Activity]:
    """Those of which there was at least one; sub-networks as there are now."""
    actor.require(Permission.RELATIONSHIP_READ)
    workshops: Any = (
        select(Workshop.kind, func.count())
        .where(*gatherings.took_place(begins, ends), gatherings.within_reach(actor))
        .group_by(Workshop.kind)
    )
    held = {row[0]: row[1] for row in await session.execute(workshops)}
    published = select(func.count()).where(
        Opportunity.published_at >= begins, Opportunity.published_at < ends
    )
    counts = (published, newsletters.number_sent(begins, ends))
    shared = (await session.execute(select(*(one.scalar_subquery() for one in counts)))).one()
    found = [
        Activity(MEETINGS, facts.held),
        *(Activity(kind.value, held.get(kind.value, 0)) for kind in GatheringKind),
        Activity(OPPORTUNITIES, shared[0]),
        Activity(NETWORKS, facts.sub_networks),
        Activity(NEWSLETTERS, shared[1]),
    ]
    return [one for one in found if one.number]
