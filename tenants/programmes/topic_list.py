"""
A programme's topics after its start: one more, another name, another order, offered no more.

A topic's code never means another one: runs, profiles and rosters of before say it.
"""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from infra.errors import Conflict, Invalid, NotFound, Problem, WrongState
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.programmes import queries
from tenants.programmes.events import Event
from tenants.programmes.models import Programme, Topic
from tenants.programmes.question_rules import folded, texts

MOST = 60  # that are offered: a page of boxes, of at most 14 kB
MAX_NAME = 80  # characters
CODE = re.compile(r"own_[a-z0-9]{6,24}")


class TopicChanged(Conflict):
    """Somebody else has named the topic anew since it was read; `version` is what counts now."""

    code = "topic_changed"


class TopicLast(WrongState):
    """The only one that is offered."""

    code = "topic_last"


class TooManyTopics(WrongState):
    code = "too_many_topics_offered"


async def every(session: AsyncSession, actor: Actor, programme_id: UUID) -> Sequence[Topic]:
    """
    Those that are offered in their order, then the others.

    Raises:
        NotFound: no such programme in this organisation.
    """
    programme = await queries.access_programme(session, actor, programme_id)
    found = await queries.topics(session, programme.id)
    return sorted(found, key=lambda one: not one.is_offered)


async def add(
    session: AsyncSession, actor: Actor, programme_id: UUID, *, label: Mapping[str, str], code: str = ""
) -> Topic:
    """
    Offer one topic more, the last. A `code` that was made beforehand makes a second click find the first one's topic.

    Raises:
        NotFound: no such programme. TooManyTopics.
        Invalid: no name in the programme's first language, one too long, or one that a topic has already.
    """
    programme, standing = await _open(session, actor, programme_id)
    if code and (found := next((one for one in standing if one.code == code), None)) is not None:
        return found
    _must_have_room(standing)
    problems: list[Problem] = []
    if code and not CODE.fullmatch(code):
        problems.append(Problem("code", "bad_format"))
    named = _name(label, {}, programme, standing, problems)
    if problems:
        raise Invalid(*problems)
    topic = Topic(
        organisation_id=actor.organisation_id,
        programme_id=programme.id,
        code=code or f"own_{ids.random().hex[:12]}",
        label=named,
        position=max((one.position for one in standing), default=-1) + 1,
        is_offered=True,
    )
    session.add(topic)
    await session.flush()
    _record(session, actor, topic, "added")
    return topic


async def rename(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    code: str,
    *,
    label: Mapping[str, str],
    version: int,
) -> Topic:
    """
    Give a topic another name; whoever has chosen it reads the new one.

    Raises:
        NotFound: no such programme or topic. TopicChanged: somebody else was faster. Invalid: as `add` says.
    """
    programme, standing = await _open(session, actor, programme_id)
    topic = _coded(standing, code)
    problems: list[Problem] = []
    others = [one for one in standing if one is not topic]
    named = _name(label, topic.label, programme, others, problems)
    if problems:
        raise Invalid(*problems)
    if named == topic.label:
        return topic
    if topic.version != version:
        raise TopicChanged(version=topic.version)
    topic.label = named
    topic.version += 1
    await session.flush()
    _record(session, actor, topic, "named")
    return topic


async def place(session: AsyncSession, actor: Actor, programme_id: UUID, code: str, *, at: int) -> Topic:
    """
    Show a topic as the first (1), the second and so on; one that would stand beyond the end comes last.

    Raises:
        NotFound: no such programme, or it does not offer this topic.
    """
    _programme, standing = await _open(session, actor, programme_id)
    offered = [one for one in standing if one.is_offered]
    topic = _coded(offered, code)
    others = [one for one in offered if one is not topic]
    others.insert(max(0, at - 1), topic)
    if others == offered:
        return topic
    # The others keep the end of the list, so that no place is taken twice.
    for position, one in enumerate([*others, *(one for one in standing if not one.is_offered)]):
        one.position = position
    await session.flush()
    _record(session, actor, topic, "placed")
    return topic


async def offer(
    session: AsyncSession, actor: Actor, programme_id: UUID, code: str, *, is_offered: bool
) -> Topic:
    """
    Offer a topic no more, or again as the last. Whoever has chosen it keeps it, and is matched by it.

    Raises:
        NotFound: no such programme or topic. TopicLast: nothing would be left to choose. TooManyTopics.
    """
    _programme, standing = await _open(session, actor, programme_id)
    topic = _coded(standing, code)
    if topic.is_offered == is_offered:
        return topic
    if is_offered:
        _must_have_room(standing)
        topic.position = max(one.position for one in standing) + 1
    elif sum(one.is_offered for one in standing) == 1:
        raise TopicLast
    topic.is_offered = is_offered
    await session.flush()
    _record(session, actor, topic, "offered" if is_offered else "retired")
    return topic


async def _open(session: AsyncSession, actor: Actor, programme_id: UUID) -> tuple[Programme, Sequence[Topic]]:
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    query = select(Topic).where(Topic.programme_id == programme.id).order_by(Topic.position, Topic.code)
    found = await session.execute(query.execution_options(populate_existing=True))
    return programme, found.scalars().all()


def _must_have_room(standing: Sequence[Topic]) -> None:
    if sum(one.is_offered for one in standing) >= MOST:
        raise TooManyTopics(maximum=MOST)


def _name(
    label: Mapping[str, str],
    before: Mapping[str, str],
    programme: Programme,
    others: Sequence[Topic],
    problems: list[Problem],
) -> dict[str, str]:
    named = texts(label, before, programme.languages, problems, at="label", most=MAX_NAME)
    # A roster says a topic by its name in any language: it must mean one.
    taken = {folded(text) for one in others for text in one.label.values()}
    problems += [
        Problem(f"label.{code}", "topic_known") for code, text in named.items() if folded(text) in taken
    ]
    return named


def _coded(standing: Sequence[Topic], code: str) -> Topic:
    topic = next((one for one in standing if one.code == code), None)
    if topic is None:
        raise NotFound(kind="topic", code=code)
    return topic


def _record(session: AsyncSession, actor: Actor, topic: Topic, what: str) -> None:
    audit.record(
        session, actor, Event.TOPICS_CHANGED, kind="programme", id=topic.programme_id, code=topic.code, what=what
    )  # fmt: skip
