"""
Leaving a programme by one's own wish, and coming back.

Nobody asks why. Whatever is open with her is let go of by who watches this room
(see `watching`): her card, her proposals, the coordinator of a running pair.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound, WrongState
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.people import queries as people_queries
from tenants.people import rules as people
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes import rules as programme_rules
from tenants.registration import consents, queries, rules, signing_up
from tenants.registration.actions import move
from tenants.registration.models import Consent, Participation, Status

OWN_WISH = "withdrawn"  # the reason that is kept; no other is asked for
LEFT_LETTER = "registration.left"
TOLD_LETTER = "registration.left_told"


class CannotReturn(WrongState):
    """She did not leave by herself, or has taken her consents back: then she registers anew, or asks."""

    code = "cannot_return"


async def leave(session: AsyncSession, actor: Actor, participation_id: UUID) -> Participation:
    """
    Leave by one's own wish, from any status. She gets a letter, the coordinators a task and the first of them a letter.

    Raises:
        NotFound: not one's own. StatusNotReachable: left already.
    """
    return await take_leave(session, actor, await _own(session, actor, participation_id))


async def take_leave(session: AsyncSession, actor: Actor, participation: Participation) -> Participation:
    """The same where somebody has said so at another place; whoever calls has made sure of her, and holds the row."""
    await move(session, actor, participation, Status.LEFT, reason=OWN_WISH)
    if participation.interview_on is not None and participation.interviewed_on is None:
        task = rules.interview_task(participation.id, participation.interview_on)
        await notifications.settle(session, actor, key=task)
        participation.interview_on = None
    await _tell(session, actor, participation)
    return participation


async def come_back(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, to_pair: bool = False
) -> Participation:
    """
    Take part again with the answers as they are, while the cycle takes registrations; the coordinators read them anew.

    `to_pair`: a pair of hers still runs, into which she comes back at any time, and nothing is read again; for
    `tenants.relationships`, whose `come_back` doors call.

    Raises:
        NotFound: not one's own.
        CannotReturn, StatusNotReachable: she takes part, or did not leave by herself.
        RegistrationClosed, ProgrammeFull: not now.
    """
    participation = await _own(session, actor, participation_id)
    left_at = participation.status_at
    if participation.status not in rules.REAPPLYING:
        raise rules.StatusNotReachable(found=participation.status, wanted=Status.REGISTERED.value)
    await _must_be_welcome(session, participation, to_pair=to_pair)
    participation.end_reason = None
    await move(session, actor, participation, Status.READY if to_pair else Status.REGISTERED)
    await notifications.settle(session, actor, key=_left_task(participation, left_at))
    if to_pair:
        return participation
    await notifications.ask(
        session,
        actor,
        "registration.returned",
        key=rules.returned_task(participation.id, participation.status_at),
        due_on=clock.today((await organisations.own(session)).time_zone),
        office_id=participation.office_id,
        participation_id=participation.id,
    )
    return participation


async def may_return(session: AsyncSession, participation: Participation, *, to_pair: bool = False) -> bool:
    """Whether `come_back` would work now."""
    try:
        await _must_be_welcome(session, participation, to_pair=to_pair)
    except WrongState:
        return False
    return participation.status in rules.REAPPLYING


async def own(session: AsyncSession, actor: Actor, participation_id: UUID) -> Participation:
    """
    Raises:
        NotFound: not one's own.
    """
    return await _own(session, actor, participation_id, lock=False)


async def left_by(session: AsyncSession, actor: Actor) -> list[Participation]:
    """What the actor has left by herself, the latest first."""
    query = (
        select(Participation)
        .where(
            Participation.person_id == actor.require_person(),
            Participation.status == Status.LEFT,
            Participation.end_reason == OWN_WISH,
        )
        .order_by(Participation.status_at.desc(), Participation.id)
        .limit(10)
    )
    return list((await session.execute(query)).scalars())


async def _own(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, lock: bool = True
) -> Participation:
    actor.require(Permission.OWN_CASE)
    found = await queries.access_participation(session, actor, participation_id, lock=lock)
    if found.person_id != actor.require_person():
        raise NotFound(kind="participation", id=str(participation_id))
    return found


async def _must_be_welcome(session: AsyncSession, participation: Participation, *, to_pair: bool) -> None:
    if participation.status == Status.LEFT and participation.end_reason != OWN_WISH:
        raise CannotReturn
    needed = {text.purpose for text in consents.TEXTS if text.is_obligatory}
    stands = select(func.count(func.distinct(Consent.purpose))).where(
        Consent.person_id == participation.person_id,
        Consent.purpose.in_(needed),
        Consent.withdrawn_at.is_(None),
    )
    if await session.scalar(stands) != len(needed):
        raise CannotReturn
    if to_pair:
        return
    programme = await programmes.own_programme(session, participation.programme_id)
    programme_rules.must_be_open(programme)
    cycle = await programmes.own_cycle(session, participation.cycle_id)
    today = clock.today((await organisations.own(session)).time_zone)
    if not programme_rules.takes_registrations(cycle, today):
        raise signing_up.RegistrationClosed(opens_on=None)
    await signing_up.must_have_room(session, programme, cycle.id, participation.role)


async def _tell(session: AsyncSession, actor: Actor, participation: Participation) -> None:
    moment = participation.status_at.isoformat()
    await notifications.write(
        session, actor, LEFT_LETTER, key=f"{LEFT_LETTER}:{participation.id}:{moment}",
        person_id=participation.person_id, participation_id=participation.id,
    )  # fmt: skip
    await notifications.ask(
        session, actor, "registration.left", key=_left_task(participation, participation.status_at),
        due_on=clock.today((await organisations.own(session)).time_zone), office_id=participation.office_id,
        participation_id=participation.id,
    )  # fmt: skip
    if coordinator := await _coordinator(session, participation):
        await notifications.write(
            session, actor, TOLD_LETTER, key=f"{TOLD_LETTER}:{participation.id}:{moment}",
            person_id=coordinator, participation_id=participation.id,
        )  # fmt: skip


async def _coordinator(session: AsyncSession, participation: Participation) -> UUID | None:
    """The first who cares for the programme and may know of her: another office's coordinator may not."""
    caring = await programmes.caring(session, participation.programme_id, office_id=participation.office_id)
    for person_id in caring:
        reach = people.reach(await people_queries.grants(session, person_id))
        if person_id != participation.person_id and (not reach or participation.office_id in reach):
            return person_id
    return None


def _left_task(participation: Participation, left_at: datetime) -> str:
    return f"registration.left:{participation.id}:{left_at.isoformat()}"
