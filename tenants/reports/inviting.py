"""
Looking before one invites: who would be invited at which hour, who stays and why, and the letter that the first would get.

It does what inviting does and takes it back, so that what it shows is what will happen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.crypto.links import LinkSigner
from infra.settings import WebSettings
from tenants.actor import Actor
from tenants.notifications.letters import Text
from tenants.notifications.models import Letter
from tenants.registration.appointments import arranging
from tenants.registration.appointments.queries import Invitee
from tenants.registration.appointments.rules import Details
from tenants.registration.calling_off import INVITED, letter_key
from tenants.reports import outbox


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`invited` are participations; `letter` is the first of theirs, in the language of its reader."""

    invited: frozenset[UUID]
    staying: Sequence[Invitee]
    letter: Text | None
    language: str


class _TakenBack(Exception):
    """Ends a rehearsal; nobody outside sees it."""


async def rehearse(
    session: AsyncSession,
    actor: Actor,
    walls: Mapping[UUID, str],
    *,
    zone: str,
    details: Details,
    language: str = "",
    web: WebSettings,
    links: LinkSigner,
) -> Rehearsal:
    """
    Raises:
        Invalid: as for inviting; nobody would be invited.
    """
    found: Rehearsal | None = None
    try:
        async with session.begin_nested():
            arranged = await arranging.arrange(
                session, actor, walls, zone=zone, details=details, language=language
            )
            letter = await _first(session, arranged)
            text = await outbox.preview(session, actor, letter, web, links) if letter else None
            found = Rehearsal(
                frozenset(arranged.made), arranged.staying, text, letter.language if letter else ""
            )
            raise _TakenBack
    except _TakenBack:
        session.expire_all()
    if found is None:
        raise RuntimeError("A rehearsal ends by being taken back.")
    return found


async def _first(session: AsyncSession, arranged: arranging.Arranged) -> Letter | None:
    for one in arranged.made.values():
        query = select(Letter).where(Letter.key == letter_key(INVITED, one))
        if letter := (await session.execute(query)).scalar_one_or_none():
            return letter
    return None
