"""Setting a network up, step by step: what each asks, what was written, and what is settled (K80)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import Conflict, Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.programmes import queries
from tenants.programmes.events import Event
from tenants.programmes.set_up_models import SetUpStep, Step

MOST = 6_000  # signs of a step


class SetUpChanged(Conflict):
    """Somebody else has written meanwhile. Facts: version, which stands now."""

    code = "set_up_changed"


@dataclass(frozen=True, slots=True)
class Written:
    """A step as it stands; version 0 if nobody has written anything."""

    step: Step
    text: str = ""
    settled_at: datetime | None = None
    version: int = 0


async def steps(session: AsyncSession, actor: Actor, programme_id: UUID) -> list[Written]:
    """
    All steps in their order.

    Raises:
        NotFound: no such programme.
    """
    await queries.access_programme(session, actor, programme_id)
    rows = await session.scalars(select(SetUpStep).where(SetUpStep.programme_id == programme_id))
    found = {row.step: row for row in rows}
    return [_written(step, found.get(step)) for step in Step]


async def write(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    step: Step,
    *,
    text: str,
    is_settled: bool,
    version: int,
) -> Written:
    """
    Write down a step, or settle it.

    Raises:
        NotFound: no such programme.
        SetUpChanged: `version` is not what stands.
        Invalid: too long, or settled without a word.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    await queries.access_programme(session, actor, programme_id, lock=True)
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > MOST:
        raise Invalid(Problem("text", "too_long", {"maximum": MOST}))
    if is_settled and not text:
        raise Invalid(Problem("text", "set_up_empty"))
    where = (SetUpStep.programme_id == programme_id, SetUpStep.step == step)
    row = await session.scalar(select(SetUpStep).where(*where))
    standing = row.version if row else 0
    if standing != version:
        raise SetUpChanged(version=standing)
    if row is None:
        row = SetUpStep(
            organisation_id=actor.organisation_id, programme_id=programme_id, step=step, version=0, text=""
        )
        session.add(row)
    if (text, is_settled) == (row.text, row.settled_at is not None):
        return _written(step, row if standing else None)
    row.text = text
    row.version = standing + 1
    row.settled_at = (row.settled_at or clock.now()) if is_settled else None
    await session.flush()
    audit.record(
        session, actor, Event.SET_UP_CHANGED, kind="programme", id=programme_id, step=step.value, settled=is_settled
    )  # fmt: skip
    return _written(step, row)


def _written(step: Step, row: SetUpStep | None) -> Written:
    return Written(step, row.text, row.settled_at, row.version) if row else Written(step)
