"""
Names and numbers in plain text of the other direction (Unicode Standard Annex 9).

HTML has `dir="auto"`; a subject line, a text part or a calendar entry has not.
There a foreign name needs an isolate, or its neighbours change places.
"""

import unicodedata

from infra.language.languages import current, direction

FIRST_STRONG = "\N{FIRST STRONG ISOLATE}"
POP = "\N{POP DIRECTIONAL ISOLATE}"
# Explicit controls, which people paste without knowing and which would reach beyond the name.
CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# What would be displaced: letters of the other side; in Arabic text also groups of digits, as telephone numbers have.
FOREIGN = {"ltr": {"R", "AL", "AN"}, "rtl": {"L", "EN"}}

# What takes no room, though it is no mark of a script as the joiners are: two names that look alike would differ by it.
UNSEEN = dict.fromkeys([0x00AD, 0x200B, *range(0x2060, 0x2065), 0xFEFF])


def seen(text: str) -> str:
    """
    One line as its reader sees it: without control characters, what takes no room, and what reaches beyond the line.

    Empty when nothing of it would be seen.
    """
    told = " ".join(text.split()).translate(CONTROLS | UNSEEN)
    told = "".join(sign for sign in told if unicodedata.category(sign) not in ("Cc", "Cs"))
    return told.strip() if any(unicodedata.category(sign)[0] in "LNPS" for sign in told) else ""


def isolated(text: str, lang: str | None = None) -> str:
    """`text` ready for a sentence of the language: within an isolate where it needs one, else as it is."""
    clean = text.translate(CONTROLS)
    foreign = FOREIGN[direction(lang or current())]
    if any(unicodedata.bidirectional(sign) in foreign for sign in clean):
        return f"{FIRST_STRONG}{clean}{POP}"
    return clean
