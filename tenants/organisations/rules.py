"""What may stand in the facts of an organisation and of its offices."""

from collections.abc import Callable, Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email

from infra import clock, language
from infra.errors import Invalid, Problem

MAX_NAME = 120  # characters
MAX_LINE = 80


Tidy = Callable[[str, Any], Any]


def tidied(facts: dict[str, Any], how: Mapping[str, Tidy]) -> dict[str, Any]:
    """
    Facts in the form in which they are kept: each through what `how` has for it, those it does not know as they are.

    Raises:
        Invalid: with one problem for each fact that cannot be used.
    """
    problems: list[Problem] = []
    kept: dict[str, Any] = {}
    for field, value in facts.items():
        try:
            kept[field] = how[field](field, value) if field in how else value
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(*problems)
    return kept


def line(field: str, text: str, *, most: int = MAX_LINE) -> str:
    """
    One line of text that is there, without what nobody sees (see `infra.language.seen`).

    Raises:
        Invalid: `missing`, `too_long`, or `unusable`: a control character, which nobody types.
    """
    tidy = " ".join(text.split())
    if any(sign < " " or sign == "\x7f" for sign in tidy):
        raise Invalid(Problem(field, "unusable"))
    tidy = language.seen(tidy)
    if not tidy:
        raise Invalid(Problem(field, "missing"))
    if len(tidy) > most:
        raise Invalid(Problem(field, "too_long", {"maximum": most}))
    return tidy


def zone(field: str, value: str) -> str:
    if value not in clock.zones():
        raise Invalid(Problem(field, "time_zone_unknown", {"found": value}))
    return value


def address(field: str, text: str) -> str:
    """
    An e-mail address in the one form in which we keep it: lower case, its domain in ASCII.

    Raises:
        Invalid: `email_unusable`.
    """
    try:
        # No question to DNS: a slow or absent name server must not keep anybody out.
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Invalid(Problem(field, "email_unusable")) from error
    return f"{found.local_part}@{found.ascii_domain}".lower()


def _name(field: str, value: str) -> str:
    return line(field, value, most=MAX_NAME)


def _optional(field: str, value: str | None) -> str | None:
    return line(field, value) if value and value.strip() else None


def _hue(field: str, value: int) -> int:
    if not 0 <= value < 360:
        raise Invalid(Problem(field, "hue_unusable"))
    return value


def _languages(field: str, value: list[str]) -> list[str]:
    chosen = [code for code in language.installed() if code in value]
    if not chosen or len(chosen) != len(set(value)):
        raise Invalid(Problem(field, "languages_unusable"))
    return chosen


def _language(field: str, value: str) -> str:
    if value not in language.installed():
        raise Invalid(Problem(field, "not_a_choice"))
    return value


def _address(field: str, value: str | None) -> str | None:
    return address(field, value) if value and value.strip() else None


ORGANISATION: dict[str, Tidy] = {
    "name": _name,
    "hue": _hue,
    "languages": _languages,
    "default_language": _language,
    "time_zone": zone,
    "contact_name": _optional,
    "contact_email": _address,
    "contact_phone": _optional,
}
