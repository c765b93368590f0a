"""
A question of a programme as a form: its texts in each language, its answers to choose from, their order.

Names of fields: `label_fr`, `hint_fr`. Each answer has a row: its value, or "new0" and so on where it is still to be
written. It stands among `row`, among `asked` where it is offered; its texts are `o_new0_fr`, its place `n_new0`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra import language
from infra.errors import Invalid, Problem
from infra.http.forms import Form
from infra.language import N_, ngettext
from infra.language import gettext as _
from tenants.programmes import question_rules as rules
from tenants.programmes.models import AskedOf, Programme, Question, QuestionKind
from tenants.programmes.question_rules import Option, Shape, Words
from tenants.programmes.rules import text_in
from tenants.programmes.starters import said

BLANK, BLANK_AT_FIRST = 3, 6  # rows for answers that are still to be written
_MOST_ROWS = rules.MOST_KEPT + BLANK_AT_FIRST
NEW = "new"
_PLACE = re.compile(r"options\[(\d+)\](?:\.(\w+))?")

SHAPES: Mapping[Shape, tuple[str, str]] = {
    Shape.TEXT: (N_("A line of text"), N_("For a name, a place, a few words.")),
    Shape.LONG_TEXT: (N_("A longer text"), N_("For a story or a reason, in some sentences.")),
    Shape.CHOICE: (N_("One of several answers"), N_("You write the answers, and one can be chosen.")),
    Shape.CHOICES: (N_("Any of several answers"), N_("You write the answers, and as many can be chosen as fit.")),
    Shape.YES_NO: (N_("Yes or no"), N_("One of two answers.")),
    Shape.SCALE: (N_("A scale of five steps"), N_("From “not at all” to “fully”; you may say the steps otherwise.")),
    Shape.NUMBER: (N_("A number"), N_("For years, hours, how many.")),
}  # fmt: skip
KINDS: Mapping[QuestionKind, str] = {
    QuestionKind.TEXT: N_("a line of text"),
    QuestionKind.LONG_TEXT: N_("a longer text"),
    QuestionKind.CHOICE: N_("one of several answers"),
    QuestionKind.CHOICES: N_("any of several answers"),
    QuestionKind.NUMBER: N_("a number"),
    QuestionKind.TIME_ZONE: N_("a city"),
    QuestionKind.LANGUAGES: N_("languages and how well"),
    QuestionKind.TOPICS_OFFERED: N_("topics"),
    QuestionKind.TOPICS_WANTED: N_("topics in their order"),
}
FILLS: Mapping[str, str] = {
    "sector": N_("Line of work: a match counts more where it is the same"),
    "region": N_("Region: a match counts more where it is the same"),
    "entity": N_("Employer: matches may be kept within it or apart from it"),
    "grade": N_("Grade: it says who may take part"),
    "experience_years": N_("Years of work: a mentor is to have a little more of them"),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in; `rows` are the rows of the form in the order of the answers."""

    words: Words
    asked_of: AskedOf
    is_obligatory: bool
    rows: Sequence[str]
    first: str

    def at_fields(self, error: Invalid) -> Invalid:
        """The same problems at the fields of the form."""
        return Invalid(*(Problem(self._field(one.field), one.code, one.facts) for one in error.problems))

    def _field(self, name: str) -> str:
        if found := _PLACE.fullmatch(name):
            return f"o_{self.rows[int(found[1])]}_{found[2] or self.first}"
        if name == "options":
            return f"o_{self.rows[0] if self.rows else NEW + '0'}_{self.first}"
        return name.replace(".", "_")


def read(filled: Form, programme: Programme, otherwise: AskedOf) -> Filled:
    rows = []
    offered = set(filled.texts("asked"))
    for at, row in enumerate(dict.fromkeys(filled.texts("row")[:_MOST_ROWS])):
        label = {code: text for code in programme.languages if (text := filled.text(f"o_{row}_{code}"))}
        is_new = row.startswith(NEW)
        if label or not is_new:
            is_retired = not is_new and row not in offered
            place = number(filled.text(f"n_{row}"), at + 1)
            rows.append((is_retired, place, at, row, Option(label, "" if is_new else row, is_retired)))
    rows.sort(key=lambda one: one[:3])
    words = Words(
        {code: filled.text(f"label_{code}") for code in programme.languages},
        {code: filled.text(f"hint_{code}") for code in programme.languages},
        [one[4] for one in rows],
    )
    of = filled.text("asked_of")
    asked_of = AskedOf(of) if of in set(AskedOf) else otherwise
    is_obligatory = filled.text("needed") == "yes"
    return Filled(words, asked_of, is_obligatory, [one[3] for one in rows], programme.languages[0])


def number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def rows_of_shape(shape: Shape, programme: Programme) -> list[dict[str, Any]]:
    """Room for answers, with those that we have written for the shape in each language of the programme."""
    if rules.KINDS[shape] not in rules.WITH_OPTIONS:
        return []
    labels = [said(text, programme.languages) for text in rules.WRITTEN.get(shape, ())]
    return [_row(f"{NEW}{at}", label) for at, label in enumerate(labels)] or _blank(BLANK_AT_FIRST)


def rows_of(question: Question, chosen: Mapping[str, int]) -> list[dict[str, Any]]:
    """Those that are offered in their order, those that somebody has chosen before, and room for more."""
    if not rules.has_options(question):
        return []
    are_own = rules.has_own_options(question)
    shown = rules.offered(question) if are_own else list(question.options)
    shown += [one for one in question.options if one.get("is_retired") and chosen.get(one["value"])]
    rows = [
        _row(one["value"], one["label"], chosen.get(one["value"], 0), is_retired="is_retired" in one)
        for one in shown
    ]
    return rows + _blank(BLANK if are_own else 0)


def _blank(count: int) -> list[dict[str, Any]]:
    return [_row(f"{NEW}{at}", {}) for at in range(count)]


def _row(row: str, label: Mapping[str, str], chosen: int = 0, *, is_retired: bool = False) -> dict[str, Any]:
    by = ngettext("chosen by one person", "chosen by %(num)s people", chosen) if chosen else ""
    return {
        "id": row, "label": label, "by": by, "is_new": row.startswith(NEW), "is_retired": is_retired,
    }  # fmt: skip


def tongues(
    programme: Programme, label: Mapping[str, str], hint: Mapping[str, str], found: Question | None = None
) -> list[dict[str, Any]]:
    """The languages of the programme, the first one first, with what stands in each and what is shown where nothing does."""
    lacking_in = rules.incomplete(found, programme.languages) if found else []
    return [
        {
            "code": code,
            "name": language.language_name(code),
            "is_whole": code not in lacking_in,
            "direction": language.direction(code),
            "label": label.get(code, ""),
            "hint": hint.get(code, ""),
            "other_label": text_in(label, code, programme.languages),
            "other_hint": text_in(hint, code, programme.languages),
            "is_first": code == programme.languages[0],
        }
        for code in programme.languages
    ]


def lacking(question: Question, programme: Programme) -> list[str]:
    """The languages that show some text of the question in another one."""
    return [language.language_name(code) for code in rules.incomplete(question, programme.languages)]


def use(question: Question) -> str:
    """Who makes use of the answers."""
    return _("counts for a match") if rules.counts(question) else _("people read it")
