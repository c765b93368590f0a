"""
The handbook of both sides, and what whoever leads an introductory workshop goes by (K70, K71, K73).

They are documents of the house and no sentences of the interface, one module a language, loaded when somebody reads them.
"""

import importlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from infra.language import SOURCE, number
from infra.typesetting.columns import Part, Sheet
from tenants.gatherings.models import Audience

LANGUAGES = ("ar", "da", "en", "fr")
Text = Mapping[str, Any]


def nearest(language: str) -> str:
    """The language itself, or the source."""
    return language if language in LANGUAGES else SOURCE


def handbook(language: str) -> Text:
    """Title, intro, and chapters of paragraphs and points."""
    text: Text = _in(language).HANDBOOK
    return text


def workshop(audience: Audience, language: str) -> Text:
    """
    Title, intro, `modules` of timed steps, and `lists` to print: cases or cards, questions. With the few words
    that stand around them.
    """
    module = _in(language)
    text: Text = module.MENTORS if audience == Audience.MENTORS else module.MENTEES
    return {**text, "lists": [*text["lists"], module.QUESTIONS], "labels": module.LABELS}


def minutes_of(text: Text) -> list[int]:
    """How long each module takes: the sum of its steps."""
    return [sum(minutes for minutes, _words in one["steps"]) for one in text["modules"]]


def sheet(
    texts: Sequence[Text],
    facts: Sequence[tuple[str, str]],
    *,
    title: str,
    language: str,
    foot: str,
    made_at: datetime,
) -> Sheet:
    """The same to print. Each workshop begins a page of its own."""
    parts: list[Part] = []
    for text in texts:
        parts += [Part("page")] if parts else []
        parts += _parts(text, language)
        if facts:
            parts.append(Part("heading", [text["labels"]["facts"]]))
            parts.append(Part("figures", [[label, str(value)] for label, value in facts]))
    return Sheet(title=title, languages=[language], parts=parts, foot=foot, made_at=made_at)


def _parts(text: Text, language: str) -> list[Part]:
    parts = [Part("title", [text["title"]]), Part("text", [text["intro"]])]
    for module, minutes in zip(text["modules"], minutes_of(text), strict=True):
        timed = text["labels"]["minutes"] % {"number": number(minutes, language)}
        parts.append(Part("heading", [f"{module['title']} ({timed})"]))
        parts.append(Part("text", [module["aim"]]))
        steps = [
            f"{text['labels']['minutes'] % {'number': number(long, language)}}: {words}"
            for long, words in module["steps"]
        ]
        parts.append(Part("points", [steps]))
    for one in text["lists"]:
        parts += [Part("heading", [one["title"]]), Part("points", [one["points"]])]
    return parts


def _in(language: str) -> Any:
    return importlib.import_module(f"{__name__}.{nearest(language)}")
