"""Capacity and years: whole numbers that people also write as words, ranges and with a comma."""

import re
import unicodedata
from functools import lru_cache

from tenants.registration.roster.problems import Finding, Group, Read, assumed, refused
from tenants.registration.roster.writing import fold

LARGEST_CAPACITY = 20
LONGEST_CAREER = 60  # years

_WORDS: dict[str, int] = {}
for _line in (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty",
    "zéro|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|dix-sept|dix-huit|dix-neuf|vingt",
    "cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieciséis|diecisiete|dieciocho|diecinueve|veinte",
    "صفر|واحد|اثنان|ثلاثة|أربعة|خمسة|ستة|سبعة|ثمانية|تسعة|عشرة",
    "ноль|один|два|три|четыре|пять|шесть|семь|восемь|девять|десять",
    "nul|en|to|tre|fire|fem|seks|syv|otte|ni|ti",
    "null|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn",
    "nula|jedan|dva|tri|četiri|pet|šest|sedam|osam|devet|deset",
):
    for _value, _word in enumerate(_line.split("|")):
        _WORDS.setdefault(fold(_word), _value)
_WORDS |= {"none": 0, "une": 1, "una": 1, "jedna": 1, "dvije": 2, "et": 1, "eine": 1, "одна": 1, "две": 2}

_NUMBER = re.compile(r"([-−–+]?)([0-9]{1,9})(?:[.,]([0-9]{1,6}))?")
_UNIT = re.compile(
    r"\s*(?:years?|yrs?|ans?|années?|años?|years old|лет|года?|år|jahren?|godina|godine|people|persons?|mentee[sr]?|personer|سنوات|سنة)\.?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"([0-9]{1,3})\s*(?:-|–|—|to|à|a|bis|til|do|/|or|ou|eller)\s*([0-9]{1,3})", re.IGNORECASE)
_OPEN = re.compile(
    r"(?:more than|over|at least|plus de|über|más de|više od|mere end|mindst|>|≥)?\s*([0-9]{1,3})\s*(?:\+|or more|ou plus|y más|eller flere|eller mere)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4_000)
def _number(text: str) -> tuple[float | None, str | None]:
    """The number, and the code of what had to be assumed to read it."""
    text = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)
    if match := _NUMBER.fullmatch(text):
        # Three digits after the sign are thousands in one country and a fraction in another; neither is a count of people.
        number = float(match[2] + match[3] if len(match[3] or "") == 3 else f"{match[2]}.{match[3] or 0}")
        return (-number if match[1] in ("-", "−", "–") else number), None
    bare = _UNIT.sub("", text).strip() if len(text) < 60 else text
    if bare != text and (match := _NUMBER.fullmatch(bare)):
        return float(
            f"{match[1] if match[1] != '−' else '-'}{match[2]}.{match[3] or 0}".replace("–", "-")
        ), None
    if (word := _WORDS.get(fold(bare))) is not None:
        return word, "number_in_words"
    if match := _RANGE.fullmatch(bare):
        return min(int(match[1]), int(match[2])), "number_range"
    if match := _OPEN.fullmatch(bare):
        return int(match[1]), "number_open"
    return None, None


@lru_cache(maxsize=4_000)
def capacity(text: str) -> Read:
    """How many mentees at once, 0 to 20. Of a range the smaller number, since a promise of less is kept."""
    number, how = _number(text)
    found = _whole(text, number, 0, LARGEST_CAPACITY, "capacity")
    if isinstance(found, Finding):
        return Read(None, (found,))
    if how is None and number == found:
        if found == 0:
            return Read(0, (assumed("capacity_zero", Group.NUMBERS, text),))
        return Read(found)
    return Read(found, (assumed(how or "number_rounded", Group.NUMBERS, text, read_as=found),))


@lru_cache(maxsize=4_000)
def experience(text: str) -> Read:
    """Completed years: 7.5 and 7,5 are 7."""
    number, how = _number(text)
    found = _whole(text, number, 0, LONGEST_CAREER, "experience_years")
    if isinstance(found, Finding):
        return Read(None, (found,))
    if how is None and number == found:
        return Read(found)
    return Read(found, (assumed(how or "number_rounded", Group.NUMBERS, text, read_as=found),))


def _whole(text: str, number: float | None, least: int, most: int, of: str) -> int | Finding:
    if number is None:
        return refused("not_a_number", Group.NUMBERS, text, of=of, least=least, most=most)
    if not least <= number <= most:
        return refused("number_out_of_range", Group.NUMBERS, text, of=of, least=least, most=most)
    return int(number)
