"""
The refused rows as a file to be mended and sent again: the original cells, and why.

No cell of it can become a formula in anybody's spreadsheet. In CSV a cell that
could begin one gets an apostrophe before it; in XLSX every cell is written as text.
"""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tenants.registration.roster.problems import Problem, Severity
from tenants.registration.roster.sheet import Sheet
from tenants.registration.roster.staging import Staged
from tenants.registration.roster.writing import BETWEEN_CELLS, parts_cells, tidy

Explain = Callable[[Sequence[Problem]], str]

# OWASP's list of what begins a formula, and the full-width signs that Excel turns into them.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_IN_XLSX = 32_767  # characters in a cell; Excel's own limit


def disarm(text: str) -> str:
    """
    `text` as a spreadsheet will take it for text, also behind white space, quotation marks or invisible characters.

    A spreadsheet of another country parts cells at other signs than the file does, and so finds
    cells within a text: what could begin a formula behind such a sign gets its apostrophe as well.
    """
    bare = tidy(text).lstrip("\"' ")
    text = BETWEEN_CELLS.sub(lambda found: f"{found[0]}'" if parts_cells(found[0]) else found[0], text)
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) or bare.startswith(_BEGINS_FORMULA) else text


def _table(
    sheet: Sheet, staged: Staged, explain: Explain, row_header: str, reason_header: str
) -> list[list[str]]:
    headers = sheet.headers
    table = [[row_header, *headers, reason_header]]
    for row in staged.rejected():
        cells = (row.cells + [""] * len(headers))[: max(len(headers), len(row.cells))]
        table.append(
            [str(row.number), *cells, explain([p for p in row.problems if p.severity is Severity.REFUSED])]
        )
    return table


def as_csv(
    sheet: Sheet, staged: Staged, explain: Explain, *, row_header: str = "Row", reason_header: str = "Reason"
) -> bytes:
    """
    UTF-8 with a byte-order mark, for Excel, with the file's own delimiter; the first column is the row in the original.

    `explain` makes one text of the reasons of a row; it runs at the edge, in the reader's language.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sheet.delimiter or ",", lineterminator="\r\n")
    for cells in _table(sheet, staged, explain, row_header, reason_header):
        writer.writerow([disarm(cell.replace("\x00", "")) for cell in cells])
    return out.getvalue().encode("utf-8-sig", errors="replace")


def as_xlsx(
    sheet: Sheet, staged: Staged, explain: Explain, *, row_header: str = "Row", reason_header: str = "Reason"
) -> bytes:
    """The same as a workbook. Excel takes no cell over 32,767 characters; a longer one is cut, and the reason says its length."""
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
        for number, cells in enumerate(_table(sheet, staged, explain, row_header, reason_header)):
            for column, cell in enumerate(cells):
                text = cell.encode("utf-8", errors="replace").decode()[:_LONGEST_IN_XLSX]
                page.write_string(number, column, text, bold if number == 0 else None)
        page.freeze_panes(1, 0)
    return out.getvalue()
