"""
A letter that waits is written anew for its one reader.

What is written holds the fields of its kind, and they are filled in when it goes: a date that moves meanwhile is right.
A worker takes a letter up under the same lock and in one commit, so either the new words go, or they are refused.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import language
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import letters, queries
from tenants.notifications import rules as outbox
from tenants.notifications.events import Event
from tenants.notifications.letters import Desk, Filling
from tenants.notifications.models import Letter, LetterState
from tenants.notifications.template_models import LetterEdit
from tenants.notifications.templates import looking, rules
from tenants.notifications.templates.coverage import Template
from tenants.notifications.templates.looking import Looked
from tenants.notifications.wording import markup, stored
from tenants.notifications.wording.declared import Source
from tenants.organisations import queries as organisations
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Editable:
    """A letter that waits, as somebody may write it anew; `version` counts what has been written of it before."""

    letter: Letter
    template: Template
    language: str
    source: Source
    original: Source
    version: int
    filling: Filling


async def editable(
    session: AsyncSession, actor: Actor, letter_id: UUID, desk: Desk, *, lock: bool = False
) -> Editable:
    """
    Raises:
        NotFound: no such letter within the actor's reach.
        LetterGone: it is on its way, was taken back, or has nothing to say any more.
        LetterNotEditable: letters of its kind say the same to everybody.
    """
    actor.require(Permission.OUTBOX_CHANGE)
    letter = await queries.access_letter(session, actor, letter_id, lock=lock)
    outbox.must_wait(letter.state)
    kind = letters.KINDS.get(letter.kind)
    if kind is None or not kind.words:
        raise rules.LetterNotEditable
    own = await stored.own_texts(session, [kind.template(form) for form in kind.words])
    last = await stored.last_edit(session, letter)
    edit = last if letter.is_edited else None
    spoken = edit.language if edit else letters.speaks(kind, letter.language, desk.default_language, own)
    with language.use(spoken):
        made = await kind.write(session, letter, desk)
    if not isinstance(made, Filling):
        raise outbox.LetterGone(state=LetterState.WITHDRAWN)
    original = letters.source_of(kind, made.form, spoken, own)
    return Editable(
        letter,
        Template(kind.template(made.form), kind, made.form),
        spoken,
        edit.source if edit else original,
        original,
        last.version if last else 0,
        made,
    )


async def write(
    session: AsyncSession, actor: Actor, letter_id: UUID, source: Source, *, based_on: int, desk: Desk
) -> Letter:
    """
    Say this to the reader of a letter instead of what all letters of its kind say.

    Raises:
        NotFound, LetterGone, LetterNotEditable
        Invalid: the text cannot be one of this letter.
        TemplateChanged: somebody else has written it anew since.
    """
    found = await editable(session, actor, letter_id, desk, lock=True)
    told = await _checked(session, found, source, desk)
    if based_on != found.version:
        raise rules.TemplateChanged(version=found.version)
    if told == found.source:
        return found.letter
    session.add(
        LetterEdit(
            organisation_id=actor.organisation_id, letter_id=letter_id, version=based_on + 1,
            language=found.language, subject=told.subject, heading=told.heading, body=told.body,
            original_subject=found.original.subject, original_heading=found.original.heading,
            original_body=found.original.body, written_by=actor.person_id,
        )
    )  # fmt: skip
    found.letter.is_edited = True
    audit.record(
        session, actor, Event.LETTER_EDITED, kind="letter", id=letter_id, letter=found.letter.kind,
        version=based_on + 1,
    )  # fmt: skip
    return found.letter


async def drop(session: AsyncSession, actor: Actor, letter_id: UUID) -> Letter:
    """
    Let a letter say again what all letters of its kind say. What was written is kept.

    Raises:
        NotFound, LetterGone
        LetterNotEditable: it has no other words, as one that somebody sends to herself to see a text.
    """
    actor.require(Permission.OUTBOX_CHANGE)
    letter = await queries.access_letter(session, actor, letter_id, lock=True)
    outbox.must_wait(letter.state)
    if (kind := letters.KINDS.get(letter.kind)) is None or not kind.words:
        raise rules.LetterNotEditable
    if letter.is_edited:
        letter.is_edited = False
        audit.record(
            session, actor, Event.LETTER_EDIT_DROPPED, kind="letter", id=letter_id, letter=letter.kind
        )
    return letter


async def look_at(session: AsyncSession, found: Editable, source: Source, desk: Desk) -> Looked:
    """
    A letter that has been opened as its reader would get it in these words, without her keys.

    Raises:
        Invalid
    """
    return await _looked(found, await _checked(session, found, source, desk), desk)


async def original_of(session: AsyncSession, actor: Actor, letter: Letter) -> Source | None:
    """What a letter would have said that was written anew; None if it was not."""
    actor.require(Permission.OUTBOX_READ)
    if not letter.is_edited:
        return None
    query = select(LetterEdit).where(LetterEdit.letter_id == letter.id).order_by(LetterEdit.version.desc())
    one = (await session.execute(query.limit(1))).scalar_one()
    return Source(one.original_subject, one.original_heading, one.original_body)


async def unsent_of(session: AsyncSession, actor: Actor, letter: Letter) -> Source | None:
    """What was written for the reader of a letter that has gone, and stayed behind; None where nothing did."""
    actor.require(Permission.OUTBOX_READ)
    if letter.is_edited or letter.state == LetterState.WAITING:
        return None
    last = await stored.last_edit(session, letter)
    return last.source if last else None


async def _checked(session: AsyncSession, found: Editable, source: Source, desk: Desk) -> Source:
    told = markup.tidied(source)
    words = found.template.words
    hosts = await organisations.hosts(session)
    wrong = markup.problems(told, fields=words.fields, needs=words.needs, hosts=hosts)
    if not wrong and (await _looked(found, told, desk)).size > looking.MOST:
        wrong = [Problem("body", "template_too_large")]
    if wrong:
        raise Invalid(*wrong)
    return told


async def _looked(found: Editable, source: Source, desk: Desk) -> Looked:
    return await looking.filled(found.template, found.filling, source, desk, found.language)
