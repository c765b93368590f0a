"""Which letters somebody wants: a few may be dropped, all others go to everybody whom they concern."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import letters
from tenants.notifications.events import Event
from tenants.people.models import Person
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of letter. `title` is a gettext message id."""

    kind: str
    title: str
    may_drop: bool
    is_wanted: bool


async def own(session: AsyncSession, actor: Actor) -> list[Choice]:
    """
    The kinds of letters that somebody who takes part may get, those that she may drop first.

    What is written before somebody takes part, or lets its reader in, is no choice and is left out.
    """
    actor.require(Permission.OWN_CASE)
    off = await _off(session, actor)
    found = [
        Choice(kind.name, kind.title, kind.may_drop, kind.name not in off)
        for kind in letters.KINDS.values()
        if not kind.is_first
        and (kind.may_drop or not kind.is_secret)
        and (actor.may(Permission.PEOPLE_READ) or not kind.is_for_staff)
    ]
    return sorted(found, key=lambda one: (not one.may_drop, one.kind))


async def choose(session: AsyncSession, actor: Actor, *, off: Collection[str]) -> None:
    """
    Drop these kinds of letters, and get all others again.

    Raises:
        Invalid: a kind that nobody may drop, or that there is not.
    """
    actor.require(Permission.OWN_CASE)
    wrong = [
        Problem(f"off[{at}]", "letter_not_droppable", {"found": kind})
        for at, kind in enumerate(off)
        if kind not in letters.KINDS or not letters.KINDS[kind].may_drop
    ]
    if wrong:
        raise Invalid(*wrong)
    query = select(Person).where(Person.id == actor.require_person()).with_for_update()
    person = (await session.execute(query)).scalar_one()
    if sorted(person.letters_off) != sorted(set(off)):
        person.letters_off = sorted(set(off))
        audit.record(
            session, actor, Event.LETTERS_CHOSEN, kind="person", id=person.id, off=person.letters_off
        )


async def _off(session: AsyncSession, actor: Actor) -> list[str]:
    query = select(Person.letters_off).where(Person.id == actor.require_person())
    return list((await session.execute(query)).scalar_one())
