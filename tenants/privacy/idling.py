"""
Letting go of people with whom nothing has happened for long: the organisation names a period, everybody is asked first.

Whoever says that she wants to stay counts as if something had happened on that day. Somebody without an e-mail address
cannot be asked, so the coordinators of her office get a task instead.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, Problem
from infra.outbox import enqueue
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity.models import Session as SignedIn
from tenants.notifications import actions as notifications
from tenants.people import actions as people
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Permission, Role
from tenants.privacy import rules
from tenants.privacy.asking import ASKED_LETTER, IDLE_TASK, SOON_LETTER, job_key
from tenants.privacy.events import Event
from tenants.privacy.jobs import ErasePerson
from tenants.privacy.models import Erasure, ErasureState, Period
from tenants.privacy.queries import OPEN
from tenants.programmes.models import Cycle
from tenants.registration.models import Participation, Status
from tenants.relationships.models import Relationship

MONTHS = (12, 240)
AT_ONCE = (
    200  # letters of one turn of the hourly sweep: who begins with ten thousand does not send them in a night
)
_TAKES_PART = (Status.REGISTERED, Status.AWAITING_INTERVIEW, Status.READY)
_STAYS = (Status.IN_RELATIONSHIP, Status.NETWORK_PARTICIPANT)


async def period(session: AsyncSession, actor: Actor) -> int | None:
    """After how many months without anything people are asked; None where all are kept until they ask."""
    actor.require(Permission.PRIVACY_READ)
    months: int | None = await session.scalar(select(Period.months))
    return months


async def set_period(session: AsyncSession, actor: Actor, months: int | None) -> None:
    """
    Whoever has been asked already keeps her days.

    Raises:
        Invalid: neither nothing nor a number of months within `MONTHS`.
    """
    actor.require(Permission.ORGANISATION_CHANGE)
    actor.require(Permission.PRIVACY_READ)
    actor.refuse_support()
    least, most = MONTHS
    if months is not None and not least <= months <= most:
        raise Invalid(Problem("months", "privacy.months", {"least": least, "most": most}))
    await people.one_after_another(session)
    standing = await session.scalar(select(Period).with_for_update())
    before = standing.months if standing else None
    if months == before:
        return
    if standing is None:
        session.add(Period(organisation_id=actor.organisation_id, months=months))
    elif months is None:
        await session.delete(standing)
    else:
        standing.months = months
    audit.record(
        session, actor, Event.PERIOD_SET, kind="organisation", id=actor.organisation_id, before=before, months=months
    )  # fmt: skip


async def count(session: AsyncSession, actor: Actor, months: int) -> int:
    """How many people would be asked if this were the period."""
    actor.require(Permission.PRIVACY_READ)
    found = await session.scalar(select(func.count()).select_from(_idle(_since(months)).subquery()))
    return found or 0


async def ask_idle(session: AsyncSession, actor: Actor) -> None:
    """As the house, each hour: tell some of them that they will be deleted, and how they stay."""
    months = await session.scalar(select(Period.months))
    if months is None:
        return
    due_at = clock.now() + rules.IDLE_WAITING
    found = (await session.scalars(_idle(_since(months)).order_by(Person.id).limit(AT_ONCE))).all()
    for person in found:
        await _ask(session, actor, person, due_at)


async def _ask(session: AsyncSession, actor: Actor, person: Person, due_at: datetime) -> None:
    erasure = Erasure(
        organisation_id=actor.organisation_id, id=ids.random(), person_id=person.id, asked_by=None,
        number=rules.number(), due_at=due_at,
    )  # fmt: skip
    session.add(erasure)
    await session.flush()
    await enqueue(session, ErasePerson(erasure_id=erasure.id), key=job_key(erasure), due_at=due_at)
    told = await _write(session, actor, ASKED_LETTER, erasure, None)
    if told:
        await _write(session, actor, SOON_LETTER, erasure, due_at - rules.IDLE_REMINDED)
    else:
        await notifications.ask(
            session, actor, IDLE_TASK, key=f"{IDLE_TASK}:{erasure.id}", office_id=person.office_id,
            due_on=(due_at - rules.IDLE_REMINDED).date(), erasure_id=erasure.id,
            participation_id=await _last(session, person.id),
        )  # fmt: skip
    audit.record(
        session, actor, Event.ERASURE_ASKED, kind="person", id=person.id, number=erasure.number, idle=True
    )


async def _last(session: AsyncSession, person_id: UUID) -> UUID | None:
    query = select(Participation.id).where(Participation.person_id == person_id)
    last: UUID | None = await session.scalar(query.order_by(Participation.status_at.desc()).limit(1))
    return last


async def _write(
    session: AsyncSession, actor: Actor, kind: str, erasure: Erasure, due_at: datetime | None
) -> UUID | None:
    return await notifications.write(
        session, actor, kind, key=f"{kind}:{erasure.id}", person_id=erasure.person_id, due_at=due_at,
        erasure_id=erasure.id,
    )  # fmt: skip


def _since(months: int) -> datetime:
    return clock.now() - timedelta(days=round(months * 365.25 / 12))


def _idle(since: datetime) -> Select[Person]:
    """Who took part once, works for nobody here, and of whom nothing is known since then."""
    hers = and_(Participation.organisation_id == Person.organisation_id, Participation.person_id == Person.id)
    return select(Person).where(
        Person.erased_at.is_(None),
        Person.created_at < since,
        or_(Person.seen_on.is_(None), Person.seen_on < since.date()),
        exists().where(hers),
        ~_works_here(),
        ~exists().where(hers, _is_alive(since)),
        ~_was_in_a_pair(since),
        ~exists().where(
            SignedIn.organisation_id == Person.organisation_id,
            SignedIn.person_id == Person.id,
            SignedIn.seen_at >= since,
            SignedIn.support_id.is_(None),
        ),
        ~exists().where(
            Erasure.organisation_id == Person.organisation_id,
            Erasure.person_id == Person.id,
            or_(
                Erasure.state.in_(OPEN),
                and_(Erasure.state == ErasureState.CANCELLED, Erasure.cancelled_at >= since),
            ),
        ),
    )


def _works_here() -> ColumnElement[bool]:
    return exists().where(
        RoleGrant.organisation_id == Person.organisation_id,
        RoleGrant.person_id == Person.id,
        RoleGrant.role != Role.PARTICIPANT,
    )


def _is_alive(since: datetime) -> ColumnElement[bool]:
    """A participation that keeps her here: one that moved since, one that runs, one whose cycle is not over."""
    not_over = exists().where(
        Cycle.organisation_id == Participation.organisation_id,
        Cycle.id == Participation.cycle_id,
        Cycle.ends_on >= func.date(since),
    )
    return or_(
        Participation.status_at >= since,
        Participation.status.in_(_STAYS),
        and_(Participation.status.in_(_TAKES_PART), not_over),
    )


def _was_in_a_pair(since: datetime) -> ColumnElement[bool]:
    return exists().where(
        Participation.organisation_id == Person.organisation_id,
        Participation.person_id == Person.id,
        Relationship.organisation_id == Participation.organisation_id,
        or_(Relationship.mentor_id == Participation.id, Relationship.mentee_id == Participation.id),
        or_(Relationship.ended_at.is_(None), Relationship.ended_at >= since),
    )
