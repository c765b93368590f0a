"""A letter that waits, written anew for its one reader."""

from uuid import UUID

from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from api.templates import FieldView, Words, WordsView, desk_of, fields
from tenants.notifications.templates import editing
from tenants.reports import outbox


class LetterWords(Struct):
    """What one letter says, with the fields that are filled in when it goes; `version` counts what was written before."""

    letter_id: UUID
    language: str
    is_edited: bool
    version: int
    words: WordsView
    original: WordsView
    fields: list[FieldView]


@get("/letters/{letter_id:uuid}/words", summary="The words of a letter that waits, to be written anew")
async def letter_words(door: NamedDependency[ApiDoor], letter_id: FromPath[UUID]) -> LetterWords:
    return await _of_letter(door, letter_id)


@put("/letters/{letter_id:uuid}/words", summary="Write a letter that waits anew for its one reader")
async def write_letter(
    door: NamedDependency[ApiDoor], letter_id: FromPath[UUID], data: JSONBody[Words]
) -> LetterWords:
    """Either it goes out in these words, or they are refused because it is on its way."""
    outbox.kinds()
    await editing.write(
        door.session, door.actor, letter_id, data.source, based_on=data.based_on, desk=await desk_of(door)
    )
    return await _of_letter(door, letter_id)


@delete(
    "/letters/{letter_id:uuid}/words", status_code=204, summary="Let a letter say what all of its kind say"
)
async def drop(door: NamedDependency[ApiDoor], letter_id: FromPath[UUID]) -> None:
    await editing.drop(door.session, door.actor, letter_id)


async def _of_letter(door: ApiDoor, letter_id: UUID) -> LetterWords:
    outbox.kinds()
    found = await editing.editable(door.session, door.actor, letter_id, await desk_of(door))
    return LetterWords(
        letter_id, found.language, found.letter.is_edited, found.version, WordsView.of(found.source),
        WordsView.of(found.original), fields(found.template),
    )  # fmt: skip


ROUTES = [letter_words, write_letter, drop]
