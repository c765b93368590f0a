"""Reading the trail: one page of it for people, all of it in order for whoever checks the chain."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra.outbox.jobs import failing_since
from tenants.actor import Actor
from tenants.audit.chain import START, Event, Link
from tenants.audit.jobs import TakeCheckpoint
from tenants.audit.models import AuditCheckpoint, AuditEvent, AuditLink
from tenants.permissions import Permission

LINKS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show; empty and None stand for whatever there is. `until` is the first moment after the period."""

    events: tuple[str, ...] = ()
    object_kind: str | None = None
    object_id: UUID | None = None
    person_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedEvent:
    id: UUID
    seq: int
    at: datetime
    event: str
    actor_kind: str
    person_id: UUID | None
    token_id: UUID | None
    object_kind: str
    object_id: UUID | None
    details: dict[str, Any]

    @property
    def key(self) -> tuple[datetime, UUID]:
        return self.at, self.id


async def events(
    session: AsyncSession,
    actor: Actor,
    wanted: Filter,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[ListedEvent]:
    """The events that were asked for, the newest first; `after` is the key of the last one seen."""
    actor.require(Permission.AUDIT_READ)
    here = AuditLink.audit_event_id == AuditEvent.id
    query = (
        select(AuditEvent, AuditLink.seq)
        .join(AuditLink, and_(AuditLink.organisation_id == AuditEvent.organisation_id, here))
        .where(*_conditions(wanted))
        .order_by(AuditEvent.created_at.desc(), AuditEvent.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(AuditEvent.created_at, AuditEvent.id) < after)
    return [
        ListedEvent(
            id=event.id,
            seq=seq,
            at=event.created_at,
            event=event.event,
            actor_kind=event.actor_kind,
            person_id=event.person_id,
            token_id=event.token_id,
            object_kind=event.object_kind,
            object_id=event.object_id,
            details=event.details,
        )
        for event, seq in (await session.execute(query)).all()
    ]


async def has_happened(
    session: AsyncSession, event: StrEnum, object_kind: str, object_id: UUID, **details: str
) -> bool:
    """Whether this event of this object stands in the trail, with these details among others."""
    query = select(AuditEvent.id).where(
        AuditEvent.object_kind == object_kind,
        AuditEvent.object_id == object_id,
        AuditEvent.event == event.value,
        AuditEvent.details.contains(details),
    )
    return await session.scalar(query.limit(1)) is not None


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.events:
        conditions.append(AuditEvent.event.in_(wanted.events))
    if wanted.object_kind is not None:
        conditions.append(AuditEvent.object_kind == wanted.object_kind)
    if wanted.object_id is not None:
        conditions.append(AuditEvent.object_id == wanted.object_id)
    if wanted.person_id is not None:
        conditions.append(AuditEvent.person_id == wanted.person_id)
    if wanted.since is not None:
        conditions.append(AuditEvent.created_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AuditEvent.created_at < wanted.until)
    return conditions


async def links(session: AsyncSession) -> AsyncIterator[list[Link]]:
    """The whole chain of the session's organisation in order, some thousand links at a time."""
    last = 0
    while found := await _links_after(session, last):
        yield found
        last = found[-1].seq


async def _links_after(session: AsyncSession, seq: int) -> list[Link]:
    query = (
        select(
            AuditLink.seq,
            AuditLink.details_digest,
            AuditLink.hash,
            AuditEvent.id,
            AuditEvent.created_at,
            AuditEvent.event,
            AuditEvent.actor_kind,
            AuditEvent.person_id,
            AuditEvent.token_id,
            AuditEvent.object_kind,
            AuditEvent.object_id,
            cast(AuditEvent.details, Text),
            AuditEvent.salt,
        )
        .outerjoin(
            AuditEvent,
            and_(
                AuditEvent.organisation_id == AuditLink.organisation_id,
                AuditEvent.id == AuditLink.audit_event_id,
            ),
        )
        .where(AuditLink.seq > seq)
        .order_by(AuditLink.seq)
        .limit(LINKS_AT_ONCE)
    )
    return [_link(*row) for row in (await session.execute(query)).all()]


def _link(seq: int, details_digest: bytes, hash: bytes, event_id: UUID | None, *columns: Any) -> Link:
    event = Event(event_id, *columns) if event_id is not None else None
    return Link(seq, details_digest, hash, event)


async def unlinked(session: AsyncSession, *, limit: int = 1_000) -> list[UUID]:
    """Events that no link names, which only somebody who can switch triggers off leaves behind."""
    linked = exists().where(
        AuditLink.organisation_id == AuditEvent.organisation_id, AuditLink.audit_event_id == AuditEvent.id
    )
    return list(
        await session.scalars(select(AuditEvent.id).where(~linked).order_by(AuditEvent.id).limit(limit))
    )


@dataclass(frozen=True, slots=True)
class ChainState:
    """`unkept_since`: since when notes could not be laid down outside of the database."""

    links: int
    last_hash: bytes
    checkpoint_at: datetime | None
    checkpoint_seq: int | None
    note: str | None
    unkept_since: datetime | None


async def chain_state(session: AsyncSession, actor: Actor) -> ChainState:
    """Where the chain stands, and what was last signed of it."""
    actor.require(Permission.AUDIT_READ)
    link, note = await last_link(session), await last_checkpoint(session)
    return ChainState(
        links=link.seq if link else 0,
        last_hash=link.hash if link else START,
        checkpoint_at=note.created_at if note else None,
        checkpoint_seq=note.seq if note else None,
        note=note.note if note else None,
        unkept_since=await failing_since(session, TakeCheckpoint),
    )


async def last_link(session: AsyncSession) -> AuditLink | None:
    return (await session.scalars(select(AuditLink).order_by(AuditLink.seq.desc()).limit(1))).first()


async def last_checkpoint(session: AsyncSession) -> AuditCheckpoint | None:
    query = select(AuditCheckpoint).order_by(AuditCheckpoint.seq.desc()).limit(1)
    return (await session.scalars(query)).first()


async def checkpoint_notes(session: AsyncSession) -> list[str]:
    """The signed notes that the database itself keeps, in order."""
    return list(await session.scalars(select(AuditCheckpoint.note).order_by(AuditCheckpoint.seq)))
