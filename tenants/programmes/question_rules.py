"""What a question of a programme's own may be: its shapes, its texts in each language, its answers to choose from."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from infra import ids
from infra.errors import Conflict, Problem, WrongState
from infra.language import N_
from tenants.programmes.models import AskedOf, Programme, Question, QuestionKind
from tenants.programmes.structures import PEER, facts

MOST = 40  # questions that are asked; each is a page of the form
MOST_OPTIONS = 20  # that are offered; a page of the form weighs at most 14 kB
MOST_KEPT = 100  # with those that are offered no more
MAX_LABEL, MAX_HINT, MAX_OPTION = 200, 400, 120  # characters
KEY = re.compile(r"own_[a-z0-9]{6,24}")


class Shape(StrEnum):
    """As what somebody chooses a new question. Two of them are a choice whose answers are written already."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    YES_NO = "yes_no"
    SCALE = "scale"
    CHOICE = "choice"
    CHOICES = "choices"


KINDS: Mapping[Shape, QuestionKind] = MappingProxyType(
    {
        Shape.TEXT: QuestionKind.TEXT,
        Shape.LONG_TEXT: QuestionKind.LONG_TEXT,
        Shape.NUMBER: QuestionKind.NUMBER,
        Shape.YES_NO: QuestionKind.CHOICE,
        Shape.SCALE: QuestionKind.CHOICE,
        Shape.CHOICE: QuestionKind.CHOICE,
        Shape.CHOICES: QuestionKind.CHOICES,
    }
)
WRITTEN: Mapping[Shape, tuple[str, ...]] = MappingProxyType(
    {
        Shape.YES_NO: (N_("Yes"), N_("No")),
        Shape.SCALE: (N_("Not at all"), N_("A little"), N_("Partly"), N_("Mostly"), N_("Fully")),
    }
)
WITH_OPTIONS = (QuestionKind.CHOICE, QuestionKind.CHOICES)
# What matching knows of a person, and a programme may ask in its own words, by the kind that gives it.
FILLS: Mapping[QuestionKind, tuple[str, ...]] = MappingProxyType(
    {QuestionKind.TEXT: ("sector", "region", "entity", "grade"), QuestionKind.NUMBER: ("experience_years",)}
)
# Of the facts that an answer may fill: those that only people read. All others count when a match is looked for.
READ_ONLY = frozenset({"phone", "motivation"})


class QuestionChanged(Conflict):
    """Somebody else has changed the question since it was read; `version` is what counts now."""

    code = "question_changed"


class TooManyQuestions(WrongState):
    code = "too_many_questions"


