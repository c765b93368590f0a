"""Windows for support, as those see them who may shut them, and those who come in by them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock
from infra.errors import Forbidden, NotFound
from tenants.actor import Actor
from tenants.audit.models import AuditEvent
from tenants.identity import support_rules as support
from tenants.identity.rules import Refusal
from tenants.identity.support_models import SupportWindow
from tenants.identity.support_rules import State
from tenants.people.models import Person
from tenants.permissions import Permission

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A window as those who may close it see it."""

    id: UUID
    person_id: UUID
    full_name: str
    let_in_by: str | None
    operator: str
    reason: str
    created_at: datetime
    expires_at: datetime
    entered_at: datetime | None
    ended_at: datetime | None
    state: State


async def find(session: AsyncSession, window_id: UUID) -> SupportWindow | None:
    return (await session.scalars(select(SupportWindow).where(SupportWindow.id == window_id))).one_or_none()


async def access(session: AsyncSession, window_id: UUID) -> SupportWindow:
    window = await find(session, window_id)
    if window is None:
        raise NotFound(kind="support_window", id=str(window_id))
    return window


async def seen(session: AsyncSession, window_id: UUID) -> SupportWindow | None:
    """The window that a link leads to, while it can be entered; None if not any more."""
    window = await find(session, window_id)
    is_open = window is not None and support.state(window, clock.now()) is State.OPEN
    return window if is_open else None


async def over(session: AsyncSession, window_id: UUID) -> Refusal | None:
    """Why nobody comes in by a window that there is; None where somebody may, or there is none."""
    window = await find(session, window_id)
    if window is None or support.state(window, clock.now()) is State.OPEN:
        return None
    return Refusal.EXPIRED if window.entered_at is None else Refusal.USED


async def listed(session: AsyncSession, actor: Actor, *, of_all: bool) -> list[Listed]:
    """
    Windows onto one's own account, or onto all of the organisation's, the latest first.

    Raises:
        Forbidden: all of them, without the right to it; or the actor is support.
    """
    own = actor.require_herself()
    if of_all:
        actor.require(Permission.SUPPORT_LET_IN)
    rows = await session.execute(_rows(None if of_all else own))
    return _listed(rows.all())


async def open_now(session: AsyncSession, actor: Actor) -> list[Listed]:
    """The windows of an organisation by which somebody can come in. Raises Forbidden: only for the house."""
    if actor.kind != "house":
        raise Forbidden(permission="house")
    rows = await session.execute(_rows(None))
    return [one for one in _listed(rows.all()) if one.state is State.OPEN]


async def current(session: AsyncSession, actor: Actor) -> SupportWindow | None:
    """The window by which this actor has come in; None for everybody else."""
    return await find(session, actor.support_id) if actor.support_id is not None else None


async def changes(session: AsyncSession, window: SupportWindow) -> int:
    """How many things support has done by this window, beyond coming and going."""
    query = select(func.count()).where(
        AuditEvent.actor_kind == "support",
        AuditEvent.person_id == window.person_id,
        AuditEvent.created_at >= window.created_at,
        AuditEvent.created_at <= window.expires_at,
        AuditEvent.object_kind != "support_window",
        AuditEvent.details["support"].astext == str(window.id),
    )
    return (await session.execute(query)).scalar_one()


def _rows(person_id: UUID | None) -> Select[SupportWindow, str, str]:
    by = aliased(Person)
    query = (
        select(SupportWindow, Person.full_name, by.full_name)
        .join(Person, Person.id == SupportWindow.person_id)
        .outerjoin(by, by.id == SupportWindow.let_in_by)
        .order_by(SupportWindow.created_at.desc(), SupportWindow.id)
        .limit(MOST_LISTED)
    )
    return query if person_id is None else query.where(SupportWindow.person_id == person_id)


def _listed(rows: Iterable[Row[SupportWindow, str, str]]) -> list[Listed]:
    now = clock.now()
    return [
        Listed(
            one.id, one.person_id, full_name, let_in_by, one.operator, one.reason, one.created_at, one.expires_at,
            one.entered_at, one.ended_at, support.state(one, now),
        )
        for one, full_name, let_in_by in rows
    ]  # fmt: skip
