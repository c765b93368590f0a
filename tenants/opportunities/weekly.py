"""
The letter of new opportunities: on Monday morning, to those who have asked for it, with what the week before has brought.

Each week has fixed ends by the organisation's clock, so nothing is told twice or left out, whenever the sweep comes. A
house that was away on Monday writes later in the week. Who has been written to is known by the key of the letter.
"""

from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db.batches import Transactions, in_batches
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.notifications import choices
from tenants.notifications.actions import Addressed
from tenants.notifications.models import Letter
from tenants.opportunities import queries
from tenants.opportunities.models import Opportunity, OpportunityState
from tenants.organisations import queries as organisations
from tenants.people.models import Person

KIND = "opportunity.new_ones"
AT = time(8)
WEEK = timedelta(days=7)
AT_ONCE = 500
MOST_TOLD = 8  # in one letter; the board has the rest
MOST_NEW = 50


async def promise(transactions: Transactions, actor: Actor) -> None:
    """As the house, each hour."""
    async with transactions() as session:
        zone = (await organisations.own(session)).time_zone
        monday = _monday(clock.today(zone))
        begins, ends = _span(monday, zone)
        if clock.now() < ends or not await _is_anything_new(session, begins, ends):
            return
    await in_batches(transactions, partial(_promise_next, actor, zone))


async def _promise_next(actor: Actor, zone: str, session: AsyncSession, after: UUID | None) -> UUID | None:
    today = clock.today(zone)
    monday = _monday(today)
    batch = await _readers(session, monday, *_span(monday, zone), today, after)
    letters = [Addressed(f"{KIND}:{one}:{monday}", one, {"week": monday}) for one in batch]
    await notifications.write_all(session, actor, KIND, letters)
    return batch[-1] if batch else None


async def news_for(session: AsyncSession, person_id: UUID, week: str, zone: str) -> list[Opportunity]:
    """What was new to her in the week before this Monday and can still be acted on, the soonest last day first."""
    begins, ends = _span(date.fromisoformat(week), zone)
    query = (
        select(Opportunity)
        .where(
            Opportunity.published_at >= begins,
            Opportunity.published_at < ends,
            Opportunity.posted_by.is_distinct_from(person_id),
            queries.open_to(person_id, clock.today(zone)),
        )
        .order_by(Opportunity.last_on, Opportunity.id)
        .limit(MOST_NEW)
    )
    return list(await session.scalars(query))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _span(monday: date, zone: str) -> tuple[datetime, datetime]:
    return clock.instant(monday - WEEK, AT, zone), clock.instant(monday, AT, zone)


async def _is_anything_new(session: AsyncSession, begins: datetime, ends: datetime) -> bool:
    query = select(Opportunity.id).where(
        Opportunity.state == OpportunityState.OPEN,
        Opportunity.published_at >= begins,
        Opportunity.published_at < ends,
    )
    return (await session.execute(query.limit(1))).first() is not None


async def _readers(
    session: AsyncSession, monday: date, begins: datetime, ends: datetime, day: date, after: UUID | None
) -> list[UUID]:
    """Who has asked for the letter, has not been promised this week's, and has something new in it; by id."""
    new = select(Opportunity.id).where(
        Opportunity.published_at >= begins,
        Opportunity.published_at < ends,
        Opportunity.posted_by.is_distinct_from(Person.id),
        queries.open_to(Person.id, day),
    )
    told = select(Letter.id).where(
        Letter.organisation_id == Person.organisation_id,
        Letter.key == func.concat(f"{KIND}:", Person.id, f":{monday}"),
    )
    query = (
        select(Person.id)
        .where(
            Person.is_active,
            Person.email.is_not(None),
            Person.id.in_(choices.wanting(KIND)),
            ~told.exists(),
            new.exists(),
        )
        .order_by(Person.id)
        .limit(AT_ONCE)
    )
    if after is not None:
        query = query.where(Person.id > after)
    return list(await session.scalars(query))
