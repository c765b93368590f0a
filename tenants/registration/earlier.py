"""What somebody had said before she registered again in the same cycle: kept as it was, read by her coordinators and herself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.programmes import queries as programmes
from tenants.programmes.models import Question
from tenants.programmes.rules import questions_for
from tenants.registration import queries
from tenants.registration.earlier_models import EarlierAnswers
from tenants.registration.models import Participation
from tenants.registration.rules import PARTICIPATION_FIELDS, PERSON_FIELDS


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier registration. `answers` are by question key, as they stood when it ended."""

    id: UUID
    registered_on: date
    ended_at: datetime
    status: str
    end_reason: str | None
    origin: str
    interviewed_on: date | None
    answers: dict[str, Any]


async def keep(session: AsyncSession, participation: Participation, person: Person) -> None:
    """Write down all that a participation says, before what she says now takes its place."""
    facts = {name: getattr(participation, name) for name in sorted(PARTICIPATION_FIELDS)}
    of_person = {name: getattr(person, name) for name in sorted(PERSON_FIELDS)}
    session.add(
        EarlierAnswers(
            organisation_id=participation.organisation_id,
            participation_id=participation.id,
            origin=participation.origin,
            registered_on=participation.registered_on,
            interviewed_on=participation.interviewed_on,
            status=participation.status,
            ended_at=participation.status_at,
            end_reason=participation.end_reason,
            facts=msgspec.to_builtins(facts | of_person),
            answers=dict(participation.answers),
        )
    )
    await session.flush()


async def of(session: AsyncSession, actor: Actor, participation_id: UUID) -> list[Earlier]:
    """
    The earlier registrations of a participation, the latest first.

    What was said of the person herself, such as her telephone, is left out for who may not see her.

    Raises:
        NotFound: none that this actor may know of.
    """
    participation = await queries.access_participation(session, actor, participation_id)
    person = (await session.execute(select(Person).where(Person.id == participation.person_id))).scalar_one()
    asked = questions_for(await programmes.questions(session, participation.programme_id), participation.role)
    hidden = frozenset[str]() if people.is_seen(actor, person) else PERSON_FIELDS
    rows = await session.execute(
        select(EarlierAnswers)
        .where(EarlierAnswers.participation_id == participation.id)
        .order_by(EarlierAnswers.ended_at.desc(), EarlierAnswers.id.desc())
    )
    return [
        Earlier(
            row.id, row.registered_on, row.ended_at, row.status, row.end_reason, row.origin, row.interviewed_on,
            _by_question(row, asked, hidden),
        )
        for row in rows.scalars()
    ]  # fmt: skip


async def known_of(session: AsyncSession, participation_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the participations that have earlier answers, for the house's own use."""
    rows = await session.execute(
        select(EarlierAnswers.participation_id)
        .where(EarlierAnswers.participation_id.in_(participation_ids))
        .distinct()
    )
    return frozenset(rows.scalars())


def _by_question(row: EarlierAnswers, asked: Sequence[Question], hidden: Collection[str]) -> dict[str, Any]:
    """In the order of the form of today; an answer to a question that is asked no more comes last."""
    found = {
        one.key: row.answers.get(one.key) if one.field is None else row.facts.get(one.field)
        for one in asked
        if one.field not in hidden
    }
    return found | {key: value for key, value in row.answers.items() if key not in found}
