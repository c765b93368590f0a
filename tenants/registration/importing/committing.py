"""
The preview becomes people: all rows in one transaction, in batches, told to the watchers at the end.

Written set by set, since a roster may have ten thousand rows and no statement
may take long. Whoever registered since the preview was made is found, not
doubled. Nobody gets a letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.people.models import Person
from tenants.registration import watching
from tenants.registration.importing import additions, rules, setting
from tenants.registration.importing.entering import Batch, Entered, enter
from tenants.registration.importing.events import Event
from tenants.registration.importing.setting import Setting
from tenants.registration.importing.telling import Tell
from tenants.registration.models import ImportState, Participation, RosterImport, RosterRow

_COUNT_PEOPLE = text("SELECT app.count_people()")
PATIENCE_MS = 60_000  # for one statement: an import that takes its time is better than none
FIRST = 50  # rows that are written before anybody can be counted
CARDS_AT_ONCE = 500  # so that who looks on hears of it within the second, whatever the planner makes of it


def done_task(import_id: UUID) -> str:
    """The key of the task that tells the coordinator that her import is done."""
    return f"import.done:{import_id}"


@dataclass
class Totals:
    """What has been done so far, in numbers and ids."""

    imported: int = 0
    left: int = 0
    people: int = 0
    updated: int = 0
    ready: int = 0
    participations: list[UUID] = field(default_factory=list)

    def add(self, entered: Entered) -> None:
        self.imported += len(entered.rows)
        self.left += len(entered.left)
        self.people += entered.people
        self.updated += entered.updated
        self.ready += entered.ready
        self.participations += entered.participations

    def counts(self) -> dict[str, int]:
        return {
            "imported": self.imported,
            "left": self.left,
            "people": self.people,
            "updated": self.updated,
            "ready": self.ready,
            "participations": len(self.participations),
        }


async def commit(
    session: AsyncSession, actor: Actor, import_id: UUID, asked_by: UUID, tell: Tell
) -> RosterImport | None:
    """
    Write every row that is ready. None where that has been done, by the worker that was thought dead.

    None as well, and the preview stands again, where `asked_by` may not import any more.

    Who does the same at the same time waits, and then finds it done.
    """
    await session.execute(select(bulk.alone(import_id)))
    found = await session.get(RosterImport, (actor.organisation_id, import_id))
    if found is None or found.state != ImportState.COMMITTING:
        return None
    if not await setting.may_still(session, actor, found, asked_by):
        found.state = ImportState.STAGED
        found.version += 1
        audit.record(session, actor, Event.ROSTER_FAILED, kind="import", id=found.id, reason="not_permitted")
        return None
    asked = rules.Commit.from_json(found.counts["asked"])
    await session.execute(text(f"SET LOCAL statement_timeout = {PATIENCE_MS}"))
    made = await additions.add(session, actor, found, await setting.load(session, found))
    read_against = await setting.load(session, found)
    totals = await _enter_all(session, found, read_against, asked, tell)
    await _make_cards(session, totals.participations, tell)
    await _close(session, actor, found, totals, made, read_against)
    return found


async def give_up(session: AsyncSession, actor: Actor, import_id: UUID) -> None:
    """
    After a failure that will not mend itself: the preview stands again, and the coordinator is told.

    The version moves on, so that asking again is a new job.
    """
    found = await session.get(RosterImport, (actor.organisation_id, import_id))
    if found is None or found.state != ImportState.COMMITTING:
        return
    found.state = ImportState.STAGED
    found.version += 1
    found.counts = {**found.counts, "has_failed": True}
    audit.record(session, actor, Event.ROSTER_FAILED, kind="import", id=found.id)
    await notifications.ask(
        session,
        actor,
        "import.failed",
        key=f"import.failed:{found.id}:{found.version}",
        due_on=(await setting.load(session, found)).today,
        person_id=found.uploaded_by,
        import_id=found.id,
    )


async def _enter_all(
    session: AsyncSession, found: RosterImport, setting: Setting, asked: rules.Commit, tell: Tell
) -> Totals:
    totals, after, counted = Totals(), 0, 0
    is_held = await bulk.hold_counts(session, Person, Participation)
    while rows := await _next(session, found.id, after, bulk.BATCH if counted else FIRST):
        done = totals.imported + totals.left
        if done >= max(2 * counted, 1):
            # An import that came to nothing left empty pages. Counted with those alone, a full house would seem empty.
            if is_held:
                await session.execute(_COUNT_PEOPLE)
            counted = done
        after = rows[-1].row_number
        await bulk.plan_anew(session)
        totals.add(await enter(session, Batch(found, setting, asked, rows)))
        await tell("people", totals.imported + totals.left, found.counts["to_commit"])
    return totals


async def _make_cards(session: AsyncSession, participations: Sequence[UUID], tell: Tell) -> None:
    for number, part in enumerate(bulk.batches(participations, CARDS_AT_ONCE)):
        await tell("cards", number * CARDS_AT_ONCE, len(participations))
        await watching.changed(session, part)


async def _next(session: AsyncSession, import_id: UUID, after: int, most: int) -> Sequence[Any]:
    r = RosterRow
    query = (
        select(r.id, r.row_number, r.values)
        .where(r.import_id == import_id, r.state.in_(rules.READY_ROWS), r.row_number > after)
        .order_by(r.row_number)
        .limit(most)
    )
    return (await session.execute(query)).all()


async def _close(
    session: AsyncSession,
    actor: Actor,
    found: RosterImport,
    totals: Totals,
    made: additions.Added,
    setting: Setting,
) -> None:
    counts = totals.counts()
    found.state = ImportState.COMMITTED
    found.committed_at = clock.now()
    found.counts = {**found.counts, **counts, "made": made.as_json()}
    audit.record(
        session,
        actor,
        Event.ROSTER_COMMITTED,
        kind="import",
        id=found.id,
        by=str(found.uploaded_by),
        **counts,
    )
    await notifications.ask(
        session,
        actor,
        "import.done",
        key=done_task(found.id),
        due_on=setting.today,
        person_id=found.uploaded_by,
        import_id=found.id,
    )
    await session.flush()
