"""Writing down that a link was tried which opens nothing any more, while the page answers with a refusal."""

from enum import StrEnum
from uuid import UUID

from tenants.identity import turning_away
from web.door import Door


async def note(door: Door, kind: str, id: UUID, why: StrEnum) -> None:
    """A second connection is taken for the first time only: whoever asks again and again holds up nobody."""
    if await turning_away.is_noted(door.session, kind, id, why):
        return
    async with door.apart() as session:
        await turning_away.note(session, door.actor, kind, id, why)
