"""
Asking how things stand before it begins: everybody who learns in a programme with questions on a scale, once.

Whoever registers is asked within the hour, and so is whoever had registered before the questions were written. Once a
mentoring has run for a month, its beginning is over and nobody is asked about it any more.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, cast, exists, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.evaluations.outcome_models import Indicator, IndicatorAnswer, IndicatorKind, Moment
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.registration.models import ParticipantRole, Participation, Status
from tenants.relationships.models import Member, Relationship

KIND = "evaluation.before"
BEGINNING = timedelta(days=30)  # so long after a mentoring began "before" still means something
AT_ONCE = 500
_TAKES_PART = (Status.REGISTERED, Status.AWAITING_INTERVIEW, Status.READY, Status.IN_RELATIONSHIP)


async def ask_all(session: AsyncSession, actor: Actor) -> None:
    """As the house, each hour: write to everybody who waits to be asked."""
    last: UUID | None = None
    while rows := await _to_ask(session, last):
        letters = [Addressed(f"{KIND}:{row.id}", row.person_id, {"participation_id": row.id}) for row in rows]
        await notifications.write_all(session, actor, KIND, letters)
        last = rows[-1].id


async def open_of(session: AsyncSession, person_id: UUID) -> Sequence[UUID]:
    """The participations of one person in which she has not answered yet."""
    query = select(Participation.id).where(Participation.person_id == person_id, *_waits())
    return (await session.scalars(query.order_by(Participation.id))).all()


async def is_open(session: AsyncSession, participation_id: UUID) -> bool:
    query = select(Participation.id).where(Participation.id == participation_id, *_waits())
    return await session.scalar(query) is not None


async def _to_ask(session: AsyncSession, after: UUID | None) -> Sequence[Any]:
    key = literal(f"{KIND}:") + cast(Participation.id, String)
    query = (
        select(Participation.id, Participation.person_id)
        .join(
            Person,
            and_(
                Person.organisation_id == Participation.organisation_id, Person.id == Participation.person_id
            ),
        )
        .where(
            *_waits(),
            Person.is_active,
            Person.email.is_not(None),
            ~exists().where(Letter.organisation_id == Participation.organisation_id, Letter.key == key),
        )
        .order_by(Participation.id)
        .limit(AT_ONCE)
    )
    if after is not None:
        query = query.where(Participation.id > after)
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


def _waits() -> list[Any]:
    """She learns, nothing of hers has run for long, and a question on a scale has no answer of before."""
    scales = exists().where(
        Indicator.programme_id == Participation.programme_id,
        Indicator.is_open,
        Indicator.kind == IndicatorKind.SCALE,
        ~exists()
        .where(
            IndicatorAnswer.indicator_id == Indicator.id,
            IndicatorAnswer.participation_id == Participation.id,
            IndicatorAnswer.moment == Moment.BEFORE,
        )
        .correlate(Indicator, Participation),
    )
    party = select(Member.relationship_id).where(Member.participation_id == Participation.id)
    party = party.correlate(Participation)
    begun = exists().where(
        or_(
            Relationship.mentee_id == Participation.id,
            Relationship.mentor_id == Participation.id,
            Relationship.id.in_(party),
        ),
        Relationship.begun_at < clock.now() - BEGINNING,
    )
    return [
        Participation.role != ParticipantRole.MENTOR,
        Participation.status.in_(_TAKES_PART),
        scales,
        ~begun,
    ]
