"""Many people reminded of what is open with them, or written to, each in her language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.notifications.models import Letter, LetterState
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.relationships.contacts import actions as contacts
from tenants.relationships.contacts import rules as contact_rules
from tenants.relationships.contacts.actions import Addressee
from tenants.reports import open_things
from tenants.reports.deeds import choosing
from tenants.reports.deeds.keeping import Done, keep
from tenants.reports.deeds.models import DeedKind
from tenants.reports.deeds.rules import HELD, Choice, NothingOpen, RemindedToday, Row, going

REMINDER = "contact.reminder"
WITHDRAWN = LetterState.WITHDRAWN.value


@dataclass(frozen=True, slots=True)
class Words:
    """A letter in one language."""

    subject: str
    text: str


async def rehearse_reminding(session: AsyncSession, actor: Actor, choice: Choice) -> list[Row]:
    """Who would be reminded; who is waited for by nobody, or was reminded today, is left out."""
    _may_write(actor)
    rows = await choosing.people(session, actor, choice)
    person_ids = [row.person_id for row in rows if row.person_id]
    things = await open_things.of_people(session, person_ids)
    lately = {
        one for one, state in await _reminders(session, actor, person_ids) if state != LetterState.WITHDRAWN
    }
    return [
        row.without(None if row.person_id in things else NothingOpen()).without(
            RemindedToday() if row.person_id in lately else None
        )
        for row in rows
    ]


async def remind(session: AsyncSession, actor: Actor, choice: Choice) -> Done:
    """
    Remind everybody who is waited for, each of all that is open with her, in her language.

    Raises:
        NobodyToDo: all are left out.
    """
    rows = await rehearse_reminding(session, actor, choice)
    day = clock.today(actor.time_zone).isoformat()
    # One a day, whoever ticks her: of two coordinators who remind at once the second finds it promised. Those that were
    # taken back do not stand in the way.
    earlier = await _reminders(session, actor, [row.person_id for row in rows if row.person_id])
    letters = [
        Addressed(f"{REMINDER}:{her}:{day}:{earlier.get((her, WITHDRAWN), 0)}", her, {"person_id": her})
        for row in going(rows)
        if (her := row.person_id)
    ]
    new = await notifications.write_all(session, actor, REMINDER, letters, due_at=clock.now() + HELD)
    # What a colleague has promised in this moment is hers, and hers alone to take back.
    others = {one.person_id for one in letters if one.key not in new}
    rows = [row.without(RemindedToday() if row.person_id in others else None) for row in rows]
    before = [{"letter": one.key} for one in letters if one.key in new]
    return await keep(session, actor, DeedKind.REMIND, rows, before, once=choice.once)


async def rehearse_writing(session: AsyncSession, actor: Actor, choice: Choice) -> list[Row]:
    _may_write(actor)
    return await choosing.people(session, actor, choice)


async def write(session: AsyncSession, actor: Actor, choice: Choice, texts: Mapping[str, Words]) -> Done:
    """
    Write to everybody who has an address; it stands in the log of each.

    Who reads a language in which nothing was written gets the organisation's own, or else the first that was.

    Raises:
        NobodyToDo: all are left out.
        Invalid: nothing written, a subject without a text, or too much.
    """
    rows = await rehearse_writing(session, actor, choice)
    written = _written(texts)
    own = (await organisations.own(session)).default_language
    otherwise = written.get(own) or next(iter(written.values()))
    letters = []
    for row in going(rows):
        words = written.get(row.language, otherwise)
        if row.person_id is not None:
            letters.append(Addressee(row.person_id, row.relationship_id, words.subject, words.text))
    keyed = await contacts.write_all(session, actor, letters, due_at=clock.now() + HELD)
    before = [{"letter": key, "contact": str(contact_id)} for contact_id, key in keyed]
    return await keep(session, actor, DeedKind.WRITE, rows, before, once=choice.once)


async def _reminders(
    session: AsyncSession, actor: Actor, person_ids: Sequence[UUID]
) -> dict[tuple[UUID, str], int]:
    """How many reminders of today there are for each, by how they stand."""
    since = clock.instant(clock.today(actor.time_zone), time(), actor.time_zone)
    rows = await session.execute(
        select(Letter.person_id, Letter.state, func.count())
        .where(bulk.any_of(Letter.person_id, person_ids), Letter.kind == REMINDER, Letter.created_at >= since)
        .group_by(Letter.person_id, Letter.state)
    )
    return {(person_id, state): number for person_id, state, number in rows if person_id is not None}


def _written(texts: Mapping[str, Words]) -> dict[str, Words]:
    """
    Raises:
        Invalid: nothing written, a subject without a text, or too much.
    """
    written = {}
    for code, words in texts.items():
        if words.subject.strip() or words.text.strip():
            written[code] = Words(
                contact_rules.subject(f"subject_{code}", words.subject),
                contact_rules.words(f"text_{code}", words.text),
            )
    if not written:
        first = next(iter(texts), "en")
        raise Invalid(Problem(f"text_{first}", "missing"))
    return written


def _may_write(actor: Actor) -> None:
    actor.require(Permission.OUTBOX_CHANGE)
    actor.require_herself()
