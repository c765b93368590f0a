"""Offices and topics that a roster names and the organisation had not, made because somebody with the right said so."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.organisations import actions as organisations
from tenants.programmes.events import Event as ProgrammeEvent
from tenants.programmes.models import Topic
from tenants.registration.importing.rules import NEW_TOPICS, READY_ROWS
from tenants.registration.importing.setting import Setting
from tenants.registration.models import RosterImport, RosterRow
from tenants.registration.roster.writing import fold


@dataclass(frozen=True, slots=True)
class Added:
    offices: list[UUID] = field(default_factory=list)
    topics: list[UUID] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"offices": [str(one) for one in self.offices], "topics": [str(one) for one in self.topics]}


async def add(session: AsyncSession, actor: Actor, found: RosterImport, setting: Setting) -> Added:
    """What the choices of this import ask for and is not there yet."""
    made = Added()
    if found.choices.get("groups", {}).get("units") == "create" and setting.has_offices:
        for name in await _new_offices(session, found, setting):
            office = await organisations.open_office(session, actor, name=name, time_zone=setting.time_zone)
            made.offices.append(office.id)
    for name in found.choices.get(NEW_TOPICS, ()):
        if fold(name) not in setting.topic_codes:
            made.topics.append(await _topic(session, setting, name))
    if made.topics:
        audit.record(
            session,
            actor,
            ProgrammeEvent.TOPICS_CHANGED,
            kind="programme",
            id=setting.programme.id,
            count=len(made.topics),
        )
    return made


async def _new_offices(session: AsyncSession, found: RosterImport, setting: Setting) -> list[str]:
    """The names in the order of the file, each once however it is written."""
    name = RosterRow.values["organisation_unit"].astext
    rows = await session.execute(
        select(name, func.min(RosterRow.row_number))
        .where(RosterRow.import_id == found.id, RosterRow.state.in_(READY_ROWS), name.is_not(None))
        .group_by(name)
        .order_by(func.min(RosterRow.row_number))
    )
    names: dict[str, str] = {}
    for written, _ in rows:
        if setting.office(written) is None:
            names.setdefault(fold(written), written)
    return list(names.values())


async def _topic(session: AsyncSession, setting: Setting, name: str) -> UUID:
    taken = set(
        (
            await session.execute(select(Topic.code).where(Topic.programme_id == setting.programme.id))
        ).scalars()
    )
    code = fold(name).replace(" ", "_")[:40] or "topic"
    number = 1
    while code in taken:
        number += 1
        code = f"{fold(name).replace(' ', '_')[:36]}_{number}"
    topic = Topic(
        organisation_id=setting.programme.organisation_id,
        programme_id=setting.programme.id,
        code=code,
        label={setting.programme.languages[0]: name},
        position=len(taken),
    )
    session.add(topic)
    await session.flush()
    return topic.id
