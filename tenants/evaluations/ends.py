"""Which relationships are at their end, and who has left one that goes on, so that they are asked; and which go on after all."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.evaluations import rules
from tenants.evaluations.models import Evaluation, EvaluationSetting, EvaluationState
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.registration.joining import with_participation
from tenants.registration.models import Participation, Status
from tenants.relationships.agreements.notice_models import Notice, NoticeState
from tenants.relationships.agreements.notice_rules import LOOK_BACK
from tenants.relationships.models import Member, Relationship, RelationshipState

AT_ONCE = 100  # relationships and evaluations that are read together


async def at_their_end(session: AsyncSession, today: date, after: UUID | None) -> list[Relationship]:
    """Relationships whose end, or the last day of whose term, has come, and of which nobody has been asked."""
    since = today - rules.ASKED_WITHIN
    asked = select(Evaluation.id).where(
        Evaluation.organisation_id == Relationship.organisation_id,
        Evaluation.relationship_id == Relationship.id,
        ~_is_of_leaver(),  # the others have still to be asked
        # What was answered in the last week of a notice that was taken back stands; the other one has still to be asked.
        ~select(Notice.id)
        .where(
            Notice.organisation_id == Evaluation.organisation_id,
            Notice.relationship_id == Evaluation.relationship_id,
            Notice.state == NoticeState.TAKEN_BACK,
            Notice.settled_at > Evaluation.created_at,
        )
        .exists(),
    )
    ended_since = clock.now() - rules.ASKED_WITHIN
    query = (
        select(Relationship)
        .where(
            or_(
                (Relationship.state == RelationshipState.ENDED) & (Relationship.ended_at >= ended_since),
                (Relationship.state == RelationshipState.RUNNING)
                & (Relationship.ends_on <= today)
                & (Relationship.ends_on >= since),
                (Relationship.state == RelationshipState.RUNNING)
                & Relationship.party_id.is_(None)
                & _has_notice(NoticeState.GIVEN, until=today + LOOK_BACK),
            ),
            ~asked.exists(),
            ~_asks_nobody(),
        )
        .order_by(Relationship.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    if after:
        query = query.where(Relationship.id > after)
    return list((await session.execute(query)).scalars())


async def last_day_of(session: AsyncSession, evaluation: Evaluation) -> date | None:
    """
    The last day of the agreed time, where that is why she is asked: it has come, and nobody has ended anything.

    None where they were parted before, or gave notice, or she left while the others went on.
    """
    today = clock.today((await organisations.own(session)).time_zone)
    query = select(Relationship.ends_on).where(
        Relationship.id == evaluation.relationship_id,
        Relationship.state == RelationshipState.RUNNING,
        Relationship.ends_on <= today,
        ~_has_notice(NoticeState.GIVEN),
        ~select(Member.id)
        .where(
            Member.organisation_id == Relationship.organisation_id,
            Member.relationship_id == Relationship.id,
            Member.participation_id == evaluation.participation_id,
            Member.left_at.is_not(None),
        )
        .exists(),
    )
    return (await session.execute(query)).scalar_one_or_none()


async def who_left(session: AsyncSession, after: UUID | None) -> Sequence[Any]:
    """
    Who has left a group or circle that went on without her, and has not been asked: member, relationship, participation.

    Not who had left the programme before, unless she is back in time.
    """
    asked = select(Evaluation.id).where(
        Evaluation.organisation_id == Member.organisation_id,
        Evaluation.relationship_id == Member.relationship_id,
        Evaluation.participation_id == Member.participation_id,
    )
    query = select(Member, Relationship, Participation).join(
        Relationship,
        and_(
            Relationship.organisation_id == Member.organisation_id, Relationship.id == Member.relationship_id
        ),
    )
    query = (
        with_participation(query, Member.participation_id)
        .where(
            Member.left_at >= clock.now() - rules.ASKED_WITHIN,
            or_(Participation.status != Status.LEFT, Participation.status_at >= Member.left_at),
            ~asked.exists(),
            ~_asks_nobody(),
        )
        .order_by(Member.id)
        .limit(AT_ONCE)
        .with_for_update(of=Member, skip_locked=True)
    )
    if after:
        query = query.where(Member.id > after)
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


def _is_of_leaver() -> ColumnElement[bool]:
    """Whether an evaluation is that of somebody who has left a group or circle."""
    query = select(Member.id).where(
        Member.organisation_id == Evaluation.organisation_id,
        Member.relationship_id == Evaluation.relationship_id,
        Member.participation_id == Evaluation.participation_id,
        Member.left_at.is_not(None),
    )
    return query.exists()


def _asks_nobody() -> ColumnElement[bool]:
    """Whether the programme of a relationship has switched its evaluations off."""
    query = select(EvaluationSetting.id).where(
        EvaluationSetting.organisation_id == Relationship.organisation_id,
        EvaluationSetting.programme_id == Relationship.programme_id,
        EvaluationSetting.is_on.is_(False),
    )
    return query.exists()


def _has_notice(state: NoticeState, *, until: date | None = None) -> ColumnElement[bool]:
    """Of a pair: K53 uses the last week of a notice for the evaluation."""
    query = select(Notice.id).where(
        Notice.organisation_id == Relationship.organisation_id,
        Notice.relationship_id == Relationship.id,
        Notice.state == state,
    )
    return (query.where(Notice.ends_on <= until) if until else query).exists()


async def ask_no_more(session: AsyncSession, actor: Actor, today: date) -> None:
    """A notice was taken back and the pair goes on: who has not answered yet is asked at the true end."""
    query = (
        select(Evaluation)
        .join(
            Relationship,
            and_(
                Relationship.organisation_id == Evaluation.organisation_id,
                Relationship.id == Evaluation.relationship_id,
            ),
        )
        .where(
            Evaluation.state == EvaluationState.ASKED,
            Relationship.state == RelationshipState.RUNNING,
            Relationship.ends_on > today,
            _has_notice(NoticeState.TAKEN_BACK),
            ~_has_notice(NoticeState.GIVEN),
            ~_is_of_leaver(),
        )
        .order_by(Evaluation.id)
        .limit(AT_ONCE)
        .with_for_update(of=Evaluation)
    )
    while batch := (await session.execute(query)).scalars().all():
        for evaluation in batch:
            await notifications.settle(session, actor, key=rules.call_task(evaluation.id))
            await session.delete(evaluation)
        await session.flush()
