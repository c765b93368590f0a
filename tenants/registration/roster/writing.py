"""How text is compared and tidied: the same word in another case, accent or punctuation is the same word."""

import re
import unicodedata
from functools import lru_cache

# Letters that do not come apart under NFKD, as people write them without the proper keyboard.
_FLAT = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ð": "d",
        "þ": "th",
        "’": " ",
        "'": " ",
    }
)
# Arabic: the forms of alef, ya and ta marbuta that are written either way.
_ARABIC = str.maketrans("أإآىة", "اااي" + "ه")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKS = re.compile(r" ?(?:\r\n?|\n|\u2028|\u2029) ?")
# What may part cells, with what is not seen between it and the next one; and the same before an apostrophe of ours.
_BETWEEN = '[;,|\\s"\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00]'
BETWEEN_CELLS = re.compile(f"(?<!{_BETWEEN}){_BETWEEN}++(?=[=+\\-@＝＋－＠])")
_MARKED_CELL = re.compile(f"(?<!{_BETWEEN})({_BETWEEN}++)'(?=[=+\\-@＝＋－＠])")
_WORDS = re.compile(r"[^\W_]+")
_DOUBLE = re.compile("[\u00c2-\u00f4][\u0080-\u024f\u2010-\u2122]")


def folded(text: str) -> str:
    """The words of `text` in small letters without accents and punctuation, one space between."""
    bare = text[:1_000].casefold().translate(_FLAT)
    if not bare.isascii():
        apart = unicodedata.normalize("NFKD", bare)
        bare = "".join(c for c in apart if not unicodedata.combining(c)).translate(_ARABIC)
    return " ".join(_WORDS.findall(bare))


# Words repeat from row to row. Names and addresses do not, and must not stay in memory: `folded` is for those.
fold = lru_cache(maxsize=10_000)(folded)


def tidy(text: str) -> str:
    """
    `text` without invisible characters and without space at its ends; inner line breaks stay.

    Zero-width joiners between letters of Arabic and Indic names go too: they
    change how a name is drawn, and two writings of one address would differ.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return _BREAKS.sub("\n", unicodedata.normalize("NFC", text)).strip()


def parts_cells(between: str) -> bool:
    """Whether a spreadsheet of some country begins a new cell behind it."""
    return any(sign in between for sign in ";,|\t\r\n")


def unmarked(text: str) -> str:
    """`text` without the apostrophes by which spreadsheets, and our own files, say that what follows is text."""
    if "'" not in text:
        return text
    text = _MARKED_CELL.sub(lambda found: found[1] if parts_cells(found[1]) else found[0], text)
    return text[1:].lstrip() if re.match(r"'\s*[=+\-@＝＋－＠]", text) else text


def one_line(text: str) -> str:
    return " ".join(text.split())


def letters_lost(text: str) -> str | None:
    """
    Whether letters were replaced by question marks on the way: 'all', 'some' or None.

    A real question mark stands at the end of a word; one before or inside a word replaced a letter.
    """
    if "?" not in text and "\ufffd" not in text:
        return None
    if not any(c.isalnum() for c in text):
        return "all"
    if "??" in text or "\ufffd" in text or re.search(r"\w\?\w|(?:^|\s)\?\w", text):
        return "some"
    return None


def repaired(text: str) -> str | None:
    """The text as it was before UTF-8 was read as Windows-1252 and saved again, where that is what happened."""
    if text.isascii() or not _DOUBLE.search(text):
        return None
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


def short(text: str, longest: int = 80) -> str:
    """`text` as it may stand in a fact: a 40,000-character cell must not be repeated in every report."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def column_letter(column: int) -> str:
    """A, B … Z, AA: the name that a spreadsheet gives the column with this index (from 0)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
