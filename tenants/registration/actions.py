"""
The statuses of a participation, one step at a time, each by a coordinator on each individual's profile (K08).

`begin_relationship` and `end_relationship` are for the rooms above: a match and
its end move both sides in the transaction that confirms them.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.audit.models import AuditEvent
from tenants.notifications import actions as notifications
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration import calling_off, queries, rules, watching
from tenants.registration.entering import read_task
from tenants.registration.events import Event
from tenants.registration.models import Participation, Status
from tenants.registration.rules import REAPPLYING

INVITATION = "registration.interview"


async def select_for_interview(session: AsyncSession, actor: Actor, participation_id: UUID) -> Participation:
    """
    REGISTERED -> AWAITING INTERVIEW (K09). The invitation waits in the outbox for as long as this can be undone.

    She agrees a time with whoever has selected her.
    """
    participation = await _access(session, actor, participation_id)
    await move(session, actor, participation, Status.AWAITING_INTERVIEW)
    await notifications.write(
        session,
        actor,
        INVITATION,
        key=invitation_key(participation),
        person_id=participation.person_id,
        due_at=participation.status_at + rules.UNDO,
        participation_id=participation.id,
        coordinator_id=actor.person_id or "",
    )
    return participation


async def plan_interview(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, at: datetime | None
) -> Participation:
    """
    Note, move or (None) clear the hour that was agreed with her by word of mouth; she is not written to.

    Raises:
        AppointmentStands: she was invited, and is told where it moves (see `appointments`).
    """
    participation = await _access(session, actor, participation_id)
    if await calling_off.open_of(session, participation_id) is not None:
        raise rules.AppointmentStands
    participation.interview_on = at
    audit.record(session, actor, Event.INTERVIEW_PLANNED, kind="participation", id=participation.id)
    return participation


async def record_interview_held(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, on: date
) -> Participation:
    """Note the day of the interview, not what was said. The status stays; `make_ready` follows when all is there."""
    participation = await _access(session, actor, participation_id)
    participation.interviewed_on = on
    await calling_off.hold(session, actor, participation)
    audit.record(
        session, actor, Event.INTERVIEW_HELD, kind="participation", id=participation.id, on=on.isoformat()
    )
    return participation


async def make_ready(session: AsyncSession, actor: Actor, participation_id: UUID) -> Participation:
    """
    -> READY TO BE MATCHED: after the interview, where the programme wants one, and with a completed profile (K10).

    Raises:
        StatusNotReachable, InterviewNotHeld, ProfileIncomplete.
    """
    participation = await _access(session, actor, participation_id)
    rules.must_lead_to(participation.status, Status.READY)
    programme = await programmes.own_programme(session, participation.programme_id)
    if programme.wants_interview and participation.interviewed_on is None:
        raise rules.InterviewNotHeld
    found = await queries.profile_of(session, participation)
    rules.must_be_complete(found.questions, participation, found.person)
    return await move(session, actor, participation, Status.READY)


async def to_network_participant(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, reason: str | None = None
) -> Participation:
    """News of events and courses only (K13 b)."""
    participation = await _access(session, actor, participation_id)
    return await move(session, actor, participation, Status.NETWORK_PARTICIPANT, reason=reason)


async def leave(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, reason: str | None = None
) -> Participation:
    """Take somebody out of the cycle (K13 c). She may register again."""
    participation = await _access(session, actor, participation_id)
    return await move(session, actor, participation, Status.LEFT, reason=reason)


async def reapply(session: AsyncSession, actor: Actor, participation_id: UUID) -> Participation:
    """Back to REGISTERED, for somebody who had left or only got the news. She herself: `leaving.come_back`."""
    participation = await _access(session, actor, participation_id)
    if participation.status not in REAPPLYING:
        raise rules.StatusNotReachable(found=participation.status, wanted=Status.REGISTERED.value)
    participation.end_reason = None
    return await move(session, actor, participation, Status.REGISTERED)


async def begin_relationship(session: AsyncSession, actor: Actor, participation_id: UUID) -> Participation:
    """
    READY -> IN A MENTOR RELATIONSHIP at the match (K11), for the rooms above.

    A mentor with several places stays so when the next one begins. The room that
    calls has asked for the permission; the row is locked.
    """
    participation = await _locked(session, participation_id)
    if participation.status == Status.IN_RELATIONSHIP:
        await watching.changed(session, [participation.id])
        return participation
    return await move(session, actor, participation, Status.IN_RELATIONSHIP)


async def end_relationship(
    session: AsyncSession,
    actor: Actor,
    participation_id: UUID,
    *,
    to: Status = Status.READY,
    reason: str | None = None,
    note: str | None = None,
    has_others: bool = False,
) -> Participation:
    """
    IN A MENTOR RELATIONSHIP -> what was chosen at the end (K12, K13), for the rooms above.

    While other relationships of hers run, she stays in the status; only the
    reason is kept in the note: the words of `note` where it is a code.

    Raises:
        StatusNotReachable: not one of the three choices, or not in a relationship.
    """
    participation = await _locked(session, participation_id)
    if to not in rules.END_CHOICES or participation.status != Status.IN_RELATIONSHIP:
        raise rules.StatusNotReachable(found=participation.status, wanted=to.value)
    if words := note or reason:
        participation.note = "\n".join(filter(None, (participation.note, words)))
    if has_others:
        await watching.changed(session, [participation.id])
        return participation
    return await move(session, actor, participation, to, reason=reason)


async def undo(session: AsyncSession, actor: Actor, participation_id: UUID) -> Participation:
    """
    Take back the last change of status, within ten minutes. A match and its end are not taken back this way,
    nor is what she did herself: who has left by her own wish comes back by it.

    Raises:
        UndoTooLate: ten minutes have passed, or there is nothing that may be taken back.
    """
    participation = await _access(session, actor, participation_id)
    last = (
        await session.execute(
            select(AuditEvent.event, AuditEvent.details, AuditEvent.person_id)
            .where(
                AuditEvent.object_kind == "participation",
                AuditEvent.object_id == participation.id,
                AuditEvent.event.in_((Event.STATUS_CHANGED, Event.STATUS_UNDONE)),
            )
            .order_by(AuditEvent.created_at.desc(), AuditEvent.id.desc())
            .limit(1)
        )
    ).one_or_none()
    if (
        last is None
        or last.event != Event.STATUS_CHANGED
        or last.details["to"] != participation.status
        or Status.IN_RELATIONSHIP in (last.details["to"], last.details["was"])
        or last.person_id == participation.person_id != actor.person_id
        or clock.now() - participation.status_at > rules.UNDO
    ):
        raise rules.UndoTooLate
    was = participation.status
    if was == Status.AWAITING_INTERVIEW:
        await notifications.withdraw_letters(session, keys=[invitation_key(participation)])
        await calling_off.call_off(session, actor, participation)
    _set_status(participation, Status(last.details["was"]))
    participation.end_reason = None
    audit.record(
        session,
        actor,
        Event.STATUS_UNDONE,
        kind="participation",
        id=participation.id,
        was=was,
        to=participation.status,
    )
    await watching.changed(session, [participation.id])
    return participation


def invitation_key(participation: Participation) -> str:
    """One for each time that she is selected."""
    return f"{INVITATION}:{participation.id}:{participation.status_at.isoformat()}"


async def _access(session: AsyncSession, actor: Actor, participation_id: UUID) -> Participation:
    actor.require(Permission.STATUS_CHANGE)
    return await queries.access_participation(session, actor, participation_id, lock=True)


async def _locked(session: AsyncSession, participation_id: UUID) -> Participation:
    query = select(Participation).where(Participation.id == participation_id).with_for_update()
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one()


async def move(
    session: AsyncSession,
    actor: Actor,
    participation: Participation,
    to: Status,
    *,
    reason: str | None = None,
) -> Participation:
    """
    One step of the table, with its trail; whoever watches is told.

    Raises:
        StatusNotReachable: the table has no such step.
    """
    rules.must_lead_to(participation.status, to)
    was, since = participation.status, participation.status_at
    _set_status(participation, to)
    if reason is not None:
        participation.end_reason = reason
    audit.record(
        session,
        actor,
        Event.STATUS_CHANGED,
        kind="participation",
        id=participation.id,
        was=was,
        to=to,
    )
    if was == Status.AWAITING_INTERVIEW:
        await calling_off.call_off(session, actor, participation)
    if was == Status.REGISTERED:
        read = (read_task(participation), rules.returned_task(participation.id, since))
        await notifications.settle_all(session, actor, keys=read)
    await watching.changed(session, [participation.id])
    return participation


def _set_status(participation: Participation, to: Status) -> None:
    participation.status = to
    participation.status_at = clock.now()
