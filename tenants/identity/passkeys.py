"""
One's passkeys: added, named, listed, removed.

Whoever adds one proves first who she is, and is told by letter; the first passkey of somebody of whom one is demanded is
made at the door, where she has signed in by half.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.crypto import passkeys as webauthn
from infra.crypto.passkeys import Known, PasskeyRefused, Site
from infra.errors import Conflict, Forbidden, LimitReached, NotFound, WrongState
from tenants import actor as actors
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import challenges, rules, sessions
from tenants.identity.events import Event
from tenants.identity.models import How
from tenants.identity.proof_models import Asked, Passkey
from tenants.identity.sessions import Begun, Shown
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.people import queries as people
from tenants.permissions import Permission

MOST = 10
ADDED_LETTER = "identity.passkey_added"
REMOVED_LETTER = "identity.passkey_removed"
RESET_LETTER = "identity.passkeys_reset"


class TooManyPasskeys(LimitReached):
    code = "too_many_passkeys"


class PasskeyKnown(Conflict):
    code = "passkey_known"


class LastPasskey(WrongState):
    """Without it she could not get in again, since her organisation demands one."""

    code = "last_passkey"


@dataclass(frozen=True, slots=True)
class Listed:
    """`is_elsewhere`: it was made for an address that the organisation no longer has, and opens nothing."""

    id: UUID
    name: str
    is_synced: bool
    created_at: datetime
    used_at: datetime | None
    suspected_at: datetime | None
    is_elsewhere: bool


async def own(session: AsyncSession, actor: Actor, host: str) -> list[Listed]:
    actor.require(Permission.OWN_CASE)
    query = select(Passkey).where(Passkey.person_id == actor.require_herself())
    rows = await session.scalars(query.order_by(Passkey.created_at, Passkey.id))
    return [
        Listed(
            row.id,
            row.name,
            row.is_synced,
            row.created_at,
            row.used_at,
            row.suspected_at,
            is_elsewhere=row.host != host,
        )
        for row in rows
    ]


async def has_any(session: AsyncSession, person_id: UUID, host: str) -> bool:
    """Whether somebody has a passkey that opens at `host`."""
    hers = exists().where(Passkey.person_id == person_id, Passkey.host == host)
    return bool(await session.scalar(select(hers)))


async def known(session: AsyncSession, person_id: UUID, host: str) -> list[Known]:
    query = select(Passkey.credential_id, Passkey.transports).where(
        Passkey.person_id == person_id, Passkey.host == host
    )
    return [Known(row.credential_id, row.transports) for row in await session.execute(query)]


async def to_add(session: AsyncSession, actor: Actor, site: Site, browser_digest: bytes) -> dict[str, Any]:
    """
    What the browser is asked, to make another passkey.

    Raises:
        StepUpNeeded, Forbidden, TooManyPasskeys: see `add`.
    """
    her = await _must_be_allowed(session, actor, site)
    person = await people.access_person(session, actors.house(actor.organisation_id), her)
    challenge = await challenges.draw(session, actor, Asked.ADD, browser_digest)
    return webauthn.to_make(
        site,
        challenge,
        user=handle(her),
        name=person.email or person.full_name,
        title=person.full_name,
        known=await known(session, her, site.host),
    )


async def add(
    session: AsyncSession, actor: Actor, site: Site, raw: str, *, browser_digest: bytes | None, name: str
) -> Begun | None:
    """
    Keep a new passkey. It has been shown with that: the session is verified, and goes on under a new secret.

    None where the answer proves nothing, or came too late: what was used up stays so.

    Raises:
        StepUpNeeded: she has proved too long ago who she is.
        Forbidden: she is to show a passkey and has one: she does not get in by a new one.
        Invalid: no name.
        TooManyPasskeys, PasskeyKnown
    """
    her = await _must_be_allowed(session, actor, site)
    called = rules.name(name)
    challenge = await challenges.take(session, actor, Asked.ADD, browser_digest)
    try:
        made = webauthn.made(raw, site, challenge) if challenge else None
    except PasskeyRefused:
        made = None
    if made is None:
        audit.record(session, actor, Event.PASSKEY_REFUSED, kind="person", id=her)
        return None
    if await session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)):
        raise PasskeyKnown
    row = Passkey(
        organisation_id=actor.organisation_id,
        id=ids.new(),
        person_id=her,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        host=site.host,
        name=called,
        transports=made.transports,
        is_synced=made.is_synced,
        used_at=clock.now(),
    )
    session.add(row)
    await session.flush()
    audit.record(session, actor, Event.PASSKEY_ADDED, kind="passkey", id=row.id, person_id=str(her))
    await _tell(session, actor, ADDED_LETTER, her, row.id)
    return await sessions.verify(session, actor, Shown(How.PASSKEY, clock.now()))


async def rename(session: AsyncSession, actor: Actor, passkey_id: UUID, *, name: str) -> None:
    """Raises NotFound: not one of the actor's own; Invalid: no name."""
    row = await _access(session, actor, passkey_id)
    row.name = rules.name(name)
    audit.record(session, actor, Event.PASSKEY_NAMED, kind="passkey", id=row.id)


