"""The door of import: the bytes of a file become a `Sheet`, or an error that says what the file is and how to mend it."""

from collections.abc import Sequence
from dataclasses import replace

from tenants.registration.roster import containers, delimited, encodings, headers, spreadsheets
from tenants.registration.roster.errors import Empty, MergedHeader, TooManyCells
from tenants.registration.roster.scanning import MOST_CELLS, MOST_ROWS
from tenants.registration.roster.sheet import Assumption, Sheet
from tenants.registration.roster.writing import column_letter, short


def read(
    content: bytes,
    filename: str,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_row: int | None = None,
) -> Sheet:
    """
    Read a roster. The keywords are the person's own word where a guess was wrong; `header_row` 0 says that there is none.

    Nothing in a cell can make this fail: a bad cell is a matter of its row. The
    size is checked before anything is opened, an archive's before it is unpacked.

    Raises:
        TooLarge, TooManyCells, Bomb: more than we take.
        WrongFormat, Encrypted, Damaged: not a table that we can open.
        Empty, NoSuchSheet, MergedHeader, WrongEncoding, WrongDelimiter: see `errors`.
    """
    containers.within_size(content)
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Empty(found="nothing", sheet=None, mend="add_rows")
    kind = containers.sniff(content)
    if kind == "csv":
        return _read_text(content, filename, encoding, delimiter, header_row)
    return _read_book(content, filename, kind, sheet, header_row)


def _read_text(
    content: bytes, filename: str, encoding: str | None, delimiter: str | None, header_row: int | None
) -> Sheet:
    decoded = encodings.decode(content, encoding)
    table = delimited.parse(decoded.text, delimiter)
    _within_cells(table.rows)
    said = []
    if decoded.mixed_lines:
        said.append(
            Assumption("encodings_mixed", {"encoding": decoded.encoding, "lines": decoded.mixed_lines})
        )
    elif decoded.certainty == "guessed":
        said.append(Assumption("encoding_guessed", {"encoding": decoded.encoding}))
    if table.delimiter != ",":
        said.append(Assumption("delimiter_guessed", {"delimiter": table.delimiter}))
    if table.unclosed_quote:
        said.append(Assumption("unclosed_quote", {"row": table.unclosed_quote}))
    row = _header_row(table.rows, header_row)
    return _with_header(
        Sheet(
            filename=filename,
            format="csv",
            cells=table.rows,
            header_row=row,
            encoding=decoded.encoding,
            delimiter=table.delimiter,
        ),
        said,
    )


def _within_cells(rows: Sequence[Sequence[str]]) -> None:
    """One row with too many delimiters is that row's matter; only the whole may be too much."""
    cells = sum(map(len, rows))
    if len(rows) > MOST_ROWS:
        raise TooManyCells(found=len(rows), limit=MOST_ROWS, what="rows", mend="split_file")
    if cells > MOST_CELLS:
        raise TooManyCells(found=cells, limit=MOST_CELLS, what="cells", mend="split_file")


def _read_book(content: bytes, filename: str, kind: str, name: str | None, header_row: int | None) -> Sheet:
    book = spreadsheets.read(content, kind, name)
    if not any(any(row) for row in book.cells):
        raise Empty(
            found="nothing", sheet=book.name, mend="choose_sheet" if len(book.choices) > 1 else "add_rows"
        )
    row = _header_row(book.cells, header_row)
    _separate_headers(book, row)
    said = []
    if filled := _fill_down(book, row):
        said.append(Assumption("merged_filled", {"ranges": filled[:20]}))
    if name is None and sum(choice.filled > 0 for choice in book.choices) > 1:
        others = [choice.name for choice in book.choices if choice.name != book.name]
        said.append(Assumption("sheet_chosen", {"sheet": book.name, "others": others}))
    if book.formulas:
        said.append(Assumption("formulas", {"count": len(book.formulas)}))
    return _with_header(
        Sheet(
            filename=filename,
            format=kind,
            cells=book.cells,
            header_row=row,
            name=book.name,
            choices=book.choices,
            formulas={(line + 1, column): source for (line, column), source in book.formulas.items()},
        ),
        said,
    )


def _header_row(rows: list[list[str]], chosen: int | None) -> int:
    if chosen is None:
        return headers.find(rows)
    return max(0, min(chosen, len(rows)))


def _separate_headers(book: spreadsheets.Book, row: int) -> None:
    """
    Refuse a header cell that spans several columns: which of them it names cannot be known.

    One that spans rows only is written into the header's own row.
    """
    wide = []
    for (top, left), (bottom, right) in book.merged:
        if not top <= row - 1 <= bottom or left >= len(book.cells[row - 1]):
            continue
        if right > left:
            wide.append((top, left, f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}"))
        else:
            book.cells[row - 1][left] = book.cells[row - 1][left] or book.cells[top][left]
    if wide and row:
        top, left, _ = wide[0]
        text = short(book.cells[top][left])
        raise MergedHeader(row=row, ranges=[name for _, _, name in wide], text=text, mend="unmerge")


def _fill_down(book: spreadsheets.Book, header_row: int) -> list[str]:
    """Write a cell merged over several rows into each of them: one office named once for ten people is theirs all."""
    filled = []
    for (top, left), (bottom, right) in book.merged:
        if top < header_row or left != right or bottom == top or top >= len(book.cells):
            continue
        for row in book.cells[top + 1 : bottom + 1]:
            row[left] = row[left] or book.cells[top][left]
        filled.append(f"{column_letter(left)}{top + 1}:{column_letter(right)}{bottom + 1}")
    return filled


def _with_header(sheet: Sheet, said: list[Assumption]) -> Sheet:
    if sheet.header_row == 0:
        said.append(Assumption("no_header"))
    elif sheet.header_row > 1:
        said.append(Assumption("header_below", {"row": sheet.header_row}))
    named = [header for header in sheet.headers if header]
    if doubled := sorted({header for header in named if named.count(header) > 1}):
        said.append(Assumption("headers_doubled", {"headers": [short(header) for header in doubled]}))
    if sheet.header_row and (
        wide := [n for n, row in sheet.rows() if any(row[len(sheet.cells[sheet.header_row - 1]) :])]
    ):
        said.append(Assumption("extra_cells", {"rows": wide[:20]}))
    if next(sheet.rows(), None) is None:
        raise Empty(found="only_headers", sheet=sheet.name, mend="add_rows")
    return replace(sheet, assumptions=tuple(said))
