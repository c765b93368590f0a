"""
Asking how things stand before it begins: everybody who learns in a programme with questions on a scale, once.

Whoever registers is asked within the hour, and so is whoever had registered before the questions were written. Once a
mentoring has run for a month, its beginning is over and nobody is asked about it any more.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from infra.db.batches import Transactions, in_batches
from tenants.actor import Actor
from tenants.evaluations.outcome_answers import moment_of
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
_IS_SCALE = and_(Indicator.is_open, Indicator.kind == IndicatorKind.SCALE)


async def ask_all(transactions: Transactions, actor: Actor) -> None:
    """As the house, each hour: write to everybody who waits to be asked and has not been."""
    async with transactions() as session:
        scales = await _scales(session)
    if scales:
        await in_batches(transactions, partial(_ask_next, actor, scales))


async def _ask_next(
    actor: Actor, scales: Mapping[UUID, int], session: AsyncSession, after: UUID | None
) -> UUID | None:
    rows = await _learning(session, scales, after)
    if rows:
        keys = {row.id: f"{KIND}:{row.id}" for row in rows}
        known = select(Letter.key).where(bulk.texts(Letter.key, list(keys.values())))
        written = set(await session.scalars(known))
        new = [row for row in rows if keys[row.id] not in written]
        waits = await _waiting(session, scales, new)
        letters = [
            Addressed(keys[row.id], row.person_id, {"participation_id": row.id})
            for row in new
            if row.id in waits
        ]
        await notifications.write_all(session, actor, KIND, letters)
    return rows[-1].id if rows else None


async def open_of(session: AsyncSession, person_id: UUID) -> set[UUID]:
    """The participations of one person in which she has not answered yet."""
    return await _open(session, Participation.person_id == person_id)


async def is_open(session: AsyncSession, participation_id: UUID) -> bool:
    return bool(await _open(session, Participation.id == participation_id))


async def is_open_at_the_end(session: AsyncSession, mine: Participation) -> bool:
    """Whether a mentoring in which she learned is over, and a question of before has no answer of the end."""
    if mine.role == ParticipantRole.MENTOR or await moment_of(session, mine.id) is Moment.BEFORE:
        return False
    asked = (await _scales(session)).get(mine.programme_id, 0)
    return bool(asked) and (await _answered(session, [mine.id], Moment.AFTER)).get(mine.id, 0) < asked


async def _open(session: AsyncSession, which: Any) -> set[UUID]:
    rows = (await session.execute(_LEARNERS.where(which))).all()
    scales = await _scales(session) if rows else {}
    return await _waiting(session, scales, [row for row in rows if row.programme_id in scales])


_LEARNERS = select(Participation.id, Participation.person_id, Participation.programme_id).where(
    Participation.role != ParticipantRole.MENTOR, Participation.status.in_(_TAKES_PART)
)


async def _scales(session: AsyncSession) -> dict[UUID, int]:
    """How many questions on a scale each programme asks now; most ask none."""
    query = select(Indicator.programme_id, func.count()).where(_IS_SCALE).group_by(Indicator.programme_id)
    return {row[0]: row[1] for row in await session.execute(query)}


async def _learning(
    session: AsyncSession, programmes: Mapping[UUID, int], after: UUID | None
) -> Sequence[Any]:
    """The next of those who can be written to, in the order of their ids."""
    query = _LEARNERS.join(
        Person,
        and_(Person.organisation_id == Participation.organisation_id, Person.id == Participation.person_id),
    ).where(
        bulk.any_of(Participation.programme_id, list(programmes)),
        Person.is_active,
        Person.email.is_not(None),
    )
    if after is not None:
        query = query.where(Participation.id > after)
    found: Sequence[Any] = (await session.execute(query.order_by(Participation.id).limit(AT_ONCE))).all()
    return found


async def _waiting(session: AsyncSession, scales: Mapping[UUID, int], rows: Sequence[Any]) -> set[UUID]:
    """Of whom a question of before has no answer, and nothing has run for long. A question by which one index is asked at a time."""
    ids = [row.id for row in rows]
    if not ids:
        return set()
    said = await _answered(session, ids, Moment.BEFORE)
    begun = await _begun(session, ids)
    return {row.id for row in rows if row.id not in begun and said.get(row.id, 0) < scales[row.programme_id]}


async def _answered(session: AsyncSession, ids: Sequence[UUID], moment: Moment) -> dict[UUID, int]:
    """How many of the questions on a scale that are asked now each has answered."""
    rows = await session.execute(
        select(IndicatorAnswer.participation_id, func.count())
        .join(Indicator, Indicator.id == IndicatorAnswer.indicator_id)
        .where(
            bulk.any_of(IndicatorAnswer.participation_id, ids),
            IndicatorAnswer.moment == moment,
            _IS_SCALE,
        )
        .group_by(IndicatorAnswer.participation_id)
    )
    return {row[0]: row[1] for row in rows}


async def _begun(session: AsyncSession, ids: Sequence[UUID]) -> set[UUID]:
    """Whose mentoring has run for longer than its beginning."""
    is_long_ago = Relationship.begun_at < clock.now() - BEGINNING
    sides = select(Relationship.mentor_id, Relationship.mentee_id).where(
        is_long_ago,
        or_(bulk.any_of(Relationship.mentor_id, ids), bulk.any_of(Relationship.mentee_id, ids)),
    )
    in_parties = (
        select(Member.participation_id)
        .join(Relationship, Relationship.id == Member.relationship_id)
        .where(bulk.any_of(Member.participation_id, ids), is_long_ago)
    )
    pairs = {one for row in await session.execute(sides) for one in row if one is not None}
    return pairs | set(await session.scalars(in_parties))
