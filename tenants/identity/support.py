"""
Letting somebody of the platform's support in, in the place of one person: with a reason, for an hour at most, and not
before she has been told. See docs/decisions/0017-support-access.md.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.crypto.links import LinkSigner
from infra.errors import Forbidden, Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.actor import support as in_her_place
from tenants.audit import actions as audit
from tenants.identity import rules, sessions
from tenants.identity import support_queries as queries
from tenants.identity import support_rules as support
from tenants.identity.events import Event
from tenants.identity.models import Session
from tenants.identity.sessions import Begun
from tenants.identity.support_models import SupportWindow
from tenants.identity.support_rules import CannotBeTold, NotToldYet, Shut, State, SupportIsIn
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter, LetterState
from tenants.people import queries as people
from tenants.people import rules as people_rules
from tenants.people.models import Person
from tenants.permissions import Permission


async def let_in(
    session: AsyncSession, actor: Actor, *, email: str | None = None, operator: str, reason: str, minutes: int
) -> SupportWindow:
    """
    Open a window onto the account of whoever lives at `email`, or without it onto one's own.

    She is told by letter at once, and again when it is over.

    Raises:
        Forbidden: onto another's account, without the right to it; or the actor is support.
        StepUpNeeded
        Invalid: what was written cannot be used, or nobody here has this address.
        CannotBeTold: she has no address to which we could write.
        SupportIsIn: one is open already.
    """
    own = actor.require_herself()
    if email is not None:
        actor.require(Permission.SUPPORT_LET_IN)
    actor.require_fresh(clock.now())
    who, why = support.words(operator, reason)
    lasts = support.lasts(minutes)
    person = await _person(session, own, email)
    if person.email is None:
        raise CannotBeTold
    now = clock.now()
    if await session.scalar(_living(now).where(SupportWindow.person_id == person.id)):
        raise SupportIsIn
    window = SupportWindow(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        created_at=now,
        person_id=person.id,
        let_in_by=own,
        operator=who,
        reason=why,
        expires_at=now + lasts,
    )
    session.add(window)
    await session.flush()
    for letter, key, due_at in (
        (support.BEFORE_LETTER, support.before_key(window.id), now),
        (support.AFTER_LETTER, support.after_key(window.id), window.expires_at),
    ):
        await notifications.write(
            session, actor, letter, key=key, due_at=due_at, person_id=person.id, window_id=window.id
        )
    audit.record(
        session, actor, Event.SUPPORT_LET_IN, kind="support_window", id=window.id, person_id=str(person.id),
        minutes=minutes,
    )  # fmt: skip
    return window


async def link_for(session: AsyncSession, actor: Actor, window_id: UUID, links: LinkSigner) -> str:
    """
    The path of the link by which the operator comes in, once.

    Raises:
        Forbidden: only the house hands it out.
        NotFound, Shut, NotToldYet, CannotBeTold
    """
    if actor.kind != "house":
        raise Forbidden(permission="house")
    window = await queries.access(session, window_id)
    await _must_be_ready(session, window)
    audit.record(session, actor, Event.SUPPORT_LINK_MADE, kind="support_window", id=window.id)
    return f"/support/{links.token(support.PURPOSE, actor.organisation_id, window.id)}"


async def come_in(session: AsyncSession, actor: Actor, window_id: UUID) -> Begun:
    """
    Begin the one session of a window, which ends with it. Whatever session this browser had ends.

    Raises:
        NotFound, Shut, NotToldYet, CannotBeTold
    """
    window = await queries.access(session, window_id)
    await _must_be_ready(session, window)
    now = clock.now()
    taken = await session.execute(
        update(SupportWindow)
        .where(
            SupportWindow.id == window.id,
            SupportWindow.entered_at.is_(None),
            SupportWindow.ended_at.is_(None),
            SupportWindow.expires_at > now,
        )
        .values(entered_at=now)
        .returning(SupportWindow.id)
    )
    if taken.first() is None:
        raise Shut
    if actor.session_id is not None:
        await sessions.end(session, actor, actor.session_id)
    return await _begin(session, actor, window, now)


async def _begin(session: AsyncSession, actor: Actor, window: SupportWindow, now: datetime) -> Begun:
    secret = ids.token()
    begun = Session(
        organisation_id=actor.organisation_id,
        person_id=window.person_id,
        token_digest=rules.digest(secret),
        seen_at=now,
        expires_at=window.expires_at,
        device=window.operator[: rules.MAX_DEVICE],
        support_id=window.id,
    )
    session.add(begun)
    await session.flush()
    operator = in_her_place(Actor(actor.organisation_id, "visitor", window.person_id), window.id)
    audit.record(session, operator, Event.SUPPORT_CAME_IN, kind="support_window", id=window.id)
    return Begun(secret, begun.id, window.person_id)


async def end(session: AsyncSession, actor: Actor, window_id: UUID) -> SupportWindow:
    """
    Shut a window; who came in by it is out with her next request. Nothing if it is over.

    Raises:
        NotFound: none that this actor may shut: it is neither her account, nor her organisation's to watch, nor her own visit.
    """
    window = await queries.access(session, window_id)
    is_its_visitor = actor.support_id == window.id
    is_hers = actor.support_id is None and actor.person_id == window.person_id
    if not (is_its_visitor or is_hers or actor.may(Permission.SUPPORT_LET_IN)):
        raise NotFound(kind="support_window", id=str(window_id))
    now = clock.now()
    if support.state(window, now) is State.OVER:
        return window
    window.ended_at = now
    await session.execute(
        update(Session)
        .where(Session.support_id == window.id, Session.ended_at.is_(None))
        .values(ended_at=now)
    )
    # What was to be said when the hour is over is said now.
    await notifications.withdraw_letters(session, keys=[support.after_key(window.id)])
    await notifications.write(
        session, actor, support.AFTER_LETTER, key=f"{support.after_key(window.id)}:early",
        person_id=window.person_id, window_id=window.id,
    )  # fmt: skip
    audit.record(session, actor, Event.SUPPORT_ENDED, kind="support_window", id=window.id)
    return window


async def _person(session: AsyncSession, own: UUID, email: str | None) -> Person:
    if email is None:
        return (await session.scalars(select(Person).where(Person.id == own))).one()
    found = await people.find_by_email(session, people_rules.address(email))
    if found is None or not found.is_active:
        raise Invalid(Problem("email", "support_nobody_here"))
    return found


async def _must_be_ready(session: AsyncSession, window: SupportWindow) -> None:
    """Open, its person still here, and the letter out that tells her; who let support in herself knows."""
    is_here = select(Person.id).where(Person.id == window.person_id, Person.is_active)
    if support.state(window, clock.now()) is not State.OPEN or await session.scalar(is_here) is None:
        raise Shut
    if window.let_in_by == window.person_id:
        return
    letter = select(Letter.state).where(Letter.key == support.before_key(window.id))
    found = await session.scalar(letter)
    if found in (LetterState.WAITING, LetterState.SENDING):
        raise NotToldYet
    if found != LetterState.SENT:
        raise CannotBeTold


def _living(now: datetime) -> Select[UUID]:
    return select(SupportWindow.id).where(SupportWindow.ended_at.is_(None), SupportWindow.expires_at > now)
