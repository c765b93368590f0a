"""The guide of an interview: what is asked in which order, per programme and role, in each of its languages (K16)."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids, language
from infra.errors import Conflict, Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.programmes import queries
from tenants.programmes.events import Event
from tenants.programmes.guide_models import InterviewGuide
from tenants.programmes.guide_starters import SECTIONS, STARTERS
from tenants.programmes.models import Programme
from tenants.programmes.rules import text_in
from tenants.programmes.starters import said

MOST = 80  # questions; a talk of an hour has time for thirty
MAX_TEXT = 400
KEY = re.compile(r"[a-z0-9_]{1,40}")
_ORDER = {name: at for at, name in enumerate(SECTIONS)}


class GuideChanged(Conflict):
    """Somebody else has changed the guide since it was read; `version` is what counts now."""

    code = "guide_changed"


@dataclass(frozen=True, slots=True)
class Question:
    """`key` is made for one that is new; a hidden one is kept and not asked."""

    section: str
    text: dict[str, str]
    key: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """The questions of one role, section by section; `version` 0 are those that every programme begins with."""

    programme_id: UUID
    role: str
    version: int
    questions: Sequence[Question] = field(repr=False)


async def guide(session: AsyncSession, actor: Actor, programme_id: UUID, role: str) -> Guide:
    """
    Raises:
        NotFound: no such programme in this organisation, or no such role.
    """
    actor.require(Permission.PROGRAMME_READ)
    return await of_programme(session, await queries.access_programme(session, actor, programme_id), role)


async def of_programme(session: AsyncSession, programme: Programme, role: str) -> Guide:
    """
    Raises:
        NotFound: no such role.
    """
    if role not in STARTERS:
        raise NotFound(kind="guide", role=role)
    query = select(InterviewGuide).where(
        InterviewGuide.programme_id == programme.id, InterviewGuide.role == role
    )
    # A page has read it before the programme is locked: what counts is what stands now.
    query = query.execution_options(populate_existing=True)
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        return Guide(programme.id, role, 0, _usual(programme, role))
    return Guide(programme.id, role, row.version, [_read(one) for one in row.questions])


async def save(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    role: str,
    questions: Sequence[Question],
    *,
    version: int,
) -> Guide:
    """
    Put these questions in place of those of now; sections keep their order, and questions theirs within one.

    Raises:
        NotFound: no such programme or role. GuideChanged: somebody else was faster.
        Invalid: no question, too many, an unknown section or language, no text or one too long, a key twice.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    now = await of_programme(session, programme, role)
    if now.version != version:
        raise GuideChanged(version=now.version)
    standing = {code for one in now.questions for code in one.text}  # also of a language that was given up
    kept = _tidy(questions, {*programme.languages, language.SOURCE, *standing})
    row = await _row(session, actor, programme, role)
    row.questions = [
        {"key": one.key, "section": one.section, "text": one.text, "is_hidden": one.is_hidden} for one in kept
    ]
    row.version = version + 1
    await session.flush()
    audit.record(
        session, actor, Event.GUIDE_CHANGED, kind="programme", id=programme.id, role=role, questions=len(kept)
    )
    return Guide(programme.id, role, row.version, kept)


async def begin_anew(
    session: AsyncSession, actor: Actor, programme_id: UUID, role: str, *, version: int
) -> Guide:
    """
    Go back to the questions that every programme begins with.

    Raises:
        NotFound: no such programme or role. GuideChanged: somebody else was faster.
    """
    programme = await queries.access_programme(session, actor, programme_id)
    return await save(session, actor, programme_id, role, _usual(programme, role), version=version)


def asked(found: Guide, spoken: str, languages: Sequence[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """By section the questions that are asked, as (key, text) in a language or the next one that has the text."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for one in found.questions:
        if not one.is_hidden:
            sections.setdefault(one.section, []).append((one.key, text_in(one.text, spoken, languages)))
    return list(sections.items())


def section_name(name: str) -> str:
    """In the reader's language."""
    return language.gettext(SECTIONS[name][0])


def _usual(programme: Programme, role: str) -> list[Question]:
    if role not in STARTERS:
        raise NotFound(kind="guide", role=role)
    return [Question(section, said(text, programme.languages), key) for key, section, text in STARTERS[role]]


def _read(row: dict[str, Any]) -> Question:
    return Question(row["section"], row["text"], row["key"], row["is_hidden"])


def _tidy(questions: Sequence[Question], languages: Set[str]) -> list[Question]:
    if not questions:
        raise Invalid(Problem("questions", "missing"))
    if len(questions) > MOST:
        raise Invalid(Problem("questions", "too_long", {"maximum": MOST}))
    problems: list[Problem] = []
    kept, seen = [], set[str]()
    for number, one in enumerate(questions):
        tidied = _one(one, languages, f"questions[{number}]", problems)
        if tidied.key in seen:
            problems.append(Problem(f"questions[{number}].key", "guide_key_twice"))
        seen.add(tidied.key)
        kept.append(tidied)
    if problems:
        raise Invalid(*problems)
    return sorted(kept, key=lambda one: _ORDER[one.section])


def _one(one: Question, languages: Set[str], place: str, problems: list[Problem]) -> Question:
    texts = {
        code: told for code, text in one.text.items() if (told := " ".join(text.replace("\0", "").split()))
    }
    if one.section not in SECTIONS:
        problems.append(Problem(f"{place}.section", "not_a_choice"))
    if not texts:
        problems.append(Problem(f"{place}.text", "missing"))
    if set(texts) - languages:
        problems.append(Problem(f"{place}.text", "guide_language"))
    if any(len(text) > MAX_TEXT for text in texts.values()):
        problems.append(Problem(f"{place}.text", "too_long", {"maximum": MAX_TEXT}))
    if one.key and not KEY.fullmatch(one.key):
        problems.append(Problem(f"{place}.key", "bad_format"))
    return Question(one.section, texts, one.key or f"own_{ids.random().hex[:12]}", one.is_hidden)


async def _row(session: AsyncSession, actor: Actor, programme: Programme, role: str) -> InterviewGuide:
    query = select(InterviewGuide).where(
        InterviewGuide.programme_id == programme.id, InterviewGuide.role == role
    )
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        found = InterviewGuide(
            organisation_id=actor.organisation_id, programme_id=programme.id, role=role, questions=[]
        )
        session.add(found)
    return found
