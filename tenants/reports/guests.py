"""
Looking before one invites to a workshop: who would be invited, who is not and why, and the letter that the first would get.

Nothing is written: the letter is made for a guest who is not there yet, by the words that it would go with.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids, language
from infra.crypto.links import LinkSigner
from infra.settings import WebSettings
from tenants.actor import Actor
from tenants.gatherings import inviting, queries
from tenants.gatherings.inviting import EVERYBODY, Look, Whom
from tenants.gatherings.letters import invitation
from tenants.gatherings.models import Guest, GuestState, Workshop, WorkshopState
from tenants.gatherings.queries import Seen
from tenants.gatherings.telling import INVITED
from tenants.notifications import letters, writing
from tenants.notifications.letters import Text
from tenants.notifications.wording import stored
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import Programme
from tenants.reports import outbox


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`letter` is that of the first who has an e-mail address, in her language."""

    workshop: Workshop
    programme: Programme
    look: Look
    letter: Text | None
    language: str
    reader: str


async def rehearse(
    session: AsyncSession,
    actor: Actor,
    workshop_id: UUID,
    whom: Whom = EVERYBODY,
    *,
    web: WebSettings,
    links: LinkSigner,
) -> Rehearsal:
    """
    Raises:
        NotFound: no workshop within the actor's reach. Invalid: statuses that nobody is invited in.
    """
    workshop = await queries.access(session, actor, workshop_id)
    look = await inviting.look(session, actor, workshop, whom)
    programme = await programmes.own_programme(session, workshop.programme_id)
    reader = next((one for one in look.first if one.can_be_written_to), None)
    if reader is None or workshop.state != WorkshopState.PLANNED or not actor.may(Permission.OUTBOX_READ):
        return Rehearsal(workshop, programme, look, None, "", "")
    found = select(Person.language, Person.time_zone).where(Person.id == reader.person_id)
    spoken, zone = (await session.execute(found)).one()
    guest = Guest(
        id=ids.random(),
        workshop_id=workshop.id,
        participation_id=reader.participation_id,
        link_id=ids.random(),
        state=GuestState.ASKED,
    )
    seen = Seen(workshop, guest, programme, reader.person_id, reader.full_name, spoken, zone)
    text = await _letter(session, seen, web, links)
    return Rehearsal(workshop, programme, look, text, text.language or spoken, reader.full_name)


async def _letter(session: AsyncSession, seen: Seen, web: WebSettings, links: LinkSigner) -> Text:
    kind = outbox.kinds()[INVITED]
    desk = await writing.desk(session, web, links)
    own = await stored.own_texts(session, [kind.template("")])
    spoken = letters.speaks(kind, seen.language, desk.default_language, own)
    with language.use(spoken):
        made = invitation(session, seen, desk)
        return await letters.filled(made, letters.source_of(kind, "", spoken, own), desk, spoken)
