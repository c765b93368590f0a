"""Which encoding a text file is in: certain where it says so, guessed from plausibility where it does not."""

import codecs
import re
from dataclasses import dataclass

from tenants.registration.roster.errors import WrongEncoding

CHOICES = ("utf-8", "utf-16", "windows-1252", "windows-1250", "windows-1251", "windows-1254", "windows-1256")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# What speaks for Central European rather than Western: endings in -ić, š or ž beside č or ć, and đ.
_CENTRAL = re.compile(r"ić\b|[ćčđłąęěřůőűś]")
_WESTERN = re.compile(r"[åøæãõñàâêëîïôûùèéçöüäíóúáß]")
_TURKISH = re.compile(r"[ğış]|İ")
_ARABIC = re.compile(r"[\u0621-\u064a]{2,}")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]{2,}")
_INNER_CAPITAL = re.compile(r"[а-яё][А-ЯЁ]")
_MIXED = re.compile(r"[A-Za-z][\u0400-\u04ff\u0600-\u06ff]|[\u0400-\u04ff\u0600-\u06ff][A-Za-z]")
_ODD = re.compile(r"[\x80-\x9f¤¦¨©¬®¯°±²³´µ¶·¸¹º»¼½¾¿×÷†‡‰ˆ˜]")
_HIGH_RUN = re.compile(r"[\u00c0-\u00ff]{3,}")
_SAMPLE = 200_000  # bytes that are looked at for a guess


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    certainty: str  # 'declared' by a byte-order mark, 'certain', 'guessed', 'chosen'
    mixed_lines: int = 0


def decode(content: bytes, chosen: str | None = None) -> Decoded:
    """
    The text of a file. With `chosen`, bytes that are not of that encoding become U+FFFD and are found later, row by row.

    Raises:
        WrongEncoding: `chosen` is not one of `CHOICES`.
    """
    if chosen is not None:
        if chosen not in CHOICES:
            raise WrongEncoding(found=chosen, expected=CHOICES)
        return Decoded(content.decode(chosen, errors="replace").lstrip("\ufeff"), chosen, "chosen")
    for bom, name in _BOMS:
        if content.startswith(bom):
            return Decoded(content[len(bom) :].decode(name, errors="replace"), name, "declared")
    if (wide := _looks_like_utf_16(content)) is not None:
        return Decoded(content.decode(wide, errors="replace"), wide, "guessed")
    try:
        return Decoded(content.decode("utf-8"), "utf-8", "certain")
    except UnicodeDecodeError:
        return _line_by_line(content) or _by_plausibility(content)


def _looks_like_utf_16(content: bytes) -> str | None:
    head = content[:2_000]
    if len(head) < 4 or head.count(0) < len(head) // 4:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _line_by_line(content: bytes) -> Decoded | None:
    """A file pasted together: most lines with accents are UTF-8, the others are not."""
    lines = content.split(b"\n")
    good: list[str | None] = []
    counts = {True: 0, False: 0}
    for line in lines:
        try:
            good.append(line.decode("utf-8"))
            counts[True] += not line.isascii()
        except UnicodeDecodeError:
            good.append(None)
            counts[False] += 1
    if counts[True] <= counts[False]:
        return None
    rest = guess(b"\n".join(line for line, text in zip(lines, good, strict=True) if text is None))
    text = "\n".join(
        line.decode(rest, errors="replace") if text is None else text
        for line, text in zip(lines, good, strict=True)
    )
    return Decoded(text, f"utf-8+{rest}", "guessed", mixed_lines=counts[False])


def _by_plausibility(content: bytes) -> Decoded:
    name = guess(content)
    return Decoded(content.decode(name, errors="replace"), name, "guessed")


def guess(content: bytes) -> str:
    """The most plausible one-byte encoding; Windows-1252 where nothing speaks for another."""
    sample = b" ".join(word for word in re.split(rb"[\s,;]+", content[:_SAMPLE]) if not word.isascii())
    scores = {name: _score(sample.decode(name, errors="replace"), name) for name in CHOICES[2:]}
    return max(scores, key=lambda name: (scores[name], name == "windows-1252"))


def _score(text: str, name: str) -> float:
    """Letters that its languages use often, less what hardly ever stands in a word."""
    penalty = 3 * len(_MIXED.findall(text)) + 2 * len(_ODD.findall(text)) + 5 * text.count("\ufffd")
    if name == "windows-1256":
        return 2 * sum(map(len, _ARABIC.findall(text))) - penalty
    if name == "windows-1251":
        # Arabic read as Cyrillic has capitals inside its words.
        return 2 * sum(map(len, _CYRILLIC.findall(text))) - 4 * len(_INNER_CAPITAL.findall(text)) - penalty
    penalty += 3 * sum(map(len, _HIGH_RUN.findall(text)))
    western = len(_WESTERN.findall(text.casefold()))
    if name == "windows-1250":
        return 1.2 * len(_CENTRAL.findall(text.casefold())) + 0.5 * western - penalty
    if name == "windows-1254":
        return western + 1.5 * len(_TURKISH.findall(text)) - penalty - 0.1
    return western - penalty - 1.5 * len(re.findall(r"[ðþý]|iæ\b|[šž]\S{0,20}[èæ]", text.casefold()))
