"""Promising letters and tasks, and taking them back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.outbox import Promise, delivery, enqueue, enqueue_all, hurry, withdraw, withdraw_all
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import queries, rules
from tenants.notifications.events import Event
from tenants.notifications.jobs import SendLetter
from tenants.notifications.models import Letter, LetterState, Task
from tenants.people.models import Person
from tenants.permissions import Permission


class Addressed(NamedTuple):
    """One of many letters of a kind, as `write` is given it."""

    key: str
    person_id: UUID
    about: Mapping[str, Any]


class Asked(NamedTuple):
    """One of many tasks of a kind, as `ask` is given it."""

    key: str
    due_on: date
    about: Mapping[str, Any]
    person_id: UUID | None = None
    office_id: UUID | None = None


async def write(
    session: AsyncSession,
    actor: Actor,
    kind: str,
    *,
    key: str,
    person_id: UUID | None = None,
    to_email: str | None = None,
    language: str | None = None,
    due_at: datetime | None = None,
    **about: Any,
) -> UUID | None:
    """
    Promise one letter of `kind` to a person, or to an address that is not a person yet.

    A second promise under the same key does nothing and returns None. `about`
    holds ids as text; words are made when the letter is sent. A person without
    an address gets no letter: None as well.
    """
    if person_id is not None:
        readers = await _languages(session, [person_id])
        if person_id not in readers:
            return None
        language = language or readers[person_id]
    row = {
        "key": key, "person_id": person_id, "to_email": to_email, "language": language or actor.language,
        "about": _texts(about),
    }  # fmt: skip
    promised = await _promise(session, actor, kind, [row], due_at or clock.now())
    return next(iter(promised), None)


async def write_all(
    session: AsyncSession,
    actor: Actor,
    kind: str,
    letters: Sequence[Addressed],
    *,
    due_at: datetime | None = None,
) -> set[str]:
    """The same to many people, in as many statements as to one for some hundred of them. Returns the keys that are new."""
    readers = await _languages(session, [one.person_id for one in letters])
    rows = [
        {
            "key": key, "person_id": person_id, "to_email": None, "language": readers[person_id],
            "about": _texts(about),
        }
        for key, person_id, about in letters
        if person_id in readers
    ]  # fmt: skip
    promised = await _promise(session, actor, kind, rows, due_at or clock.now())
    return set(promised.values())


async def _languages(session: AsyncSession, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Those who can be written to, with the language in which."""
    query = select(Person.id, Person.language).where(
        bulk.any_of(Person.id, person_ids), Person.is_active, Person.email.is_not(None)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def _promise(
    session: AsyncSession, actor: Actor, kind: str, rows: Sequence[dict[str, Any]], due_at: datetime
) -> dict[UUID, str]:
    """Promise those letters whose keys are new; returns them by their ids."""
    table = bulk.table(Letter)
    promised: dict[UUID, str] = {}
    fixed = {"organisation_id": actor.organisation_id, "kind": kind, "due_at": due_at}
    for part in bulk.batches(rows):
        fresh = [{"id": ids.new(), **fixed, **row} for row in part]
        given = bulk.given(table, fresh)
        made = await session.execute(
            insert(table)
            .from_select(list(fresh[0]), given.select())
            .on_conflict_do_nothing(index_elements=[table.c.organisation_id, table.c.key])
            .returning(table.c.id, table.c.key)
        )
        promised |= {row[0]: row[1] for row in made}
    jobs = [Promise(SendLetter(letter_id=one), f"letter:{one}", due_at) for one in promised]
    await enqueue_all(session, jobs)
    return promised


def _texts(about: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in about.items()}


async def withdraw_letters(session: AsyncSession, *, keys: list[str]) -> int:
    """Take back letters that wait, because what they speak of has changed. Returns how many were caught."""
    rows = await session.execute(
        update(Letter)
        .where(bulk.texts(Letter.key, keys), Letter.state == LetterState.WAITING)
        .values(state=LetterState.WITHDRAWN)
        .returning(Letter.id)
    )
    caught = rows.scalars().all()
    await withdraw_all(session, keys=[f"letter:{letter_id}" for letter_id in caught])
    return len(caught)


async def ask(
    session: AsyncSession,
    actor: Actor,
    kind: str,
    *,
    key: str,
    due_on: date,
    person_id: UUID | None = None,
    office_id: UUID | None = None,
    **about: Any,
) -> None:
    """Put a task on a coordinator's desk, or on that of all coordinators of an office. Once per key."""
    task = Asked(key, due_on, about, person_id=person_id, office_id=office_id)
    await ask_all(session, actor, kind, [task])


async def ask_all(session: AsyncSession, actor: Actor, kind: str, tasks: Sequence[Asked]) -> None:
    """The same for many tasks of a kind, in one statement for some hundred of them."""
    table = bulk.table(Task)
    for part in bulk.batches(tasks):
        rows = [
            {
                "organisation_id": actor.organisation_id, "id": ids.new(), "key": one.key, "kind": kind,
                "due_on": one.due_on, "person_id": one.person_id, "office_id": one.office_id,
                "about": _texts(one.about),
            }
            for one in part
        ]  # fmt: skip
        await session.execute(
            insert(table)
            .from_select(list(rows[0]), bulk.given(table, rows).select())
            .on_conflict_do_nothing(index_elements=[table.c.organisation_id, table.c.key])
        )


async def settle(session: AsyncSession, actor: Actor, *, key: str) -> None:
    """Mark a task done because what it asked for has happened. Nothing if there is no such open task."""
    await settle_all(session, actor, keys=[key])


async def settle_all(session: AsyncSession, actor: Actor, *, keys: Sequence[str]) -> None:
    """The same for many tasks, in one statement."""
    await session.execute(
        update(Task)
        .where(bulk.texts(Task.key, keys), Task.done_at.is_(None))
        .values(done_at=clock.now(), done_by=actor.person_id)
    )


async def reopen(session: AsyncSession, *, key: str) -> None:
    """Put a task back on its desk because what settled it was taken back."""
    await session.execute(update(Task).where(Task.key == key).values(done_at=None, done_by=None))


async def finish_task(session: AsyncSession, actor: Actor, task_id: UUID, *, done: bool = True) -> Task:
    """
    Tick a task, or within ten minutes take the tick back. Nothing if it stands so already.

    Raises:
        NotFound: no such task on the actor's desk.
        TaskDoneLongAgo: the ten minutes are over.
    """
    actor.require(Permission.STATUS_CHANGE)
    task = await queries.access_task(session, actor, task_id, lock=True)
    if (task.done_at is not None) == done:
        return task
    if task.done_at is not None and clock.now() - task.done_at > rules.UNDO:
        raise rules.TaskDoneLongAgo
    task.done_at = clock.now() if done else None
    task.done_by = actor.person_id if done else None
    audit.record(session, actor, Event.TASK_DONE if done else Event.TASK_REOPENED, kind="task", id=task.id)
    return task


async def take_back(session: AsyncSession, actor: Actor, letter_id: UUID) -> Letter:
    """
    Take a letter out of the outbox before it goes.

    Raises:
        NotFound: no such letter within the actor's reach.
        LetterGone: it is on its way, or was taken back.
        LetterFixed: it warns its reader.
    """
    letter = await _waiting(session, actor, letter_id)
    if not rules.may_be_taken_back(letter.kind):
        raise rules.LetterFixed
    letter.state = LetterState.WITHDRAWN
    await withdraw(session, key=f"letter:{letter.id}")
    audit.record(session, actor, Event.LETTER_WITHDRAWN, kind="letter", id=letter.id, letter=letter.kind)
    return letter


async def hurry_letter(session: AsyncSession, actor: Actor, letter_id: UUID) -> Letter:
    """
    Send a letter now that would wait. What could be undone while it waited can then no longer be.

    Raises:
        NotFound: no such letter within the actor's reach.
        LetterGone: it is on its way, or was taken back.
    """
    letter = await _waiting(session, actor, letter_id)
    letter.due_at = clock.now()
    await hurry(session, key=f"letter:{letter.id}")
    audit.record(session, actor, Event.LETTER_HURRIED, kind="letter", id=letter.id, letter=letter.kind)
    return letter


async def send_again(session: AsyncSession, actor: Actor, letter_id: UUID) -> Letter:
    """
    Try a letter anew that the mail server refused, or of which nobody knows whether it arrived.

    It is written anew, and goes to the address of now.

    Raises:
        NotFound: no such letter within the actor's reach.
        LetterGone: it needs no second try.
    """
    actor.require(Permission.OUTBOX_CHANGE)
    letter = await queries.access_letter(session, actor, letter_id, lock=True)
    if letter.state not in rules.STRANDED:
        raise rules.LetterGone(state=letter.state)
    await settle(session, actor, key=f"letter.{letter.state}:{letter.id}")
    letter.state = LetterState.WAITING
    letter.due_at = clock.now()
    letter.sending_at = None
    letter.error = None
    # The first promise is done and keeps its key, so this one has a key of its own.
    await enqueue(session, SendLetter(letter_id=letter.id), key=f"letter:{letter.id}:{ids.new()}")
    audit.record(session, actor, Event.LETTER_SENT_AGAIN, kind="letter", id=letter.id, letter=letter.kind)
    return letter


async def retry_job(session: AsyncSession, actor: Actor, job_id: UUID) -> None:
    """
    Let the workers try a failed job anew.

    Raises:
        JobNotFailed: it is not among the failed ones (any more), or the actor works for some offices only.
    """
    actor.require(Permission.OUTBOX_CHANGE)
    actor.require(Permission.JOBS_READ)
    kind = None if actor.offices else await delivery.retry(session, job_id)
    if kind is None:
        raise rules.JobNotFailed
    await settle(session, actor, key=f"job.dead:{job_id}")
    audit.record(session, actor, Event.JOB_RETRIED, kind="job", id=job_id, job=kind)


async def _waiting(session: AsyncSession, actor: Actor, letter_id: UUID) -> Letter:
    actor.require(Permission.OUTBOX_CHANGE)
    letter = await queries.access_letter(session, actor, letter_id, lock=True)
    rules.must_wait(letter.state)
    return letter
