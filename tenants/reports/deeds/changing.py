"""
Many check-ups or tasks put off, or ticked.

What a rehearsal promises is what happens: it does each within a savepoint and takes that back.
"""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import Invalid, NotFound, Problem, WrongState
from tenants.actor import Actor
from tenants.notifications.models import Task
from tenants.permissions import Permission
from tenants.relationships import actions as relationships
from tenants.relationships import handing
from tenants.relationships.queries import access_relationship
from tenants.reports import doing
from tenants.reports.deeds import choosing
from tenants.reports.deeds.keeping import Done, Entry, entry, keep
from tenants.reports.deeds.models import DeedKind
from tenants.reports.deeds.rules import Choice, NoCheckUpDue, Of, Row

Each = Callable[[Row], Awaitable[list[Entry]]]


async def rehearse_moving(session: AsyncSession, actor: Actor, choice: Choice, on: date) -> list[Row]:
    """What `move` would do, by doing it and taking it back."""
    rows = await _cases_or_tasks(session, actor, choice)
    return await _each(session, rows, lambda row: _move(session, actor, row, on), for_good=False)


async def move(session: AsyncSession, actor: Actor, choice: Choice, on: date) -> Done:
    """
    Put check-ups, or tasks of any kind, off to one day.

    Raises:
        NobodyToDo: all are left out. Invalid: a day that is over, or too far ahead.
    """
    rows = await _cases_or_tasks(session, actor, choice)
    before: list[Entry] = []
    rows = await _each(session, rows, lambda row: _move(session, actor, row, on), for_good=True, kept=before)
    return await keep(session, actor, DeedKind.MOVE, rows, before, once=choice.once)


async def rehearse_ticking(session: AsyncSession, actor: Actor, choice: Choice) -> list[Row]:
    """What `tick` would do, by doing it and taking it back."""
    rows = await _cases_or_tasks(session, actor, choice)
    return await _each(session, rows, lambda row: _tick(session, actor, row), for_good=False)


async def tick(session: AsyncSession, actor: Actor, choice: Choice) -> Done:
    """
    Do tasks, or the check-ups of cases, which get their next date.

    Raises:
        NobodyToDo: all are left out.
    """
    rows = await _cases_or_tasks(session, actor, choice)
    before: list[Entry] = []
    rows = await _each(session, rows, lambda row: _tick(session, actor, row), for_good=True, kept=before)
    return await keep(session, actor, DeedKind.TICK, rows, before, once=choice.once)


class _TakenBack(Exception):
    """Ends a rehearsal; nobody outside sees it."""


async def _each(
    session: AsyncSession, rows: list[Row], do: Each, *, for_good: bool, kept: list[Entry] | None = None
) -> list[Row]:
    found = []
    for row in rows:
        refusal: WrongState | None = None
        if row.refusal is None:
            try:
                async with session.begin_nested():
                    entries = await do(row)
                    if not for_good:
                        raise _TakenBack
            except WrongState as error:
                refusal = error
            except NotFound:
                continue  # gone between the look and the deed
            except _TakenBack:
                pass
            else:
                (kept if kept is not None else []).extend(entries)
        found.append(row.without(refusal))
    return found


async def _move(session: AsyncSession, actor: Actor, row: Row, on: date) -> list[Entry]:
    if row.task_id is None:
        return [await _move_case(session, actor, row, on)]
    task = await _task(session, row.task_id)
    was, case_id = task.due_on, row.relationship_id
    if task.kind == doing.CHECK_UP and case_id is not None:
        before = await access_relationship(session, actor, case_id, lock=True)
        if before.check_up_on == was:
            await doing.postpone(session, actor, task.id, on=on)
            return [entry("case", case_id, was, on)]
    await doing.postpone(session, actor, task.id, on=on)
    await session.refresh(task)
    if task.due_on != on:
        return []  # a step of a conflict, which has another task now, is put back on its page
    return [entry("task", task.id, was, on)]


async def _move_case(session: AsyncSession, actor: Actor, row: Row, on: date) -> Entry:
    assert row.relationship_id is not None
    before = (await access_relationship(session, actor, row.relationship_id, lock=True)).check_up_on
    await relationships.set_check_up(session, actor, row.relationship_id, on=on)
    return entry("case", row.relationship_id, before, on)


async def _tick(session: AsyncSession, actor: Actor, row: Row) -> list[Entry]:
    if row.task_id is not None:
        before = (await _task(session, row.task_id)).due_on
        ticked = await doing.tick(session, actor, row.task_id)
        if ticked.can_undo or row.relationship_id is None:
            return [{"done": str(ticked.id)}]
        if ticked.kind != doing.CHECK_UP:
            return []  # a step of a conflict is taken back on its page
        return [entry("case", row.relationship_id, before, ticked.next_on)]
    assert row.relationship_id is not None
    case = await access_relationship(session, actor, row.relationship_id, lock=True)
    was = case.check_up_on
    if was is None or was > clock.today(actor.time_zone):
        raise NoCheckUpDue
    case = await relationships.finish_check_up(session, actor, case.id)
    return [entry("case", case.id, was, case.check_up_on)]


async def _task(session: AsyncSession, task_id: UUID) -> Task:
    found = await session.scalar(select(Task).where(Task.id == task_id).with_for_update())
    if found is None:
        raise NotFound(kind="task", id=str(task_id))
    return found


async def _cases_or_tasks(session: AsyncSession, actor: Actor, choice: Choice) -> list[Row]:
    actor.require_herself()
    if choice.of is Of.TASKS:
        rows = await choosing.tasks(session, actor, choice)
    elif choice.of is Of.CASES:
        rows = await choosing.cases(session, actor, choice)
    else:
        raise Invalid(Problem("of", "not_a_choice"))
    # As who hands several over: the cases first, in the order of their ids, and their tasks after them.
    cases = {row.relationship_id for row in rows if row.relationship_id is not None}
    if cases and actor.may(Permission.RELATIONSHIP_CHANGE):
        await handing.locked(session, actor, sorted(cases))
    return rows
