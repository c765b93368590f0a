"""How many people have answered a question, chosen one of its answers, or chosen a topic: before something is changed."""

from typing import Any
from uuid import UUID

from sqlalchemy import case, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import Question
from tenants.registration.counting import within_reach
from tenants.registration.models import Participation


async def questions(session: AsyncSession, actor: Actor, programme_id: UUID) -> dict[str, int]:
    """
    Of a programme's free questions the number of people who have an answer, by key.

    Raises:
        NotFound: no such programme in this organisation.
    """
    actor.require(Permission.PROGRAMME_READ)
    programme = await programmes.access_programme(session, actor, programme_id)
    each = func.jsonb_each(Participation.answers).table_valued(
        "key", column("value", JSONB), joins_implicitly=True
    )
    query = (
        select(each.c.key, func.count(Participation.person_id.distinct()))
        .select_from(Participation)
        .join(each, true())
        .where(
            Participation.programme_id == programme.id,
            each.c.value.not_in([None, "", []]),
            within_reach(actor),
        )
        .group_by(each.c.key)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def options(session: AsyncSession, actor: Actor, question: Question) -> dict[str, int]:
    """Of a free question with answers to choose from, the number of people who have chosen each, by its value."""
    actor.require(Permission.PROGRAMME_READ)
    answer: Any = Participation.answers[question.key]
    listed = case((func.jsonb_typeof(answer) == "array", answer), else_=func.jsonb_build_array(answer))
    each = func.jsonb_array_elements_text(listed).table_valued("value", joins_implicitly=True)
    query = (
        select(each.c.value, func.count(Participation.person_id.distinct()))
        .select_from(Participation)
        .join(each, true())
        .where(
            Participation.programme_id == question.programme_id,
            Participation.answers.has_key(question.key),
            within_reach(actor),
        )
        .group_by(each.c.value)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def topics(session: AsyncSession, actor: Actor, programme_id: UUID) -> dict[str, int]:
    """
    The number of people who offer or want each topic of a programme, by its code.

    Raises:
        NotFound: no such programme in this organisation.
    """
    actor.require(Permission.PROGRAMME_READ)
    programme = await programmes.access_programme(session, actor, programme_id)
    both = Participation.topics_offered.op("||")(Participation.topics_wanted)
    code = func.jsonb_array_elements_text(both).table_valued("value", joins_implicitly=True)
    query = (
        select(code.c.value, func.count(Participation.person_id.distinct()))
        .select_from(Participation)
        .join(code, true())
        .where(Participation.programme_id == programme.id, within_reach(actor))
        .group_by(code.c.value)
    )
    return {row[0]: row[1] for row in await session.execute(query)}
