"""What a batch makes and changes, gathered and then written table by table, with all that a revert needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from infra.db import bulk
from infra.db.base import TenantRow
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tenants.registration import consents
from tenants.registration.importing import rules
from tenants.registration.importing.setting import Setting
from tenants.registration.models import Channel, Consent, Participation, RosterImport, RosterRow, RowState
from tenants.registration.roster.problems import Group, Severity


@dataclass(slots=True)
class Entry:
    """One row: the person it became, what it made of her, and what stood there before."""

    row: Any
    person: Any
    is_new: bool
    made: list[UUID] = field(default_factory=list)
    before_person: dict[str, Any] | None = None
    before_parts: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    consents: list[UUID] = field(default_factory=list)
    grants: list[UUID] = field(default_factory=list)

    @property
    def parts(self) -> list[UUID]:
        return [*self.made, *self.before_parts]


@dataclass(slots=True)
class Made:
    found: RosterImport
    asked: rules.Commit
    at: datetime
    entries: list[Entry] = field(default_factory=list)
    people: list[Any] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    changed_people: list[dict[str, Any]] = field(default_factory=list)
    changed_parts: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)

    def entry(self, row: Any, person: Any, *, is_new: bool) -> Entry:
        made = Entry(row, person, is_new)
        self.entries.append(made)
        return made

    def leave(self, row: Any, name: str) -> None:
        """The row is refused after all; it stands in the file of refused rows like any other."""
        problem = {
            "row": row.row_number, "column": None, "header": None, "field": "email", "code": "address_taken",
            "group": Group.ADDRESS_TAKEN.value, "severity": Severity.REFUSED.value, "found": row.values["email"],
            "suggestion": None, "facts": {"name": name},
        }  # fmt: skip
        self.left.append({"id": row.id, "state": RowState.REFUSED.value, "problems": [problem]})

    def change_person(self, entry: Entry, person: Any, told: Mapping[str, Any], names: Sequence[str]) -> None:
        before = {name: getattr(person, name) for name in names}
        after = before | dict(told)
        if after != before:
            entry.before_person = before
            self.changed_people.append({"id": person.id, **after})

    def change_part(self, entry: Entry, part: Any, stated: Mapping[str, Any], names: Sequence[str]) -> None:
        before = {name: getattr(part, name) for name in names}
        after = before | dict(stated)
        after["answers"] = {**before["answers"], **stated.get("answers", {})}
        if after != before:
            entry.before_parts[part.id] = before
            self.changed_parts.append({"id": part.id, **after})


async def keep(session: AsyncSession, made: Made, setting: Setting) -> None:
    """Write what was gathered. People before their parts; the rows last, with the marks of all that was written."""
    await bulk.insert_rows(session, bulk.table(Person), [_person(made, person) for person in made.people])
    await bulk.update_rows(session, bulk.table(Person), made.changed_people)
    await bulk.insert_rows(
        session, bulk.table(Participation), [_part(made, setting, part) for part in made.parts]
    )
    await bulk.update_rows(session, bulk.table(Participation), made.changed_parts)
    joining = [entry for entry in made.entries if entry.made]
    await _grant(session, made, joining)
    await _agree(session, made, setting, joining)
    await _mark(session, made)


def _person(made: Made, person: Any) -> dict[str, Any]:
    facts = {name: value for name, value in vars(person).items() if name not in ("is_new", "runs_it")}
    return {"organisation_id": made.found.organisation_id, **facts}


def _part(made: Made, setting: Setting, part: dict[str, Any]) -> dict[str, Any]:
    return {
        "organisation_id": made.found.organisation_id,
        "created_at": made.at,
        "programme_id": setting.programme.id,
        "cycle_id": made.found.cycle_id,
        "import_id": made.found.id,
        "status_at": made.at,
        **part,
    }


async def _grant(session: AsyncSession, made: Made, joining: Sequence[Entry]) -> None:
    query = select(RoleGrant.person_id).where(
        bulk.any_of(RoleGrant.person_id, [entry.person.id for entry in joining]),
        RoleGrant.role == Role.PARTICIPANT,
        RoleGrant.office_id.is_(None),
    )
    holding = set((await session.execute(query)).scalars())
    rows = []
    for entry in joining:
        if entry.person.id not in holding:
            holding.add(entry.person.id)
            entry.grants.append(ids.new())
            rows.append(
                {
                    "organisation_id": made.found.organisation_id,
                    "id": entry.grants[-1],
                    "created_at": made.at,
                    "person_id": entry.person.id,
                    "role": Role.PARTICIPANT,
                    "office_id": None,
                }
            )
    await bulk.insert_rows(session, bulk.table(RoleGrant), rows)


async def _agree(session: AsyncSession, made: Made, setting: Setting, joining: Sequence[Entry]) -> None:
    """What the sender of the roster assures: the consents without which nobody can take part, unless given already."""
    query = select(Consent.person_id, Consent.purpose).where(
        bulk.any_of(Consent.person_id, [entry.person.id for entry in joining if not entry.is_new]),
        Consent.withdrawn_at.is_(None),
    )
    given = {(person_id, purpose) for person_id, purpose in await session.execute(query)}
    rows = []
    for entry in joining:
        for text in (one for one in consents.TEXTS if one.is_obligatory):
            if (entry.person.id, text.purpose) in given:
                continue
            given.add((entry.person.id, text.purpose))
            entry.consents.append(ids.new())
            rows.append(
                {
                    "organisation_id": made.found.organisation_id,
                    "id": entry.consents[-1],
                    "created_at": made.at,
                    "person_id": entry.person.id,
                    "purpose": text.purpose,
                    "text_version": text.version,
                    "language": entry.person.language,
                    "channel": Channel.ROSTER,
                    "given_at": made.at,
                    "withdrawn_at": None,
                    "recorded_by": made.found.uploaded_by,
                }
            )
    await bulk.insert_rows(session, bulk.table(Consent), rows)


async def _mark(session: AsyncSession, made: Made) -> None:
    people = await marks(session, Person, [entry.person.id for entry in made.entries])
    parts = await marks(session, Participation, [part for entry in made.entries for part in entry.parts])
    rows = [
        {
            "id": entry.row.id,
            "state": RowState.IMPORTED,
            "person_id": entry.person.id,
            "person_is_new": entry.is_new,
            "participation_ids": [str(one) for one in entry.made],
            "before": {
                "person": entry.before_person,
                "parts": {str(one): before for one, before in entry.before_parts.items()},
                "consents": entry.consents,
                "grants": entry.grants,
                "marks": {
                    "person": people[entry.person.id] if entry.is_new or entry.before_person else None,
                    "parts": {str(one): parts[one] for one in entry.parts},
                },
            },
        }
        for entry in made.entries
    ]
    await bulk.update_rows(session, bulk.table(RosterRow), rows)
    await bulk.update_rows(session, bulk.table(RosterRow), made.left)


async def marks(session: AsyncSession, model: type[TenantRow], row_ids: Sequence[UUID]) -> dict[UUID, str]:
    """A fingerprint of each row as it stands, every column of it; rows that are not there have none."""
    whole = func.md5(cast(literal_column(f'"{bulk.table(model).name}"'), Text))
    found: dict[UUID, str] = {}
    for part in bulk.batches(row_ids):
        rows = await session.execute(select(model.id, whole).where(bulk.any_of(model.id, part)))
        found |= {row[0]: row[1] for row in rows}
    return found
