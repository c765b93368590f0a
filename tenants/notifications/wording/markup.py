"""
The small markup of a template: paragraphs, lists, **strong words** and {{fields}}.

A text is read into pieces first, and values are put in afterwards, so that no value is ever read as markup. Nothing in
it can run: there are no links, no HTML, no conditions.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from infra.errors import Problem
from infra.language.bidi import CONTROLS, UNSEEN
from tenants.notifications.wording.declared import FIELDS, Source

MOST_LINE = 150  # characters of a subject and of a heading
MOST_BODY = (
    3_000  # characters; what becomes too large for slow lines all the same is weighed (`looking.fits`)
)
FAR_TOO_LONG = 10 * MOST_BODY
# The first blanks are taken for good: given back one by one, a line of nothing else would take a second.
FIELD = re.compile(r"\{\{[ \t]*+([^{}\n]{0,60}?)[ \t]*\}\}")
STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
BULLET = re.compile(r"^[ \t]*[-•][ \t]+")
BREAK = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
# What mail programs make a link of: an address with a scheme, and what looks like a host. An e-mail address is none.
LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}:)?[/\\]{2}[^\s<>\"]+|\b(?:javascript|data|vbscript|file|blob)[ \t]*:\S*|\bwww\.\S+"
    r"|(?<![@\w.-])(?:[\w-]{2,}\.)+[a-z]{2,24}\b(?![\w.-]*@)(?:[:/]\S*)?",
    re.IGNORECASE,
)


class Piece(NamedTuple):
    """A few words, or the name of a field."""

    text: str
    is_field: bool = False
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, whose lines stay lines, or a list with an item a line."""

    lines: tuple[tuple[Piece, ...], ...]
    is_list: bool = False


def tidy(text: str) -> str:
    """What somebody typed or pasted, without signs that nobody sees."""
    told = BREAK.sub("\n", text).replace("\t", " ").translate(CONTROLS | UNSEEN)
    told = "".join(
        sign for sign in told if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs", "Co")
    )
    return "\n".join(line.rstrip() for line in told.split("\n")).strip()


def tidied(source: Source) -> Source:
    """What is far too long to be a text stays as it is: going through a whole book, sign by sign, takes seconds."""
    return Source(*(tidy(text) if len(text) <= FAR_TOO_LONG else text for text in source))


def pieces(line: str, *, is_strong: bool = False) -> Iterator[Piece]:
    """One line, cut at its fields and at what is strong."""
    at = 0
    for found in FIELD.finditer(line) if is_strong else STRONG.finditer(line):
        yield from _plain(line[at : found.start()], is_strong)
        if is_strong:
            yield Piece(found[1], is_field=True, is_strong=True)
        else:
            yield from pieces(found[1], is_strong=True)
        at = found.end()
    yield from _plain(line[at:], is_strong)


def _plain(text: str, is_strong: bool) -> Iterator[Piece]:
    at = 0
    for found in FIELD.finditer(text):
        if text[at : found.start()]:
            yield Piece(text[at : found.start()], is_strong=is_strong)
        yield Piece(found[1], is_field=True, is_strong=is_strong)
        at = found.end()
    if text[at:]:
        yield Piece(text[at:], is_strong=is_strong)


def passages(body: str) -> list[Passage]:
    """The paragraphs and lists of a body; an empty line parts them, and so does the change from one to the other."""
    made: list[Passage] = []
    lines: list[tuple[Piece, ...]] = []
    was_list = False
    for line in [*body.split("\n"), ""]:
        is_list = bool(BULLET.match(line))
        if lines and (not line.strip() or is_list != was_list):
            made.append(Passage(tuple(lines), was_list))
            lines = []
        if line.strip():
            lines.append(tuple(pieces(BULLET.sub("", line) if is_list else line)))
            was_list = is_list
    return made


def fields_of(source: Source) -> set[str]:
    return {found[1] for text in source for found in FIELD.finditer(text)}


def problems(
    source: Source, *, fields: Sequence[str], needs: Sequence[str], hosts: Collection[str]
) -> list[Problem]:
    """All that keeps a text, tidied before, from being a template of a letter with these fields."""
    found = [
        *_of_length("subject", source.subject, MOST_LINE),
        *_of_length("heading", source.heading, MOST_LINE),
    ]
    found += _of_length("body", source.body, MOST_BODY)
    if any(one.code == "template_too_long" for one in found):
        return found  # nobody reads on in what may be a whole book
    for name in ("subject", "heading"):
        if "\n" in getattr(source, name):
            found.append(Problem(name, "template_line_break"))
    for name, text in zip(source._fields, source, strict=True):
        for number, line in enumerate(text.split("\n"), start=1):
            found += _of_line(name, number, line, fields, hosts)
    found += [
        Problem("body", "template_field_missing", {"found": f"{{{{{name}}}}}"})
        for name in needs
        if name not in fields_of(source)
    ]
    return found


def _of_length(name: str, text: str, most: int) -> Iterator[Problem]:
    if not text:
        yield Problem(name, "missing")
    elif len(text) > most:
        yield Problem(name, "template_too_long", {"found": len(text), "maximum": most})


def _of_line(
    where: str, number: int, line: str, fields: Sequence[str], hosts: Collection[str]
) -> Iterator[Problem]:
    for found in FIELD.finditer(line):
        name = found[1]
        told = {"line": number, "found": found[0]}
        if name not in fields:
            known = ", ".join(f"{{{{{one}}}}}" for one in fields)
            yield Problem(where, "template_field_unknown", {**told, "known": known})
        elif FIELDS[name].is_whole and (where != "body" or line.strip() != found[0]):
            yield Problem(where, "template_field_whole", told)
    bare = FIELD.sub("", line)
    if "{{" in bare or "}}" in bare:
        yield Problem(where, "template_braces", {"line": number})
    for found in LINK.finditer(unicodedata.normalize("NFKC", line)):
        if not _is_own(found[0], hosts):
            yield Problem(where, "template_link", {"line": number, "found": found[0][:60]})


def _is_own(link: str, hosts: Collection[str]) -> bool:
    """Whether a link stays on the organisation's own pages, as far as anybody can read from it."""
    try:
        parts = urlsplit(link if "//" in link else f"https://{link}")
        host = parts.netloc.lower()
    except ValueError:
        return False
    is_plain = parts.scheme == "https" and "\\" not in link and "{" not in link
    return is_plain and host.rstrip(".,;:!?)") in hosts
