"""Reading who it is beside rows that name a participation: joined within the organisation, as every key begins with it."""

from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import InstrumentedAttribute

from tenants.people.models import Person
from tenants.registration.models import Participation


def with_participation(query: Any, named_by: InstrumentedAttribute[Any], *, is_outer: bool = False) -> Any:
    """`query`, which reads the table of `named_by`, with the participations that this column names."""
    table = named_by.class_
    named = and_(Participation.organisation_id == table.organisation_id, Participation.id == named_by)
    return query.join(Participation, named, isouter=is_outer)


def with_person(query: Any, named_by: InstrumentedAttribute[Any], *, is_outer: bool = False) -> Any:
    """The same, with the person of each participation as well."""
    return of_them(with_participation(query, named_by, is_outer=is_outer), is_outer=is_outer)


def of_them(query: Any, *, is_outer: bool = False) -> Any:
    """`query`, which reads participations, with the person of each."""
    hers = and_(Person.organisation_id == Participation.organisation_id, Person.id == Participation.person_id)
    return query.join(Person, hers, isouter=is_outer)
