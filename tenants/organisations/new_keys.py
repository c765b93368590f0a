"""The key beneath which all of the organisation's confidential texts lie: which one it is, and asking for a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import LimitReached
from infra.keys import rotation
from infra.keys.errors import KeyServiceUnavailable
from infra.keys.house import KeyHouse
from infra.keys.rotation import Left, SealedColumn
from infra.outbox import enqueue
from infra.outbox.models import JobState, OutboxJob
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.organisations.events import Event
from tenants.organisations.jobs import RenewKey
from tenants.permissions import Permission

NOTHING = Left()


class NewKeyAskedToday(LimitReached):
    """One new key a day is enough for any reason to have one; it spares the key service an impatient hand."""

    code = "new_key_asked_today"


@dataclass(frozen=True, slots=True)
class KeyState:
    """
    `version` 0: nothing has been sealed yet. `left` is what a new key has still to reach.

    `is_known` is False while the key service is away; then nothing of the rest is.
    """

    is_known: bool
    version: int = 0
    made_at: datetime | None = None
    left: Left = NOTHING
    is_asked: bool = False

    @property
    def is_moving(self) -> bool:
        return self.is_asked or bool(self.left)


async def state(
    session: AsyncSession, actor: Actor, keys: KeyHouse, columns: Sequence[SealedColumn] = ()
) -> KeyState:
    """Which key seals, and how far the last new one has come."""
    actor.require(Permission.KEYS_RENEW)
    open_job = select(OutboxJob.id).where(
        OutboxJob.kind == RenewKey.KIND, OutboxJob.state.in_([JobState.WAITING, JobState.SENT])
    )
    is_asked = (await session.scalars(open_job.limit(1))).first() is not None
    try:
        versions = await rotation.tenant_keys(keys, actor.organisation_id)
        left = await rotation.left(keys, actor.organisation_id, columns)
    except KeyServiceUnavailable:
        return KeyState(is_known=False, is_asked=is_asked)
    if not versions:
        return KeyState(is_known=True, is_asked=is_asked)
    return KeyState(True, versions[0].version, versions[0].made_at, left, is_asked)


async def ask(session: AsyncSession, actor: Actor) -> None:
    """
    Ask for a new key. A worker makes it and moves everything beneath it; nobody has to wait for that.

    Raises:
        NewKeyAskedToday: somebody did, today.
    """
    actor.require(Permission.KEYS_RENEW)
    key = f"{RenewKey.KIND}:{clock.now():%Y-%m-%d}"
    if (await session.scalars(select(OutboxJob.id).where(OutboxJob.key == key))).first() is not None:
        raise NewKeyAskedToday
    await enqueue(session, RenewKey(), key=key)
    audit.record(session, actor, Event.KEY_ASKED, kind="organisation", id=actor.organisation_id)


def renewed(session: AsyncSession, actor: Actor, *, version: int, moved: int, left: Left) -> None:
    """Write down that the new key seals, and how much lies beneath it."""
    audit.record(
        session,
        actor,
        Event.KEY_RENEWED,
        kind="organisation",
        id=actor.organisation_id,
        version=version,
        moved=moved,
        left=left.total,
    )
