"""What she says to an invitation: that she comes, that other times suit her better, or that she cannot."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.registration import calling_off
from tenants.registration.appointment_models import Appointment, AppointmentState
from tenants.registration.appointments import queries, rules
from tenants.registration.appointments.queries import Seen
from tenants.registration.events import Event


async def confirm(
    session: AsyncSession,
    actor: Actor,
    appointment_id: UUID,
    *,
    word: str | None = None,
    by_letter: bool = False,
) -> Appointment:
    """
    Say that one comes.

    Raises:
        NotFound: not one's own. AppointmentOver: it is cancelled or held, or its hour has come.
        Invalid: the word is too long.
    """
    told = rules.tidy_word(word)
    seen = await _access(session, actor, appointment_id)
    return await _take(session, actor, seen, AppointmentState.CONFIRMED, told, by_letter=by_letter)


async def propose(
    session: AsyncSession,
    actor: Actor,
    appointment_id: UUID,
    *,
    walls: Sequence[str],
    zone: str,
    word: str | None = None,
    by_letter: bool = False,
) -> Appointment:
    """
    Name up to three other times, in one's own zone; the coordinator takes one of them or offers another (K15).

    Raises:
        NotFound: not one's own. AppointmentOver: it is cancelled or held, or its hour has come.
        Invalid: a time that cannot be used, none or too many, or the word is too long.
    """
    times = rules.read_proposed(walls, zone)
    told = rules.tidy_word(word)
    seen = await _access(session, actor, appointment_id)
    proposed = [one.kept() for one in times]
    return await _take(
        session, actor, seen, AppointmentState.PROPOSED, told, proposed=proposed, by_letter=by_letter
    )


async def decline(
    session: AsyncSession,
    actor: Actor,
    appointment_id: UUID,
    *,
    word: str | None = None,
    by_letter: bool = False,
) -> Appointment:
    """
    Say that one cannot come, without another time. The coordinator asks again.

    Raises:
        NotFound: not one's own. AppointmentOver: it is cancelled or held, or its hour has come.
        Invalid: the word is too long.
    """
    told = rules.tidy_word(word)
    seen = await _access(session, actor, appointment_id)
    return await _take(session, actor, seen, AppointmentState.DECLINED, told, by_letter=by_letter)


async def _access(session: AsyncSession, actor: Actor, appointment_id: UUID) -> Seen:
    actor.refuse_support()
    seen = await queries.own_one(session, actor, appointment_id, lock=True)
    if not rules.is_answerable(seen.appointment):
        raise rules.AppointmentOver(state=seen.appointment.state)
    return seen


async def _take(
    session: AsyncSession,
    actor: Actor,
    seen: Seen,
    state: AppointmentState,
    word: str | None,
    *,
    proposed: Sequence[dict[str, str]] = (),
    by_letter: bool,
) -> Appointment:
    """Her latest answer counts. One that asks something of the coordinator lies on her desk until it is settled."""
    found = seen.appointment
    if (found.state, found.word, found.proposed) == (state, word, list(proposed)) and found.answered_at:
        return found  # a doubled click
    if found.answered_at is not None:
        await notifications.settle(session, actor, key=calling_off.answer_key(found))
    found.state, found.word, found.proposed = state, word, list(proposed)
    found.answered_at = max(clock.now(), (found.answered_at or found.created_at) + timedelta(milliseconds=1))
    await session.flush()
    if state != AppointmentState.CONFIRMED:
        await notifications.ask(
            session, actor, calling_off.ANSWERED, key=calling_off.answer_key(found),
            due_on=clock.today(found.time_zone), person_id=found.coordinator_id,
            office_id=seen.participation.office_id if found.coordinator_id is None else None,
            participation_id=found.participation_id, appointment_id=found.id,
        )  # fmt: skip
    audit.record(
        session, actor, Event.APPOINTMENT_ANSWERED, kind="participation", id=seen.participation.id, answer=state.value,
        by_letter=by_letter,
    )  # fmt: skip
    return found
