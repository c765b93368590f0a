"""When an evaluation is asked for, and what counts as an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from infra.errors import Invalid, Problem, WrongState
from tenants.evaluations.forms import MAX_COMMENT, MAX_OTHER, OTHER, Kind, Question
from tenants.evaluations.models import Evaluation, EvaluationState, Wording

# A relationship that ended longer ago is past history: whoever starts to use evaluations does not ask about old ones.
ASKED_WITHIN = timedelta(days=30)
CHANGED_WITHIN = timedelta(days=14)  # after her answer she may still mend it
MOST_DAYS = 90


class EvaluationSettled(WrongState):
    """It was answered longer ago than answers are mended, or closed without one."""

    code = "evaluation_settled"


@dataclass(frozen=True, slots=True)
class Asking:
    """How a programme asks, by its setting or by default."""

    is_on: bool = True
    wording: str = Wording.PLAIN
    benefit_many: bool = False
    remind_days: int = 14
    call_days: int = 7


def must_be_open(evaluation: Evaluation, now: Any) -> None:
    """
    Raises:
        EvaluationSettled: its time is over.
    """
    if evaluation.state == EvaluationState.CLOSED or (
        evaluation.answered_at is not None and now - evaluation.answered_at > CHANGED_WITHIN
    ):
        raise EvaluationSettled


def read(
    asked: Sequence[Question], given: Mapping[str, Any], *, may_be_partial: bool = False
) -> dict[str, Any]:
    """
    What was answered, by question: a code, a list of codes, or text. What is not asked is dropped.

    `given` holds a code, codes or text for each question, and words under `Question.other`.
    `may_be_partial` is for what a coordinator was told on the telephone; the first question is always answered.

    Raises:
        Invalid: a question without an answer, an option that there is not, or a text that is too long.
    """
    unknown = set(given) - fields(asked)
    problems = [Problem(name, "unusable") for name in sorted(unknown)]
    answers: dict[str, Any] = {}
    for one in asked:
        if one.only_if and answers.get(one.only_if[0]) != one.only_if[1]:
            continue
        must = one is asked[0] or not may_be_partial
        problems += _read(one, given, answers, must=must)
    if problems:
        raise Invalid(*problems)
    return answers


def fields(asked: Sequence[Question]) -> set[str]:
    """The names under which answers to these questions are kept."""
    return {one.code for one in asked} | {one.other for one in asked if one.other}


def _read(one: Question, given: Mapping[str, Any], answers: dict[str, Any], *, must: bool) -> list[Problem]:
    if one.kind is Kind.TEXT:
        return _text(one.code, given.get(one.code), answers, MAX_COMMENT)
    found = given.get(one.code) or []
    chosen = [found] if isinstance(found, str) else list(found)
    if not chosen:
        return [Problem(one.code, "missing")] if must else []
    if any(not isinstance(code, str) or code not in one.codes for code in chosen):
        return [Problem(one.code, "not_a_choice")]
    if one.kind is Kind.ONE and len(chosen) > 1:
        return [Problem(one.code, "evaluation_one_only")]
    in_order = [code for code, _words in one.options if code in chosen]
    answers[one.code] = in_order if one.kind is Kind.MANY else in_order[0]
    if OTHER in in_order:
        return _text(one.other, given.get(one.other), answers, MAX_OTHER)
    return []


def _text(name: str, value: Any, answers: dict[str, Any], most: int) -> list[Problem]:
    if value is not None and not isinstance(value, str):
        return [Problem(name, "unusable")]
    told = (value or "").strip().replace("\0", "")
    if len(told) > most:
        return [Problem(name, "too_long", {"maximum": most})]
    if told:
        answers[name] = told
    return []


def must_be_days(**days: int) -> None:
    """
    Raises:
        Invalid: a number of days that nobody waits.
    """
    problems = [
        Problem(name, "too_small", {"minimum": 1})
        if count < 1
        else Problem(name, "too_large", {"maximum": MOST_DAYS})
        for name, count in days.items()
        if not 1 <= count <= MOST_DAYS
    ]
    if problems:
        raise Invalid(*problems)


def call_task(evaluation_id: UUID) -> str:
    """The key of the task to call somebody whose evaluation does not come."""
    return f"evaluation.call:{evaluation_id}"
