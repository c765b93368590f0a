"""
The morning's letter to each coordinator: how much needs her today, at half past eight by her own clock.

It is promised an hour or two before, once for each local day whatever sweeps run, and counts when it is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.notifications import queries
from tenants.notifications.actions import Addressed
from tenants.notifications.models import Letter, Task
from tenants.people.models import Person, RoleGrant
from tenants.relationships.accompanying import ROLES

KIND = "desk.digest"
AT = time(8, 30)
AHEAD = timedelta(hours=2)  # the sweep comes each hour
LATEST = timedelta(hours=4)  # a house that was away in the morning still writes before noon, and then no more
KEPT = timedelta(days=7)
AT_ONCE = 500

# What stands in the letter, in this order: the beginnings of kinds of tasks, and their words.
GROUPS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("registration.",), N_("Registrations")),
    (("interview.", "appointment."), N_("Interviews")),
    (("proposal.", "party."), N_("Proposals")),
    (("relationship.", "evaluation.", "agreement.", "meeting."), N_("Check-ups")),
    (("run.", "import."), N_("Runs and imports")),
    (("letter.", "job."), N_("Letters and jobs")),
    (("concern.", "conflict."), N_("Concerns")),
    (("note.",), N_("Confidential notes")),
)
OTHERS = N_("Other things")


@dataclass(frozen=True, slots=True)
class Morning:
    """`groups` are words, number and how many of them are late; only those that are not empty."""

    total: int
    late: int
    groups: list[tuple[str, int, int]]


async def of_day(session: AsyncSession, actor: Actor, day: date) -> Morning:
    """What lies on the actor's desk by a day, as Today counts it. One query."""
    rows: Any = await session.execute(
        select(Task.kind, func.count(), func.count().filter(Task.due_on < day))
        .where(queries.on_the_desk_of(actor), Task.due_on <= day)
        .group_by(Task.kind)
    )
    found: dict[str, tuple[int, int]] = {}
    for kind, number, late in rows:
        words = next((words for begins, words in GROUPS if kind.startswith(begins)), OTHERS)
        before = found.get(words, (0, 0))
        found[words] = (before[0] + number, before[1] + late)
    order = [words for _begins, words in GROUPS] + [OTHERS]
    groups = [(words, *found[words]) for words in order if words in found]
    return Morning(sum(one[1] for one in groups), sum(one[2] for one in groups), groups)


def next_morning(now: datetime, zone: str) -> tuple[date, datetime] | None:
    """The local day whose letter is to be promised now, and the moment at which it goes; None in between."""
    day = clock.local(now, zone).date()
    at = clock.instant(day, AT, zone)
    if at - AHEAD <= now <= at + LATEST:
        return day, max(at, now)
    return None


async def promise(session: AsyncSession, actor: Actor) -> None:
    """As the house, each hour: promise the letters of the next mornings, and forget old ones."""
    now = clock.now()
    last: UUID | None = None
    while batch := await _readers(session, last):
        due: dict[datetime, list[Addressed]] = {}
        for person_id, zone in batch:
            if (morning := next_morning(now, zone)) is not None:
                day, at = morning
                letter = Addressed(f"{KIND}:{person_id}:{day}", person_id, {"day": day.isoformat()})
                due.setdefault(at, []).append(letter)
        for at, letters in due.items():
            await notifications.write_all(session, actor, KIND, letters, due_at=at)
        last = batch[-1][0]
    await session.execute(delete(Letter).where(Letter.kind == KIND, Letter.created_at < now - KEPT))


async def _readers(session: AsyncSession, after: UUID | None) -> Sequence[tuple[UUID, str]]:
    """Who works with people and has not switched it off, by id."""
    working = select(RoleGrant.person_id).where(RoleGrant.role.in_(ROLES))
    query = (
        select(Person.id, Person.time_zone)
        .where(
            Person.is_active,
            Person.email.is_not(None),
            Person.id.in_(working),
            ~Person.letters_off.contains([KIND]),
        )
        .order_by(Person.id)
        .limit(AT_ONCE)
    )
    if after is not None:
        query = query.where(Person.id > after)
    return [(row[0], row[1]) for row in await session.execute(query)]
