"""
Answers to what a programme asks about its effects: given by herself, or noted by a coordinator whom she told.

Who answered what on a scale is nobody else's to read (docs/decisions/0024).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.evaluations import outcomes
from tenants.evaluations.events import Event
from tenants.evaluations.outcome_models import Indicator, IndicatorAnswer, IndicatorKind, Moment
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.registration import queries as registration
from tenants.registration.models import ParticipantRole, Participation
from tenants.relationships.models import Member, Relationship, RelationshipState


@dataclass(frozen=True, slots=True)
class Told:
    """
    By code what the reader may see. Of `hidden` she may know that it is answered; what stands in `hers` was answered by
    the person herself, and is changed by nobody else.
    """

    values: Mapping[str, int]
    hers: set[str]
    hidden: set[str]


async def answer(
    session: AsyncSession, actor: Actor, participation_id: UUID, values: Mapping[str, int]
) -> Participation:
    """
    Keep what somebody says of herself, by code; by a coordinator what she was told. Anew takes the place of before.

    Raises:
        NotFound: nobody whom the actor may answer for.
        Invalid: no such question, no such answer, or one that she has given herself.
    """
    mine = await registration.access_participation(session, actor, participation_id, lock=True)
    is_own = mine.person_id == actor.person_id
    actor.require(Permission.OWN_CASE if is_own else Permission.EVALUATION_CHANGE)
    if mine.role == ParticipantRole.MENTOR:
        raise NotFound(kind="participation", id=str(participation_id))
    known = {one.code: one for one in await outcomes.indicators(session, mine.programme_id)}
    moment = await moment_of(session, mine.id)
    hers = set() if is_own else (await told(session, actor, mine, moment)).hers
    for code, value in values.items():
        is_not_hers = (
            is_own and code in known and known[code].kind == IndicatorKind.FACT
        )  # noted by coordinators
        if code not in known or is_not_hers or value not in _allowed(known[code]):
            raise Invalid(Problem(code, "not_a_choice"))
        if code in hers:
            raise Invalid(Problem(code, "outcome_answered"))
    for code, value in values.items():
        facts = {"value": value, "answered_at": clock.now(), "noted_by": None if is_own else actor.person_id}
        # A fact is so or not, whenever it is told.
        when = Moment.AFTER if known[code].kind == IndicatorKind.FACT else moment
        await session.execute(
            insert(IndicatorAnswer)
            .values(
                organisation_id=actor.organisation_id, id=ids.new(), indicator_id=known[code].id,
                participation_id=mine.id, moment=when, **facts,
            )
            .on_conflict_do_update(
                index_elements=[
                    IndicatorAnswer.organisation_id, IndicatorAnswer.indicator_id,
                    IndicatorAnswer.participation_id, IndicatorAnswer.moment,
                ],
                set_=facts,
            )
        )  # fmt: skip
    if values:
        audit.record(session, actor, Event.OUTCOMES_ANSWERED, kind="participation", id=mine.id, moment=moment)
    return mine


async def answers(session: AsyncSession, participation_id: UUID, moment: Moment) -> dict[str, int]:
    """What was answered at a moment, by code; facts whenever. Whoever calls may see her."""
    rows = await session.execute(
        select(Indicator.code, IndicatorAnswer.value)
        .join(Indicator, Indicator.id == IndicatorAnswer.indicator_id)
        .where(
            IndicatorAnswer.participation_id == participation_id,
            or_(IndicatorAnswer.moment == moment, Indicator.kind == IndicatorKind.FACT),
        )
    )
    return {row[0]: row[1] for row in rows}


async def told(session: AsyncSession, actor: Actor, mine: Participation, moment: Moment) -> Told:
    """
    What the actor may read of somebody's answers: all of her own; of another's the facts, and of the scales what the
    actor has noted herself.
    """
    rows = await session.execute(
        select(Indicator.code, Indicator.kind, IndicatorAnswer.value, IndicatorAnswer.noted_by)
        .join(Indicator, Indicator.id == IndicatorAnswer.indicator_id)
        .where(
            IndicatorAnswer.participation_id == mine.id,
            or_(IndicatorAnswer.moment == moment, Indicator.kind == IndicatorKind.FACT),
        )
    )
    values: dict[str, int] = {}
    noted: dict[str, bool] = {}
    is_own = mine.person_id == actor.person_id
    for code, kind, value, noted_by in rows:
        if is_own or kind == IndicatorKind.FACT or noted_by == actor.person_id:
            values[code] = value
        else:
            noted[code] = noted_by is not None
    return Told(values, {code for code, by_another in noted.items() if not by_another}, set(noted))


async def moment_of(session: AsyncSession, participation_id: UUID) -> Moment:
    """At the end, once a relationship of hers has ended or its agreed time is over; before, until then."""
    today = clock.today((await organisations.own(session)).time_zone)
    member = select(Member.relationship_id).where(Member.participation_id == participation_id)
    query = select(Relationship.id).where(
        or_(
            Relationship.mentee_id == participation_id,
            Relationship.mentor_id == participation_id,
            Relationship.id.in_(member),
        ),
        or_(Relationship.state == RelationshipState.ENDED, Relationship.ends_on <= today),
    )
    return Moment.AFTER if (await session.execute(query.limit(1))).first() else Moment.BEFORE


def _allowed(indicator: Indicator) -> range:
    return range(2) if indicator.kind == IndicatorKind.FACT else range(1, 6)
