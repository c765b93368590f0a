"""Taking back what was done to many, within ten minutes: all of it that nobody has touched since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from infra.errors import NotFound, WrongState
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications import desk
from tenants.notifications.models import Letter, LetterState
from tenants.permissions import Permission
from tenants.relationships import handing
from tenants.relationships.contacts import actions as contacts
from tenants.reports.deeds import attending, handing_over
from tenants.reports.deeds.events import Event
from tenants.reports.deeds.keeping import Entry
from tenants.reports.deeds.models import Deed
from tenants.reports.deeds.rules import KEPT, UNDO, DeedOver

HELD_BY = ("case_of", "proposal_of", "party_of", "appointment_of", "task_of")


@dataclass(frozen=True, slots=True)
class Undone:
    """How many things stand as before, and how many somebody has touched since, so that they stay."""

    back: int
    stayed: int


async def undo(session: AsyncSession, actor: Actor, deed_id: UUID) -> Undone:
    """
    Take back one's own deed. Twice at once, it is taken back once.

    Raises:
        NotFound: none of the actor's own. DeedOver: ten minutes are over, or it was taken back.
    """
    actor.require(Permission.STATUS_CHANGE)
    query = select(Deed).where(Deed.id == deed_id, Deed.person_id == actor.require_herself())
    deed = await session.scalar(query.with_for_update())
    if deed is None:
        raise NotFound(kind="deed", id=str(deed_id))
    if deed.undone_at is not None or clock.now() - deed.created_at > UNDO:
        raise DeedOver
    deed.undone_at = clock.now()
    letters = [one for one in deed.before if "letter" in one]
    caught = await _take_letters_back(session, letters)
    back = len(caught) + await attending.restore(
        session, actor, [one for one in deed.before if "guest" in one]
    )
    for one in deed.before:
        if "letter" not in one and "guest" not in one:
            back += await _restore(session, actor, one)
    number = len(deed.before)
    audit.record(session, actor, Event.DEED_UNDONE, kind="deed", id=deed.id, number=back, of=number)
    return Undone(back, number - back)


async def _take_letters_back(session: AsyncSession, letters: Sequence[Entry]) -> set[str]:
    """Those that had not left; what stands in the log of them goes as well."""
    keys = [one["letter"] for one in letters]
    if not keys:
        return set()
    await notifications.withdraw_letters(session, keys=keys)
    found = await session.scalars(
        select(Letter.key).where(bulk.texts(Letter.key, keys), Letter.state == LetterState.WITHDRAWN)
    )
    caught = set(found)
    logged = [UUID(one["contact"]) for one in letters if "contact" in one and one["letter"] in caught]
    if logged:
        await contacts.forget(session, logged)
    return caught


async def _restore(session: AsyncSession, actor: Actor, before: Entry) -> bool:
    if "done" in before:
        try:
            await notifications.finish_task(session, actor, UUID(before["done"]), done=False)
        except (NotFound, WrongState):
            return False
        return True
    for kind in HELD_BY:
        if kind in before:
            return await handing_over.restore(session, actor, kind, before)
    was, now = _day(before["was"]), _day(before["now"])
    if "case" in before:
        return await handing.restore_check_up(session, actor, UUID(before["case"]), was=was, now=now)
    assert was is not None and now is not None  # a task always has a day
    return await desk.restore_day(session, actor, UUID(before["task"]), was=was, now=now)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


async def clear_old(session: AsyncSession, actor: Actor) -> None:
    """As the house, each hour: deeds that can no longer be taken back are forgotten."""
    await session.execute(delete(Deed).where(Deed.created_at < clock.now() - KEPT))
