"""What a coordinator writes to people of her cases, and who their coordinator is from now on."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.language import N_, isolated
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.relationships.contacts.models import Contact
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


@letter("relationship.coordinator", title=N_("You have another coordinator"))
async def coordinator(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """Nothing where the case has ended meanwhile, or has gone on to somebody else again, who then writes herself."""
    query = (
        select(Relationship.id, Person)
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
    her = row[1]
    reader = await session.scalar(select(Person.full_name).where(Person.id == promised.person_id))
    return Text(
        subject=_("%(name)s is your coordinator from now on", name=isolated(her.full_name)),
        heading=_("You have another coordinator"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(reader or "")),
            _(
                "%(name)s accompanies your mentoring from now on. You need do nothing, and all that you arranged stays as it is.",
                name=isolated(her.full_name),
            ),
            _("Write or call when something is on your mind."),
        ],
        facts=_reached(her),
        button=(_("Open your page"), desk.url("/me")),
    )


def _reached(her: Person) -> list[tuple[str, str]]:
    ways = [(_("Your coordinator"), her.full_name), (_("E-mail"), her.email), (_("Telephone"), her.phone)]
    return [(label, value) for label, value in ways if value]
