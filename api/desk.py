"""A coordinator's desk and the outbox: tasks, letters and failed jobs."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.notifications import actions, desk, queries
from tenants.notifications.models import Letter, LetterState
from tenants.notifications.queries import FailedJob, ListedLetter, ListedTask
from tenants.reports import doing, outbox


class TaskView(Struct):
    """`about` holds the ids that the task concerns, by name, such as `participation_id`."""

    id: UUID
    kind: str
    due_on: date
    about: dict[str, str]
    person_id: UUID | None
    office_id: UUID | None

    @classmethod
    def of(cls, row: ListedTask) -> "TaskView":
        return cls(row.id, row.kind, row.due_on, row.about, row.person_id, row.office_id)


class TaskDone(Struct):
    """`next_on` is the day of the next check-up, for a pair that goes on."""

    id: UUID
    kind: str
    can_undo: bool
    next_on: date | None


class Postponed(Struct, forbid_unknown_fields=True):
    on: date


class TaskMoved(Struct):
    id: UUID
    due_on: date


class Assigned(Struct, forbid_unknown_fields=True):
    """`person_id`: null for everybody whose office it is."""

    person_id: UUID | None


class ColleagueView(Struct):
    id: UUID
    full_name: str


class LetterLine(Struct):
    id: UUID
    kind: str
    person_id: UUID | None
    to_email: str | None
    language: str
    state: LetterState
    due_at: datetime
    sent_at: datetime | None
    subject: str | None
    error: str | None

    @classmethod
    def of(cls, row: ListedLetter) -> "LetterLine":
        return cls(
            row.id, row.kind, row.person_id, row.to_email, row.language, LetterState(row.state), row.due_at,
            row.sent_at, row.subject, row.error,
        )  # fmt: skip


class LetterText(Struct):
    """What it would say if it were written now. Links and codes are its reader's and are not shown."""

    subject: str
    heading: str
    paragraphs: list[str]
    facts: list[tuple[str, str]]
    button: str | None
    small_print: list[str]


class LetterView(Struct):
    id: UUID
    kind: str
    language: str
    state: LetterState
    due_at: datetime
    sent_at: datetime | None
    error: str | None
    text: LetterText | None


class JobView(Struct):
    id: UUID
    kind: str
    attempts: int
    created_at: datetime
    failed_at: datetime | None

    @classmethod
    def of(cls, row: FailedJob) -> "JobView":
        return cls(row.id, row.kind, row.attempt, row.created_at, row.failed_at)


@get("/tasks", summary="Open tasks on the coordinator's desk, the longest due first")
async def tasks(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    kind: Annotated[
        str, QueryParameter(max_length=60, description="The beginning of a kind, such as `interview.`.")
    ] = "",
    due_by: Annotated[
        date | None, QueryParameter(description="Only those due on or before this day.")
    ] = None,
) -> list[TaskView]:
    rows = await queries.tasks(
        door.session,
        door.actor,
        kinds=(kind.replace("\0", ""),) if kind else (),
        due_by=due_by,
        after=paging.after(tuple[date, UUID]),
        limit=paging.limit + 1,
    )
    return [TaskView.of(row) for row in cut(door.request.scope, paging, rows, lambda row: row.key)]


@post("/tasks/{task_id:uuid}/done", status_code=200, summary="Do a task")
async def do(door: NamedDependency[ApiDoor], task_id: FromPath[UUID]) -> TaskDone:
    """The tick of a check-up gives its pair the next date; any other can be undone for ten minutes."""
    ticked = await doing.tick(door.session, door.actor, task_id)
    return TaskDone(ticked.id, ticked.kind, ticked.can_undo, ticked.next_on)


@post("/tasks/{task_id:uuid}/undo", status_code=204, summary="Take a tick back, within ten minutes")
async def undo(door: NamedDependency[ApiDoor], task_id: FromPath[UUID]) -> None:
    await doing.untick(door.session, door.actor, task_id)


@put("/tasks/{task_id:uuid}/due", summary="Put a task off to another day")
async def postpone(
    door: NamedDependency[ApiDoor], task_id: FromPath[UUID], data: JSONBody[Postponed]
) -> TaskMoved:
    """The check-up of a pair moves with its task, which then has a new id; an appointment is moved where it was made."""
    on = await doing.postpone(door.session, door.actor, task_id, on=data.on)
    return TaskMoved(task_id, on)


