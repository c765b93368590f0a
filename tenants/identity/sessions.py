"""Sessions: begun after a proof, renewed, ended."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import queries, rules
from tenants.identity.events import Event
from tenants.identity.models import ApiToken, How, Session
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Begun:
    """A session as its owner gets it: the secret goes into a cookie and is not kept here."""

    secret: str
    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Shown:
    """By what somebody has proved who she is, and when; `at` is None where nobody can tell."""

    how: How
    at: datetime | None


async def begin(
    session: AsyncSession,
    actor: Actor,
    person: Person,
    *,
    shown: Shown | None = None,
    device: str | None = None,
    provider_session: str | None = None,
) -> Begun:
    """
    Begin a session for somebody whose identity has been proved. Its secret is always drawn here.

    Without `shown` she has come by a link at this moment. `provider_session` names the session at a sign-in provider that this one ends with.
    """
    roles = [role for role, _ in await people.grants(session, person.id)]
    secret = ids.token()
    now = clock.now()
    shown = shown or Shown(How.LINK, now)
    if person.seen_on != now.date():
        person.seen_on = now.date()
    begun = Session(
        organisation_id=actor.organisation_id,
        person_id=person.id,
        token_digest=rules.digest(secret),
        verified_at=shown.at,
        verified_by=shown.how,
        passkey_at=shown.at if shown.how is How.PASSKEY else None,
        seen_at=now,
        expires_at=now + rules.lifetime(roles).absolute,
        device=device,
        provider_session=provider_session,
    )
    session.add(begun)
    await session.flush()
    # From here on it is she who acts, and no visitor any more.
    herself = replace(actor, kind="person", person_id=person.id)
    audit.record(session, herself, Event.SIGNED_IN, kind="session", id=begun.id, how=shown.how)
    return Begun(secret, begun.id, person.id)


async def rotate(session: AsyncSession, actor: Actor) -> str:
    """
    A new secret for the actor's session, when what she may do has changed; the old one is worthless.

    Raises:
        NotFound: the actor has no session.
    """
    held = await queries.access_session(session, actor, actor.session_id or ids.random())
    secret = ids.token()
    held.token_digest = rules.digest(secret)
    audit.record(session, actor, Event.SESSION_ROTATED, kind="session", id=held.id)
    return secret


async def verify(session: AsyncSession, actor: Actor, shown: Shown) -> Begun:
    """
    Note that the owner of this session has proved anew who she is, or has come in whole.

    The session goes on under a new secret.

    Raises:
        NotFound: the actor has no session.
        Forbidden: the actor is support.
    """
    actor.refuse_support()
    if actor.half is not None:
        held = (await session.scalars(select(Session).where(Session.id == actor.half.session_id))).one()
        held.seen_at = clock.now()
    else:
        held = await queries.access_session(session, actor, actor.session_id or ids.random())
    secret = ids.token()
    held.token_digest = rules.digest(secret)
    held.verified_at, held.verified_by = shown.at, shown.how
    if shown.how is How.PASSKEY:
        held.passkey_at = shown.at
    audit.record(session, actor, Event.VERIFIED, kind="session", id=held.id, how=shown.how)
    return Begun(secret, held.id, held.person_id)


async def note_seen(session: AsyncSession, actor: Actor) -> None:
    """Write down that the actor's session or token has just been used; doors say it when it is stale."""
    now = clock.now()
    if actor.session_id is not None:
        await session.execute(update(Session).where(Session.id == actor.session_id).values(seen_at=now))
    elif actor.token_id is not None:
        await session.execute(update(ApiToken).where(ApiToken.id == actor.token_id).values(used_at=now))


async def end(session: AsyncSession, actor: Actor, session_id: UUID) -> None:
    """
    Sign out, here or on another of one's devices.

    Raises:
        NotFound: not one of the actor's own sessions.
    """
    held = await queries.access_session(session, actor, session_id)
    held.ended_at = held.ended_at or clock.now()
    audit.record(session, actor, Event.SESSION_ENDED, kind="session", id=held.id)


async def end_here(session: AsyncSession, actor: Actor) -> None:
    """Sign out in this browser, whether she has come in whole, by half or not at all."""
    if actor.session_id is not None:
        await end(session, actor, actor.session_id)
    elif actor.half is not None:
        held = (await session.scalars(select(Session).where(Session.id == actor.half.session_id))).one()
        held.ended_at = held.ended_at or clock.now()
        audit.record(session, actor, Event.SESSION_ENDED, kind="session", id=held.id)


async def end_all(session: AsyncSession, actor: Actor, person_id: UUID) -> int:
    """
    End every session of somebody: one's own except the one that asks, or anybody's for who hands out roles.

    Raises:
        Forbidden: neither.
    """
    if person_id != actor.person_id:
        actor.require(Permission.ROLES_GRANT)
    return await end_every(session, actor, person_id)


async def end_every(session: AsyncSession, actor: Actor, person_id: UUID) -> int:
    """As `end_all`, for actions that have asked for a right of their own."""
    ended = await session.execute(
        update(Session)
        .where(
            Session.person_id == person_id,
            Session.ended_at.is_(None),
            Session.id.is_distinct_from(actor.session_id),
        )
        .values(ended_at=clock.now())
        .returning(Session.id)
    )
    count = len(ended.all())
    audit.record(session, actor, Event.SESSIONS_ENDED, kind="person", id=person_id, count=count)
    return count
