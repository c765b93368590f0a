"""A table as a file that no spreadsheet takes for formulas: text is disarmed, numbers are numbers."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from tenants.registration.roster.rejected import disarm

Cell = str | int | float
Table = Sequence[Sequence[Cell]]


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte-order mark, for Excel."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in table:
        writer.writerow([disarm(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table) -> bytes:
    import xlsxwriter  # few ask for it, and it would take 10 MB of every web process

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as workbook:
        # Like the dates within its zip: the same rows make the same file.
        workbook.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
        page = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True})
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                kind = bold if number == 0 else None
                if isinstance(cell, str):
                    page.write_string(number, column, cell, kind)
                else:
                    page.write_number(number, column, cell, kind)
        page.freeze_panes(1, 0)
    return out.getvalue()


KINDS: Mapping[str, tuple[Callable[[Table], bytes], str]] = MappingProxyType(
    {
        "csv": (as_csv, "text/csv"),
        "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    }
)
