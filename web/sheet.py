"""
Style sheets as text: joining, tightening, and picking the rules that one page uses.

Participant pages carry their styles inside, so every rule that a page does not
use is a byte that somebody on a slow link waits for. A rule is kept when all
classes and elements of one of its selectors stand in the page; what stands in
brackets or after a colon is never held against it, so a rule may be kept in
vain but is never missed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

IMPORT = re.compile(r'@import "(?P<file>[^"]+)"(?: layer\((?P<layer>\w+)\))?;')
TOKEN = re.compile(
    r'/\*.*?\*/|"[^"\n]*"|\'[^\'\n]*\'|url\([^)]*\)|\s+|[{}:;,>]|[^\s{}:;,>"\'/]+|/', re.DOTALL
)
NAMED = re.compile(r"(?P<name>--[-\w]+):[^;{}]*(?:;|(?=\}))")
ASKED = re.compile(r"var\((--[-\w]+)")
CLASSES = re.compile(r'\sclass="([^"]*)"')
ELEMENTS = re.compile(r"<([a-z][a-z0-9]*)")


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One rule, or one @-block with its rules.

    `needs` holds one set of names for each selector: classes with their dot, elements without.
    """

    head: str
    body: str = ""
    rules: tuple["Rule", ...] = ()
    needs: tuple[frozenset[str], ...] = ()


def join(contents: Path) -> str:
    """The sheet that a table of contents names, its files wrapped into their layers."""

    def read(match: re.Match[str]) -> str:
        text = (contents.parent / match["file"]).read_text(encoding="utf-8")
        return f"@layer {match['layer']}{{{text}}}" if match["layer"] else text

    return minify(IMPORT.sub(read, contents.read_text(encoding="utf-8")))


def minify(css: str) -> str:
    """
    Take out comments and the white space that means nothing.

    Space before a colon is left alone, since `a :hover` is not `a:hover`; after one it
    never means anything. Every space around + and - stays, since `calc` needs it.
    """
    out: list[str] = []
    for piece in TOKEN.findall(css):
        if piece.startswith("/*"):
            continue
        if piece.isspace():
            if out and out[-1] not in "{};,:>":
                out.append(" ")
            continue
        if piece in "{};,>" and out and out[-1] == " ":
            out.pop()
        if piece == "}" and out and out[-1] == ";":
            out.pop()
        out.append(piece)
    return "".join(out).strip()


def _pieces(css: str) -> Iterator[tuple[str, str | None]]:
    """Head and body of each block on the top level; statements without a body have None."""
    depth = start = opened = 0
    for at, sign in enumerate(css):
        if sign == "{":
            depth += 1
            if depth == 1:
                opened = at
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : at]
                start = at + 1
        elif sign == ";" and depth == 0:
            yield css[start : at + 1].strip(), None
            start = at + 1


def _needs(selectors: str) -> tuple[frozenset[str], ...]:
    flat = selectors
    while (shorter := re.sub(r"::?[-\w]+(\([^()]*\))?|\([^()]*\)|\[[^\]]*\]", "", flat)) != flat:
        flat = shorter
    return tuple(frozenset(re.findall(r"\.[-\w]+|(?<![-\w.])[a-z][a-z0-9]*", one)) for one in flat.split(","))


def parse(css: str) -> tuple[Rule, ...]:
    """The rules of a minified sheet, nested as it nests them; @-blocks with one head that follow one another are one."""
    found: list[Rule] = []
    for head, body in _pieces(css):
        if body is None:
            found.append(Rule(head))
        elif head.startswith(("@layer", "@media", "@container", "@supports")):
            before = found.pop().rules if found and found[-1].rules and found[-1].head == head else ()
            found.append(Rule(head, rules=before + parse(body)))
        elif head.startswith("@"):
            found.append(Rule(head, body))
        else:
            found.append(Rule(head, body, needs=_needs(head)))
    return tuple(found)


def names(html: str) -> frozenset[str]:
    """All classes (with a dot) and elements that stand in a page, and the values that its drawings ask for."""
    classes = (f".{one}" for group in CLASSES.findall(html) for one in group.split())
    return frozenset(classes).union(ELEMENTS.findall(html), ASKED.findall(html))


def _write(rules: Iterable[Rule], present: frozenset[str]) -> str:
    out = []
    for rule in rules:
        if rule.rules:
            if inner := _write(rule.rules, present):
                out.append(f"{rule.head}{{{inner}}}")
        elif rule.body or rule.needs:
            if not rule.needs or any(need <= present for need in rule.needs):
                out.append(f"{rule.head}{{{rule.body}}}")
        else:
            out.append(rule.head)
    return "".join(out)


def _kept(asked: frozenset[str], found: re.Match[str]) -> str:
    return found[0] if found["name"] in asked else ""


@lru_cache(maxsize=512)
def used(rules: tuple[Rule, ...], present: frozenset[str]) -> str:
    """The sheet without what a page that holds only `present` can never use, also of the values it names."""
    css = _write(rules, present)
    while True:
        asked = present.union(ASKED.findall(css))
        shorter = NAMED.sub(partial(_kept, asked), css)
        if shorter == css:
            return css
        css = shorter  # what only an unused value asked for is unused now
