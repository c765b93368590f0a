"""How a programme watches whether its pairs meet (K38, K52)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.relationships.events import Event
from tenants.relationships.keeping import models
from tenants.relationships.keeping.models import MeetingSetting, Rhythm
from tenants.relationships.models import Relationship

BOUNDS = {"quiet_days": (7, 366), "task_days": (1, 90), "not_heard_days": (7, 366)}


@dataclass(frozen=True, slots=True)
class Watching:
    """After `quiet_days` without a meeting a pair gets a letter, and `task_days` later its coordinator a task."""

    is_watched: bool = True
    quiet_days: int = models.QUIET_DAYS
    task_days: int = models.TASK_DAYS
    not_heard_days: int = models.NOT_HEARD_DAYS


async def of_programme(session: AsyncSession, programme_id: UUID) -> Watching:
    return (await of_all(session)).get(programme_id, Watching())


async def of_all(session: AsyncSession) -> dict[UUID, Watching]:
    """Of every programme that has chosen."""
    columns = (
        MeetingSetting.is_watched, MeetingSetting.quiet_days, MeetingSetting.task_days, MeetingSetting.not_heard_days,
    )  # fmt: skip
    rows = await session.execute(select(MeetingSetting.programme_id, *columns))
    return {row[0]: Watching(*row[1:]) for row in rows}


async def change(session: AsyncSession, actor: Actor, programme_id: UUID, watching: Watching) -> Watching:
    """
    Watch otherwise from now on; a pair whose day has come by it is looked at within the hour.

    Raises:
        NotFound: no programme that the actor reaches. Invalid: days that nobody waits.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    await programmes.access_programme(session, actor, programme_id, lock=True)
    _must_be_days(watching)
    if watching == await of_programme(session, programme_id):
        return watching
    await session.execute(delete(MeetingSetting).where(MeetingSetting.programme_id == programme_id))
    session.add(
        MeetingSetting(
            organisation_id=actor.organisation_id, programme_id=programme_id, is_watched=watching.is_watched,
            quiet_days=watching.quiet_days, task_days=watching.task_days, not_heard_days=watching.not_heard_days,
        )
    )  # fmt: skip
    today = clock.today((await organisations.own(session)).time_zone)
    cases = select(Relationship.id).where(Relationship.programme_id == programme_id)
    await session.execute(update(Rhythm).where(Rhythm.relationship_id.in_(cases)).values(look_on=today))
    audit.record(session, actor, Event.MEETING_SETTING_CHANGED, kind="programme", id=programme_id)
    return watching


def _must_be_days(watching: Watching) -> None:
    problems = []
    for name, (least, most) in BOUNDS.items():
        days = getattr(watching, name)
        if days < least:
            problems.append(Problem(name, "too_small", {"minimum": least}))
        elif days > most:
            problems.append(Problem(name, "too_large", {"maximum": most}))
    if problems:
        raise Invalid(*problems)
