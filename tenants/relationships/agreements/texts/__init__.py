"""
The texts that the house brings along, one module a language.

They are documents and no sentences of the interface, and so do not stand in the catalogues: who mends
a word in a catalogue would change what somebody has signed. See docs/decisions/0020-agreements.md.
"""

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from infra.language import SOURCE
from tenants.relationships.agreements.models import Form

LANGUAGES = ("ar", "da", "en", "fr")
Body = Mapping[str, Any]


def shipped(form: str, language: str) -> Body | None:
    """
    The text of the house: title, intro, sections of points, and the labels of what is filled in. None in a language
    that the house does not write.
    """
    if language not in LANGUAGES:
        return None
    module = importlib.import_module(f"{__name__}.{language}")
    text = {
        Form.TOOLBOX: module.TOOLBOX,
        Form.ANNEX: module.ANNEX,
        Form.MEMO_MENTEE: module.MEMO_MENTEE,
        Form.MEMO_MENTOR: module.MEMO_MENTOR,
    }[Form(form)]
    shared = {"labels": module.LABELS, "ways": module.WAYS, "purposes": module.PURPOSES}
    return MappingProxyType(text if Form(form).is_memo else text | shared)


def nearest(language: str) -> str:
    """The language itself, or the source."""
    return language if language in LANGUAGES else SOURCE
