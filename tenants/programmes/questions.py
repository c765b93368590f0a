"""
A programme's questions after its start: asked in its own words, worded anew, put in order, left out, asked again.

Answers that were given stay whatever becomes of their question.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.programmes import queries
from tenants.programmes import question_rules as rules
from tenants.programmes.events import Event
from tenants.programmes.models import AskedOf, Programme, Question
from tenants.programmes.question_rules import Shape, Words

# What matching cannot do without: it stays asked, of whom it is asked.
ESSENTIAL = frozenset({"languages", "time_zone", "topics_offered", "topics_wanted", "capacity"})


async def every(session: AsyncSession, actor: Actor, programme_id: UUID) -> Sequence[Question]:
    """
    Those that are asked in their order, then those that were left out.

    Raises:
        NotFound: no such programme in this organisation.
    """
    programme = await queries.access_programme(session, actor, programme_id)
    return await queries.every_question(session, programme.id)


async def access(session: AsyncSession, actor: Actor, programme_id: UUID, key: str) -> Question:
    """
    Raises:
        NotFound: no such programme in this organisation, or it never asked this.
    """
    return _named(await every(session, actor, programme_id), key)


async def add(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    *,
    shape: Shape,
    words: Words,
    asked_of: AskedOf = AskedOf.EVERYBODY,
    is_obligatory: bool = False,
    fills: str | None = None,
    key: str = "",
) -> Question:
    """
    Ask a question of the programme's own, the last of the form.

    Without `fills` only people read its answers; with it they fill that fact, which counts for a match. A `key` that
    was made beforehand makes a second click find the first one's question.

    Raises:
        NotFound: no such programme. TooManyQuestions: it asks as many as it may.
        Invalid: no words for it in the programme's first language, two answers of one wording, and the like.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    asked = await _standing(session, programme)
    if key and (found := next((one for one in asked if one.key == key), None)) is not None:
        return found
    must_have_room(asked)
    kind = rules.KINDS[shape]
    problems: list[Problem] = []
    if key and not rules.KEY.fullmatch(key):
        problems.append(Problem("key", "bad_format"))
    if fills is not None and fills not in rules.FILLS.get(kind, ()):
        problems.append(Problem("fills", "not_a_choice"))
    elif fills is not None and any(one.field == fills for one in asked):
        problems.append(Problem("fills", "fact_asked_already"))
    question = Question(
        organisation_id=actor.organisation_id,
        programme_id=programme.id,
        key=key or f"own_{ids.random().hex[:12]}",
        position=max((one.position for one in asked), default=-1) + 1,
        kind=kind,
        field=fills,
        asked_of=AskedOf.EVERYBODY,
        label={},
        hint={},
        options=[],
        is_asked=True,
    )
    said = _said(question, programme, words, asked_of, problems)
    if problems:
        raise Invalid(*problems)
    _put(question, said | {"is_obligatory": is_obligatory})
    session.add(question)
    await session.flush()
    _record(session, actor, question, "added")
    return question


async def change(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    key: str,
    *,
    words: Words,
    asked_of: AskedOf,
    is_obligatory: bool,
    version: int,
) -> Question:
    """
    Put a question in other words, or to others. Answers that were given stay, and show the new words.

    What stands already changes nothing, so that a second click is no surprise.

    Raises:
        NotFound: no such programme, or it never asked this. QuestionChanged: somebody else was faster.
        Invalid: as `add` says.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    question = _named(await _standing(session, programme), key)
    problems: list[Problem] = []
    said = _said(question, programme, words, asked_of, problems) | {"is_obligatory": is_obligatory}
    if problems:
        raise Invalid(*problems)
    moved = {name for name, value in said.items() if getattr(question, name) != value}
    if not moved:
        return question
    if question.version != version:
        raise rules.QuestionChanged(version=question.version)
    if "asked_of" in moved:
        question.asked_since = clock.now()
    _put(question, said)
    question.version += 1
    await session.flush()
    _record(session, actor, question, "worded")
    return question


async def place(session: AsyncSession, actor: Actor, programme_id: UUID, key: str, *, at: int) -> Question:
    """
    Ask a question as the first (1), the second and so on; one that would stand beyond the end comes last.

    Raises:
        NotFound: no such programme, or it does not ask this.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    asked = [one for one in await _standing(session, programme) if one.is_asked]
    question = _named(asked, key)
    others = [one for one in asked if one is not question]
    others.insert(max(0, at - 1), question)
    if others == asked:
        return question
    for position, one in enumerate(others):
        one.position = position
    await session.flush()
    _record(session, actor, question, "placed")
    return question


async def ask_again(session: AsyncSession, actor: Actor, programme_id: UUID, key: str) -> Question:
    """
    Ask a question that was left out, as the last of the form and optional; answers of before are there again.

    Raises:
        NotFound: no such programme, or it never asked this. TooManyQuestions.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    asked = await _standing(session, programme)
    question = _named(asked, key)
    if question.is_asked:
        return question
    must_have_room(asked)
    question.is_asked = True
    question.is_obligatory = False
    question.asked_since = clock.now()
    question.position = max(one.position for one in asked) + 1
    question.version += 1
    await session.flush()
    _record(session, actor, question, "asked_again")
    return question


def must_have_room(asked: Sequence[Question]) -> None:
    """
    Raises:
        TooManyQuestions: one more would make a form that nobody finishes.
    """
    if sum(one.is_asked for one in asked) >= rules.MOST:
        raise rules.TooManyQuestions(maximum=rules.MOST)


def _said(
    question: Question, programme: Programme, words: Words, asked_of: AskedOf, problems: list[Problem]
) -> dict[str, Any]:
    """What the question is to say, and of whom; nothing of it is written while there are problems."""
    spoken = programme.languages
    said: dict[str, Any] = {
        "label": rules.texts(words.label, question.label, spoken, problems, at="label", most=rules.MAX_LABEL),
        "hint": rules.texts(
            words.hint, question.hint, spoken, problems, at="hint", most=rules.MAX_HINT, is_needed=False
        ),
    }
    if rules.has_options(question):
        are_own = rules.has_own_options(question)
        said["options"] = rules.options(words.options, question.options, spoken, problems, are_own=are_own)
    if question.key not in ESSENTIAL:
        # One of our making may ask mentors where all are peers, who answer it as well.
        if asked_of != question.asked_of and asked_of not in rules.askable(programme):
            problems.append(Problem("asked_of", "not_a_choice"))
        said["asked_of"] = asked_of
    return said


def _put(question: Question, said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        setattr(question, name, value)


async def _standing(session: AsyncSession, programme: Programme) -> Sequence[Question]:
    """All of them as they are now that the programme is locked, whatever was read before."""
    query = select(Question).where(Question.programme_id == programme.id)
    ordered = query.order_by(Question.is_asked.desc(), Question.position, Question.id)
    return (await session.execute(ordered.execution_options(populate_existing=True))).scalars().all()


def _named(asked: Sequence[Question], key: str) -> Question:
    question = next((one for one in asked if one.key == key), None)
    if question is None:
        raise NotFound(kind="question", key=key)
    return question


def _record(session: AsyncSession, actor: Actor, question: Question, what: str) -> None:
    audit.record(
        session, actor, Event.QUESTIONS_CHANGED, kind="programme", id=question.programme_id, key=question.key, what=what
    )  # fmt: skip
