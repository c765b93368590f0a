"""
The plain text of a letter, for whoever reads without HTML. It says everything that the HTML says.
"""

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

from infra.language import direction, gettext, isolated, use
from infra.mail.letters import Block, Button, Code, Facts, Heading, Letter, Paragraph, Passage, Run

WIDTH = 72  # columns; RFC 3676, section 4.2 asks for 78 at most, and quoting takes a few


def text(letter: Letter) -> str:
    parts = [_wrapped(letter.heading), *_parts(letter), _foot(letter)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _parts(letter: Letter) -> Iterator[str]:
    for block in letter.blocks:
        yield _part(block, letter.language)


def _part(block: Block, lang: str) -> str:
    match block:
        case Paragraph():
            return "\n".join(_wrapped(line) for line in block.lines)
        case Passage():
            first, rest = ("- ", "  ") if block.is_list else ("", "")
            return "\n".join(_wrapped(_words(line), first, rest) for line in block.lines)
        case Facts():
            return _facts(block, lang)
        case Button():
            return f"{_wrapped(_colon(block.text, lang))}\n{block.url}"
        case Heading() | Code():
            return _wrapped(block.text.upper()) if isinstance(block, Heading) else f"    {block.text}"
        case _:
            return ""


def _words(line: Sequence[Run]) -> str:
    """What is strong stands between asterisks, as people write it in plain mails."""
    return "".join(f"*{run.text}*" if run.is_strong and run.text.strip() else run.text for run in line)


def _facts(block: Facts, lang: str) -> str:
    lines = [_wrapped(block.caption.upper())] if block.caption else []
    if block.is_long:
        lines += [f"{_wrapped(fact.label)}\n  {isolated(fact.value, lang)}" for fact in block.rows]
    elif direction(lang) == "rtl":
        # Columns made of spaces break where two directions meet in one line.
        lines += [f"{_colon(fact.label, lang)} {isolated(fact.value, lang)}" for fact in block.rows]
    else:
        widest = max((_columns(fact.label) for fact in block.rows), default=0)
        for fact in block.rows:
            label = f"  {fact.label}{' ' * (widest - _columns(fact.label))}  "
            lines.append(_wrapped(isolated(fact.value, lang), label, " " * (widest + 4)))
    return "\n".join(lines)


def _foot(letter: Letter) -> str:
    who = f"{letter.masthead} · {letter.masthead_note}" if letter.masthead_note else letter.masthead
    links = [f"{_colon(link.text, letter.language)} {link.url}" for link in letter.links]
    # Mail programs leave out in answers what follows this sign.
    return "\n".join(["-- ", _wrapped(who), _wrapped(letter.reason), *links])


def _colon(words: str, lang: str) -> str:
    """The words before what they announce; French keeps a space that never breaks before the sign."""
    with use(lang):
        return gettext("%(label)s:", label=words)


def _wrapped(paragraph: str, first: str = "", rest: str = "") -> str:
    """`first` is what the first line begins with, `rest` every other."""
    return textwrap.fill(
        paragraph,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _columns(label: str) -> int:
    """How many columns a label fills where each sign has one or, in East Asian scripts, two."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in label)
    return len(label) + wide - sum(unicodedata.combining(sign) > 0 for sign in label)
