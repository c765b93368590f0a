"""
An import taken back: everything as it was before, or nothing at all.

A row is in use when what it wrote has been changed since, or when anything
refers to what it made: a proposal, a session, a letter. Then no row is taken
back, and the coordinator is told which ones stand in the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications.models import Task
from tenants.organisations.models import Office
from tenants.people.models import Person, RoleGrant
from tenants.programmes.models import Topic
from tenants.registration import watching
from tenants.registration.importing import dependants, setting
from tenants.registration.importing.committing import done_task
from tenants.registration.importing.events import Event
from tenants.registration.importing.keeping import marks
from tenants.registration.importing.telling import Tell
from tenants.registration.models import Consent, ImportState, Participation, RosterImport, RosterRow, RowState

_SHOWN = 50  # rows in use that are named
_DELETED_AT_ONCE = 250  # each asks every table that may refer to it


class InUse(Exception):
    """Rows that others lean on. `rows` are row number, name and reasons; `count` is how many in all."""

    def __init__(self, rows: list[dict[str, Any]], count: int) -> None:
        super().__init__(f"{count} rows in use")
        self.rows = rows
        self.count = count


@dataclass
class _Written:
    """What the import wrote, by table."""

    rows: Sequence[Any]
    people: list[UUID] = field(default_factory=list)
    parts: list[UUID] = field(default_factory=list)
    consents: list[UUID] = field(default_factory=list)
    grants: list[UUID] = field(default_factory=list)
    before_people: list[dict[str, Any]] = field(default_factory=list)
    before_parts: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for row in self.rows:
            before = row.before
            if row.person_is_new:
                self.people.append(row.person_id)
            self.parts += [UUID(one) for one in row.participation_ids]
            self.consents += [UUID(one) for one in before["consents"]]
            self.grants += [UUID(one) for one in before["grants"]]
            if before["person"] is not None:
                self.before_people.append({"id": str(row.person_id), **before["person"]})
            self.before_parts += [{"id": one, **facts} for one, facts in before["parts"].items()]


async def revert(
    session: AsyncSession, actor: Actor, import_id: UUID, version: int, asked_by: UUID, tell: Tell
) -> RosterImport | None:
    """
    Take everything back. None where that has been done, and where `asked_by` may not import any more.

    Raises:
        InUse: nothing may be taken back; the transaction must be rolled back.
    """
    await session.execute(select(bulk.alone(import_id)))
    found = await session.get(RosterImport, (actor.organisation_id, import_id))
    if found is None or found.state != ImportState.REVERTING or found.version != version:
        return None
    if not await setting.may_still(session, actor, found, asked_by):
        found.state = ImportState.COMMITTED
        audit.record(session, actor, Event.ROSTER_FAILED, kind="import", id=found.id, reason="not_permitted")
        return None
    written = _Written(await _rows(session, import_id))
    await _must_be_free(session, written, tell)
    await tell("taking_back", 0, len(written.rows))
    await _take_back(session, written, tell)
    await _take_additions(session, found)
    await _close(session, actor, found, len(written.rows))
    return found


async def refuse(
    session: AsyncSession, actor: Actor, import_id: UUID, version: int, error: InUse | None = None
) -> None:
    """Nothing was taken back: say so beside the import, which stays as it is. Without an error, something failed."""
    found = await session.get(RosterImport, (actor.organisation_id, import_id))
    if found is not None and found.state == ImportState.REVERTING and found.version == version:
        found.state = ImportState.COMMITTED
        said = {"in_use": {"count": error.count, "rows": error.rows}} if error else {"has_failed": True}
        found.counts = {**found.counts, **said}


async def _rows(session: AsyncSession, import_id: UUID) -> Sequence[Any]:
    r = RosterRow
    query = select(
        r.id, r.row_number, r.values["full_name"].astext.label("name"), r.person_id, r.person_is_new,
        r.participation_ids, r.before,
    )  # fmt: skip
    query = query.where(r.import_id == import_id, r.state == RowState.IMPORTED).order_by(r.row_number)
    return (await session.execute(query)).all()


async def _must_be_free(session: AsyncSession, written: _Written, tell: Tell) -> None:
    most = len(written.rows)
    await tell("looking", 0, most)
    people = await marks(session, Person, [row.person_id for row in written.rows])
    touched = [UUID(one) for row in written.rows for one in row.before["marks"]["parts"]]
    await tell("looking", most // 4, most)
    parts = await marks(session, Participation, touched)
    await tell("looking", most // 2, most)
    ours = {
        "consent": written.consents,
        "role_grant": written.grants,
        "participation": written.parts,
    }
    of_people = await dependants.of(session, "person", written.people, ours=ours)
    await tell("looking", most * 3 // 4, most)
    of_parts = await dependants.of(session, "participation", written.parts, ours={})
    await tell("looking", most, most)
    rows = []
    for row in written.rows:
        reasons = of_people.get(row.person_id, set()) if row.person_is_new else set()
        for one in row.participation_ids:
            reasons = reasons | of_parts.get(UUID(one), set())
        left = row.before["marks"]
        if left["person"] and people.get(row.person_id) != left["person"]:
            reasons = reasons | {"changed"}
        if any(parts.get(UUID(one)) != mark for one, mark in left["parts"].items()):
            reasons = reasons | {"changed"}
        if reasons:
            rows.append({"row": row.row_number, "name": row.name, "reasons": sorted(reasons)})
    if rows:
        raise InUse(rows[:_SHOWN], len(rows))


async def _take_back(session: AsyncSession, written: _Written, tell: Tell) -> None:
    await bulk.plan_anew(session)
    most = sum(map(len, (written.parts, written.consents, written.grants, written.people)))
    done = 0
    for model, row_ids in (
        (Participation, written.parts),
        (Consent, written.consents),
        (RoleGrant, written.grants),
        (Person, written.people),
    ):
        for part in bulk.batches(row_ids, _DELETED_AT_ONCE):
            await tell("taking_back", len(written.rows) * done // most, len(written.rows))
            await _delete(session, model, part)
            done += len(part)
    await bulk.update_rows(session, bulk.table(Participation), written.before_parts)
    await bulk.update_rows(session, bulk.table(Person), written.before_people)
    await watching.changed(session, [UUID(part["id"]) for part in written.before_parts])
    await tell("taking_back", len(written.rows), len(written.rows))


async def _delete(session: AsyncSession, model: Any, row_ids: Sequence[UUID]) -> None:
    for part in bulk.batches(row_ids, _DELETED_AT_ONCE):
        await session.execute(
            delete(model).where(bulk.any_of(model.id, part)).execution_options(synchronize_session=False)
        )


async def _take_additions(session: AsyncSession, found: RosterImport) -> None:
    """
    Raises:
        InUse: somebody else has come to an office or a topic that the roster had brought.
    """
    made = found.counts.get("made", {})
    offices = [UUID(one) for one in made.get("offices", ())]
    topics = [UUID(one) for one in made.get("topics", ())]
    if await dependants.of(session, "office", offices, ours={}):
        raise InUse([{"row": 0, "name": "", "reasons": ["office"]}], 1)
    for code in (
        (await session.execute(select(Topic.code).where(bulk.any_of(Topic.id, topics)))).scalars().all()
    ):
        p = Participation
        used = (
            select(p.id).where(p.topics_offered.contains([code]) | p.topics_wanted.contains([code])).limit(1)
        )
        if (await session.execute(used)).first():
            raise InUse([{"row": 0, "name": "", "reasons": ["topic"]}], 1)
    await _delete(session, Office, offices)
    await _delete(session, Topic, topics)


async def _close(session: AsyncSession, actor: Actor, found: RosterImport, rows: int) -> None:
    r = RosterRow
    await session.execute(
        update(r)
        .where(r.import_id == found.id, r.state == RowState.IMPORTED)
        .values(
            state=case((r.problems == [], RowState.READY), else_=RowState.ASSUMED),
            person_id=None,
            person_is_new=False,
            participation_ids=[],
            before=None,
        )
        .execution_options(synchronize_session=False)
    )
    await session.execute(delete(Task).where(Task.key == done_task(found.id)))
    found.state = ImportState.REVERTED
    audit.record(session, actor, Event.ROSTER_REVERTED, kind="import", id=found.id, rows=rows)
    await session.flush()
