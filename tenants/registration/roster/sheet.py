"""A table of text, and how it was read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tenants.registration.roster.scanning import MOST_COLUMNS


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something about the whole file that was guessed and can be overridden: a code of `codes.SHEET` and facts."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetChoice:
    name: str
    filled: int  # cells that hold something
    is_visible: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    The cells of one sheet as text, from the first row of the file.

    Row numbers are those that the person sees in a spreadsheet: the first is 1.
    `formulas` has the source of a formula by (row number, column from 0); the
    cell itself holds the text that the file remembers, never something worked out here.
    """

    filename: str
    format: str
    cells: list[list[str]]
    header_row: int
    encoding: str | None = None
    delimiter: str | None = None
    name: str | None = None
    choices: tuple[SheetChoice, ...] = ()
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()

    @property
    def headers(self) -> list[str]:
        """The header cells, padded to the widest row; all empty where there is no header."""
        first = max(self.header_row - 1, 0)
        width = min(max((len(row) for row in self.cells[first:]), default=0), MOST_COLUMNS)
        found = [" ".join(cell.split()) for cell in self.cells[first]] if self.header_row else []
        return (found + [""] * (width - len(found)))[:MOST_COLUMNS]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Number and cells of each row below the header that holds anything."""
        for index in range(self.header_row, len(self.cells)):
            row = self.cells[index]
            if any(cell and not cell.isspace() for cell in row):
                yield index + 1, row

    @property
    def row_count(self) -> int:
        return sum(1 for _ in self.rows())

    def column(self, column: int, limit: int | None = None) -> list[str]:
        """The cells of a column that hold something, at most the first `limit`."""
        found = []
        for _, row in self.rows():
            if column < len(row) and row[column].strip():
                found.append(row[column])
                if limit is not None and len(found) >= limit:
                    break
        return found
