"""The hourly sweep of this room: what has expired goes."""

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import Forbidden
from tenants.actor import Actor
from tenants.identity import challenges, guessing, logging_out, rules
from tenants.identity.actions import SIGN_IN_LETTER
from tenants.identity.models import AddressChange, Session, SignInLink
from tenants.notifications.models import Letter, LetterState
from tenants.people.models import Person


async def clear_expired(session: AsyncSession, actor: Actor) -> None:
    """
    Remove links and their letters after a day, sessions a month after their end, and whatever was begun and not finished.

    Raises:
        Forbidden: only the house clears.
    """
    if actor.kind != "house":
        raise Forbidden(permission="house")
    await logging_out.clear_expired(session, actor)
    await challenges.clear_expired(session, actor)
    now = clock.now()
    links_until, sessions_until = now - rules.LINKS_KEPT, now - rules.SESSIONS_KEPT
    await session.execute(delete(SignInLink).where(SignInLink.expires_at < links_until))
    await session.execute(delete(AddressChange).where(AddressChange.expires_at < links_until))
    await guessing.forget(session)
    # Such a letter holds an address that somebody typed, perhaps a stranger's.
    waiting = (LetterState.WAITING, LetterState.SENDING)
    await session.execute(
        delete(Letter).where(
            Letter.kind == SIGN_IN_LETTER, Letter.created_at < links_until, Letter.state.not_in(waiting)
        )
    )
    over = or_(Session.ended_at < sessions_until, Session.expires_at < sessions_until)
    await _keep_days(session, over)
    await session.execute(delete(Session).where(over))


async def _keep_days(session: AsyncSession, over: ColumnElement[bool]) -> None:
    """Of sessions that go, the day on which their person last used one; support in her place was not she."""
    last = (
        select(Session.person_id, func.max(func.date(func.timezone("UTC", Session.seen_at))).label("day"))
        .where(over, Session.support_id.is_(None))
        .group_by(Session.person_id)
        .subquery()
    )
    await session.execute(
        update(Person)
        .where(Person.id == last.c.person_id, or_(Person.seen_on.is_(None), Person.seen_on < last.c.day))
        .values(seen_on=last.c.day)
    )
