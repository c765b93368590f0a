"""Whom a relationship is with, for one of its people: the other of a pair, or her group or circle."""

from typing import Any
from uuid import UUID

from infra.language import gettext as _
from tenants.programmes.structures import PEER


def kind(row: Any) -> str:
    """ "pair", "group" or "circle"; `row` is one that `relationships.queries` lists."""
    if row.members is None:
        return "pair"
    return "circle" if all(one["role"] == PEER for one in row.members) else "group"


def with_whom(row: Any, person_id: UUID | None) -> str:
    """The other one's name; of a group or circle, what its people call it in the middle of a sentence."""
    found = kind(row)
    if found == "pair":
        name: str = row.mentee_name if row.mentor_person_id == person_id else row.mentor_name
        return name
    return _("your circle") if found == "circle" else _("your group")


def mine(row: Any, person_id: UUID | None) -> UUID:
    """The participation by which this person belongs to it."""
    one = row.Relationship
    if row.members is None:
        found: UUID = one.mentor_id if row.mentor_person_id == person_id else one.mentee_id
        return found
    return next(UUID(each["id"]) for each in row.members if each["person_id"] == str(person_id))
