"""What an issue may say, and what may still be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from infra.errors import Conflict, Invalid, Problem, WrongState
from tenants.newsletters.models import Issue, IssueState

MAX_SUBJECT = 100
MAX_HEADING = 100
MAX_TEXT = 2_000
MAX_URL = 400
MAX_SECTIONS = 8
MAX_ALL = 3_000  # characters of an issue in one language: what is longer is a magazine
# Bytes that sections may take of a letter's thirty thousand (`infra.mail.messages.LIMIT`), beside frame and foot. What a
# section, a byte of text and a link weigh as HTML and as plain text was measured; a test builds the largest letters.
ROOM = 15_000
SECTION, BYTE, LINK = 1_100, 2.6, 1_100
LINK_BYTE = 4.3
MAX_PRESS = 200
CONCISE = 150  # words of a section; what is longer is rarely read to its end
HELD = timedelta(minutes=10)  # as long as other letters to many
# What people have agreed to is at most one newsletter a month (`registration.consents`, Purpose.NEWS).
APART = timedelta(days=28)


class IssueSent(WrongState):
    code = "newsletter_sent"


class IssueNotHeld(WrongState):
    code = "newsletter_not_held"


class IssueChanged(Conflict):
    code = "newsletter_changed"


class NobodyWantsNews(WrongState):
    code = "nobody_wants_news"


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    text: str
    url: str = ""

    @property
    def is_long(self) -> bool:
        return len(self.text.split()) > CONCISE


@dataclass(frozen=True, slots=True)
class Words:
    """An issue in one language."""

    subject: str
    sections: tuple[Section, ...]

    def stored(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "sections": [{"heading": one.heading, "text": one.text, "url": one.url} for one in self.sections],
        }


def read(texts: Mapping[str, Any], code: str) -> Words:
    """What was written in a language; nothing, where nothing was."""
    found = texts.get(code) or {}
    sections = tuple(Section(**one) for one in found.get("sections", ()))
    return Words(found.get("subject", ""), sections)


def spoken(texts: Mapping[str, Any], language: str, chain: Sequence[str]) -> str:
    """The language in which an issue is shown to who reads `language`: hers, else the first of the organisation's."""
    return next((code for code in (language, *chain, *texts) if texts.get(code)), language)


def tidied(words: Words) -> Words | None:
    """
    The words as they are kept; None where nothing is written at all.

    Raises:
        Invalid: a subject or a heading without the rest, too long, or no whole address.
    """
    sections = tuple(
        Section(" ".join(one.heading.split()), one.text.strip(), one.url.strip()) for one in words.sections
    )
    clean = Words(
        " ".join(words.subject.split()),
        tuple(one for one in sections if one.heading or one.text or one.url),
    )
    if not clean.subject and not clean.sections:
        return None
    problems = []
    if not clean.subject:
        problems.append(Problem("subject", "missing"))
    elif len(clean.subject) > MAX_SUBJECT:
        problems.append(Problem("subject", "too_long", {"maximum": MAX_SUBJECT}))
    if not clean.sections:
        problems.append(Problem("text_0", "missing"))
    if len(clean.sections) > MAX_SECTIONS:
        problems.append(Problem("sections", "too_long", {"maximum": MAX_SECTIONS}))
    for at, one in enumerate(clean.sections):
        problems += _of_section(at, one)
    if length(clean) > MAX_ALL or weight(clean) > ROOM:
        problems.append(Problem("text_0", "newsletter_too_long"))
    if problems:
        raise Invalid(*problems)
    return clean


def length(words: Words) -> int:
    return sum(len(one.heading) + len(one.text) for one in words.sections)


def weight(words: Words) -> float:
    """What the sections add to a letter, in bytes: an Arabic letter takes twice the room of a Latin one."""
    return sum(
        SECTION
        + BYTE * len((one.heading + one.text).encode())
        + (LINK + LINK_BYTE * len(one.url) if one.url else 0)
        for one in words.sections
    )


def _of_section(at: int, one: Section) -> list[Problem]:
    found = []
    for name, text, most in (("heading", one.heading, MAX_HEADING), ("text", one.text, MAX_TEXT)):
        if not text:
            found.append(Problem(f"{name}_{at}", "missing"))
        elif len(text) > most:
            found.append(Problem(f"{name}_{at}", "too_long", {"maximum": most}))
    if one.url and not is_whole(one.url):
        found.append(Problem(f"url_{at}", "link_not_whole"))
    return found


def is_whole(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            len(url) <= MAX_URL
            and parts.scheme == "https"
            and "." in (parts.hostname or "")
            and "@" not in parts.netloc
            and url.isprintable()
            and not any(sign.isspace() or sign in '\\<>"' for sign in url)
        )
    except ValueError:
        return False


def must_be_draft(one: Issue) -> None:
    """
    Raises:
        IssueSent
    """
    if one.state != IssueState.DRAFT:
        raise IssueSent(state=one.state)