class FactAskedAlready(WrongState):
    """Another question of the programme fills the same fact."""

    code = "fact_asked_already"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from, by language. `value` is made for one that is new, and never means another."""

    label: Mapping[str, str]
    value: str = ""
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """All that a question says, by language."""

    label: Mapping[str, str]
    hint: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[Option] = ()


def counts(question: Question) -> bool:
    """Whether its answers count when a match is looked for; else people read them."""
    return question.field is not None and question.field not in READ_ONLY


def has_options(question: Question) -> bool:
    return question.kind in WITH_OPTIONS and question.field != "office_id"


def has_own_options(question: Question) -> bool:
    """Whether answers may be added and retired. What fills a fact has those that matching knows."""
    return has_options(question) and question.field is None


def offered(question: Question) -> list[dict[str, Any]]:
    return [one for one in question.options if not one.get("is_retired")]


def askable(programme: Programme) -> list[AskedOf]:
    """Of whom something may be asked: where all are peers, of everybody."""
    return [AskedOf.EVERYBODY] if facts(programme.structure).sides == (PEER,) else list(AskedOf)


def folded(text: str) -> str:
    """Two texts that one takes for the same."""
    return " ".join(text.split()).casefold()


def texts(
    given: Mapping[str, str],
    standing: Mapping[str, str],
    languages: Sequence[str],
    problems: list[Problem],
    *,
    at: str,
    most: int,
    is_needed: bool = True,
) -> dict[str, str]:
    """
    A text in the programme's languages, tidied. In its first one it must be written, where it is needed; a language
    that the programme has given up keeps what it had.
    """
    kept = {code: text for code, text in standing.items() if code not in languages}
    for code, text in given.items():
        told = " ".join(text.replace("\0", "").split())
        if code not in languages:
            if told and told != standing.get(code):
                problems.append(Problem(f"{at}.{code}", "guide_language"))
        elif len(told) > most:
            problems.append(Problem(f"{at}.{code}", "too_long", {"maximum": most}))
        elif told:
            kept[code] = told
    if (
        is_needed
        and not kept.get(languages[0])
        and not any(one.field == f"{at}.{languages[0]}" for one in problems)
    ):
        problems.append(Problem(f"{at}.{languages[0]}", "text_missing_first"))
    return kept


def options(
    given: Sequence[Option],
    standing: Sequence[Mapping[str, Any]],
    languages: Sequence[str],
    problems: list[Problem],
    *,
    are_own: bool,
) -> list[dict[str, Any]]:
    """
    The answers to choose from, in this order. None is ever lost: what is not named any more is offered no more.

    A new one whose words stand already is that one, so that a doubled click adds nothing.
    """
    known = {one["value"]: one for one in standing}
    named = {one.value for one in given if one.value}
    made: list[dict[str, Any]] = []
    first = languages[0]
    for number, one in enumerate(given):
        value = one.value or _same(one, standing, named | {each["value"] for each in made}, first)
        if one.value and one.value not in known:
            problems.append(Problem(f"options[{number}]", "not_a_choice"))
            continue
        before = known.get(value, {}).get("label", {})
        label = texts(one.label, before, languages, problems, at=f"options[{number}]", most=MAX_OPTION)
        _once(label, made, languages, problems, number)
        kept: dict[str, Any] = {"value": value or f"o_{ids.random().hex[:10]}", "label": label}
        made.append(kept | ({"is_retired": True} if one.is_retired and are_own else {}))
    made += [_left(one, are_own) for one in standing if one["value"] not in {each["value"] for each in made}]
    _many(made, problems, are_own)
    return made


def _same(one: Option, standing: Sequence[Mapping[str, Any]], taken: Collection[str], first: str) -> str:
    said = folded(one.label.get(first, ""))
    for each in standing:
        if said and each["value"] not in taken and folded(each["label"].get(first, "")) == said:
            return str(each["value"])
    return ""


def _once(
    label: Mapping[str, str],
    made: Sequence[Mapping[str, Any]],
    languages: Sequence[str],
    problems: list[Problem],
    number: int,
) -> None:
    for code in languages:
        said = folded(label.get(code, ""))
        if said and any(folded(each["label"].get(code, "")) == said for each in made):
            problems.append(Problem(f"options[{number}].{code}", "option_twice"))


def _left(one: Mapping[str, Any], are_own: bool) -> dict[str, Any]:
    return dict(one) | {"is_retired": True} if are_own else dict(one)


def _many(made: Sequence[Mapping[str, Any]], problems: list[Problem], are_own: bool) -> None:
    if not are_own:
        return
    number = sum(not one.get("is_retired") for one in made)
    if number < 2:
        problems.append(Problem("options", "question_needs_options"))
    if number > MOST_OPTIONS or len(made) > MOST_KEPT:
        problems.append(Problem("options", "too_many_options", {"maximum": MOST_OPTIONS}))


def incomplete(question: Question, languages: Sequence[str]) -> list[str]:
    """The languages of the programme in which a text of the question falls back to another."""
    return [code for code in languages if any(not text.get(code) for text in _all(question))]


def _all(question: Question) -> Iterator[Mapping[str, str]]:
    yield question.label
    if any(question.hint.values()):
        yield question.hint
    for one in offered(question):
        yield one["label"]
