"""
How many matches a coordinator has within twelve months (K28), and whether more may be added.

A match counts from the day on which it was confirmed for whoever has its case now, so that cases that are handed over
count where they go. The room of relationships, which alone knows, says so with `counts_matches`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Programme, ProgrammeState
from tenants.proposals import rules
from tenants.proposals.models import Proposal
from tenants.proposals.party_models import Party, PartyState

YEAR = timedelta(days=365)
_COUNTERS: list[Select[UUID | None, datetime]] = []


@dataclass(frozen=True, slots=True)
class Meter:
    """`asked` are proposals that wait for answers, and may become matches."""

    used: int
    asked: int
    warning: int
    limit: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def until_warning(self) -> int:
        return max(0, self.warning - self.used)

    @property
    def is_near(self) -> bool:
        return self.used >= self.warning


def counts_matches(query: Select[UUID | None, datetime]) -> None:
    """Register a query of (coordinator_id, confirmed_at), one row a match."""
    _COUNTERS.append(query)


async def used(session: AsyncSession, coordinator_id: UUID) -> int:
    """Matches of the last twelve months in this coordinator's hands; a group or circle is one."""
    return int((await session.execute(_used(coordinator_id))).scalar_one())


async def meter(session: AsyncSession, coordinator_id: UUID) -> Meter | None:
    """What is used, what is asked, and where warning and limit stand: those of the programme that allows most. One query."""
    limit = select(func.max(Programme.caseload_limit)).where(Programme.state != ProgrammeState.DRAFT)
    row = await session.execute(
        select(limit.scalar_subquery(), _used(coordinator_id).scalar_subquery(), _waiting(coordinator_id))
    )
    most, count, asked = row.one()
    return Meter(count, asked, warning(most), most) if most else None


def _used(coordinator_id: UUID) -> Select[int]:
    if not _COUNTERS:
        # Without it everybody would have room for ever.
        raise RuntimeError("nobody counts matches: tenants.watchers has not been imported")
    matches = union_all(*_COUNTERS).subquery()
    coordinator, confirmed = matches.c
    return select(func.count()).where(coordinator == coordinator_id, confirmed > clock.now() - YEAR)


def _waiting(coordinator_id: UUID) -> ColumnElement[int]:
    """How many proposals of hers may still become matches."""
    pairs = select(func.count()).where(Proposal.approved_by == coordinator_id, Proposal.state.in_(rules.LIVE))
    parties = select(func.count()).where(Party.approved_by == coordinator_id, Party.state == PartyState.OPEN)
    return pairs.scalar_subquery() + parties.scalar_subquery()


def warning(limit: int) -> int:
    return int(limit * rules.WARN_AT)


async def must_have_room(
    session: AsyncSession,
    actor: Actor,
    coordinator_id: UUID | None,
    limit: int,
    more: int,
    override: str | None,
) -> bool:
    """
    Whether a programme manager's reason takes `coordinator_id` beyond the limit; the house has none.

    What waits for answers counts too: else one approval after the other would lead beyond it.

    Raises:
        CaseloadFull: there is no room, and no reason of somebody who may give one.
    """
    if coordinator_id is None:
        return False
    row = await session.execute(select(_used(coordinator_id).scalar_subquery(), _waiting(coordinator_id)))
    count, asked = row.one()
    if count + asked + more <= limit:
        return False
    if override and override.strip() and actor.may(Permission.PROGRAMME_CHANGE):
        return True
    name = await session.scalar(select(Person.full_name).where(Person.id == coordinator_id))
    raise rules.CaseloadFull(coordinator=name, used=count, asked=asked, more=more, limit=limit)
