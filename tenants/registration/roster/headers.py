"""Where the header is, and which column holds which field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tenants.registration.roster.errors import IncompleteMapping
from tenants.registration.roster.fields import Field, missing
from tenants.registration.roster.header_names import KNOWN
from tenants.registration.roster.sheet import Sheet
from tenants.registration.roster.values import contact, dates, tongues, words, zones
from tenants.registration.roster.writing import fold, tidy

Columns = dict[int, Field]  # column from 0 -> field; columns that are not in it are left out

_SEARCHED = 40  # rows; title blocks of forms have been up to a screen long
_LONGEST_HEADER = 150
_SAMPLE = 200
# Fields that may be spread over several columns, which are read one after another.
LISTS = frozenset({Field.LANGUAGES, Field.TOPICS_OFFERED, Field.TOPICS_WANTED, Field.EXCLUSIONS})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`why` is 'remembered', 'name', 'content' or 'nothing'; `confidence` runs from 0 to 1."""

    column: int
    header: str
    field: Field | None
    confidence: float
    why: str
    examples: tuple[str, ...] = ()


def find(rows: list[list[str]]) -> int:
    """
    The number of the header's row (the first is 1), 0 where none looks like one.

    The row with the most names that we know; failing that, the first row that
    is nearly as wide as the table and holds words only.
    """
    top = rows[:_SEARCHED]
    known = [len({named[0] for cell in row if (named := by_name(cell)) and named[1] >= 0.9}) for row in top]
    if known and max(known) >= 2:
        return known.index(max(known)) + 1
    widths = [sum(1 for cell in row if cell.strip()) for row in rows[: _SEARCHED * 3]]
    wide = max(widths, default=0)
    for number, row in enumerate(top, 1):
        if widths[number - 1] >= max(1, 0.6 * wide):
            return number if _is_wordy(row) or (known and known[number - 1]) else 0
    return 0


def _is_wordy(row: list[str]) -> bool:
    filled = [cell.strip() for cell in row if cell.strip()]
    return len(set(filled)) == len(filled) and all(
        len(cell) <= _LONGEST_HEADER and "@" not in cell and not re.fullmatch(r"[\d\s.,/:+-]+", cell)
        for cell in filled
    )


@lru_cache(maxsize=4_000)
def by_name(header: str) -> tuple[Field, float] | None:
    """The field that a header names, and how sure that is."""
    if not header.strip() or len(header) > _LONGEST_HEADER:
        return None
    if field := KNOWN.get(fold(header)):
        return field, 1.0
    if field := KNOWN.get(fold(re.sub(r"\([^()]*\)|\[[^\[\]]*\]|[*:?]", " ", header))):
        return field, 0.95
    found = fold(header).split()
    # The longest known phrase inside; of equals the first, as 'Name of your supervisor' is a name.
    for size in range(min(len(found) - 1, 6), 0, -1):
        for start in range(len(found) - size + 1):
            phrase = " ".join(found[start : start + size])
            if len(phrase) > 2 and (field := KNOWN.get(phrase)):
                return field, 0.5 + 0.35 * size / len(found)
    return None


def suggest(sheet: Sheet, remembered: Mapping[str, str] | None = None) -> list[Suggestion]:
    """
    One suggestion a column, each field at most once (list fields excepted).

    `remembered` is what `remember` gave for an earlier file; it wins over
    names, and names win over content.
    """
    candidates = []
    for column, header in enumerate(sheet.headers):
        sample = sheet.column(column, _SAMPLE)
        candidates += [(*option, column) for option in _options(header, sample, remembered or {})]
    # Stable: of equal confidence the column further left wins.
    candidates.sort(key=lambda option: (-option[1], option[3]))
    taken: dict[int, tuple[Field | None, float, str]] = {}
    used: set[Field] = set()
    for field, confidence, why, column in candidates:
        if column in taken or (field in used and not (field in LISTS and why == "name")):
            continue
        taken[column] = (field, confidence, why)
        if field is not None:
            used.add(field)
    _whole_name(taken)
    return [_suggestion(sheet, column, header, taken) for column, header in enumerate(sheet.headers)]


