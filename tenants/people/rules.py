"""What may stand in a person's facts, who may hand out which role, and how far a role reaches."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from infra import language
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.organisations import rules as organisations
from tenants.people.models import Gender
from tenants.permissions import ROLE_PERMISSIONS, Permission, Role

MAX_NAME = 200  # characters; with an address of 254 it still fits an index row
# Roles that may be held for one office only; the others always reach over the whole organisation.
OFFICE_ROLES = frozenset(
    {Role.PROGRAMME_MANAGER, Role.COORDINATOR, Role.FOCAL_POINT, Role.MODERATOR, Role.EVALUATOR}
)
# Roles whose reach narrows what their holder sees of people and cases.
_CASE_ROLES = frozenset(role for role in Role if Permission.PEOPLE_READ in ROLE_PERMISSIONS[role])
_PHONE = re.compile(r"\+?[0-9 ()./-]{5,40}(x[0-9]{1,6})?", re.ASCII)

Grant = tuple[Role, UUID | None]


def address(text: str) -> str:
    """
    An e-mail address in the one form in which we keep it.

    Raises:
        Invalid: `email_unusable`.
    """
    return organisations.address("email", text)


def name(text: str) -> str:
    """
    A name without line breaks and doubled blanks.

    Raises:
        Invalid: `missing` or `too_long`.
    """
    return _name("full_name", text)


def _name(field: str, text: str) -> str:
    return organisations.line(field, text, most=MAX_NAME)


def phone(text: str | None) -> str | None:
    """
    A telephone number as its owner writes it, or None where there is none.

    Raises:
        Invalid: `phone_unusable`.
    """
    tidy = " ".join((text or "").split())
    if not tidy:
        return None
    if not _PHONE.fullmatch(tidy) or sum(sign.isdigit() for sign in tidy) < 5:
        raise Invalid(Problem("phone", "phone_unusable"))
    return tidy


def tidied(facts: dict[str, Any]) -> dict[str, Any]:
    """
    Facts of a person in the form in which they are kept; those not named stay unnamed.

    Raises:
        Invalid: with one problem for each fact that cannot be used.
    """
    return organisations.tidied(facts, _TIDY)


def _address(field: str, text: str | None) -> str | None:
    return organisations.address(field, text) if text else None


def _phone(_field: str, text: str | None) -> str | None:
    return phone(text)


def _language(field: str, code: str) -> str:
    if code not in language.SUPPORTED:
        raise Invalid(Problem(field, "language_unknown"))
    return code


def _gender(field: str, value: str | None) -> str | None:
    if value is not None and value not in set(Gender):
        raise Invalid(Problem(field, "not_a_choice"))
    return value


_TIDY: dict[str, organisations.Tidy] = {
    "full_name": _name,
    "email": _address,
    "phone": _phone,
    "language": _language,
    "time_zone": organisations.zone,
    "gender": _gender,
}


def must_be_grantable(actor: Actor, role: Role, office_id: UUID | None) -> None:
    """
    Raises:
        Forbidden: only who hands out roles may make anybody more than a participant.
        Invalid: the role does not come for one office.
    """
    if role is not Role.PARTICIPANT or not actor.may(Permission.PEOPLE_CHANGE):
        actor.require(Permission.ROLES_GRANT)
    if office_id is not None and role not in OFFICE_ROLES:
        raise Invalid(Problem("office_id", "role_has_no_office", {"role": role.value}))


def reach(grants: Iterable[Grant]) -> frozenset[UUID]:
    """
    The offices whose people and cases somebody with these grants sees; empty for the whole organisation.

    Only roles that open people and cases count: being a participant does not
    widen what a coordinator of one office sees.
    """
    offices = {office_id for role, office_id in grants if role in _CASE_ROLES}
    return frozenset() if None in offices else frozenset(office for office in offices if office)
