"""
What was asked in an interview and what she said to it, question by question.

It is one of the fields of the sealed record, as text: the questions stand there as they were asked, since a guide may
change, and those that came up on the spot stand nowhere else.
"""

from collections.abc import Sequence

import msgspec

from infra.errors import Invalid, Problem

FIELD = "answers"
MAX_ANSWER = 2_000  # characters
MAX_QUESTION = 400
MOST_OWN = 40  # questions on the spot


class Said(msgspec.Struct, frozen=True):
    """`key` is that of the guide's question; nothing for one that came up on the spot. `section` is the guide's."""

    section: str
    question: str
    answer: str = ""
    key: str = ""


def pack(talk: Sequence[Said]) -> str:
    """
    As the field of the record; nothing where nothing was said.

    Raises:
        Invalid: an answer or a question too long, or too many questions; at the field of the page.
    """
    problems = []
    for one, place in zip(talk, places(talk), strict=True):
        if len(one.answer) > MAX_ANSWER:
            problems.append(Problem(f"a_{place}", "too_long", {"maximum": MAX_ANSWER}))
        if len(one.question) > MAX_QUESTION:
            problems.append(Problem(f"q_{place}", "too_long", {"maximum": MAX_QUESTION}))
    if sum(not one.key for one in talk) > MOST_OWN:
        problems.append(Problem("answers", "too_long", {"maximum": MOST_OWN}))
    if problems:
        raise Invalid(*problems)
    return msgspec.json.encode(list(talk)).decode() if talk else ""


def unpack(text: str) -> list[Said]:
    return msgspec.json.decode(text, type=list[Said]) if text else []


def places(talk: Sequence[Said]) -> list[str]:
    """What the fields of each are called on a page: the guide's key, or section and number."""
    found, counted = [], dict[str, int]()
    for one in talk:
        if one.key:
            found.append(one.key)
            continue
        number = counted[one.section] = counted.get(one.section, 0) + 1
        found.append(f"{one.section}.{number}")
    return found
