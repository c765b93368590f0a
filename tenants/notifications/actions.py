"""Promising letters and tasks, and taking them back."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.outbox import delivery, enqueue, hurry, withdraw
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import queries, rules
from tenants.notifications.events import Event
from tenants.notifications.jobs import SendLetter
from tenants.notifications.models import Letter, LetterState, Task
from tenants.people.models import Person
from tenants.permissions import Permission


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
    due = due_at or clock.now()
    if person_id is not None:
        person = (
            await session.execute(
                select(Person.email, Person.language).where(Person.id == person_id, Person.is_active)
            )
        ).one_or_none()
        if person is None or person.email is None:
            return None
        language = language or person.language
    letter_id = ids.new()
    promised = await session.execute(
        insert(Letter)
        .values(
            organisation_id=actor.organisation_id,
            id=letter_id,
            key=key,
            kind=kind,
            person_id=person_id,
            to_email=to_email,
            language=language or actor.language,
            about={name: str(value) for name, value in about.items()},
            due_at=due,
        )
        .on_conflict_do_nothing(index_elements=[Letter.organisation_id, Letter.key])
        .returning(Letter.id)
    )
    if promised.first() is None:
        return None
    await enqueue(session, SendLetter(letter_id=letter_id), key=f"letter:{letter_id}", due_at=due)
    return letter_id


async def withdraw_letters(session: AsyncSession, *, keys: list[str]) -> int:
    """Take back letters that wait, because what they speak of has changed. Returns how many were caught."""
    rows = await session.execute(
        update(Letter)
        .where(Letter.key.in_(keys), Letter.state == LetterState.WAITING)
        .values(state=LetterState.WITHDRAWN)
        .returning(Letter.id)
    )
    caught = rows.scalars().all()
    for letter_id in caught:
        await withdraw(session, key=f"letter:{letter_id}")
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
    await session.execute(
        insert(Task)
        .values(
            organisation_id=actor.organisation_id,
            id=ids.new(),
            key=key,
            kind=kind,
            due_on=due_on,
            person_id=person_id,
            office_id=office_id,
            about={name: str(value) for name, value in about.items()},
        )
        .on_conflict_do_nothing(index_elements=[Task.organisation_id, Task.key])
    )


async def settle(session: AsyncSession, actor: Actor, *, key: str) -> None:
    """Mark a task done because what it asked for has happened. Nothing if there is no such open task."""
    await session.execute(
        update(Task)
        .where(Task.key == key, Task.done_at.is_(None))
        .values(done_at=clock.now(), done_by=actor.person_id)
    )


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
    """
    letter = await _waiting(session, actor, letter_id)
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
        JobNotFailed: it is not among the failed ones (any more).
    """
    actor.require(Permission.OUTBOX_CHANGE)
    actor.require(Permission.JOBS_READ)
    kind = await delivery.retry(session, job_id)
    if kind is None:
        raise rules.JobNotFailed
    await settle(session, actor, key=f"job.dead:{job_id}")
    audit.record(session, actor, Event.JOB_RETRIED, kind="job", id=job_id, job=kind)


async def _waiting(session: AsyncSession, actor: Actor, letter_id: UUID) -> Letter:
    actor.require(Permission.OUTBOX_CHANGE)
    letter = await queries.access_letter(session, actor, letter_id, lock=True)
    rules.must_wait(letter.state)
    return letter
