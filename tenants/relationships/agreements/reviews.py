"""K54: at least once a year the people look at their agreement, and write a new one, keep it, or end."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.relationships import queries
from tenants.relationships.agreements import tasks
from tenants.relationships.agreements.events import Event
from tenants.relationships.agreements.models import Agreement, AgreementState
from tenants.relationships.models import Relationship, RelationshipState

AT_ONCE = 200


async def ask(session: AsyncSession, actor: Actor) -> None:
    """As the house, each hour: whose day has come gets a letter, and their coordinator a task. Once an agreement."""
    today = clock.today((await organisations.own(session)).time_zone)
    last: UUID | None = None
    while batch := await _due(session, today, last):
        for row in batch:
            await _ask(session, actor, row.Agreement, row.Relationship)
        await session.flush()
        last = batch[-1].Agreement.id


async def _ask(session: AsyncSession, actor: Actor, agreement: Agreement, relationship: Relationship) -> None:
    asked_for = agreement.review_on
    if asked_for is None:
        return
    agreement.review_on = None
    await tasks.ask_for_review(session, actor, relationship, asked_for)
    for one in await queries.people(session, relationship):
        await notifications.write(
            session, actor, "agreement.review",
            key=f"agreement.review:{agreement.id}:{asked_for}:{one.participation_id}", person_id=one.person_id,
            agreement_id=agreement.id, relationship_id=relationship.id,
        )  # fmt: skip
    audit.record(
        session, actor, Event.REVIEW_ASKED, kind="relationship", id=relationship.id, number=agreement.number
    )


async def _due(session: AsyncSession, today: date, after: UUID | None) -> Sequence[Any]:
    query = (
        select(Agreement, Relationship)
        .join(
            Relationship,
            (Relationship.organisation_id == Agreement.organisation_id)
            & (Relationship.id == Agreement.relationship_id),
        )
        .where(
            Agreement.state == AgreementState.IN_FORCE,
            Agreement.review_on <= today,
            Relationship.state == RelationshipState.RUNNING,
        )
        .order_by(Agreement.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=Agreement)
    )
    if after:
        query = query.where(Agreement.id > after)
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows
