"""
One's own change of address: asked for while signed in, confirmed from the new address, told to the old one.

Whether somebody else lives at the new address is looked at when the letter is
written and when it is confirmed, never while it is asked for: the answer is the same for all.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, LimitReached, Problem
from tenants import actor as actors
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import actions
from tenants.identity.events import Event
from tenants.identity.models import AddressChange
from tenants.identity.rules import Refusal
from tenants.notifications import actions as notifications
from tenants.people import actions as people
from tenants.people import queries as people_queries
from tenants.people import rules as people_rules
from tenants.people.models import Person
from tenants.permissions import Permission, Role

PURPOSE = "address"  # of the signed token in a link
CONFIRM_LETTER = "identity.address_confirm"
LASTS = timedelta(days=1)
A_DAY = 5  # requests of one person: each writes a letter to an address that may be a stranger's


class AddressAskedTooOften(LimitReached):
    code = "address_asked_too_often"


async def ask(session: AsyncSession, actor: Actor, *, email: str) -> AddressChange:
    """
    Ask to be reached at another address. A letter goes there; until it is confirmed nothing changes.

    An earlier request that is still open is closed.

    Raises:
        StepUpNeeded: she has proved too long ago who she is, and letters to the address let her in.
        Invalid: no address, or the one that she has.
        AddressAskedTooOften: five times within a day already.
    """
    actor.require(Permission.OWN_CASE)
    actor.require_fresh_session(clock.now())
    person = await people_queries.access_person(session, actor, actor.require_person(), lock=True)
    address = people_rules.address(email)
    if address == person.email:
        raise Invalid(Problem("email", "address_is_the_same"))
    now = clock.now()
    asked = select(func.count()).where(
        AddressChange.person_id == person.id, AddressChange.created_at > now - timedelta(days=1)
    )
    if (await session.execute(asked)).scalar_one() >= A_DAY:
        raise AddressAskedTooOften(retry_after_s=86_400)
    await _close_open(session, person.id)
    made = AddressChange(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        person_id=person.id,
        email=address,
        expires_at=now + LASTS,
    )
    session.add(made)
    await session.flush()
    await notifications.write(
        session,
        actor,
        CONFIRM_LETTER,
        key=f"{CONFIRM_LETTER}:{made.id}",
        to_email=address,
        language=person.language,
        change_id=made.id,
    )
    audit.record(session, actor, Event.ADDRESS_ASKED, kind="person", id=person.id)
    return made


async def opened(session: AsyncSession, change_id: UUID) -> AddressChange | None:
    """The request behind a link, while it can be confirmed."""
    return await _open(session, change_id, lock=False)


async def over(session: AsyncSession, change_id: UUID) -> Refusal | None:
    """Why a request that was made cannot be confirmed; None where there is none."""
    change = await session.scalar(select(AddressChange).where(AddressChange.id == change_id))
    if change is None:
        return None
    return Refusal.EXPIRED if change.closed_at is None else Refusal.USED


async def confirm(session: AsyncSession, change_id: UUID) -> Person | None:
    """
    Whoever reads the letters of the new address confirms it: the sessions of its owner end, and the old address is told.

    None, and nothing changes, when the request is closed, or somebody else here has the address.
    """
    change = await _open(session, change_id, lock=True)
    if change is None:
        return None
    change.closed_at = clock.now()
    known = await people_queries.find_by_email(session, change.email)
    if known is not None and known.id != change.person_id:
        return None
    her = actors.person(change.organisation_id, change.person_id, frozenset({Role.PARTICIPANT}))
    before = (await people_queries.access_person(session, her, change.person_id)).email
    person = await people.change_own_address(session, her, change.email)
    await actions.tell_of_address(session, her, person, before)
    return person


async def _open(session: AsyncSession, change_id: UUID, *, lock: bool) -> AddressChange | None:
    query = (
        select(AddressChange)
        .join(
            Person,
            (Person.organisation_id == AddressChange.organisation_id)
            & (Person.id == AddressChange.person_id),
        )
        .where(
            AddressChange.id == change_id,
            AddressChange.closed_at.is_(None),
            AddressChange.expires_at > clock.now(),
            Person.is_active,
        )
    )
    if lock:
        query = query.with_for_update()
    found: AddressChange | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def _close_open(session: AsyncSession, person_id: UUID) -> None:
    await session.execute(
        update(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.closed_at.is_(None))
        .values(closed_at=clock.now())
    )
