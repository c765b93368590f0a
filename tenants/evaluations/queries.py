"""Reading evaluations: one's own, those of a coordinator's cases, and how often each option was chosen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra.db import bulk
from infra.db.lookup import CHOSEN, keyed, lookup
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.evaluations.forms import BEGUN, Kind, Question, questions
from tenants.evaluations.models import Evaluation, EvaluationSetting, EvaluationState
from tenants.evaluations.rules import Asking
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Programme
from tenants.registration.models import Participation
from tenants.relationships import queries as relationships
from tenants.relationships.accompanying import cases_of
from tenants.relationships.models import Relationship

_Mine = keyed(Participation, Evaluation.participation_id, "person_id", "office_id")
_Me = keyed(Person, _Mine.c.person_id, "full_name", "phone")
_Case = keyed(Relationship, Evaluation.relationship_id, "coordinator_id", "begun_at", "ended_at", "party_id")
_Coordinator = keyed(Person, _Case.c.coordinator_id, "full_name")
_LOOKUP = lookup(
    select(
        *Evaluation.__table__.columns,
        _Me.c.full_name.label("full_name"),
        _Me.c.phone.label("phone"),
        _Mine.c.person_id.label("person_id"),
        _Case.c.coordinator_id.label("coordinator_id"),
        _Case.c.begun_at.label("begun_at"),
        _Case.c.ended_at.label("ended_at"),
        _Coordinator.c.full_name.label("coordinator_name"),
        Programme.name.label("programme_name"),
    )
    .select_from(Evaluation)
    .join(_Mine, true())
    .join(_Me, true())
    .join(_Case, true())
    .join(Programme, Programme.id == Evaluation.programme_id)
    .outerjoin(_Coordinator, true())
    .where(Evaluation.id == CHOSEN.c.id)
)
_Listed = aliased(Evaluation, _LOOKUP.one, name="Evaluation")
_NAMED = _LOOKUP.showing(
    _Listed, *(column for column in _LOOKUP.c if column.name not in Evaluation.__table__.columns)
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each option of a question was chosen, in the form's order, by those who answered it."""

    question: Question
    counts: tuple[tuple[str, str, int], ...]  # code, words, how often
    answered: int


@dataclass(frozen=True, slots=True)
class Counts:
    asked: int
    answered: int
    closed: int


async def access_evaluation(
    session: AsyncSession, actor: Actor, evaluation_id: UUID, *, lock: bool = False
) -> Evaluation:
    """
    As a coordinator of the office of whoever was asked, and none of those whom it is about.

    Raises:
        NotFound: none of the actor's cases.
    """
    actor.require(Permission.EVALUATION_READ)
    return await _one(session, _reached(select(Evaluation), actor), evaluation_id, lock=lock)


async def own_evaluation(
    session: AsyncSession, actor: Actor, evaluation_id: UUID, *, lock: bool = False
) -> Evaluation:
    """
    As the one who was asked.

    Raises:
        NotFound: it was somebody else.
    """
    mine = select(Participation.id).where(Participation.person_id == actor.require_person())
    query = select(Evaluation).where(Evaluation.participation_id.in_(mine))
    return await _one(session, query, evaluation_id, lock=lock)


async def _one(session: AsyncSession, query: Any, evaluation_id: UUID, *, lock: bool) -> Evaluation:
    query = query.where(Evaluation.id == evaluation_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: Evaluation | None = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="evaluation", id=str(evaluation_id))
    return found


async def shown(session: AsyncSession, actor: Actor, evaluation_id: UUID) -> Any:
    """One evaluation with names, for a coordinator."""
    await access_evaluation(session, actor, evaluation_id)
    return await _named(session, evaluation_id)


async def own_shown(session: AsyncSession, actor: Actor, evaluation_id: UUID) -> Any:
    """The same for her who was asked."""
    await own_evaluation(session, actor, evaluation_id)
    return await _named(session, evaluation_id)


async def _named(session: AsyncSession, evaluation_id: UUID) -> Any:
    return (
        await session.execute(_NAMED.of(select(Evaluation.id).where(Evaluation.id == evaluation_id)))
    ).one()


