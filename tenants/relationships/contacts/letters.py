"""What a coordinator writes to people of her cases, and who their coordinator is from now on."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.language import N_, isolated
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, Text, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import COORDINATOR, COORDINATOR_PHONE, READER
from tenants.people.models import Person
from tenants.programmes.around import Place, around
from tenants.proposals import leaving
from tenants.relationships import queries
from tenants.relationships.contacts.models import Contact
from tenants.relationships.contacts.wording import ANOTHER
from tenants.relationships.models import Relationship, RelationshipState


@letter("contact.letter", title=N_("Your coordinator writes to you"))
async def written(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """In her own words, below which stands who she is and how she is reached."""
    query = select(Contact, Person).join(Person, Person.id == Contact.by_id)
    row = (await session.execute(query.where(Contact.id == UUID(promised.about["contact_id"])))).one_or_none()
    if row is None:
        return None
    contact, by = row
    return Text(
        subject=contact.subject or "",
        heading=contact.subject or "",
        paragraphs=[part.strip() for part in contact.words.split("\n\n") if part.strip()],
        facts=_reached(by),
        button=(_("Open your page"), desk.url("/me")),
    )


@letter("relationship.coordinator", title=N_("You have another coordinator"), words=ANOTHER)
async def coordinator(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """Nothing where the case has ended meanwhile, has gone on to somebody else again, or its reader has left."""
    query = (
        select(Relationship, Person)
        .join(Person, Person.id == Relationship.coordinator_id)
        .where(
            Relationship.id == UUID(promised.about["relationship_id"]),
            Relationship.state == RelationshipState.RUNNING,
            Relationship.coordinator_id == UUID(promised.about["coordinator_id"]),
        )
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    case, her = row
    mine = next(
        (one for one in await queries.people(session, case) if one.person_id == promised.person_id), None
    )
    if mine is None or await leaving.has_left(session, mine.participation_id):
        return None
    reader = await session.scalar(select(Person.full_name).where(Person.id == promised.person_id))
    return Filling(
        {
            **around(session, Place(case.programme_id)),
            READER: isolated(reader or ""),
            COORDINATOR: isolated(her.full_name),
            COORDINATOR_PHONE: isolated(her.phone or ""),
        },
        facts=_reached(her),
        button=(_("Open your page"), desk.url("/me")),
    )


def _reached(her: Person) -> list[tuple[str, str]]:
    ways = [(_("Your coordinator"), her.full_name), (_("E-mail"), her.email), (_("Telephone"), her.phone)]
    return [(label, value) for label, value in ways if value]
