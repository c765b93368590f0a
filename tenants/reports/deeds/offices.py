"""In which offices the people are whom something is about: who works in none of them cannot open it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.people.models import Person
from tenants.proposals.models import Proposal
from tenants.proposals.party_models import Party, Seat
from tenants.registration.appointment_models import Appointment
from tenants.registration.models import Participation
from tenants.relationships.models import Member, Relationship
from tenants.reports.naming import read_id


def of_case() -> Any:
    """For a query of relationships; the others likewise."""
    members = select(Member.participation_id).where(
        Member.relationship_id == Relationship.id, Member.left_at.is_(None)
    )
    sides = (Relationship.mentor_id, Relationship.mentee_id)
    return _all(or_(Participation.id.in_(sides), Participation.id.in_(members)))


def of_proposal() -> Any:
    return _all(Participation.id.in_((Proposal.mentor_id, Proposal.mentee_id)))


def of_party() -> Any:
    seats = select(Seat.participation_id).where(Seat.party_id == Party.id)
    return _all(Participation.id.in_(seats))


def of_appointment() -> Any:
    return _all(Participation.id == Appointment.participation_id)


async def of_abouts(
    session: AsyncSession, abouts: Sequence[Mapping[str, Any]]
) -> list[frozenset[UUID | None]]:
    """Of what each is about, in their order; empty where it is about nobody, and so open to all."""
    places = {
        "relationship_id": (Relationship.id, of_case()),
        "proposal_id": (Proposal.id, of_proposal()),
        "party_id": (Party.id, of_party()),
        "participation_id": (Participation.id, array([Participation.office_id])),
        "person_id": (Person.id, array([Person.office_id])),
    }
    queries = []
    for field, (key, there) in places.items():
        wanted = {id for about in abouts if (id := read_id(about.get(field)))}
        if wanted:
            named = cast(literal(field), String).label("field")
            queries.append(select(named, key.label("id"), there.label("there")).where(key.in_(wanted)))
    rows: Any = await session.execute(union_all(*queries)) if queries else ()
    found = {(row.field, row.id): frozenset(row.there or [None]) for row in rows}
    return [_of(about, places, found) for about in abouts]


def _of(
    about: Mapping[str, Any], fields: Mapping[str, Any], found: Mapping[Any, frozenset[UUID | None]]
) -> frozenset[UUID | None]:
    """Of the first thing that is known: the page of a task opens what joins its people before one of them alone."""
    every = [
        found[field, id] for field in fields if (id := read_id(about.get(field))) and (field, id) in found
    ]
    return every[0] if every else frozenset()


def _all(which: Any) -> Any:
    sides = select(Participation.office_id).where(which)
    return func.array(sides.correlate(Relationship, Proposal, Party, Appointment).scalar_subquery())
