"""The contact log of people and cases, the story of a case, and where it stands in its life."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta, Struct

from api.door import ApiDoor
from tenants.permissions import Permission
from tenants.relationships import queries as relationships
from tenants.relationships.contacts import actions, queries
from tenants.relationships.contacts.models import Channel, Contact, Phase
from tenants.relationships.contacts.queries import Logged
from tenants.reports import case
from tenants.reports.case import Show, Told


class ContactFacts(Struct, forbid_unknown_fields=True):
    """`channel`: any but "letter", which is written with `/deeds`."""

    channel: Channel
    on: date
    words: Annotated[str, Meta(min_length=1, max_length=6_000)]


class CaseContact(ContactFacts, forbid_unknown_fields=True, kw_only=True):
    """`person_id` null: with all of the case."""

    person_id: UUID | None = None


class ContactView(Struct):
    id: UUID
    relationship_id: UUID | None
    person_id: UUID | None
    by_id: UUID
    channel: Channel
    on: date
    subject: str | None
    words: str
    created_at: datetime

    @classmethod
    def of(cls, one: Contact | Logged) -> "ContactView":
        return cls(
            one.id, one.relationship_id, one.person_id, one.by_id, Channel(one.channel), one.on_day, one.subject,
            one.words, one.created_at,
        )  # fmt: skip


class StoryLine(Struct):
    """`event` is that of the audit trail, or the kind of a letter; `words` are a reply's."""

    show: Show
    day: date
    at: datetime
    event: str | None
    name: str | None
    words: list[str]
    contact: ContactView | None

    @classmethod
    def of(cls, told: Told) -> "StoryLine":
        contact = ContactView.of(told.contact) if told.contact else None
        return cls(told.show, told.day, told.at, told.event or None, told.name, list(told.words), contact)


class PhaseChosen(Struct, forbid_unknown_fields=True):
    """`phase` null: as its dates say."""

    phase: Phase | None


class PhaseView(Struct):
    """`by_dates` is what dates and meetings say; `set_by` who has corrected it, if somebody has."""

    phase: Phase
    by_dates: Phase
    set_by: str | None
    set_at: datetime | None


@get("/relationships/{relationship_id:uuid}/contacts", summary="The contact log of a case, the newest first")
async def of_case(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> list[ContactView]:
    door.actor.require(Permission.PEOPLE_CHANGE)
    found = await queries.of_case(door.session, door.actor, relationship_id)
    return [ContactView.of(one) for one in found]


@post("/relationships/{relationship_id:uuid}/contacts", summary="Write down a contact with people of a case")
async def note(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[CaseContact]
) -> ContactView:
    noted = await actions.note(
        door.session, door.actor, relationship_id=relationship_id, person_id=data.person_id,
        channel=data.channel, on=data.on, words=data.words,
    )  # fmt: skip
    return ContactView.of(noted)


@get("/people/{person_id:uuid}/contacts", summary="Contacts with a person, the newest first")
async def of_person(door: NamedDependency[ApiDoor], person_id: FromPath[UUID]) -> list[ContactView]:
    door.actor.require(Permission.PEOPLE_CHANGE)
    found = await queries.of_person(door.session, door.actor, person_id)
    return [ContactView.of(one) for one in found]


@post("/people/{person_id:uuid}/contacts", summary="Write down a contact with a person")
async def note_of_person(
    door: NamedDependency[ApiDoor], person_id: FromPath[UUID], data: JSONBody[ContactFacts]
) -> ContactView:
    noted = await actions.note(
        door.session, door.actor, person_id=person_id, channel=data.channel, on=data.on, words=data.words
    )
    return ContactView.of(noted)


@get("/contacts/{contact_id:uuid}", summary="One contact")
async def contact(door: NamedDependency[ApiDoor], contact_id: FromPath[UUID]) -> ContactView:
    return ContactView.of(await queries.access_contact(door.session, door.actor, contact_id))


@put("/contacts/{contact_id:uuid}", summary="Write your own entry anew")
async def correct(
    door: NamedDependency[ApiDoor], contact_id: FromPath[UUID], data: JSONBody[ContactFacts]
) -> ContactView:
    changed = await actions.correct(
        door.session, door.actor, contact_id, channel=data.channel, on=data.on, words=data.words
    )
    return ContactView.of(changed)


@delete("/contacts/{contact_id:uuid}", summary="Take your own entry out of the log")
async def remove(door: NamedDependency[ApiDoor], contact_id: FromPath[UUID]) -> None:
    """The audit trail keeps that it was there, not what it said."""
    await actions.remove(door.session, door.actor, contact_id)


@get("/relationships/{relationship_id:uuid}/story", summary="All that happened with a case, the newest first")
async def story(
    door: NamedDependency[ApiDoor],
    relationship_id: FromPath[UUID],
    show: Annotated[Show | None, QueryParameter(description="Only this kind.")] = None,
) -> list[StoryLine]:
    found = await case.story(door.session, door.actor, relationship_id, show=show)
    return [StoryLine.of(one) for one in found]


@get("/relationships/{relationship_id:uuid}/phase", summary="Where a case stands in its life")
async def phase(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> PhaseView:
    return await _phase(door, relationship_id)


@put("/relationships/{relationship_id:uuid}/phase", summary="Say where a case stands in its life")
async def set_phase(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[PhaseChosen]
) -> PhaseView:
    await actions.set_phase(door.session, door.actor, relationship_id, data.phase)
    return await _phase(door, relationship_id)


async def _phase(door: ApiDoor, relationship_id: UUID) -> PhaseView:
    found = await relationships.access_relationship(door.session, door.actor, relationship_id)
    now = await queries.standing(door.session, found, door.actor.time_zone)
    return PhaseView(now.phase, now.by_dates, now.set_by, now.set_at)


ROUTES = [of_case, note, of_person, note_of_person, contact, correct, remove, story, phase, set_phase]
