"""
From words to what is stored, and back.

`open_words` is given a pass that `reading.enter` has made, and opens nothing before the reading has been committed:
what the trail does not hold was not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from infra.crypto.envelope import Place
from infra.keys.house import KeyHouse
from infra.keys.owners import KeyOwner
from tenants.interviews.models import Note

STEP = 1024  # bytes: the length of what is stored says no more than how many of these it took


@dataclass(frozen=True, slots=True)
class Pass:
    """A reading that stands in the trail, or will with the transaction of `session`; and what it opens."""

    note: Note
    sealed: bytes = field(repr=False)
    session: AsyncSession = field(repr=False)


def owner_of(note: Note) -> KeyOwner:
    """Each note has a key of its own beneath that of the person it is about."""
    return KeyOwner(note.organisation_id, note.subject_id, note.id)


def place_of(organisation_id: UUID, note_id: UUID) -> Place:
    return Place(organisation_id, "sealed_note", note_id, "words")


async def seal_words(keys: KeyHouse, note: Note, words: Mapping[str, str]) -> bytes:
    """
    Raises:
        KeyServiceUnavailable: nothing was sealed. KeyDestroyed: the person was erased meanwhile.
    """
    plain = msgspec.json.encode(words)
    padded = plain.ljust(-(-len(plain) // STEP) * STEP)
    return await keys.seal(owner_of(note), place_of(note.organisation_id, note.id), padded)


async def open_words(keys: KeyHouse, given: Pass) -> dict[str, str]:
    """
    The words of a note by section.

    Raises:
        KeyServiceUnavailable, KeyDestroyed: it cannot be opened now, or never again.
        TamperedCiphertext: what is stored is not what was sealed; the house of keys has sounded the alarm.
    """
    if given.session.in_transaction():
        raise RuntimeError("A note is opened after its reading has been committed, never before.")
    note = given.note
    plain = await keys.unseal(owner_of(note), place_of(note.organisation_id, note.id), given.sealed)
    return msgspec.json.decode(plain, type=dict[str, str])
