"""
K38: a coordinator has not heard from a pair, and asks each of its people three questions.

Is the agreement and the plan on the way? Have you met again? Will you go on? They are answered from a letter without
signing in (docs/decisions/0005-answering-from-a-letter.md), or on one's own page. Coordinators of the case read
the answers; the others of the pair do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Conflict, Invalid, NotFound, Problem
from tenants.actor import Actor, person
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.registration.models import Participation
from tenants.relationships import queries, rules, staying
from tenants.relationships.accompanying import cases_of
from tenants.relationships.events import Event
from tenants.relationships.keeping import rhythm
from tenants.relationships.keeping.models import GoesOn, NotHeard
from tenants.relationships.models import Relationship

PURPOSE = "not_heard"  # of the links in letters, over the id of the question
AGAIN_AFTER = timedelta(days=7)
CHANGED_WITHIN = timedelta(days=14)  # an answer may be mended so long
MAX_WORDS = 2_000


class AskedLately(Conflict):
    """All of them wait for their answer since less than a week."""

    code = "asked_lately"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answers; None where she leaves a question out."""

    is_agreement_coming: bool | None = None
    has_met_again: bool | None = None
    goes_on: GoesOn | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever holds the letter: she may answer as its reader, these questions and nothing else."""

    actor: Actor
    asked: NotHeard
    relationship: Relationship
    others: Sequence[str]


async def ask(session: AsyncSession, actor: Actor, relationship_id: UUID) -> list[NotHeard]:
    """
    Write the three questions to each who takes part and has not been asked for a week; who has not answered gets the same once more.

    Raises:
        NotFound: not one of the actor's cases. RelationshipEnded: it is closed. AskedLately: see there.
    """
    actor.require(Permission.RELATIONSHIP_CHANGE)
    relationship = await queries.access_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    now = clock.now()
    before = select(NotHeard).where(NotHeard.relationship_id == relationship.id)
    asked: dict[UUID, NotHeard] = {}
    for one in (await session.execute(before.order_by(NotHeard.asked_at, NotHeard.id))).scalars():
        asked[one.participation_id] = one
    fresh = []
    for each in await staying.people(session, [relationship.id]):
        last = asked.get(each.participation_id)
        if last is not None and last.asked_at > now - AGAIN_AFTER:
            continue
        if last is None or last.answered_at is not None:
            last = NotHeard(
                organisation_id=actor.organisation_id, id=ids.random(), relationship_id=relationship.id,
                participation_id=each.participation_id, asked_at=now,
            )  # fmt: skip
            session.add(last)
        last.asked_at = now
        last.asked_by = actor.person_id
        await session.flush()
        await notifications.write(
            session, actor, "relationship.not_heard", key=f"relationship.not_heard:{last.id}:{now:%Y%m%d%H%M%S}",
            person_id=each.person_id, relationship_id=relationship.id, not_heard_id=last.id,
        )  # fmt: skip
        fresh.append(last)
    if not fresh:
        raise AskedLately
    await notifications.settle(session, actor, key=rhythm.not_heard_task(relationship.id))
    audit.record(session, actor, Event.NOT_HEARD_ASKED, kind="relationship", id=relationship.id)
    return fresh


async def answer(
    session: AsyncSession, actor: Actor, not_heard_id: UUID, said: Said, *, by_letter: bool = False
) -> NotHeard:
    """
    Keep what she answers, or answers anew; one of the questions is enough.

    Raises:
        NotFound: somebody else was asked. RelationshipEnded: the pair is closed.
        Invalid: nothing answered, or too much written. QuestionsSettled: answered longer than two weeks ago.
    """
    actor.require(Permission.OWN_CASE)
    asked, relationship = await own(session, actor, not_heard_id, lock=True)
    rules.must_be_running(relationship)
    must_be_open(asked)
    words = _tidy(said.words)
    if words is None and (said.is_agreement_coming, said.has_met_again, said.goes_on) == (None, None, None):
        raise Invalid(Problem("goes_on", "missing"))
    asked.is_agreement_coming, asked.has_met_again = said.is_agreement_coming, said.has_met_again
    asked.goes_on, asked.words = said.goes_on, words
    asked.answered_at = asked.answered_at or clock.now()
    await session.flush()
    await rhythm.heard(session, actor, relationship.id)
    if said.goes_on in (GoesOn.NO, GoesOn.UNSURE):
        await notifications.ask(
            session, actor, "relationship.doubt",
            key=f"{rhythm.doubt_tasks(relationship.id)}{asked.id}:{said.goes_on}",
            due_on=clock.today((await organisations.own(session)).time_zone),
            person_id=relationship.coordinator_id, relationship_id=relationship.id,
        )  # fmt: skip
    audit.record(
        session, actor, Event.NOT_HEARD_ANSWERED, kind="relationship", id=relationship.id, by_letter=by_letter
    )
    return asked


async def own(
    session: AsyncSession, actor: Actor, not_heard_id: UUID, *, lock: bool = False
) -> tuple[NotHeard, Relationship]:
    """
    Raises:
        NotFound: somebody else was asked.
    """
    mine = select(Participation.id).where(Participation.person_id == actor.require_person())
    query = select(NotHeard).where(NotHeard.id == not_heard_id, NotHeard.participation_id.in_(mine))
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="not_heard", id=str(not_heard_id))
    # The relationship first, as by whoever asks anew or ends it meanwhile.
    relationship, _me = await queries.own_relationship(session, actor, found.relationship_id, lock=lock)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
        found = (await session.execute(query)).scalar_one()
    return found, relationship


async def own_of(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Sequence[NotHeard]:
    """What the actor was asked about one of her pairs, the newest first; whoever calls has shown that it is hers."""
    mine = select(Participation.id).where(Participation.person_id == actor.require_person())
    query = select(NotHeard).where(
        NotHeard.relationship_id == relationship_id, NotHeard.participation_id.in_(mine)
    )
    return (await session.execute(query.order_by(NotHeard.asked_at.desc()))).scalars().all()


async def of_case(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Sequence[Any]:
    """
    What was asked and answered, with names, the newest first, for coordinators of the case; not for one of its people.

    Raises:
        NotFound: not one of the actor's cases.
    """
    await queries.access_relationship(session, actor, relationship_id)
    if actor.support_id is not None:
        return []  # they are told to coordinators
    query = (
        select(NotHeard, Person.full_name)
        .join(Participation, _same(Participation, NotHeard, "participation_id"))
        .join(Person, _same(Person, Participation, "person_id"))
        .where(
            NotHeard.relationship_id == relationship_id,
            NotHeard.relationship_id.not_in(cases_of(actor.person_id)),
        )
        .order_by(NotHeard.asked_at.desc(), Participation.role, NotHeard.id)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def reader_of(session: AsyncSession, visitor: Actor, not_heard_id: UUID) -> Reader | None:
    """Whom a link speaks for; None once nothing can be answered any more."""
    row = (
        await session.execute(
            select(NotHeard, Person.id.label("person_id"), Person.language, Person.time_zone)
            .join(Participation, _same(Participation, NotHeard, "participation_id"))
            .join(Person, _same(Person, Participation, "person_id"))
            .where(NotHeard.id == not_heard_id, Person.is_active)
        )
    ).one_or_none()
    if row is None:
        return None
    reader = person(
        visitor.organisation_id, row.person_id, frozenset({Role.PARTICIPANT}),
        language=row.language, time_zone=row.time_zone,
    )  # fmt: skip
    asked: NotHeard = row.NotHeard
    try:
        relationship, me = await queries.own_relationship(session, reader, asked.relationship_id)
        rules.must_be_running(relationship)
        must_be_open(asked)
    except (NotFound, rules.RelationshipEnded, rules.QuestionsSettled):
        return None
    people = await queries.people(session, relationship)
    return Reader(
        reader, asked, relationship, [one.full_name for one in people if one.participation_id != me]
    )


def must_be_open(asked: NotHeard) -> None:
    """
    Raises:
        QuestionsSettled: answered longer than two weeks ago.
    """
    if asked.answered_at is not None and asked.answered_at < clock.now() - CHANGED_WITHIN:
        raise rules.QuestionsSettled


def _same(table: Any, other: Any, column: str) -> Any:
    return (table.organisation_id == other.organisation_id) & (table.id == getattr(other, column))


def _tidy(text: str | None) -> str | None:
    told = (text or "").strip().replace("\0", "")
    if len(told) > MAX_WORDS:
        raise Invalid(Problem("words", "too_long", {"maximum": MAX_WORDS}))
    return told or None
