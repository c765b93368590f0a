"""One staged row as the facts of a person and of her parts in the cycle."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from infra.errors import Invalid
from tenants.people import rules as people
from tenants.people.models import Gender
from tenants.programmes.models import Question
from tenants.programmes.structures import PEER
from tenants.registration import rules
from tenants.registration.importing.own_questions import OWN
from tenants.registration.importing.setting import Setting
from tenants.registration.models import Mode
from tenants.registration.roster.values.tongues import LEVELS
from tenants.registration.roster.writing import fold

Value = Mapping[str, Any]

_GENDERS = {"F": Gender.WOMAN, "M": Gender.MAN, "X": Gender.OTHER}
# No level stated: we take it that she can work in it, or she would not have named it on a roster for a programme.
_UNSTATED_LEVEL = 2
_LEVELS = MappingProxyType({name: number for number, name in enumerate(LEVELS, 1)})
# Topics that the programme does not have are kept here as they were written; matching does not look at them.
OTHER_TOPICS = "topics_as_written"
# What a roster need not say for a profile to count as complete: whoever leaves her gender out has answered.
_NOT_ASKED = frozenset({"gender"})


def address(email: str) -> str:
    """The address in the one form in which the organisation keeps it."""
    if email.isascii():
        return email
    try:
        return people.address(email)
    except Invalid:
        return email


def roles(value: Value, setting: Setting) -> list[str]:
    """The sides of the programme that the row speaks of; where there is only one side, everybody takes it."""
    sides = setting.structure.sides
    if sides == (PEER,):
        return [PEER]
    return [role for role in value["roles"] if role in sides]


def person(value: Value, setting: Setting) -> dict[str, Any]:
    """Facts of the person, None where the row says nothing."""
    office = setting.office(value["organisation_unit"])
    return {
        "full_name": value["full_name"],
        "email": address(value["email"]),
        "phone": value["phone"],
        "language": _spoken(value, setting),
        "time_zone": value["time_zone"],
        "gender": _GENDERS.get(value["gender"]),
        "office_id": office.id if office else None,
    }


def _spoken(value: Value, setting: Setting) -> str | None:
    """The language to write to her in: the organisation's usual one if she works in it, else the one she knows best."""
    known = {one["code"]: _level(one["level"]) for one in value["languages"]}
    if known.get(setting.default_language, 0) >= _UNSTATED_LEVEL or not known:
        return None
    offered = [code for code in setting.languages if known.get(code, 0) >= _UNSTATED_LEVEL]
    return max(offered, key=lambda code: known[code], default=None)


def participation(value: Value, setting: Setting) -> dict[str, Any]:
    """Facts of her part in the cycle, None or an empty list where the row says nothing."""
    office = setting.office(value["organisation_unit"])
    offered, wanted = (_topics(value[name], setting) for name in ("topics_offered", "topics_wanted"))
    other = {name: unknown for name, (_, unknown) in (("offered", offered), ("wanted", wanted)) if unknown}
    return {
        "office_id": office.id if office else None,
        "entity": None if office else value["organisation_unit"],
        "capacity": value["capacity"],
        "mode": Mode(value["mode"]) if value["mode"] else None,
        "topics_offered": offered[0],
        "topics_wanted": wanted[0],
        "languages": [{"code": one["code"], "level": _level(one["level"])} for one in value["languages"]],
        "sector": value["sector"],
        "grade": value["grade"],
        "region": value["region"] or (office.region if office else None),
        "experience_years": value["experience_years"],
        "supervisor_email": value["supervisor_email"],
        "excluded_emails": [address(one) for one in value["exclusions"]],
        "motivation": value["motivation"],
        "answers": ({OTHER_TOPICS: other} if other else {}) | value.get(OWN, {}),
    }


def registered_on(value: Value, setting: Setting) -> date:
    """The day on the roster; one that is still to come is a slip."""
    said = date.fromisoformat(value["date"]) if value["date"] else setting.today
    return min(said, setting.today)


def _level(name: str | None) -> int:
    return _LEVELS.get(name or "", _UNSTATED_LEVEL)


def _topics(names: Iterable[str], setting: Setting) -> tuple[list[str], list[str]]:
    """Codes in their order, each once, and the names that are no topic."""
    codes: dict[str, None] = {}
    unknown = []
    for name in names:
        if (code := setting.topic_codes.get(fold(name))) is not None:
            codes[code] = None
        else:
            unknown.append(name)
    return list(codes), unknown


def said(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Only the facts that the row states: an empty cell never blanks what we know."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def open_questions(setting: Setting, participation: rules.HasFacts, person: Any) -> list[Question]:
    """
    The obligatory questions that the row leaves open.

    Questions of the programme's own, for which a roster has no column, are the
    coordinator's to settle: she says that these people may be matched.
    """
    missing = rules.missing_answers(setting.questions, participation, person)
    return [question for question in missing if question.field and question.field not in _NOT_ASKED]
