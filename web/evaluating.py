"""The evaluation form as a page asks it: its fields in the reader's words, and what was filled in."""

from collections.abc import Sequence
from typing import Any

from infra.http.forms import Form
from infra.language import gettext as _
from tenants.evaluations.forms import Kind, Question


def fields(asked: Sequence[Question]) -> list[dict[str, Any]]:
    """Each question for the template: code, words, kind, options in words, and where its other words go."""
    return [
        {
            "code": one.code,
            "words": _(one.words),
            "kind": one.kind.value,
            "options": [(code, _(words)) for code, words in one.options],
            "other": one.other,
            "only_if": one.only_if is not None,
        }
        for one in asked
    ]


def given(asked: Sequence[Question], filled: Form) -> dict[str, Any]:
    """What was filled in, as `tenants.evaluations.rules.read` takes it."""
    found: dict[str, Any] = {}
    for one in asked:
        found[one.code] = filled.text(one.code) if one.kind is Kind.TEXT else filled.texts(one.code)
        if one.other:
            found[one.other] = filled.text(one.other)
    return found


def told(asked: Sequence[Question], answers: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Question and answers in the reader's words; of those that were answered."""
    found = []
    for one in asked:
        value = answers.get(one.code)
        words = dict(one.options)
        if not value:
            continue
        chosen = [value] if isinstance(value, str) else value
        lines = [value] if one.kind is Kind.TEXT else [_(words[code]) for code in chosen]
        if other := answers.get(one.other or ""):
            lines.append(other)
        found.append((_(one.words), lines))
    return found
