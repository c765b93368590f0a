"""
Which letters somebody wants. All go to everybody whom they concern, but for a few that may be dropped, and a few that
come to nobody who has not asked for them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from infra.db import bulk
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import letters
from tenants.notifications.events import Event
from tenants.notifications.letters import Kind
from tenants.notifications.models import Letter, LetterWish
from tenants.people.models import Person
from tenants.permissions import Permission

UNSUBSCRIBE = "unsubscribe"  # the purpose of the link in a letter that was asked for


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of letter. `title` is a gettext message id."""

    kind: str
    title: str
    may_drop: bool
    is_wanted: bool
    is_asked_for: bool = False


async def own(session: AsyncSession, actor: Actor) -> list[Choice]:
    """
    The kinds of letters that somebody who takes part may get, those that she may drop first.

    What is written before somebody takes part, or lets its reader in, is no choice and is left out; so is what she agrees
    to by a consent, which stands with the others of hers.
    """
    actor.require(Permission.OWN_CASE)
    off = await _off(session, actor)
    on = await _on(session, actor.require_person())
    found = [
        Choice(
            kind.name,
            kind.title,
            kind.may_drop,
            kind.name in on if kind.is_asked_for else kind.name not in off,
            kind.is_asked_for,
        )
        for kind in letters.KINDS.values()
        if not kind.is_first
        and not kind.consent
        and (kind.may_drop or not kind.is_secret)
        and (actor.may(Permission.PEOPLE_READ) or not kind.is_for_staff)
    ]
    return sorted(found, key=lambda one: (not one.may_drop, one.kind))


async def choose(
    session: AsyncSession, actor: Actor, *, off: Collection[str], on: Collection[str] | None = None
) -> None:
    """
    Drop these kinds of letters and get all others again; and get those of `on` that come to who asks for them, and no
    other such. None leaves these as they are.

    Raises:
        Invalid: a kind that nobody may drop or ask for, or that there is not.
    """
    actor.require(Permission.OWN_CASE)
    wrong = [
        Problem(f"{name}[{at}]", code, {"found": kind})
        for name, kinds, code, is_asked in (
            ("off", off, "letter_not_droppable", False),
            ("on", on or (), "letter_not_asked_for", True),
        )
        for at, kind in enumerate(kinds)
        if not _is_chosen(kind, is_asked=is_asked)
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
    if on is not None:
        await _ask_for(session, actor, person.id, frozenset(on))


async def unsubscribe(session: AsyncSession, actor: Actor, letter_id: UUID) -> Kind | None:
    """
    End the letters of a kind by the link in one of them. Again, it is ended already.

    None where the letter is not there any more, or was never of a kind that is asked for.
    """
    found = await letter_of(session, letter_id)
    if found is None:
        return None
    person_id, kind = found
    gone = await session.execute(
        delete(LetterWish)
        .where(LetterWish.person_id == person_id, LetterWish.kind == kind.name)
        .returning(LetterWish.id)
    )
    if gone.first() is not None:
        audit.record(
            session, actor, Event.LETTERS_CHOSEN, kind="person", id=person_id, ended=kind.name, by_letter=True
        )
    return kind


async def letter_of(session: AsyncSession, letter_id: UUID) -> tuple[UUID, Kind] | None:
    """The reader and the kind of a letter that comes to who has asked for it."""
    row = (
        await session.execute(select(Letter.person_id, Letter.kind).where(Letter.id == letter_id))
    ).one_or_none()
    kind = letters.KINDS.get(row.kind) if row else None
    if row is None or kind is None or row.person_id is None or not kind.is_asked_for:
        return None
    return row.person_id, kind


def wanting(kind: str) -> Select[Any]:
    """The ids of those who have asked for letters of this kind, to narrow a query."""
    return select(LetterWish.person_id).where(LetterWish.kind == kind)


async def is_wanted(session: AsyncSession, person_id: UUID, kind: str) -> bool:
    return (await session.execute(wanting(kind).where(LetterWish.person_id == person_id))).first() is not None


def _is_chosen(kind: str, *, is_asked: bool) -> bool:
    known = letters.KINDS.get(kind)
    return known is not None and known.may_drop and known.is_asked_for == is_asked and not known.consent


async def _ask_for(session: AsyncSession, actor: Actor, person_id: UUID, on: frozenset[str]) -> None:
    before = await _on(session, person_id)
    if before == on:
        return
    if dropped := before - on:
        await session.execute(
            delete(LetterWish).where(LetterWish.person_id == person_id, LetterWish.kind.in_(dropped))
        )
    if new := sorted(on - before):
        table = bulk.table(LetterWish)
        rows = [
            {"organisation_id": actor.organisation_id, "id": ids.new(), "person_id": person_id, "kind": one}
            for one in new
        ]
        await session.execute(insert(table).values(rows).on_conflict_do_nothing())
    audit.record(session, actor, Event.LETTERS_CHOSEN, kind="person", id=person_id, on=sorted(on))


async def _on(session: AsyncSession, person_id: UUID) -> frozenset[str]:
    query = select(LetterWish.kind).where(LetterWish.person_id == person_id)
    return frozenset(await session.scalars(query))


async def _off(session: AsyncSession, actor: Actor) -> list[str]:
    query = select(Person.letters_off).where(Person.id == actor.require_person())
    return list((await session.execute(query)).scalar_one())
