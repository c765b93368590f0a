"""What a programme asks, offers and weighs: its questions, topics and criteria."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.programmes import queries
from tenants.programmes.asking import for_peers
from tenants.programmes.events import Event
from tenants.programmes.models import AskedOf, CriterionChoice, Programme, Question, QuestionKind, Topic
from tenants.programmes.starters import Starter, said
from tenants.programmes.structures import PEER, facts
from tenants.programmes.topics import TOPICS

_WITH_OPTIONS = (QuestionKind.CHOICE, QuestionKind.CHOICES)


def furnish(session: AsyncSession, programme: Programme, begun: Starter) -> None:
    """The starter's questions, topics and criteria, in the programme's languages."""
    shared = {"organisation_id": programme.organisation_id, "programme_id": programme.id}
    peers = facts(programme.structure).sides == (PEER,)
    for position, asked in enumerate(for_peers(begun.questions) if peers else begun.questions):
        session.add(
            Question(
                **shared,
                key=asked.key,
                position=position,
                kind=asked.kind,
                asked_of=asked.asked_of,
                field=asked.field,
                is_obligatory=asked.is_obligatory,
                label=said(asked.label, programme.languages),
                hint=said(asked.hint, programme.languages),
                options=[
                    {"value": value, "label": said(label, programme.languages)}
                    for value, label in asked.options
                ],
            )
        )
    for position, code in enumerate(begun.topics):
        label = said(TOPICS[code], programme.languages)
        session.add(Topic(**shared, code=code, label=label, position=position))
    for name, (weight, setting) in begun.criteria.items():
        session.add(CriterionChoice(**shared, name=name, weight=weight, setting=dict(setting)))


async def ask(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    *,
    key: str,
    kind: QuestionKind,
    label: Mapping[str, str],
    is_obligatory: bool,
    asked_of: AskedOf = AskedOf.EVERYBODY,
    field: str | None = None,
    hint: Mapping[str, str] | None = None,
    options: Sequence[Mapping[str, Any]] = (),
    position: int | None = None,
) -> Question:
    """
    Ask a question on the form, or change the one of this key (K05).

    A new one comes last unless `position` says otherwise. Answers that were
    given to the old wording stay.

    Raises:
        Invalid: no text, or a choice of less than two answers.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    if not any(label.values()):
        raise Invalid(Problem("label", "text_missing"))
    if kind in _WITH_OPTIONS and field != "office_id" and len(options) < 2:
        raise Invalid(Problem("options", "question_needs_options"))
    asked = await queries.every_question(session, programme.id)
    question = next((one for one in asked if one.key == key), None)
    if question is None:
        last = max((one.position for one in asked), default=-1)
        question = Question(
            organisation_id=actor.organisation_id,
            programme_id=programme.id,
            key=key,
            position=last + 1,
            is_asked=True,
        )
        session.add(question)
    question.kind = kind
    question.label = dict(label)
    question.hint = dict(hint or {})
    question.is_obligatory = is_obligatory
    question.asked_of = asked_of
    question.field = field
    question.options = [dict(option) for option in options]
    if position is not None:
        question.position = position
    await session.flush()
    audit.record(session, actor, Event.QUESTIONS_CHANGED, kind="programme", id=programme.id, key=key)
    return question


async def need(
    session: AsyncSession, actor: Actor, programme_id: UUID, *, key: str, is_obligatory: bool
) -> Question:
    """
    Make a question needed or optional (K05); all else about it stays.

    Raises:
        NotFound: no such programme, or it does not ask this.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    asked = await queries.questions(session, programme.id)
    question = next((one for one in asked if one.key == key), None)
    if question is None:
        raise NotFound(kind="question", key=key)
    if question.is_obligatory == is_obligatory:
        return question
    question.is_obligatory = is_obligatory
    question.version += 1
    audit.record(session, actor, Event.QUESTIONS_CHANGED, kind="programme", id=programme.id, key=key)
    return question


async def ask_no_more(session: AsyncSession, actor: Actor, programme_id: UUID, *, key: str) -> None:
    """Take a question off the form; answers that were given stay with their participants, and its words with them."""
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    await session.execute(
        update(Question)
        .where(Question.programme_id == programme.id, Question.key == key)
        .values(is_asked=False, version=Question.version + 1)
    )
    audit.record(
        session, actor, Event.QUESTIONS_CHANGED, kind="programme", id=programme.id, key=key, what="left_out"
    )


async def weigh(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    *,
    name: str,
    weight: int,
    setting: Mapping[str, Any] | None = None,
) -> CriterionChoice:
    """
    Set the programme's usual weight (0 to 10) of a criterion, and its constraint where one is named.

    Raises:
        Invalid: a weight outside 0 to 10.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    if not 0 <= weight <= 10:
        raise Invalid(
            Problem("weight", "too_large" if weight > 10 else "too_small", {"maximum": 10, "minimum": 0})
        )
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    chosen = {c.name: c for c in await queries.criteria(session, programme.id)}.get(name)
    if chosen is None:
        chosen = CriterionChoice(
            organisation_id=actor.organisation_id,
            programme_id=programme.id,
            name=name,
            weight=weight,
            setting={},
        )
        session.add(chosen)
    chosen.weight = weight
    if setting is not None:
        chosen.setting = dict(setting)
    audit.record(
        session, actor, Event.CRITERION_CHANGED, kind="programme", id=programme.id, name=name, weight=weight
    )
    return chosen
