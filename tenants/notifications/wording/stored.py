"""Reading what an organisation has made of the words of its letters."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.notifications.models import Letter
from tenants.notifications.template_models import LetterEdit, LetterTemplate
from tenants.notifications.wording.declared import Source


class Edited(NamedTuple):
    """`version` counts what has been written of the letter; `original` is what it would have said instead."""

    language: str
    source: Source
    version: int
    original: Source
    by: UUID | None


async def own_texts(session: AsyncSession, names: Sequence[str]) -> dict[tuple[str, str], Source]:
    """The organisation's own texts of these templates that count now, by name and language."""
    if not names:
        return {}
    query = (
        select(LetterTemplate)
        .ext(distinct_on(LetterTemplate.name, LetterTemplate.language))
        .where(LetterTemplate.name.in_(names))
        .order_by(LetterTemplate.name, LetterTemplate.language, LetterTemplate.version.desc())
    )
    return {
        (one.name, one.language): source
        for one in await session.scalars(query)
        if (source := source_in(one)) is not None
    }


async def edit_of(session: AsyncSession, letter: Letter) -> Edited | None:
    """What has been written for the one reader of a letter; None where it says what all letters of its kind say."""
    return await last_edit(session, letter) if letter.is_edited else None


async def last_edit(session: AsyncSession, letter: Letter) -> Edited | None:
    """What was written last for the one reader of a letter, whether it goes out like that or not."""
    query = select(LetterEdit).where(LetterEdit.letter_id == letter.id).order_by(LetterEdit.version.desc())
    found = (await session.execute(query.limit(1))).scalar_one_or_none()
    if found is None:
        return None
    original = Source(found.original_subject, found.original_heading, found.original_body)
    written = Source(found.subject, found.heading, found.body)
    return Edited(found.language, written, found.version, original, found.written_by)


def source_in(one: LetterTemplate) -> Source | None:
    """None where the shipped text is used again."""
    if one.subject is None or one.heading is None or one.body is None:
        return None
    return Source(one.subject, one.heading, one.body)
