"""
Dates. Whether 04/07/2026 is in April or July is decided over the whole column.

The signs between the numbers make classes of their own: a file that writes
13.05.2026 in one row and 5/13/26 in another was filled in by two programs.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tenants.registration.roster.problems import Finding, Group, Read, assumed, refused
from tenants.registration.roster.writing import fold

_NUMERIC = re.compile(r"([0-9]{1,2})([./\-\s])\s?([0-9]{1,2})\2\s?([0-9]{2}|[0-9]{4})(?:[ T,].{0,20})?")
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[ T].{0,20})?")
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_EXCEL_DAY_0 = datetime.date(
    1899, 12, 30
)  # so that day 60, the 29 February 1900 that never was, needs no care after 1900
EARLIEST, LATEST = 1990, 2100
_MONTH_NAMES = (
    "january february march april may june july august september october november december",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "januar februar marts april maj juni juli august september oktober november december",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "januar februar mart april maj juni juli august septembar oktobar novembar decembar",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
)
_MONTHS: dict[str, int] = {}
for _line in _MONTH_NAMES:
    for _index, _name in enumerate(_line.split(), 1):
        _MONTHS.setdefault(fold(_name), _index)
        _MONTHS.setdefault(fold(_name)[:3], _index)


@dataclass(frozen=True, slots=True)
class Convention:
    """
    How the dates of a column are read.

    `orders` says for each sign whether days ('dmy') or months ('mdy') come
    first, None where nothing in the column shows it; `usual` is the form most
    of the column has.
    """

    orders: tuple[tuple[str, str | None], ...] = ()
    usual: str | None = None
    chosen: str | None = None

    def order(self, sign: str) -> str | None:
        return self.chosen or dict(self.orders).get(sign)


def convention(cells: Iterable[str], chosen: str | None = None) -> Convention:
    """What the column shows. `chosen` ('dmy' or 'mdy') is the coordinator's word, and wins."""
    evidence: dict[str, set[str]] = {}
    forms: dict[str, int] = {}
    for cell in cells:
        if not (form := _form(cell.strip())):
            continue
        forms[form] = forms.get(form, 0) + 1
        if match := _NUMERIC.fullmatch(cell.strip()):
            shown = evidence.setdefault(match[2], set())
            first, second = int(match[1]), int(match[3])
            if first > 12 >= second:
                shown.add("dmy")
            elif second > 12 >= first:
                shown.add("mdy")
    orders = tuple(
        (sign, shown.copy().pop() if len(shown) == 1 else None) for sign, shown in evidence.items()
    )
    return Convention(orders, max(forms, key=forms.__getitem__, default=None), chosen)


def _form(text: str) -> str | None:
    if match := _NUMERIC.fullmatch(text):
        return f"numbers{match[2]}{len(match[4])}"
    if _ISO.fullmatch(text):
        return "iso"
    if _SERIAL.fullmatch(text):
        return "serial"
    return "words" if re.search(r"[^\W\d_]{3}", text) else None


@lru_cache(maxsize=10_000)
def date(text: str, shown: Convention) -> Read:
    """An ISO date."""
    if match := _ISO.fullmatch(text):
        return _made(text, int(match[1]), int(match[3]), int(match[4]), _other_form(text, "iso", shown))
    if match := _NUMERIC.fullmatch(text):
        return _numeric(text, match, shown)
    if match := _SERIAL.fullmatch(text):
        day = _EXCEL_DAY_0 + datetime.timedelta(days=int(match[1]))
        return _made(text, day.year, day.month, day.day, _read_as("date_from_serial", text, day))
    if found := _in_words(text):
        return _made(text, *found, _other_form(text, "words", shown))
    return Read(None, (refused("not_a_date", Group.DATES, text),))


def _numeric(text: str, match: re.Match[str], shown: Convention) -> Read:
    first, sign, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    said = _other_form(text, f"numbers{sign}{len(match[4])}", shown)
    if len(match[4]) == 2:
        year += 2000 if year < 70 else 1900
    if first > 12 or second > 12:
        day, month = (first, second) if second <= 12 else (second, first)
        return _made(text, year, month, day, said)
    order = shown.order(sign)
    if order is None and sign == ".":
        order = "dmy"  # nobody who writes points writes the month first
    day, month = (second, first) if order == "mdy" else (first, second)
    if order is None and first != second:
        other = _iso(year, first, second)
        said = _read_as("date_two_ways", text, _iso(year, month, day), or_else=other)
    return _made(text, year, month, day, said)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _other_form(text: str, form: str, shown: Convention) -> tuple[str, dict[str, object]] | None:
    """Said when a date is written unlike the rest of its column: it may come from somewhere else."""
    return ("date_other_form", {}) if shown.usual is not None and form != shown.usual else None


def _read_as(code: str, _: str, day: object, **facts: object) -> tuple[str, dict[str, object]]:
    return code, {"read_as": str(day), **facts}


def _made(text: str, year: int, month: int, day: int, said: tuple[str, dict[str, object]] | None) -> Read:
    found = _iso(year, month, day)
    if found is None or not EARLIEST <= year <= LATEST:
        return Read(None, (refused("date_impossible", Group.DATES, text, earliest=EARLIEST, latest=LATEST),))
    findings: tuple[Finding, ...] = ()
    if said is not None:
        group = Group.DATES_TWO_WAYS if said[0] == "date_two_ways" else Group.DATES
        findings = (assumed(said[0], group, text, **{"read_as": found, **said[1]}),)
    return Read(found, findings)


def _in_words(text: str) -> tuple[int, int, int] | None:
    """'21 février 2026', 'Feb 21, 2026'."""
    words = fold(text[:60]).split()
    numbers = [int(word) for word in words if word.isascii() and word.isdigit()]
    months = [_MONTHS[word] for word in words if word in _MONTHS] or [
        _MONTHS[word[:3]] for word in words if word[:3] in _MONTHS and len(word) > 3
    ]
    if len(numbers) < 2 or len(months) != 1:
        return None
    day, year = (numbers[0], numbers[1]) if numbers[0] <= 31 else (numbers[1], numbers[0])
    return year, months[0], day
