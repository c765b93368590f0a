"""Tables as files: no cell of them is live, and numbers stay numbers."""

import io

import python_calamine

from tenants.registration.roster import reading
from tests.formulas import PAYLOADS, live_cells
from web import spreadsheets


def test_no_cell_is_live_in_either_file() -> None:
    table = [["Name", "Text"], *(["Ana", text] for text in PAYLOADS)]

    assert len(PAYLOADS) >= 500
    assert live_cells(spreadsheets.as_csv(table)) == []
    assert reading.read(spreadsheets.as_xlsx(table), "again.xlsx").formulas == {}


def test_numbers_are_numbers_and_texts_are_whole() -> None:
    table = [["Name", "Points"], ["=Ana", -7], ["a;=b", 2.5]]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(spreadsheets.as_xlsx(table)))

    assert book.get_sheet_by_index(0).to_python() == [["Name", "Points"], ["=Ana", -7], ["a;=b", 2.5]]
    assert spreadsheets.as_csv(table).decode("utf-8-sig").splitlines() == [
        "Name,Points",
        "'=Ana,-7",
        "a;'=b,2.5",
    ]
