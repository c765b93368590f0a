"""
Outcomes of a programme: what became better for its mentees (K77), and what happened that it was made for (K79).

A scale is answered once before and once at the end, by herself or by a coordinator whom she tells. Of scales
no number is shown that rests on fewer than five people, on either side of it; facts are counted as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import ids
from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.evaluations.events import Event
from tenants.evaluations.outcome_models import Indicator, IndicatorAnswer, IndicatorKind, Moment
from tenants.evaluations.outcome_starters import STARTERS
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration.models import Participation

LEAST = 5  # people on whom a number about themselves rests
MOST = 20  # indicators of a programme
MAX_LABEL = 200
MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class Counted:
    """
    `answered` are those who answered on both sides of a scale, or said whether a fact is so; `good` for how many it
    became better, or is so. Both are None where too few would be seen behind them.
    """

    indicator: Indicator
    answered: int | None
    good: int | None

    @property
    def share(self) -> float | None:
        return self.good / self.answered if self.answered and self.good is not None else None


async def indicators(
    session: AsyncSession, programme_id: UUID, *, every: bool = False
) -> Sequence[Indicator]:
    """Those of a programme in their order: the ones that are asked now, or all that ever were."""
    query = select(Indicator).where(Indicator.programme_id == programme_id)
    if not every:
        query = query.where(Indicator.is_open)
    return (await session.execute(query.order_by(Indicator.position, Indicator.id))).scalars().all()


async def define(
    session: AsyncSession, actor: Actor, programme_id: UUID, *, kind: IndicatorKind, label: Mapping[str, str]
) -> Indicator:
    """
    Ask one more question from now on.

    Raises:
        NotFound: no such programme. Invalid: no words for it, or too many questions.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await programmes.access_programme(session, actor, programme_id, lock=True)
    told = {code: label.get(code, "").strip()[:MAX_LABEL] for code in programme.languages}
    words = {code: text for code, text in told.items() if text}
    if not words:
        raise Invalid(Problem("label", "missing"))
    number = await session.scalar(
        select(func.count()).select_from(Indicator).where(Indicator.programme_id == programme.id)
    )
    if (number or 0) >= MOST:
        raise Invalid(Problem("label", "too_long", {"maximum": MOST}))
    return await _add(session, actor, programme.id, f"own_{ids.token()[:8]}", kind, words, number or 0)


async def take_up(session: AsyncSession, actor: Actor, programme_id: UUID, starter: str) -> int:
    """
    Take up one of the sets that we bring along; what stands already stays. Returns how many are new.

    Raises:
        NotFound: no such programme, or set.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await programmes.access_programme(session, actor, programme_id, lock=True)
    if starter not in STARTERS:
        raise NotFound(kind="starter", id=starter)
    known = {one.code for one in await indicators(session, programme.id, every=True)}
    new = [one for one in STARTERS[starter] if one.code not in known]
    for number, one in enumerate(new):
        await _add(session, actor, programme.id, one.code, one.kind, one.labels(), len(known) + number)
    return len(new)


async def close(session: AsyncSession, actor: Actor, indicator_id: UUID) -> Indicator:
    """
    Ask it no more; what was answered stays.

    Raises:
        NotFound: no such question.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    found = await _access(session, actor, indicator_id)
    found.is_open = False
    audit.record(
        session, actor, Event.INDICATORS_CHANGED, kind="programme", id=found.programme_id, closed=found.code
    )
    return found


async def counted(session: AsyncSession, actor: Actor, programme_id: UUID) -> list[Counted]:
    """
    Every question of a programme with its numbers, as far as the actor's offices reach.

    Raises:
        NotFound: no such programme.
    """
    actor.require(Permission.EVALUATION_READ)
    await programmes.access_programme(session, actor, programme_id)
    before, after = aliased(IndicatorAnswer), aliased(IndicatorAnswer)
    is_good = func.coalesce(after.value > before.value, after.value == 1)
    query = (
        select(Indicator.id, func.count(), func.count().filter(is_good))
        .join(after, and_(after.indicator_id == Indicator.id, after.moment == Moment.AFTER))
        .join(Participation, Participation.id == after.participation_id)
        .outerjoin(
            before,
            and_(
                before.indicator_id == Indicator.id,
                before.participation_id == after.participation_id,
                before.moment == Moment.BEFORE,
            ),
        )
        .where(
            Indicator.programme_id == programme_id,
            or_(Indicator.kind == IndicatorKind.FACT, before.id.is_not(None)),
        )
        .group_by(Indicator.id)
    )
    if actor.offices:
        query = query.where(Participation.office_id.in_(actor.offices))
    found = {row[0]: (row[1], row[2]) for row in await session.execute(query)}
    return [
        Counted(one, *_shown(one, *found.get(one.id, (0, 0))))
        for one in await indicators(session, programme_id, every=True)
    ]


async def behind(session: AsyncSession, actor: Actor, indicator_id: UUID) -> list[tuple[UUID, UUID, str]]:
    """
    (participation, person, name) behind a number: of whom a fact is so, or who answered a scale on both sides.
    Who answered what on a scale is not said; and nobody, where too few answered.

    Raises:
        NotFound: no such question.
    """
    actor.require(Permission.EVALUATION_READ)
    found = await _access(session, actor, indicator_id)
    here = next(
        one for one in await counted(session, actor, found.programme_id) if one.indicator.id == found.id
    )
    if here.answered is None:
        return []
    query = (
        select(Participation.id, Person.id, Person.full_name)
        .join(Person, Person.id == Participation.person_id)
        .join(IndicatorAnswer, IndicatorAnswer.participation_id == Participation.id)
        .where(IndicatorAnswer.indicator_id == found.id, IndicatorAnswer.moment == Moment.AFTER)
        .order_by(Person.search_key, Participation.id)
        .limit(MOST_LISTED)
    )
    if found.kind == IndicatorKind.FACT:
        query = query.where(IndicatorAnswer.value == 1)
    else:
        earlier = select(IndicatorAnswer.participation_id).where(
            IndicatorAnswer.indicator_id == found.id, IndicatorAnswer.moment == Moment.BEFORE
        )
        query = query.where(Participation.id.in_(earlier))
    if actor.offices:
        query = query.where(Participation.office_id.in_(actor.offices))
    return [(row[0], row[1], row[2]) for row in await session.execute(query)]


def _shown(indicator: Indicator, answered: int, good: int) -> tuple[int | None, int | None]:
    """Numbers as they may be seen: of a scale none of one to four people, and none from which such a one follows."""
    if indicator.kind == IndicatorKind.FACT:
        return answered, good
    if answered < LEAST:
        return None, None
    is_small = 0 < good < LEAST or 0 < answered - good < LEAST
    return answered, None if is_small else good


async def _access(session: AsyncSession, actor: Actor, indicator_id: UUID) -> Indicator:
    found = await session.scalar(select(Indicator).where(Indicator.id == indicator_id))
    if found is None:
        raise NotFound(kind="indicator", id=str(indicator_id))
    await programmes.access_programme(session, actor, found.programme_id)
    return found


async def _add(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    code: str,
    kind: str,
    label: Mapping[str, str],
    at: int,
) -> Indicator:
    made = Indicator(
        organisation_id=actor.organisation_id, programme_id=programme_id, code=code, kind=kind,
        label=dict(label), position=at,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    audit.record(session, actor, Event.INDICATORS_CHANGED, kind="programme", id=programme_id, added=code)
    return made
