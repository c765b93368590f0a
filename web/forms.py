"""From a refused input to the same form with what is wrong with it, in the reader's words."""

from collections.abc import Mapping
from typing import Any

from infra.errors import Invalid, Problem
from infra.http.sentences import FIELD_SENTENCES
from infra.language import gettext
from tenants import sentences
from web.rendering import FormState


def refused(values: Mapping[str, Any], error: Invalid) -> FormState:
    """The form of the page again: what she wrote, and a sentence for each field that needs another look."""
    return FormState(values, {one.field: sentence(one) for one in error.problems})


def refused_lines(values: Mapping[str, Any], error: Invalid) -> FormState:
    """The same where one field may have several things wrong, as a text of many lines has."""
    told: dict[str, str] = {}
    for one in error.problems:
        told[one.field] = f"{told[one.field]} {sentence(one)}" if one.field in told else sentence(one)
    return FormState(values, told)


def sentence(problem: Problem) -> str:
    """What is wrong with one field, and how to mend it."""
    known = {**FIELD_SENTENCES, **sentences.every()}
    return gettext(known.get(problem.code, known["unusable"]), **problem.facts)


def within(path: str, otherwise: str) -> str:
    """`path` if it leads to a page of ours, so that no link can send anybody elsewhere after she has signed in."""
    # A browser reads // and /\ as the beginning of another host, and drops tabs and line breaks.
    is_ours = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable()
    return path if is_ours else otherwise
