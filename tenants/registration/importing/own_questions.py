"""
Columns of a roster that answer a programme's own questions.

A column whose header is such a question, in any of its languages, and that holds nothing else answers it. What cannot
be read as an answer is left open, and said.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from infra.errors import Invalid
from tenants.programmes.models import Question, QuestionKind
from tenants.programmes.question_rules import has_own_options, offered
from tenants.registration import answers
from tenants.registration.importing.setting import Setting
from tenants.registration.roster.fields import Field
from tenants.registration.roster.rows import Row
from tenants.registration.roster.sheet import Sheet
from tenants.registration.roster.values.lists import Known, split_topics
from tenants.registration.roster.writing import column_letter, fold

OWN = "own"  # in the value of a row: answers by the key of their question
_MANY = 10  # row numbers repeated in a fact


def read(
    sheet: Sheet, setting: Setting, columns: Mapping[int, Field], rows: Sequence[Row]
) -> list[dict[str, Any]]:
    """Put the answers into the rows. Returns what is to be said of the columns, as assumptions about the file."""
    told: list[dict[str, Any]] = []
    for column, question in _columns(sheet.headers, setting.questions, columns).items():
        unread = []
        for row in rows:
            cell = row.cells[column].strip() if column < len(row.cells) else ""
            if not cell:
                continue
            answer = _answer(question, cell)
            if answer is None:
                unread.append(row.number)
            else:
                row.value.setdefault(OWN, {})[question.key] = answer
        facts = {"column": column_letter(column), "question": sheet.headers[column]}
        told.append({"code": "own_question", "facts": facts})
        if unread:
            said = {"column": column_letter(column), "count": len(unread), "rows": unread[:_MANY]}
            told.append({"code": "own_answers_unread", "facts": said})
    return told


def _columns(
    headers: Sequence[str], questions: Sequence[Question], taken: Mapping[int, Field]
) -> dict[int, Question]:
    """Each question at most once: the column further left."""
    known = {
        fold(text): one for one in questions if one.field is None for text in one.label.values() if fold(text)
    }
    found: dict[int, Question] = {}
    for column, header in enumerate(headers):
        question = known.get(fold(header))
        if question is not None and column not in taken and question not in found.values():
            found[column] = question
    return found


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
