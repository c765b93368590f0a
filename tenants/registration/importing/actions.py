"""
What a coordinator asks for: upload a roster, say how to read it, decide about its rows, import them, take them back.

Nothing here takes long. Reading, writing and taking back are done by workers,
which these actions promise; until the commit nothing of the roster counts.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.outbox import enqueue
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes import rules as programme_rules
from tenants.programmes.models import Programme, ProgrammeState
from tenants.registration.importing import forgetting, memory, opening, queries, rules
from tenants.registration.importing.events import Event
from tenants.registration.importing.jobs import CommitRoster, RevertRoster, StageRoster
from tenants.registration.models import ImportState, RosterImport, Status
from tenants.registration.roster import containers, headers
from tenants.registration.roster.fields import Field
from tenants.registration.rules import InterviewNotHeld


async def upload(
    session: AsyncSession, actor: Actor, *, cycle_id: UUID, file_name: str, content: bytes
) -> RosterImport:
    """
    Take in a file, to be read by a worker; nothing of it is saved as a person.

    A file lies open in a cycle once: the same again, also at the same moment, finds the import that there is.

    Raises:
        NotFound: no such cycle. ProgrammeIsClosed: nobody joins it any more.
        FileOpen: a colleague of another office has it open.
        TooLarge, WrongFormat, Encrypted, Damaged, Bomb: what can be said at once, see `roster.errors`.
    """
    actor.require(Permission.IMPORT_ROSTER)
    cycle = await programmes.access_cycle(session, actor, cycle_id)
    programme = await programmes.own_programme(session, cycle.programme_id)
    if programme.state == ProgrammeState.CLOSED:
        raise programme_rules.ProgrammeIsClosed
    containers.within_size(content)
    if content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        containers.sniff(content)
    digest = hashlib.sha256(content).hexdigest()
    made, is_new = await opening.open_file(
        session, actor, cycle_id=cycle.id, file_name=file_name, content=content, digest=digest
    )
    if not is_new:
        return made
    audit.record(
        session, actor, Event.ROSTER_UPLOADED, kind="import", id=made.id, bytes=len(content), digest=digest
    )
    await _stage(session, made)
    return made


async def read_as(
    session: AsyncSession, actor: Actor, import_id: UUID, *, version: int, reading: Mapping[str, Any]
) -> RosterImport:
    """
    Say how the file is to be read: sheet, encoding, delimiter, header_row; what is not named is guessed.

    Other cells may stand in other columns then, so the mapping is suggested anew.

    Raises:
        ImportClosed, ImportChanged. Invalid: what cannot be chosen.
    """
    found = await _changeable(session, actor, import_id)
    chosen = rules.chosen_reading(reading)
    if found.reading.get("chosen", {}) == chosen:
        return found
    rules.must_be_version(found, version)
    found.reading = {**found.reading, "chosen": chosen}
    found.mapping = {}
    return await _decided(session, actor, found, what="reading")


async def map_columns(
    session: AsyncSession, actor: Actor, import_id: UUID, *, version: int, columns: Mapping[str, str | None]
) -> RosterImport:
    """
    Say which column (its number from 0) holds which field, or `own:` and the key of a question of the programme's own.

    Columns that are not named are left out, unless their header is such a question.

    It is remembered for the organisation's next file with the same headers.

    Raises:
        ImportClosed, ImportChanged. IncompleteMapping: an obligatory field has no column, or a field has two.
        Invalid: no such column, field or question, or two columns for one question.
    """
    found = await _changeable(session, actor, import_id)
    chosen = rules.chosen_columns(columns)
    own = rules.chosen_questions(columns, [one.key for one in await queries.own_questions(session, found)])
    if found.mapping.get("columns") == chosen and found.mapping.get("own", {}) == own:
        return found
    rules.must_be_version(found, version)
    headers.check({int(at): Field(of) for at, of in chosen.items()})
    found.mapping = {"columns": chosen, "own": own, "is_chosen": True}
    await memory.remember(session, found)
    return await _decided(session, actor, found, what="mapping")


async def choose(
    session: AsyncSession, actor: Actor, import_id: UUID, *, version: int, choices: Mapping[str, Any]
) -> RosterImport:
    """
    Lay decisions over those that stand: groups, readings, rows to correct, rows to leave out, the order of dates.

    The form is that of `roster.choices`; None takes a decision back. What is
    decided already changes nothing, so a doubled click is harmless.

    Raises:
        ImportClosed, ImportChanged. WrongChoice: see there.
        Forbidden: new topics are the programme manager's, new offices the owner's to decide.
    """
    found = await _changeable(session, actor, import_id)
    chosen = rules.joined(found.choices, choices)
    if chosen == rules.joined(found.choices, {}):
        return found
    rules.must_be_version(found, version)
    if set(chosen[rules.NEW_TOPICS]) - set(found.choices.get(rules.NEW_TOPICS, ())):
        actor.require(Permission.PROGRAMME_CHANGE)
    if chosen["groups"].get("units") == "create" != found.choices.get("groups", {}).get("units"):
        actor.require(Permission.ORGANISATION_CHANGE)
    found.choices = chosen
    return await _decided(session, actor, found, what="choices")


async def check_again(session: AsyncSession, actor: Actor, import_id: UUID) -> RosterImport:
    """Read and compare once more: people may have come, or offices and topics been added, since the preview was made."""
    found = await _changeable(session, actor, import_id)
    if found.state == ImportState.UPLOADED:
        return found
    return await _decided(session, actor, found, what="check")


async def commit(
    session: AsyncSession,
    actor: Actor,
    import_id: UUID,
    *,
    version: int,
    status: Status,
    interviews_held: bool = False,
    have_agreed: bool = False,
) -> RosterImport:
    """
    Ask for all rows that are ready to become people; a worker does it, all or none. A second click does nothing.

    With `status` READY whoever's profile is complete may be matched at once.
    `have_agreed`: the people on the roster agreed to taking part and to being
    matched, as the sender of the roster assures.

    Raises:
        ImportNotReady, ImportChanged, NothingToImport.
        ConsentUnsaid: nobody said that the people have agreed.
        InterviewNotHeld: READY, in a programme that wants interviews, without the word that they were held.
    """
    found = await queries.access_import(session, actor, import_id, lock=True)
    if found.state in (ImportState.COMMITTING, ImportState.COMMITTED):
        return found
    if found.state != ImportState.STAGED:
        raise rules.ImportNotReady(state=found.state)
    rules.must_be_version(found, version)
    if not found.counts.get("to_commit"):
        raise rules.NothingToImport
    if not have_agreed:
        raise rules.ConsentUnsaid(field="have_agreed")
    programme = await _programme(session, found)
    if status == Status.READY and programme.wants_interview and not interviews_held:
        raise InterviewNotHeld
    asked = rules.Commit(Status.READY if status == Status.READY else Status.REGISTERED, interviews_held)
    found.state = ImportState.COMMITTING
    found.error = None
    found.counts = _without(found, "has_failed") | {"asked": asked.as_json()}
    audit.record(
        session,
        actor,
        Event.ROSTER_COMMIT_ASKED,
        kind="import",
        id=found.id,
        version=version,
        **asked.as_json(),
    )
    await memory.remember(session, found)
    job = CommitRoster(import_id=found.id, asked_by=actor.require_person())
    await enqueue(session, job, key=f"roster.commit:{found.id}:{found.version}")
    return found


async def revert(session: AsyncSession, actor: Actor, import_id: UUID) -> RosterImport:
    """
    Ask for everything to be as it was before the commit; a worker does it, exactly or not at all.

    Raises:
        NotCommitted: there is nothing to take back. TooLate: more than 30 days ago.
    """
    found = await queries.access_import(session, actor, import_id, lock=True)
    if found.state in (ImportState.REVERTING, ImportState.REVERTED):
        return found
    if found.state != ImportState.COMMITTED:
        raise rules.NotCommitted(state=found.state)
    if found.committed_at is None or found.committed_at < clock.now() - rules.KEPT:
        raise rules.TooLate
    found.state = ImportState.REVERTING
    found.version += 1
    found.counts = _without(found, "in_use", "has_failed")
    audit.record(session, actor, Event.ROSTER_REVERT_ASKED, kind="import", id=found.id)
    job = RevertRoster(import_id=found.id, version=found.version, asked_by=actor.require_person())
    await enqueue(session, job, key=f"roster.revert:{found.id}:{found.version}")
    return found


async def discard(session: AsyncSession, actor: Actor, import_id: UUID) -> RosterImport:
    """
    Give a roster up before it is imported: its file and rows are deleted at once.

    Raises:
        ImportClosed: it is being imported, or was.
    """
    found = await queries.access_import(session, actor, import_id, lock=True)
    if found.state == ImportState.DISCARDED:
        return found
    rules.must_be_changeable(found)
    found.state = ImportState.DISCARDED
    found.version += 1
    await forgetting.forget(session, [found.id])
    audit.record(session, actor, Event.ROSTER_DISCARDED, kind="import", id=found.id)
    return found


def _without(found: RosterImport, *names: str) -> dict[str, Any]:
    """The counts, without what an earlier attempt left there."""
    return {name: value for name, value in found.counts.items() if name not in names}


async def _changeable(session: AsyncSession, actor: Actor, import_id: UUID) -> RosterImport:
    found = await queries.access_import(session, actor, import_id, lock=True)
    rules.must_be_changeable(found)
    return found


async def _decided(session: AsyncSession, actor: Actor, found: RosterImport, *, what: str) -> RosterImport:
    audit.record(session, actor, Event.ROSTER_CHOSEN, kind="import", id=found.id, what=what)
    await _stage(session, found)
    return found


async def _stage(session: AsyncSession, found: RosterImport) -> None:
    """Promise a new preview; the one that stands is out of date from now on."""
    found.state = ImportState.UPLOADED
    found.version += 1
    found.error = None
    job = StageRoster(import_id=found.id, version=found.version)
    await enqueue(session, job, key=f"roster.stage:{found.id}:{found.version}")


async def _programme(session: AsyncSession, found: RosterImport) -> Programme:
    cycle = await programmes.own_cycle(session, found.cycle_id)
    return await programmes.own_programme(session, cycle.programme_id)