@put("/tasks/{task_id:uuid}/person", summary="Give a task to a colleague, or to everybody whose office it is")
async def assign(
    door: NamedDependency[ApiDoor], task_id: FromPath[UUID], data: JSONBody[Assigned]
) -> TaskView:
    given = await desk.assign(door.session, door.actor, task_id, person_id=data.person_id)
    return TaskView(given.id, given.kind, given.due_on, given.about, given.person_id, given.office_id)


@get("/tasks/{task_id:uuid}/colleagues", summary="Who could do a task")
async def colleagues(door: NamedDependency[ApiDoor], task_id: FromPath[UUID]) -> list[ColleagueView]:
    task = await desk.open_task(door.session, door.actor, task_id)
    return [
        ColleagueView(one.id, one.full_name) for one in await desk.colleagues(door.session, door.actor, task)
    ]


@get("/letters", summary="Letters by the time they are due")
async def letters(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    letter_state: Annotated[
        LetterState | None, QueryParameter(name="state", description="Only those in this state.")
    ] = None,
    language: Annotated[str, QueryParameter(max_length=10, description="Only those in this language.")] = "",
    search: Annotated[
        str, QueryParameter(max_length=200, description="Beginnings of names or of an address.")
    ] = "",
) -> list[LetterLine]:
    """Letters that let their reader in are not among them."""
    rows = await queries.letters(
        door.session,
        door.actor,
        states=(letter_state,) if letter_state else (),
        language=language.replace("\0", ""),
        search=search.replace("\0", ""),
        without=outbox.secret_kinds(),
        after=paging.after(tuple[datetime, UUID]),
        limit=paging.limit + 1,
    )
    return [LetterLine.of(row) for row in cut(door.request.scope, paging, rows, lambda row: row.key)]


@get("/letters/{letter_id:uuid}", summary="One letter, as it would be written now")
async def letter(door: NamedDependency[ApiDoor], letter_id: FromPath[UUID]) -> LetterView:
    found = await queries.access_letter(door.session, door.actor, letter_id)
    return await _view(door, found)


@post("/letters/{letter_id:uuid}/withdraw", status_code=200, summary="Take a waiting letter back")
async def withdraw(door: NamedDependency[ApiDoor], letter_id: FromPath[UUID]) -> LetterView:
    return await _view(door, await actions.take_back(door.session, door.actor, letter_id))


@post("/letters/{letter_id:uuid}/hurry", status_code=200, summary="Send a waiting letter now")
async def hurry(door: NamedDependency[ApiDoor], letter_id: FromPath[UUID]) -> LetterView:
    return await _view(door, await actions.hurry_letter(door.session, door.actor, letter_id))


@post("/letters/{letter_id:uuid}/send-again", status_code=200, summary="Try a refused letter again")
async def send_again(door: NamedDependency[ApiDoor], letter_id: FromPath[UUID]) -> LetterView:
    return await _view(door, await actions.send_again(door.session, door.actor, letter_id))


@get("/jobs/failed", summary="Jobs that were tried too often, the oldest first")
async def failed(door: NamedDependency[ApiDoor]) -> list[JobView]:
    return [JobView.of(row) for row in await queries.failed_jobs(door.session, door.actor)]


@post("/jobs/{job_id:uuid}/retry", status_code=204, summary="Let a failed job be tried again")
async def retry(door: NamedDependency[ApiDoor], job_id: FromPath[UUID]) -> None:
    await actions.retry_job(door.session, door.actor, job_id)


async def _view(door: ApiDoor, found: Letter) -> LetterView:
    settings, links = door.ground.settings, door.ground.links
    text: Any = await outbox.preview(door.session, door.actor, found, settings.web, links)
    shown = text and LetterText(
        text.subject, text.heading, text.said, text.facts, text.button and text.button[0], text.after
    )
    return LetterView(
        found.id, found.kind, found.language, LetterState(found.state), found.due_at, found.sent_at, found.error,
        shown,
    )  # fmt: skip


ROUTES = [
    tasks,
    do,
    undo,
    postpone,
    assign,
    colleagues,
    letters,
    letter,
    withdraw,
    hurry,
    send_again,
    failed,
    retry,
]
