"""CSV and its relations: which sign separates the cells, and the cells."""

import csv
import io
from dataclasses import dataclass
from itertools import islice

from tenants.registration.roster.errors import WrongDelimiter

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# A file is at most 20 MB, so no cell can be longer; Python's own limit of 131,072 would be a crash. The limit is the process's.
csv.field_size_limit(20 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Table:
    rows: list[list[str]]
    delimiter: str
    unclosed_quote: int | None = None


def parse(text: str, delimiter: str | None = None) -> Table:
    """
    All rows, blank ones too, so that row numbers are those that a spreadsheet shows.

    A quotation mark that is never closed would swallow the rest of the file
    into one cell: from its row on, quotation marks are read as letters.

    Raises:
        WrongDelimiter: not one of `DELIMITERS`.
    """
    if delimiter is not None and delimiter not in DELIMITERS:
        raise WrongDelimiter(found=delimiter, expected=DELIMITERS)
    text = text.replace("\x00", "")
    declared, skipped = _declared(text)
    delimiter = delimiter or declared or guess(text)
    lines = list(io.StringIO(text, newline=""))
    rows: list[list[str]] = [[] for _ in range(skipped)]
    reader = csv.reader(islice(lines, skipped, None), delimiter=delimiter)
    start = skipped
    for row in reader:
        end = reader.line_num + skipped
        if end == len(lines) and end - start > 5 and _unclosed(lines[start:]):
            rest = csv.reader(lines[start:], delimiter=delimiter, quoting=csv.QUOTE_NONE)
            return Table([*rows, *rest], delimiter, unclosed_quote=len(rows) + 1)
        rows.append(row)
        start = end
    return Table(rows, delimiter)


def _unclosed(lines: list[str]) -> bool:
    return sum(line.count('"') for line in lines) % 2 == 1


def _declared(text: str) -> tuple[str | None, int]:
    """Excel's own first line `sep=;`, and how many lines it takes."""
    first = text[:8].splitlines()[0] if text.strip() else ""
    if first.lower().startswith("sep=") and len(first) == 5 and first[4] in DELIMITERS:
        return first[4], 1
    return None, 0


def guess(text: str) -> str:
    """The sign that cuts the first rows into the most equal and most numerous cells."""
    sample = text[:200_000]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        widths = [
            len(row) for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 50)
        ]
        widths = [width for width in widths if width]
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        score = (common - 1) * (widths.count(common) / max(len(widths), 1)) ** 2
        if score > best_score:
            best, best_score = delimiter, score
    return best


def name_of(delimiter: str) -> str:
    return _NAMES.get(delimiter, delimiter)