async def own(session: AsyncSession, actor: Actor) -> Sequence[Any]:
    """The actor's own evaluations, those that wait for her first."""
    mine = await session.execute(
        select(Participation.id).where(Participation.person_id == actor.require_person())
    )
    ids = select(Evaluation.id).where(bulk.any_of(Evaluation.participation_id, mine.scalars().all()))
    query = _NAMED.of(ids).order_by(_Listed.answered_at.is_not(None), _Listed.created_at.desc())
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def of_relationship(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Sequence[Any]:
    """The evaluations of one case, as far as the actor reaches."""
    actor.require(Permission.EVALUATION_READ)
    ids = _reached(select(Evaluation.id), actor).where(Evaluation.relationship_id == relationship_id)
    query = _NAMED.of(ids).order_by(_Listed.role.desc(), _Listed.id)
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    state: EvaluationState | None = None,
    programme_id: UUID | None = None,
    role: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    chosen: tuple[str, str] | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Any]:
    """With names, the newest first. `chosen` is a question and one of its options; the times are when she was asked."""
    actor.require(Permission.EVALUATION_READ)
    ids = _narrowed(_reached(select(Evaluation.id), actor), programme_id, role, since, until)
    if state:
        ids = ids.where(Evaluation.state == state)
    if chosen:
        code, option = chosen
        found = Evaluation.answers[code]
        # One option is text, several are a list of texts.
        ids = ids.where(
            or_(found.astext == option, cast(found, String).contains(f'"{option}"', autoescape=True))
        )
    if after:
        ids = ids.where(tuple_(Evaluation.created_at, Evaluation.id) < tuple_(*after))
    ids = ids.order_by(Evaluation.created_at.desc(), Evaluation.id.desc()).limit(limit)
    query = _NAMED.of(ids).order_by(_Listed.created_at.desc(), _Listed.id.desc())
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def counts(
    session: AsyncSession,
    actor: Actor,
    *,
    programme_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Counts:
    """How many wait, are answered, and go without, as far as the actor reaches."""
    actor.require(Permission.EVALUATION_READ)
    states = [func.count().filter(Evaluation.state == state) for state in EvaluationState]
    query = _narrowed(select(*states).select_from(Evaluation), programme_id, None, since, until)
    return Counts(*(await session.execute(_reached(query, actor))).one())


async def tallies(
    session: AsyncSession,
    actor: Actor,
    role: str,
    *,
    programme_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Tally]:
    """How those of one role answered, question by question."""
    actor.require(Permission.EVALUATION_READ)
    codes = [one.code for one in questions(role, "plain", benefit_many=True) if one.kind is not Kind.TEXT]
    columns = [Evaluation.answers[code].label(code) for code in codes]
    query = _narrowed(select(*columns, func.count().label("people")), programme_id, role, since, until)
    query = query.where(Evaluation.state == EvaluationState.ANSWERED).group_by(*columns)
    rows = (await session.execute(_reached(query, actor))).mappings().all()
    asked = questions(role, "plain", benefit_many=True)
    return [
        _tally(one, [(row[one.code], row["people"]) for row in rows]) for one in asked if one.code in codes
    ]


def _tally(question: Question, found: Iterable[tuple[Any, int]]) -> Tally:
    times: Counter[str] = Counter()
    answered = 0
    for value, people in found:
        if value:
            answered += people
            for code in [value] if isinstance(value, str) else value:
                times[code] += people
    return Tally(question, tuple((code, words, times[code]) for code, words in question.options), answered)


def sent(evaluation: Evaluation) -> dict[str, Any]:
    """Her answers for others; what she has begun and not sent is hers alone."""
    if evaluation.state != EvaluationState.ANSWERED:
        return {}
    return {name: value for name, value in evaluation.answers.items() if name != BEGUN}


async def asking(session: AsyncSession, programme_id: UUID) -> Asking:
    """How a programme asks."""
    found = (
        await session.execute(select(EvaluationSetting).where(EvaluationSetting.programme_id == programme_id))
    ).scalar_one_or_none()
    if found is None:
        return Asking()
    return Asking(found.is_on, found.wording, found.benefit_many, found.remind_days, found.call_days)


async def others(session: AsyncSession, evaluation: Evaluation) -> list[str]:
    """Names of those whom she was together with, for the head of her form (K59)."""
    relationship = (
        await session.execute(select(Relationship).where(Relationship.id == evaluation.relationship_id))
    ).scalar_one()
    belonging = await relationships.people(session, relationship)
    return [one.full_name for one in belonging if one.participation_id != evaluation.participation_id]


async def due(session: AsyncSession, today: date, limit: int) -> Sequence[Evaluation]:
    """Those whose next step is due, locked, for the house's own use."""
    query = (
        select(Evaluation)
        .where(Evaluation.state == EvaluationState.ASKED, Evaluation.next_on <= today)
        .order_by(Evaluation.next_on, Evaluation.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.execute(query)).scalars().all()


def _narrowed(
    query: Any, programme_id: UUID | None, role: str | None, since: datetime | None, until: datetime | None
) -> Any:
    if programme_id:
        query = query.where(Evaluation.programme_id == programme_id)
    if role:
        query = query.where(Evaluation.role == role)
    if since:
        query = query.where(Evaluation.created_at >= since)
    if until:
        query = query.where(Evaluation.created_at < until)
    return query


def _reached(query: Any, actor: Actor) -> Any:
    query = query.where(Evaluation.relationship_id.not_in(cases_of(actor.person_id)))
    if not actor.offices:
        return query
    reached = select(Participation.id).where(Participation.office_id.in_(actor.offices))
    return query.where(Evaluation.participation_id.in_(reached))