def _options(
    header: str, sample: list[str], remembered: Mapping[str, str]
) -> list[tuple[Field | None, float, str]]:
    options: list[tuple[Field | None, float, str]] = []
    known = remembered.get(fold(header)) if header else None
    if known is not None and (known == "" or known in set(Field)):
        # An empty memory means that the coordinator left this column out.
        options.append((Field(known) if known else None, 1.1, "remembered"))
    shown = by_content(sample)
    if named := by_name(header):
        field, confidence = named
        if shown and shown[0] != field and shown[1] >= 0.9 and confidence < 0.9:
            confidence *= 0.6
        options.append((field, confidence, "name"))
    if shown:
        options.append((shown[0], 0.7 * shown[1], "content"))
    return options


def _whole_name(taken: dict[int, tuple[Field | None, float, str]]) -> None:
    """'Nom' or 'Nombre' without its other half is the whole name."""
    fields = {field for field, _, _ in taken.values()}
    halves = fields & {Field.GIVEN_NAME, Field.FAMILY_NAME}
    if len(halves) != 1 or Field.FULL_NAME in fields:
        return
    for column, (field, confidence, why) in taken.items():
        if field in halves:
            taken[column] = (Field.FULL_NAME, min(confidence, 0.8), why)


def _suggestion(
    sheet: Sheet, column: int, header: str, taken: dict[int, tuple[Field | None, float, str]]
) -> Suggestion:
    field, confidence, why = taken.get(column, (None, 0.0, "nothing"))
    examples = tuple(tidy(cell)[:80] for cell in sheet.column(column, 3))
    return Suggestion(column, header, field, round(min(confidence, 1.0), 2), why, examples)


def _is_name(text: str) -> bool:
    return (
        1 < len(text.split()) <= 6
        and not any(c.isdigit() or c in "@;,:!?" for c in text)
        and text[:1].isupper()
    )


_TESTS: tuple[tuple[Field, float, Callable[[str], bool]], ...] = (
    (Field.EMAIL, 0.6, lambda cell: "@" in cell and contact.email(cell).value is not None),
    (Field.TIME_ZONE, 0.6, lambda cell: "/" in cell and zones.time_zone(cell).value is not None),
    (Field.LANGUAGES, 0.7, lambda cell: len(cell) > 3 and bool(tongues.languages(cell).value)),
    (Field.ROLE, 0.7, lambda cell: len(cell) > 3 and words.role(cell).value is not None),
    (Field.GENDER, 0.9, lambda cell: words.gender(cell).value is not None),
    (Field.GRADE, 0.8, words.looks_like_grade),
    (Field.MODE, 0.9, lambda cell: len(cell) > 3 and words.mode(cell).value is not None),
    (Field.DATE, 0.8, lambda cell: len(cell) >= 6 and dates.date(cell, dates.Convention()).value is not None),
    (
        Field.PHONE,
        0.8,
        lambda cell: 7 <= sum(c.isdigit() for c in cell) <= 20 and not any(c.isalpha() for c in cell[:6]),
    ),
    (Field.FULL_NAME, 0.8, _is_name),
)


def by_content(sample: list[str]) -> tuple[Field, float] | None:
    """What the cells of a column look like, and the share of them that do."""
    cells = [tidy(cell)[:300] for cell in sample]
    if len(cells) < 1:
        return None
    for field, least, is_like in _TESTS:
        share = sum(1 for cell in cells if is_like(cell)) / len(cells)
        if share < least:
            continue
        if field is Field.EMAIL and len(cells) > 20 and len(set(cells)) < 0.6 * len(cells):
            return Field.SUPERVISOR_EMAIL, share  # many people, few addresses
        if field is Field.FULL_NAME and len(set(cells)) < 0.8 * len(cells):
            return None
        return field, share
    return None


def columns_of(suggestions: list[Suggestion], least: float = 0.5) -> Columns:
    """The mapping that the suggestions amount to, to be shown and corrected."""
    return {s.column: s.field for s in suggestions if s.field is not None and s.confidence >= least}


def remember(sheet: Sheet, columns: Mapping[int, Field]) -> dict[str, str]:
    """What to keep of a mapping for the organisation's next file: folded header -> field, '' for a column left out."""
    return {
        fold(header): columns[column].value if column in columns else ""
        for column, header in enumerate(sheet.headers)
        if fold(header)
    }


def check(columns: Mapping[int, Field]) -> None:
    """
    Raises:
        IncompleteMapping: an obligatory field has no column, or a field has two.
    """
    fields = list(columns.values())
    doubled = sorted({field.value for field in fields if fields.count(field) > 1 and field not in LISTS})
    without = [field.value for field in missing(set(fields))]
    if doubled or without:
        raise IncompleteMapping(missing=without, doubled=doubled)
