"""What was done to many, kept as it stood before for as long as it can be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.reports.deeds.events import Event
from tenants.reports.deeds.models import Deed, DeedKind
from tenants.reports.deeds.rules import NobodyToDo, Row, going

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """A deed with those to whom it was done, and those who were left out."""

    deed_id: UUID
    rows: list[Row]


async def done_before(session: AsyncSession, actor: Actor, once: UUID | None) -> UUID | None:
    """The deed of a form that has come already; of two that come at the same moment the second waits and finds it."""
    if once is None:
        return None
    await session.execute(select(bulk.alone(once)))
    query = select(Deed.id).where(Deed.id == once, Deed.person_id == actor.require_person())
    found: UUID | None = await session.scalar(query)
    return found


async def keep(
    session: AsyncSession,
    actor: Actor,
    kind: DeedKind,
    rows: list[Row],
    before: Sequence[Entry],
    *,
    once: UUID | None = None,
) -> Done:
    """
    Keep how it stood before, for as long as it can be taken back.

    Raises:
        NobodyToDo: nothing was done.
    """
    if not going(rows):
        raise NobodyToDo
    deed = Deed(
        organisation_id=actor.organisation_id,
        id=once or ids.new(),
        person_id=actor.require_person(),
        kind=kind,
        before=list(before),
        created_at=clock.now(),
    )
    session.add(deed)
    await session.flush()
    audit.record(
        session, actor, Event.DEED_DONE, kind="deed", id=deed.id, deed=kind.value, number=len(going(rows))
    )
    return Done(deed.id, rows)


def entry(kind: str, id: UUID, was: date | UUID | None, now: date | UUID | None) -> Entry:
    """A thing of this kind that stood at `was`, and stands at `now`."""
    return {kind: str(id), "was": str(was) if was else None, "now": str(now) if now else None}