async def remove(session: AsyncSession, actor: Actor, passkey_id: UUID, host: str) -> None:
    """
    Raises:
        NotFound: not one of the actor's own.
        StepUpNeeded
        LastPasskey: her organisation demands one, and she has no other.
    """
    actor.require_fresh(clock.now())
    # Two that are removed at the same moment must not both count on the other.
    await people.access_person(session, actor, actor.require_herself(), lock=True)
    row = await _access(session, actor, passkey_id)
    if row.host == host and rules.works_here(actor.permissions):
        others = len(await known(session, row.person_id, host)) - 1
        if others == 0 and (await organisations.own(session)).demands_passkeys:
            raise LastPasskey
    await session.delete(row)
    await session.flush()
    audit.record(
        session, actor, Event.PASSKEY_REMOVED, kind="passkey", id=passkey_id, person_id=str(row.person_id)
    )
    await _tell(session, actor, REMOVED_LETTER, row.person_id, passkey_id)


async def counts(session: AsyncSession, actor: Actor, host: str) -> dict[UUID, int]:
    """How many passkeys that open each person has who has any."""
    actor.require(Permission.ROLES_GRANT)
    query = select(Passkey.person_id, func.count()).where(Passkey.host == host).group_by(Passkey.person_id)
    return {row[0]: row[1] for row in await session.execute(query)}


async def reset(session: AsyncSession, actor: Actor, person_id: UUID) -> int:
    """
    Remove all passkeys of somebody who has lost them. She is signed out everywhere and told; returns how many there were.

    Raises:
        Forbidden: only who gives roles does.
        StepUpNeeded: at a page; a token was made by somebody who knew what it may do.
        NotFound: no such person.
    """
    actor.require(Permission.ROLES_GRANT)
    actor.require_fresh_session(clock.now())
    person = await people.access_person(session, actor, person_id, lock=True)
    gone = await session.execute(delete(Passkey).where(Passkey.person_id == person.id).returning(Passkey.id))
    count = len(gone.all())
    await sessions.end_every(session, actor, person.id)
    audit.record(session, actor, Event.PASSKEYS_RESET, kind="person", id=person.id, count=count)
    if count:
        await _tell(session, actor, RESET_LETTER, person.id, ids.new())
    return count


def handle(person_id: UUID) -> bytes:
    """By what authenticators know somebody; it tells neither her id nor when that was made."""
    return hashlib.sha256(b"passkey\0" + person_id.bytes).digest()


async def _must_be_allowed(session: AsyncSession, actor: Actor, site: Site) -> UUID:
    """Whose passkey it will be."""
    if actor.half is not None:
        her = actor.half.person_id
        await _lock(session, actor, her)
        if await has_any(session, her, site.host):
            raise Forbidden(permission="passkey")
        return her
    her = actor.require_herself()
    actor.require_fresh(clock.now())
    await _lock(session, actor, her)
    if len(await known(session, her, site.host)) >= MOST:
        raise TooManyPasskeys(maximum=MOST)
    return her


async def _lock(session: AsyncSession, actor: Actor, person_id: UUID) -> None:
    await people.access_person(session, actors.house(actor.organisation_id), person_id, lock=True)


async def _access(session: AsyncSession, actor: Actor, passkey_id: UUID) -> Passkey:
    query = select(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == actor.require_herself())
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        raise NotFound(kind="passkey", id=str(passkey_id))
    return found


async def _tell(session: AsyncSession, actor: Actor, letter: str, person_id: UUID, about: UUID) -> None:
    await notifications.write(session, actor, letter, key=f"{letter}:{about}", person_id=person_id)
