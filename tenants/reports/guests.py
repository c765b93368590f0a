"""
Looking before one invites to a workshop: who would be invited, who is not and why, and the letter that the first would get.

The letter is made by inviting her and taking that back, so that what is shown is what will go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from infra.crypto.links import LinkSigner
from infra.settings import WebSettings
from tenants.actor import Actor
from tenants.gatherings import inviting, queries, rules, telling
from tenants.gatherings.inviting import Look
from tenants.gatherings.models import Guest, GuestState, Workshop, WorkshopState
from tenants.gatherings.telling import INVITED
from tenants.notifications.letters import Text
from tenants.notifications.models import Letter
from tenants.reports import outbox


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`letter` is that of the first who has an e-mail address, in her language."""

    look: Look
    letter: Text | None
    language: str
    reader: str


class _TakenBack(Exception):
    """Ends a rehearsal; nobody outside sees it."""


async def rehearse(
    session: AsyncSession,
    actor: Actor,
    workshop_id: UUID,
    statuses: Sequence[str] = (),
    *,
    web: WebSettings,
    links: LinkSigner,
) -> Rehearsal:
    """
    Raises:
        NotFound: no workshop within the actor's reach. Invalid: statuses that nobody is invited in.
    """
    look = await inviting.look(session, actor, workshop_id, statuses)
    reader = next((one for one in look.first if one.can_be_written_to), None)
    workshop = await queries.access(session, actor, workshop_id)
    if reader is None or workshop.state != WorkshopState.PLANNED:
        return Rehearsal(look, None, "", "")
    found: tuple[Text | None, str] = (None, "")
    try:
        async with session.begin_nested():
            letter = await _letter(session, actor, workshop, reader)
            if letter is not None:
                found = (await outbox.preview(session, actor, letter, web, links), letter.language)
            raise _TakenBack
    except _TakenBack:
        session.expire_all()
    return Rehearsal(look, *found, reader.full_name)


async def _letter(
    session: AsyncSession, actor: Actor, workshop: Workshop, reader: inviting.Invitee
) -> Letter | None:
    guest = Guest(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        workshop_id=workshop.id,
        participation_id=reader.participation_id,
        link_id=ids.random(),
        state=GuestState.ASKED,
        has_said=False,
    )
    session.add(guest)
    await session.flush()
    await telling.write(session, actor, INVITED, workshop, [(guest.id, reader.person_id)])
    key = rules.letter_key(INVITED, guest.id, 0)
    return (await session.execute(select(Letter).where(Letter.key == key))).scalar_one_or_none()
