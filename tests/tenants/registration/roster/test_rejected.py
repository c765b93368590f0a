"""The refused rows as a file: nothing lost, nothing live."""

import csv
import io

import pytest
import python_calamine

from tenants.registration.roster import reading, rejected, writing
from tests.formulas import PAYLOADS, live_cells
from tests.tenants.registration.roster.books import HEADER, as_csv, roster, stage


def explain(problems):
    return "; ".join(problem.code for problem in problems)


def read_back(content, delimiter=","):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_csv_has_the_original_cells_and_the_reason():
    sheet = reading.read(
        as_csv([HEADER, ("Ana", "nowhere", "Mentor"), ("Eva", "eva@example.org", "Mentor")], ";"), "a.csv"
    )

    assert read_back(rejected.as_csv(sheet, stage(sheet), explain), ";") == [
        ["Row", "Full name", "E-mail", "Role", "Reason"],
        ["2", "Ana", "nowhere", "Mentor", "email_wrong"],
    ]


def test_xlsx_has_the_same_rows_as_text():
    sheet = roster("inter-agency-2026.xlsx")
    content = rejected.as_xlsx(sheet, stage(sheet), explain, row_header="Ligne", reason_header="Motif")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()

    assert (rows[0][0], rows[0][-1], len(rows)) == ("Ligne", "Motif", 17)
    assert (rows[4][0], rows[4][1]) == ("145", '=HYPERLINK("http://example.com","click")')
    assert reading.read(content, "again.xlsx").formulas == {}


def test_mended_file_can_be_sent_again():
    sheet = roster("inter-agency-2026.xlsx")
    again = reading.read(rejected.as_csv(sheet, stage(sheet), explain), "again.csv")

    assert [int(cells[0]) for _, cells in again.rows()] == [row.number for row in stage(sheet).rejected()]
    assert stage(again).counts()["all"] == 16


def test_apostrophe_of_a_disarmed_cell_is_no_part_of_the_text_when_sent_again():
    sheet = reading.read(
        as_csv([(*HEADER, "Phone"), ("=Ana()", "nowhere", "Mentor", "+45 33 12 34 56")]), "a.csv"
    )
    content = rejected.as_csv(sheet, stage(sheet), explain)
    row = stage(reading.read(content, "again.csv")).rows[0]

    assert read_back(content)[1][1:5] == ["'=Ana()", "nowhere", "Mentor", "'+45 33 12 34 56"]
    assert row.value["phone"] == "+45 33 12 34 56"
    assert [p.code for p in row.problems] == ["formula_as_name", "email_wrong"]


def test_no_cell_is_live_in_either_file():  # 725 formula payloads
    sheet = reading.read(
        as_csv([(*HEADER, "Sector"), *[("Ana", "nowhere", "Mentor", text) for text in PAYLOADS]]), "a.csv"
    )
    staged = stage(sheet)

    assert live_cells(rejected.as_csv(sheet, staged, explain)) == []
    assert reading.read(rejected.as_xlsx(sheet, staged, explain), "again.xlsx").formulas == {}


@pytest.mark.parametrize(
    "text", ["a; -b", "x;+45 33, =y", "one\n- two\n- three", "=a|@b", "a;'b", "it's", "a, 'b'"]
)
def test_text_within_comes_back_as_it_was(text):
    assert writing.unmarked(rejected.disarm(text)) == text


@pytest.mark.parametrize("text", ["Ana", "a-b", "7", "a=b", "", "a; b", "x - y", "a, b = c"])
def test_ordinary_text_is_left_alone(text):
    assert rejected.disarm(text) == text
