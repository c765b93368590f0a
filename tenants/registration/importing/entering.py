"""One batch of rows becomes people and participations: a dozen statements, however many rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tenants.registration.importing import becoming, hers, rules
from tenants.registration.importing.hers import Hers
from tenants.registration.importing.keeping import Made, keep
from tenants.registration.importing.setting import Setting
from tenants.registration.models import Origin, Participation, RosterImport, Status
from tenants.registration.roster.people import is_same_name
from tenants.registration.roster.problems import Group
from tenants.registration.roster.rows import Action
from tenants.registration.rules import usual_mode

PERSON_FACTS = ("full_name", "phone", "language", "time_zone", "gender", "office_id", "is_active")
PART_FACTS = (
    "office_id", "entity", "capacity", "mode", "topics_offered", "topics_wanted", "languages", "sector", "grade",
    "region", "experience_years", "supervisor_email", "excluded_emails", "motivation", "answers", "told",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    found: RosterImport
    setting: Setting
    asked: rules.Commit
    rows: Sequence[Any]  # id, row_number, values


@dataclass(slots=True)
class Entered:
    """`rows` became people, `left` could not: somebody else has their address since the preview."""

    rows: list[UUID] = field(default_factory=list)
    left: list[UUID] = field(default_factory=list)
    participations: list[UUID] = field(default_factory=list)
    people: int = 0
    updated: int = 0
    ready: int = 0


async def enter(session: AsyncSession, batch: Batch) -> Entered:
    """Write one batch. Rows of one address that are not one person cannot both be had: the later is left."""
    here = await _here(session, batch)
    parts = await _parts(session, batch, [person.id for person in here.values()])
    known = [person.id for person in here.values()]
    updating = any(
        _action(batch, row.values, here.get(becoming.address(row.values["email"]))) is Action.UPDATE
        for row in batch.rows
    )
    spoken = await hers.of(session, batch.setting, known, parts.values()) if updating else Hers()
    made = Made(batch.found, batch.asked, clock.now())
    entered = Entered()
    for row in batch.rows:
        _enter_row(batch, row, here, parts, made, entered, spoken)
    await keep(session, made, batch.setting)
    entered.people = len(made.people)
    entered.updated = len(made.changed_people) + len(made.changed_parts)
    entered.participations = [part["id"] for part in (*made.parts, *made.changed_parts)]
    entered.ready = sum(part["status"] == Status.READY for part in made.parts)
    return entered


async def _here(session: AsyncSession, batch: Batch) -> dict[str, Any]:
    addresses = [becoming.address(row.values["email"]) for row in batch.rows]
    runs_it = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role != Role.PARTICIPANT)
    query = select(
        Person.id, Person.email, runs_it.label("runs_it"), *(getattr(Person, name) for name in PERSON_FACTS)
    )
    rows = await session.execute(query.where(bulk.texts(Person.email, addresses)))
    return {row.email: SimpleNamespace(**row._mapping, is_new=False) for row in rows}


async def _parts(session: AsyncSession, batch: Batch, people: Sequence[UUID]) -> dict[tuple[UUID, str], Any]:
    p = Participation
    query = select(p.id, p.person_id, p.role, p.status, p.origin, *(getattr(p, name) for name in PART_FACTS))
    query = query.where(p.cycle_id == batch.found.cycle_id, bulk.any_of(p.person_id, people))
    return {(row.person_id, row.role): row for row in await session.execute(query)}


def _enter_row(
    batch: Batch,
    row: Any,
    here: dict[str, Any],
    parts: dict[tuple[UUID, str], Any],
    made: Made,
    entered: Entered,
    spoken: Hers,
) -> None:
    setting, value = batch.setting, row.values
    facts = becoming.person(value, setting)
    person = here.get(facts["email"])
    action = _action(batch, value, person)
    if action is Action.NONE and person is not None:
        entered.left.append(row.id)
        made.leave(row, person.full_name)
        return
    is_new = person is None
    if person is None:
        person = here[facts["email"]] = _new_person(facts, setting, made.at)
        made.people.append(person)
    entry = made.entry(row, person, is_new=is_new)
    entered.rows.append(row.id)
    stated = becoming.said(becoming.participation(value, setting))
    told = becoming.said(facts) if action is Action.UPDATE and not is_new else {}
    told.pop("email", None)
    other = spoken.beside(person, told)
    for role in becoming.roles(value, setting):
        part = parts.get((person.id, role))
        if part is None:
            new = _new_part(batch, value, person, role, stated) | {"told": other}
            parts[person.id, role] = SimpleNamespace(**new)
            made.parts.append(new)
            entry.made.append(new["id"])
        elif action is Action.UPDATE:
            made.change_part(entry, part, _replaceable(part, stated, spoken, other), PART_FACTS)
    if not is_new:
        told = {name: value for name, value in told.items() if name not in other}
        # A roster gives nobody who was shut out her roles back; she stays out until who hands out roles says so.
        if entry.made and not person.runs_it:
            told["is_active"] = True
        made.change_person(entry, person, told, PERSON_FACTS)


def _replaceable(part: Any, stated: dict[str, Any], spoken: Hers, other: dict[str, Any]) -> dict[str, Any]:
    """What a row may change of a part; what it says against her own words stands beside them, to be asked of her."""
    beside = spoken.beside(part, {name: value for name, value in stated.items() if name != "answers"})
    changed = {name: value for name, value in stated.items() if name not in beside}
    if said := changed.get("answers"):
        # To a question of the programme's own her answer stays; a roster only fills what is open.
        is_open = {key for key in said if part.answers.get(key) in (None, "", [])}
        changed["answers"] = {
            key: value for key, value in said.items() if key in is_open or key == becoming.OTHER_TOPICS
        }
    return changed | {"told": part.told | beside | other}


def _action(batch: Batch, value: dict[str, Any], person: Any) -> Action:
    """What the preview said, unless somebody has come since, or stands beyond the uploader's reach."""
    if person is None:
        return Action.CREATE
    choices = rules.choices_of(batch.found.choices)
    action = Action(value["action"])
    if action is Action.CREATE or person.is_new:
        is_same = is_same_name(person.full_name, value["full_name"])
        if not is_same and choices.decision(Group.ADDRESS_TAKEN) != "same":
            return Action.NONE
        decision = choices.decision(Group.ALREADY_HERE)
        action = {"keep": Action.KEEP, "update": Action.UPDATE, "skip": Action.NONE}[decision]
    reach = batch.setting.reach
    if action is Action.UPDATE and reach and person.office_id not in reach:
        return Action.KEEP
    return action


