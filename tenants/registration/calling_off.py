"""
What becomes of an open appointment when the interview it is for is held, or will not be.

It stands below `actions`, which move people on: whoever leaves, or is moved elsewhere, is not left with an appointment.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter, LetterState
from tenants.registration import rules
from tenants.registration.appointment_models import OPEN, Appointment, AppointmentState
from tenants.registration.events import Event
from tenants.registration.models import Participation

INVITED = "interview.invited"
MOVED = "interview.moved"
CANCELLED = "interview.cancelled"
REMINDER = "interview.reminder"
ANSWERED = "interview.answered"  # the task to look at what she says


async def open_of(session: AsyncSession, participation_id: UUID) -> Appointment | None:
    """The open appointment of a participation, locked."""
    query = select(Appointment).where(
        Appointment.participation_id == participation_id, Appointment.state.in_(OPEN)
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def call_off(session: AsyncSession, actor: Actor, participation: Participation) -> None:
    """Cancel what is open with her, if anything is."""
    if participation.interview_on is not None and (found := await open_of(session, participation.id)):
        await cancel(session, actor, found, participation)


async def cancel(
    session: AsyncSession, actor: Actor, appointment: Appointment, participation: Participation
) -> None:
    """
    Cancel one that is open. She is told, unless no letter has told her of it yet.

    The entry leaves her calendar, and the tasks the coordinator's desk.
    """
    await withdraw_letters(session, appointment)
    knows = await was_told(session, appointment, participation)
    await off_desk(session, actor, appointment, participation)
    appointment.state = AppointmentState.CANCELLED
    appointment.sequence += 1
    participation.interview_on = None
    if knows:
        await notifications.write(
            session, actor, CANCELLED, key=letter_key(CANCELLED, appointment),
            person_id=participation.person_id, appointment_id=appointment.id,
        )  # fmt: skip
    audit.record(session, actor, Event.APPOINTMENT_CANCELLED, kind="participation", id=participation.id)
    await session.flush()


async def hold(session: AsyncSession, actor: Actor, participation: Participation) -> None:
    """The interview was held, at this time or another: nothing is asked of her any more."""
    if (found := await open_of(session, participation.id)) is None:
        return
    await withdraw_letters(session, found)
    await off_desk(session, actor, found, participation)
    found.state = AppointmentState.HELD
    await session.flush()


async def withdraw_letters(session: AsyncSession, appointment: Appointment) -> None:
    """Take back what waits about its present time."""
    waiting = [letter_key(kind, appointment) for kind in (INVITED, MOVED, REMINDER)]
    await notifications.withdraw_letters(session, keys=waiting)


async def was_told(session: AsyncSession, appointment: Appointment, participation: Participation) -> bool:
    """Whether a letter about it has left, or may have. Of what she never heard of, she is told no end."""
    left = (LetterState.SENT, LetterState.SENDING, LetterState.UNKNOWN)
    query = select(Letter.id).where(
        Letter.person_id == participation.person_id,
        Letter.kind.in_((INVITED, MOVED)),
        Letter.about["appointment_id"].astext == str(appointment.id),
        Letter.state.in_(left),
    )
    return (await session.execute(query.limit(1))).first() is not None


async def off_desk(
    session: AsyncSession, actor: Actor, appointment: Appointment, participation: Participation
) -> None:
    """Nobody has to hold this talk any more, nor to look at what she said of it before."""
    found = [hold_key(appointment)]
    if appointment.answered_at is not None:
        found.append(answer_key(appointment))
    if participation.interview_on is not None:  # an hour that was noted before she was invited
        found.append(rules.interview_task(participation.id, participation.interview_on))
    await notifications.settle_all(session, actor, keys=found)


def letter_key(kind: str, appointment: Appointment) -> str:
    """One letter of a kind for each change of the entry."""
    return f"{kind}:{appointment.id}:{appointment.sequence}"


def hold_key(appointment: Appointment) -> str:
    """The key of the task to hold the talk at its present hour."""
    return f"interview.hold:{appointment.id}:{appointment.sequence}"


def answer_key(appointment: Appointment) -> str:
    """The key of the task to look at her latest answer."""
    at = appointment.answered_at
    return f"{ANSWERED}:{appointment.id}:{at.isoformat() if at else ''}"
