"""
What people who are here have said for themselves, which no roster replaces (K07).

Whoever registered, by the form or with a coordinator, has said all of it. Of
somebody who came with a roster only that is hers which was changed by hand
since: the audit trail knows the fields.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from tenants.audit.models import AuditEvent
from tenants.people.events import Event as PeopleEvent
from tenants.registration import rules
from tenants.registration.events import Event
from tenants.registration.importing.setting import Setting
from tenants.registration.models import Origin, Participation

Fields = dict[UUID, set[str]]
# Where somebody belongs is for those to say who work with her.
ASSIGNED = frozenset({"office_id", "is_active"})


@dataclass(frozen=True, slots=True)
class Hers:
    """`spoken` are people and participations of whom all is hers; `fields` what is hers of the others."""

    spoken: Collection[UUID] = frozenset()
    fields: Fields = field(default_factory=dict)

    def beside(self, row: Any, said: Mapping[str, Any]) -> dict[str, Any]:
        """What is said of a person, or of a participation, and must not take the place of what she says."""
        whole, some = row.id in self.spoken, self.fields.get(row.id, set())
        kept = {
            name: value for name, value in said.items() if name not in ASSIGNED and (whole or name in some)
        }
        return rules.differences(row, kept)


async def of(session: AsyncSession, setting: Setting, people: Sequence[UUID], parts: Iterable[Any]) -> Hers:
    """For people who are here, and their participations in this cycle (with `id` and `origin`)."""
    if not people:
        return Hers()
    listed = list(parts)
    spoken = {part.id for part in listed if part.origin != Origin.ROSTER} | await _registered(session, people)
    fields = await _changed(session, "person", PeopleEvent.PERSON_CHANGED, people)
    by_key = {one.key: one.field or "" for one in setting.questions}
    of_parts = await _changed(session, "participation", Event.PROFILE_CHANGED, [part.id for part in listed])
    return Hers(
        spoken, fields | {id: {by_key.get(name, name) for name in names} for id, names in of_parts.items()}
    )


async def _registered(session: AsyncSession, people: Sequence[UUID]) -> set[UUID]:
    """Those who have ever come in another way than by a roster; who works here without taking part is one of them."""
    by_roster = func.coalesce(func.bool_and(Participation.origin == Origin.ROSTER), False)
    rows = await session.execute(
        select(Participation.person_id)
        .where(bulk.any_of(Participation.person_id, people))
        .group_by(Participation.person_id)
        .having(by_roster)
    )
    return set(people) - set(rows.scalars())


async def _changed(session: AsyncSession, kind: str, event: str, ids: Sequence[UUID]) -> Fields:
    """Fields changed by hand. Of what others had said and she has called right, those that were taken over."""
    taken = AuditEvent.details["taken"]
    listed = case((taken.is_not(None), taken), else_=AuditEvent.details["fields"])
    names = func.jsonb_array_elements_text(listed).table_valued("value", name="named")
    rows = await session.execute(
        select(AuditEvent.object_id, names.c.value)
        .join(names, true())
        .where(
            AuditEvent.object_kind == kind,
            bulk.any_of(AuditEvent.object_id, ids),
            AuditEvent.event == event,
        )
        .distinct()
    )
    found: Fields = {}
    for object_id, name in rows:
        found.setdefault(object_id, set()).add(name)
    return found