def _new_person(facts: dict[str, Any], setting: Setting, at: datetime) -> SimpleNamespace:
    office = facts["office_id"] or setting.own_office
    zones: dict[UUID | None, str] = {one.id: one.time_zone for one in setting.offices.values()}
    return SimpleNamespace(
        id=ids.new(),
        email=facts["email"],
        full_name=facts["full_name"],
        phone=facts["phone"],
        language=facts["language"] or setting.default_language,
        time_zone=facts["time_zone"] or zones.get(office) or setting.time_zone,
        gender=facts["gender"],
        office_id=office,
        is_active=True,
        runs_it=False,
        is_new=True,
        created_at=at,
    )


def _new_part(
    batch: Batch, value: dict[str, Any], person: Any, role: str, stated: dict[str, Any]
) -> dict[str, Any]:
    setting = batch.setting
    facts = _UNSTATED | {
        "capacity": setting.structure.places,
        "mode": usual_mode(setting.programme.structure),
        "office_id": person.office_id or setting.own_office,
        **stated,
    }
    status = _status(batch, role, facts, person)
    return {
        "id": ids.new(),
        "person_id": person.id,
        "role": role,
        "status": status,
        "registered_on": becoming.registered_on(value, setting),
        "interviewed_on": setting.today if batch.asked.interviews_held and status == Status.READY else None,
        "origin": Origin.ROSTER,
        **facts,
    }


def _status(batch: Batch, role: str, facts: dict[str, Any], person: Any) -> Status:
    """READY only for whose profile is complete; the others stay registered, to be asked (K10)."""
    if batch.asked.status != Status.READY:
        return Status.REGISTERED
    profile: Any = SimpleNamespace(role=role, **facts)
    return Status.REGISTERED if becoming.open_questions(batch.setting, profile, person) else Status.READY


_UNSTATED: dict[str, Any] = {
    "entity": None, "topics_offered": [], "topics_wanted": [], "languages": [], "sector": None,
    "grade": None, "region": None, "experience_years": None, "supervisor_email": None, "excluded_emails": [],
    "motivation": None, "answers": {},
}  # fmt: skip
