"""How agreement, plan and notice of a relationship stand, in one query: for pages that show much else."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.relationships.agreements.models import Agreement, AgreementState
from tenants.relationships.agreements.notice_models import Notice, NoticeState
from tenants.relationships.agreements.plan_models import PlanVersion
from tenants.relationships.agreements.plan_rules import Deed, Kind


@dataclass(frozen=True, slots=True)
class Standing:
    """`notices` are those that stand, the next one first: who gave it, for which day; `reached` are when goals were reached that still are."""

    is_being_written: bool
    signed_at: list[datetime]
    reached: list[datetime]
    notices: list[tuple[UUID, date]]


async def standing(session: AsyncSession, relationship_id: UUID) -> Standing:
    """Whoever calls has access to the relationship."""
    goals = PlanVersion.change["kind"].astext == Kind.GOAL.value
    ticked = PlanVersion.change["deed"].astext.in_((Deed.DONE.value, Deed.UNDONE.value))
    ticks = func.jsonb_agg(
        aggregate_order_by(
            func.jsonb_build_array(
                PlanVersion.change["item"].astext, PlanVersion.change["deed"].astext, PlanVersion.created_at
            ),
            PlanVersion.number,
        )
    )
    agreements = func.jsonb_agg(
        aggregate_order_by(func.jsonb_build_array(Agreement.state, Agreement.signed_at), Agreement.number)
    )
    given = func.jsonb_build_array(Notice.participation_id, Notice.ends_on)
    query = select(
        select(agreements)
        .where(Agreement.relationship_id == relationship_id, Agreement.state != AgreementState.DROPPED)
        .scalar_subquery(),
        select(ticks).where(PlanVersion.relationship_id == relationship_id, goals, ticked).scalar_subquery(),
        select(func.jsonb_agg(aggregate_order_by(given, Notice.ends_on, Notice.id)))
        .where(Notice.relationship_id == relationship_id, Notice.state == NoticeState.GIVEN)
        .scalar_subquery(),
    )
    found, told, notices = (await session.execute(query)).one()
    return Standing(
        any(state == AgreementState.DRAFT for state, _at in found or []),
        [datetime.fromisoformat(at) for _state, at in found or [] if at],
        _reached(told or []),
        [(UUID(whose), date.fromisoformat(on)) for whose, on in notices or []],
    )


def _reached(ticks: list[Any]) -> list[datetime]:
    at: dict[str, datetime] = {}
    for item, deed, moment in ticks:
        if deed == Deed.DONE:
            at[item] = datetime.fromisoformat(moment)
        else:
            at.pop(item, None)
    return list(at.values())
