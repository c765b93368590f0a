"""What may stand in a person's facts, who may hand out which role, and how far a role reaches."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from infra import language
from infra.errors import Invalid, Problem
from tenants.actor import Actor
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
    An e-mail address in the one form in which we keep it: lower case, its domain in ASCII.

    Raises:
        Invalid: `email_unusable`.
    """
    try:
        # No question to DNS: a slow or absent name server must not keep anybody out.
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Invalid(Problem("email", "email_unusable")) from error
    return f"{found.local_part}@{found.ascii_domain}".lower()


def name(text: str) -> str:
    """
    A name without line breaks and doubled blanks.

    Raises:
        Invalid: `missing` or `too_long`.
    """
    tidy = " ".join(text.split())
    if not tidy:
        raise Invalid(Problem("full_name", "missing"))
    if len(tidy) > MAX_NAME:
        raise Invalid(Problem("full_name", "too_long", {"maximum": MAX_NAME}))
    return tidy


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
    problems: list[Problem] = []
    kept: dict[str, Any] = {}
    for field, value in facts.items():
        try:
            kept[field] = _TIDY[field](value) if field in _TIDY else value
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(*problems)
    return kept


def _language(code: str) -> str:
    if code not in language.SUPPORTED:
        raise Invalid(Problem("language", "language_unknown"))
    return code


def _zone(zone: str) -> str:
    if zone not in available_timezones():
        raise Invalid(Problem("time_zone", "time_zone_unknown", {"found": zone}))
    return zone


def _gender(value: str | None) -> str | None:
    if value is not None and value not in set(Gender):
        raise Invalid(Problem("gender", "not_a_choice"))
    return value


_TIDY: dict[str, Any] = {
    "full_name": name,
    "email": lambda text: address(text) if text else None,
    "phone": phone,
    "language": _language,
    "time_zone": _zone,
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
