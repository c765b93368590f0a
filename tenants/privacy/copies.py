"""Somebody's copy of all that is kept of her: asked for, made by a worker, taken by herself."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from infra import clock, ids, language
from infra.crypto.envelope import Place
from infra.errors import NotFound
from infra.keys.house import KeyHouse
from infra.keys.owners import KeyOwner
from infra.outbox import enqueue
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.people import queries as people
from tenants.privacy import queries, rules
from tenants.privacy.events import Event
from tenants.privacy.jobs import MakeCopy
from tenants.privacy.models import CopyState, PersonalCopy

READY_LETTER = "privacy.copy_ready"
Form = Literal["readable", "machine"]
DAY = timedelta(days=1)


async def ask(session: AsyncSession, actor: Actor, person_id: UUID) -> PersonalCopy:
    """
    Ask for a copy: of one's own data, or for somebody one works with. It is she who gets it, in either case.

    One that is still being made is not made twice.

    Raises:
        NotFound: nobody whom this actor may know of.
        NoAddress: nobody could be told that it is there.
        CopiesEnough: there were as many within a day.
    """
    if person_id == actor.person_id:
        actor.require_herself()
    await queries.must_know(session, actor, person_id)
    person = await people.access_person(session, actor, person_id, lock=True)
    if person.email is None:
        raise rules.NoAddress
    recent = list(await session.scalars(select(PersonalCopy).where(
        PersonalCopy.person_id == person_id, PersonalCopy.created_at > clock.now() - DAY
    )))  # fmt: skip
    if waiting := [one for one in recent if one.state == CopyState.WAITING]:
        return waiting[0]
    if len(recent) >= rules.COPIES_A_DAY:
        raise rules.CopiesEnough(most=rules.COPIES_A_DAY)
    spoken = language.current() if person_id == actor.person_id else person.language
    copy = PersonalCopy(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        person_id=person_id,
        asked_by=actor.require_person(),
        language=spoken,
        expires_at=clock.now() + rules.COPY_KEPT,
    )
    session.add(copy)
    await session.flush()
    await enqueue(session, MakeCopy(copy_id=copy.id), key=f"{MakeCopy.KIND}:{copy.id}")
    audit.record(session, actor, Event.COPY_ASKED, kind="person", id=person_id, copy=str(copy.id))
    return copy


async def wanted(session: AsyncSession, copy_id: UUID) -> PersonalCopy | None:
    """A copy that is still to be made; None when it has been, or its person has gone."""
    copy: PersonalCopy | None = await session.scalar(select(PersonalCopy).where(PersonalCopy.id == copy_id))
    return copy if copy is not None and copy.state == CopyState.WAITING else None


async def made(
    session: AsyncSession, actor: Actor, copy_id: UUID, *, readable: bytes, machine: bytes
) -> None:
    """Keep what was sealed, and tell her. Its time begins now."""
    copy = await session.scalar(select(PersonalCopy).where(PersonalCopy.id == copy_id).with_for_update())
    if copy is None or copy.state != CopyState.WAITING:
        return
    copy.readable, copy.machine = readable, machine
    copy.state = CopyState.READY
    copy.made_at = clock.now()
    copy.expires_at = copy.made_at + rules.COPY_KEPT
    await notifications.write(
        session, actor, READY_LETTER, key=f"{READY_LETTER}:{copy.id}", person_id=copy.person_id, copy_id=copy.id
    )  # fmt: skip
    audit.record(session, actor, Event.COPY_MADE, kind="person", id=copy.person_id, copy=str(copy.id))


async def seal(keys: KeyHouse, copy: PersonalCopy, form: Form, plain: bytes) -> bytes:
    """
    Raises:
        KeyServiceUnavailable: nothing was sealed. KeyDestroyed: her data has been deleted meanwhile.
    """
    return await keys.seal(_owner(copy), _place(copy, form), plain)


async def take(
    session: AsyncSession, actor: Actor, copy_id: UUID, form: Form, *, now: datetime
) -> PersonalCopy:
    """
    Her own copy, sealed still, by nobody but herself and after a fresh proof. The trail keeps that she took it.

    Raises:
        NotFound: not one's own.
        StepUpNeeded: she proved too long ago who she is.
        CopyExpired: it is not ready, or its days are over.
    """
    query = (
        select(PersonalCopy).where(PersonalCopy.id == copy_id).options(undefer(getattr(PersonalCopy, form)))
    )
    copy: PersonalCopy | None = await session.scalar(query.with_for_update())
    if copy is None or copy.person_id != actor.require_herself():
        raise NotFound(kind="copy", id=str(copy_id))
    actor.require_fresh(now)
    if copy.state != CopyState.READY or copy.expires_at <= now:
        raise rules.CopyExpired
    copy.taken_at = now
    audit.record(
        session, actor, Event.COPY_TAKEN, kind="person", id=copy.person_id, copy=str(copy.id), form=form
    )
    return copy


async def opened(keys: KeyHouse, copy: PersonalCopy, form: Form) -> bytes:
    """
    Raises:
        KeyServiceUnavailable, KeyDestroyed, TamperedCiphertext: as `KeyHouse.unseal` says.
    """
    return await keys.unseal(_owner(copy), _place(copy, form), getattr(copy, form))


async def clear_expired(session: AsyncSession, actor: Actor) -> None:
    """Delete copies whose days are over."""
    await session.execute(delete(PersonalCopy).where(PersonalCopy.expires_at < func.now()))


def _owner(copy: PersonalCopy) -> KeyOwner:
    return KeyOwner(copy.organisation_id, copy.person_id)


def _place(copy: PersonalCopy, form: Form) -> Place:
    return Place(copy.organisation_id, "personal_copy", copy.id, form)
