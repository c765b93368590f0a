"""
A letter: what a mail says, written once and shown twice, as HTML and as plain text.

The skeleton is MJML, which grows into tables that every mail program draws the
same way; it is grown once a process and holds Jinja places for the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar, NamedTuple
from urllib.parse import urlsplit

import mrml
from jinja2 import Environment, StrictUndefined, Template

from infra.language import direction
from infra.mail.colours import colours

SKELETON = Path(__file__).parent / "layout.mjml"
SCHEMES = {"https", "http", "mailto", "tel"}

SANS = "system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif"
SERIF = "Georgia,Charter,serif"
# Arabic letters want their own faces and more room between lines.
ARABIC = "'Segoe UI','Noto Naskh Arabic','Geeza Pro',Tahoma,sans-serif"

LONG_LABEL = 22  # characters; beside a longer one, a phone would leave its value no room


def _must_be_link(url: str) -> None:
    if urlsplit(url).scheme not in SCHEMES:
        raise ValueError("A link in a mail is a whole address, with https.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Line breaks in the text stay."""

    text: str
    is_strong: bool = False
    is_small: bool = False
    kind: ClassVar[str] = "paragraph"

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


class Run(NamedTuple):
    """Some words of a line, strong or not."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of which some words are strong, or a list with an item a line."""

    lines: Sequence[Sequence[Run]]
    is_list: bool = False
    kind: ClassVar[str] = "passage"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True, slots=True)
class Code:
    """A few digits or letters to type elsewhere, large and in one line."""

    text: str
    kind: ClassVar[str] = "code"


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    url: str | None = None

    def __post_init__(self) -> None:
        if self.url is not None:
            _must_be_link(self.url)


@dataclass(frozen=True, slots=True)
class Facts:
    rows: Sequence[Fact]
    caption: str = ""
    kind: ClassVar[str] = "facts"

    @property
    def is_long(self) -> bool:
        """Whether the labels are questions rather than words: each then stands above its answer."""
        return any(len(fact.label) > LONG_LABEL for fact in self.rows)


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str

    def __post_init__(self) -> None:
        _must_be_link(self.url)


@dataclass(frozen=True, slots=True)
class Button(Link):
    """The one thing to do; a letter has at most one."""

    kind: ClassVar[str] = "button"


@dataclass(frozen=True, slots=True)
class Marks:
    """Initials in a circle and in a square, joined by a dotted line; decoration, so only above the heading."""

    circle: str
    square: str
    kind: ClassVar[str] = "marks"


Block = Paragraph | Passage | Heading | Code | Facts | Button | Marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """
    `masthead` says who writes, `masthead_note` for whom; `preview` is what lists of mails show.

    `reason` tells at the foot why the reader gets this mail, `links` what she can
    do about it. `hue` and `chroma` are the organisation's colour as on its pages.
    """

    language: str
    masthead: str
    heading: str
    blocks: Sequence[Block]
    reason: str
    masthead_note: str = ""
    preview: str = ""
    links: Sequence[Link] = ()
    hue: float = 184.0
    chroma: float = 0.068

    def __post_init__(self) -> None:
        if sum(isinstance(block, Button) for block in self.blocks) > 1:
            raise ValueError("A letter has at most one button.")


def html(letter: Letter) -> str:
    way = direction(letter.language)
    is_arabic = letter.language == "ar"
    return _layout().render(
        letter=letter,
        direction=way,
        start="right" if way == "rtl" else "left",
        fonts=ARABIC if is_arabic else SANS,
        headings=ARABIC if is_arabic else SERIF,
        leading="1.75" if is_arabic else "1.55",
        colours=colours(letter.hue, letter.chroma),
    )


@cache
def _layout() -> Template:
    # Without an empty table of fonts it would fetch one from the web, and tell it who reads what.
    options = mrml.RenderOptions(disable_comments=False, fonts={})
    grown = mrml.to_html(SKELETON.read_text(encoding="utf-8"), render_options=options).content
    lean = "\n".join(line.strip() for line in grown.splitlines() if line.strip())
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(lean)
