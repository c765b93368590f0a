"""Whom a relationship is with, for one of its people: the other of a pair, or her group or circle."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from infra.language import gettext as _
from infra.language import isolated, listed
from tenants.programmes.structures import PEER
from tenants.relationships.queries import Belonging
from tenants.relationships.rules import goes_on_without


def kind(row: Any) -> str:
    """ "pair", "group" or "circle"; `row` is one that `relationships.queries` lists."""
    if row.members is None:
        return "pair"
    return _of_roles(one["role"] for one in row.members)


def called(roles: Iterable[str]) -> str:
    """What the people of a group or circle call it in the middle of a sentence."""
    return _("your circle") if _of_roles(roles) == "circle" else _("your group")


def others(people: Sequence[Belonging], mine: UUID | None) -> str:
    """The name of the other of two, as it stands in a sentence; of more, what they call their group or circle."""
    if len(people) > 2:
        return called(one.role for one in people)
    return listed([isolated(one.full_name) for one in people if one.participation_id != mine])


def goes_on(row: Any, person_id: UUID | None) -> bool:
    """Whether it goes on once she has left it."""
    if row.members is None:
        return False
    role = next(one["role"] for one in row.members if one["person_id"] == str(person_id))
    return goes_on_without(role, len(row.members))


def _of_roles(roles: Iterable[str]) -> str:
    return "circle" if all(one == PEER for one in roles) else "group"


def with_whom(row: Any, person_id: UUID | None) -> str:
    """The other one's name; of a group or circle, what its people call it in the middle of a sentence."""
    if row.members is not None:
        return called(one["role"] for one in row.members)
    name: str = row.mentee_name if row.mentor_person_id == person_id else row.mentor_name
    return name


def mine(row: Any, person_id: UUID | None) -> UUID:
    """The participation by which this person belongs to it."""
    one = row.Relationship
    if row.members is None:
        found: UUID = one.mentor_id if row.mentor_person_id == person_id else one.mentee_id
        return found
    return next(UUID(each["id"]) for each in row.members if each["person_id"] == str(person_id))
