"""
Reading one answer: from what a form or a program gave to the value that is kept.

Values are plain JSON: text, a number, a list of codes, or for languages a list
of {"code": "fr", "level": 3}. None means that the question was left open.
"""

import re
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from infra import clock
from infra.errors import Invalid, Problem
from infra.language import language_name
from tenants.people import rules as people
from tenants.people.models import Gender
from tenants.programmes.models import Question, QuestionKind
from tenants.programmes.question_rules import WITH_OPTIONS
from tenants.registration.models import Mode

MAX_TEXT = 500  # characters of a short answer
MAX_LONG_TEXT = 4_000
MAX_WANTED = 5  # topics; the ranks that matching weighs
MAX_LANGUAGES = 20
MAX_ADDRESSES = 20
MAX_CAPACITY = 50
MAX_YEARS = 70
MOST_DIGITS = 18  # a longer number is none that anybody means, and Python refuses to read thousands of digits
LEVELS = (1, 2, 3, 4)  # basic, working, fluent, native
_LIMITS = {"capacity": (0, MAX_CAPACITY), "experience_years": (0, MAX_YEARS)}
_CODE = re.compile(r"[a-z]{2,3}")


def read(
    question: Question,
    given: Any,
    *,
    topics: Collection[str],
    offices: Collection[UUID] = (),
    known: Any = None,
) -> Any:
    """
    The value of an answer, or None for an optional question left open.

    `known` is what she has answered before: it may stay where it is offered no more.

    Raises:
        Invalid: one problem, at the question's key.
    """
    try:
        value = None if given in (None, "", []) else _READ[QuestionKind(question.kind)](question, given)
        if question.kind in WITH_OPTIONS and value:
            _must_be_offered(question, value, known)
    except Invalid as error:
        raise Invalid(*(Problem(question.key, p.code, p.facts) for p in error.problems)) from error
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise _wrong(question, "unusable") from error
    if value in (None, "", []):
        if question.is_obligatory:
            raise _wrong(question, "missing")
        return None
    is_of_topics = question.kind in (QuestionKind.TOPICS_OFFERED, QuestionKind.TOPICS_WANTED)
    if is_of_topics and set(value) - set(topics) - set(known or ()):
        raise _wrong(question, "not_a_choice")
    if question.field == "office_id" and UUID(value) not in offices:
        raise _wrong(question, "not_a_choice")
    return value


def _must_be_offered(question: Question, value: Any, known: Any) -> None:
    gone = {option["value"] for option in question.options if option.get("is_retired")}
    chosen = set(value if isinstance(value, list) else [value])
    if chosen & gone - set(known if isinstance(known, list) else [known]):
        raise _wrong(question, "not_a_choice")


def _wrong(question: Question, code: str, **facts: Any) -> Invalid:
    return Invalid(Problem(question.key, code, facts))


def _text(question: Question, given: Any) -> Any:
    tidy = " ".join(_str(given).split())
    if len(tidy) > MAX_TEXT:
        raise _wrong(question, "too_long", maximum=MAX_TEXT)
    if question.field == "phone":
        return people.phone(tidy)
    if question.field == "supervisor_email":
        return people.address(tidy) if tidy else None
    if question.field == "excluded_emails":
        return _addresses(question, tidy)
    if question.field == "grade":
        return tidy.upper()
    return tidy


def _addresses(question: Question, text: str) -> list[str]:
    found = [people.address(one) for one in re.split(r"[\s,;،]+", text) if one]
    if len(found) > MAX_ADDRESSES:
        raise _wrong(question, "too_long", maximum=MAX_ADDRESSES)
    return list(dict.fromkeys(found))


def _long_text(question: Question, given: Any) -> str:
    tidy = "\n".join(line.rstrip() for line in _str(given).strip().splitlines())
    if len(tidy) > MAX_LONG_TEXT:
        raise _wrong(question, "too_long", maximum=MAX_LONG_TEXT)
    return tidy


def _choice(question: Question, given: Any) -> str:
    value = _str(given)
    if question.field == "office_id":
        return str(UUID(value))
    if value not in {option["value"] for option in question.options}:
        raise _wrong(question, "not_a_choice")
    if question.field == "gender":
        Gender(value)
    if question.field == "mode":
        Mode(value)
    return value


def _choices(question: Question, given: Any) -> list[str]:
    return [_choice(question, one) for one in dict.fromkeys(_list(given))]


def _number(question: Question, given: Any) -> int:
    if isinstance(given, str):
        # Arabic and other digits are digits too; int reads them all.
        if not given.strip().isdecimal() or len(given.strip()) > MOST_DIGITS:
            raise _wrong(question, "not_a_number")
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int):
        raise _wrong(question, "not_a_number")
    least, most = _LIMITS.get(question.field or "", (0, 1_000_000))
    if given < least:
        raise _wrong(question, "too_small", minimum=least)
    if given > most:
        raise _wrong(question, "too_large", maximum=most)
    return given


def _time_zone(question: Question, given: Any) -> str:
    value = _str(given)
    if value not in clock.zones():
        raise _wrong(question, "city_unknown")
    return value


def _languages(question: Question, given: Any) -> list[dict[str, Any]]:
    best: dict[str, int] = {}
    for one in _list(given):
        code, level = one["code"], int(one["level"])
        if not _CODE.fullmatch(code) or language_name(code, "en") == code or level not in LEVELS:
            raise _wrong(question, "not_a_choice")
        best[code] = max(level, best.get(code, 0))
    if len(best) > MAX_LANGUAGES:
        raise _wrong(question, "too_long", maximum=MAX_LANGUAGES)
    return [
        {"code": code, "level": level} for code, level in sorted(best.items(), key=lambda x: (-x[1], x[0]))
    ]


def _topics(question: Question, given: Any) -> list[str]:
    return [_str(one) for one in dict.fromkeys(_list(given)) if one]


def _wanted(question: Question, given: Any) -> list[str]:
    chosen = _topics(question, given)
    if len(chosen) > MAX_WANTED:
        raise _wrong(question, "too_many_topics", maximum=MAX_WANTED)
    return chosen


def _str(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError
    return given


def _list(given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise TypeError
    return given


_READ: dict[QuestionKind, Callable[[Question, Any], Any]] = {
    QuestionKind.TEXT: _text,
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.CHOICE: _choice,
    QuestionKind.CHOICES: _choices,
    QuestionKind.NUMBER: _number,
    QuestionKind.TIME_ZONE: _time_zone,
    QuestionKind.LANGUAGES: _languages,
    QuestionKind.TOPICS_OFFERED: _topics,
    QuestionKind.TOPICS_WANTED: _wanted,
}
