"""Putting a letter's values into a template, of whoever wrote it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

from tenants.notifications.wording import markup
from tenants.notifications.wording.declared import FIELDS, Source
from tenants.notifications.wording.markup import Piece

# What a writer gives for a field: words, several sentences, or a way to find out for the texts that name it.
Value = str | Sequence[str] | Callable[[], Awaitable[str]]
Known = Mapping[str, str | Sequence[str]]


class Run(NamedTuple):
    """Some words of a line, strong or not."""

    text: str
    is_strong: bool = False


class Passage(NamedTuple):
    """A paragraph, whose lines stay lines, or a list with an item a line."""

    lines: tuple[tuple[Run, ...], ...]
    is_list: bool = False

    @property
    def text(self) -> str:
        told = ("".join(run.text for run in line) for line in self.lines)
        return "\n".join(f"• {line}" if self.is_list else line for line in told)


async def known(source: Source, values: Mapping[str, Value]) -> dict[str, str | Sequence[str]]:
    """The values of the fields that a text names; what has to be looked up is looked up only then."""
    found: dict[str, str | Sequence[str]] = {}
    for name in markup.fields_of(source):
        value = values.get(name, "")
        found[name] = await value() if callable(value) else value
    return found


def sample(fields: Sequence[str]) -> dict[str, str]:
    """Made-up values, in the language that is spoken."""
    return {name: FIELDS[name].sample() for name in fields}


def one_line(text: str, values: Known) -> str:
    """A subject or a heading: whatever comes in with a value, it stays one line."""
    told = "".join(_said(piece, values) for piece in markup.pieces(text.replace("**", "")))
    return " ".join(told.split())


def body(text: str, values: Known) -> list[Passage]:
    """A paragraph that consists of a field without a value is left out."""
    made: list[Passage] = []
    for passage in markup.passages(text):
        whole = _whole(passage)
        if whole is not None:
            value = values.get(whole, "")
            told = [value] if isinstance(value, str) else value
            made += [Passage(_lines(one, passage.lines[0][0].is_strong)) for one in told if one]
            continue
        lines = tuple(
            line for line in (tuple(_runs(one, values)) for one in passage.lines) if any(r.text for r in line)
        )
        if lines:
            made.append(Passage(lines, passage.is_list))
    return made


def _whole(passage: markup.Passage) -> str | None:
    """The field of a paragraph that is nothing else."""
    if passage.is_list or len(passage.lines) != 1 or len(passage.lines[0]) != 1:
        return None
    [piece] = passage.lines[0]
    return piece.text if piece.is_field else None


def _lines(text: str, is_strong: bool) -> tuple[tuple[Run, ...], ...]:
    return tuple((Run(line, is_strong),) for line in text.splitlines())


def _runs(line: Sequence[Piece], values: Known) -> list[Run]:
    return [Run(" ".join(_said(piece, values).splitlines()) if piece.is_field else piece.text, piece.is_strong) for piece in line]  # fmt: skip


def _said(piece: Piece, values: Known) -> str:
    if not piece.is_field:
        return piece.text
    value = values.get(piece.text, "")
    return value if isinstance(value, str) else " ".join(value)
