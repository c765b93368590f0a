"""What a directory may say, what a group is worth, and how far the one who speaks for the directory reaches."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.people import rules as people
from tenants.people.rules import MAX_NAME
from tenants.permissions import Permission, Role

MAX_TEXT = 254  # characters of a name there and of an id there; an address has no more
MAX_MEMBERS = 20_000
# One becomes a participant by coming, and by registering, not by a group.
_GIVEN = {role.value: role for role in Role if role is not Role.PARTICIPANT}
_PREFIX = re.compile(r"^mentorweave[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class ToldUser:
    """
    What the directory says of somebody. `told` are its own words: displayName, name, emails.

    `is_active` is None where it says nothing: nobody comes or goes by that.
    """

    user_name: str
    external_id: str | None
    is_active: bool | None
    told: dict[str, Any]

    @property
    def full_name(self) -> str:
        """For somebody new; who has no name there is called by her user name."""
        return name_told(self.told) or (self.user_name.partition("@")[0] or self.user_name)[:MAX_NAME]

    @property
    def address(self) -> str | None:
        return address(self.told, self.user_name)


@dataclass(frozen=True, slots=True)
class ToldGroup:
    name: str
    external_id: str | None
    members: frozenset[str]


def key(text: str) -> str:
    """By which names there are the same: without regard to case (RFC 7643, section 4.1.1)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


def role_of(name: str) -> Role | None:
    """The role that a group of this name gives: `Coordinator`, `Programme manager`, `Mentorweave - Owner`."""
    bare = _PREFIX.sub("", " ".join(name.lower().split()))
    return _GIVEN.get(re.sub(r"[^a-z0-9]+", "_", bare).strip("_"))


def must_fit(field: str, text: str | None) -> None:
    """
    Raises:
        Invalid: `missing` or `too_long`, or a character that no text has.
    """
    if text is None:
        return
    if not text.strip():
        raise Invalid(Problem(field, "missing"))
    if len(text) > MAX_TEXT:
        raise Invalid(Problem(field, "too_long", {"maximum": MAX_TEXT}))
    if "\0" in text:
        raise Invalid(Problem(field, "unusable"))


def name_told(told: dict[str, Any]) -> str | None:
    """Her name: the first of what is told of it that says something, cut to what fits; None if nothing does."""
    name = told.get("name") or {}
    both = f"{name.get('givenName') or ''} {name.get('familyName') or ''}"
    tidy = (" ".join((one or "").split()) for one in (told.get("displayName"), name.get("formatted"), both))
    return next((one[:MAX_NAME] for one in tidy if one), None)


def address(told: dict[str, Any], user_name: str) -> str | None:
    """
    Where she can be reached, in our form: the first of her addresses, or her user name if it is one.

    Raises:
        Invalid: `email_unusable`.
    """
    emails = sorted(told.get("emails") or [], key=lambda one: not one.get("primary"))
    found = next((one["value"] for one in emails if one.get("value")), None)
    if found is not None:
        return people.address(found)
    try:
        return people.address(user_name)
    except Invalid:
        return None  # a name as others are: she has no address


def hand(actor: Actor) -> Actor:
    """The actor, entering and changing people of the whole organisation for its directory. She gives no role by it."""
    more = {Permission.PEOPLE_READ, Permission.PEOPLE_CHANGE}
    return replace(actor, permissions=actor.permissions | more, offices=frozenset())


def taking_hand(actor: Actor, held: frozenset[Role]) -> Actor:
    """
    The actor, shutting somebody out or taking a role away: that makes nobody mightier, so the directory may.

    Raises:
        Forbidden: it is about an owner, and the actor does not hand out roles.
    """
    if Role.OWNER in held:
        actor.require(Permission.ROLES_GRANT)
    hers = hand(actor)
    return replace(hers, permissions=hers.permissions | {Permission.ROLES_GRANT})
