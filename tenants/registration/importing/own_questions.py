"""
Columns of a roster that answer a programme's own questions.

A column whose header is such a question, in any of its languages, and that holds nothing else answers it; a coordinator may say
so of any other, or that it does not. What cannot be read as an answer is left open, and said; where only her word makes the column an
answer, the row is refused until she decides.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from infra.errors import Invalid
from tenants.programmes.models import Question, QuestionKind
from tenants.programmes.question_rules import has_own_options, offered
from tenants.registration import answers
from tenants.registration.importing.setting import Setting
from tenants.registration.roster.choices import Choices
from tenants.registration.roster.fields import Field
from tenants.registration.roster.problems import Group, Problem, Severity
from tenants.registration.roster.rows import Action, Row
from tenants.registration.roster.sheet import Sheet
from tenants.registration.roster.values.lists import Known, split_topics
from tenants.registration.roster.writing import column_letter, fold, short

OWN = "own"  # in the value of a row: answers by the key of their question
MARK = "own:"  # before the key of a question where a field of ours could stand
_MANY = 10  # row numbers repeated in a fact


def read(
    sheet: Sheet,
    setting: Setting,
    columns: Mapping[int, Field],
    rows: Sequence[Row],
    chosen: Mapping[int, str],
    choices: Choices,
) -> list[dict[str, Any]]:
    """
    Put the answers into the rows. Returns what is to be said of the columns, as assumptions about the file.

    `chosen` holds what a coordinator has said of columns: the key of a question, or '' where it answers none.
    """
    told: list[dict[str, Any]] = []
    for column, question in meant(sheet.headers, setting.questions, columns, chosen).items():
        is_named = fold(sheet.headers[column]) in _names(question)
        name = sheet.headers[column] if is_named else _name(question, setting)
        unread = []
        for row in rows:
            cell = row.cells[column].strip() if column < len(row.cells) else ""
            if not cell:
                continue
            answer = _answer(question, cell)
            if answer is not None:
                row.value.setdefault(OWN, {})[question.key] = answer
            elif is_named:
                unread.append(row.number)
            elif row.action is not Action.NONE or row.is_refused:
                _say(row, sheet, column, cell, name, choices)
        facts = {"column": column_letter(column), "question": name}
        told.append({"code": "own_question", "facts": facts})
        if unread:
            said = {"column": column_letter(column), "count": len(unread), "rows": unread[:_MANY]}
            told.append({"code": "own_answers_unread", "facts": said})
    return told


def meant(
    headers: Sequence[str],
    questions: Sequence[Question],
    taken: Mapping[int, Field],
    chosen: Mapping[int, str],
) -> dict[int, Question]:
    """Each question at most once: the column that was chosen, else the one further left."""
    own = {one.key: one for one in questions if one.field is None}
    known = {name: one for one in own.values() for name in _names(one)}
    found = {column: own[key] for column, key in chosen.items() if key in own and column < len(headers)}
    for column, header in enumerate(headers):
        question = known.get(fold(header))
        is_open = column not in taken and column not in chosen
        if question is not None and is_open and question not in found.values():
            found[column] = question
    return dict(sorted(found.items()))


def _names(question: Question) -> set[str]:
    return {fold(text) for text in question.label.values()} - {""}


def _name(question: Question, setting: Setting) -> str:
    return question.label.get(setting.default_language) or next(iter(question.label.values()))


def _say(row: Row, sheet: Sheet, column: int, cell: str, name: str, choices: Choices) -> None:
    is_left_out = choices.decision(Group.ANSWERS) == "leave_out"
    row.problems.append(
        Problem(
            row.number,
            column_letter(column),
            sheet.headers[column],
            None,
            "left_out" if is_left_out else "not_an_answer",
            Group.ANSWERS,
            Severity.ASSUMED if is_left_out else Severity.REFUSED,
            short(cell),
            None,
            {"problem": "not_an_answer"} if is_left_out else {"question": name},
        )
    )
    if not is_left_out:
        row.action = Action.NONE


def _answer(question: Question, cell: str) -> Any:
    """As the form would keep it; None where it is no answer to this question."""
    given: Any = cell
    if has_own_options(question):
        names = {text: one["value"] for one in offered(question) for text in one["label"].values()}
        known = Known(names)
        chosen = [names.get(known.exact(part) or "") for part in split_topics(cell, known)]
        if None in chosen or not chosen:
            return None
        given = chosen if question.kind == QuestionKind.CHOICES else chosen[0] if len(chosen) == 1 else None
    try:
        return None if given is None else answers.read(question, given, topics=())
    except Invalid:
        return None
