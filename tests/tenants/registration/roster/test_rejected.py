"""The refused rows as a file: nothing lost, nothing live."""

import csv
import io

import pytest
import python_calamine

from tenants.registration.roster import reading, rejected
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


PAYLOADS = [
    start + body
    for start in ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "\u200b=", "＝", "＋", "－", "＠", '"=', "'=", "\ufeff=", "=\t", "\x00=", "-\n")
    for body in (
        "1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://example.com")', "SUM(A1:A9)", "IMPORTXML(A1)", "1;2", '1,"2"', "DDE()", "A1", "x\ty",
        "x\ny", "x\rz", "é", "0", "", "WEBSERVICE(A1)", "@SUM(1)", "+1", "-1", "=1", ";=1", ",=1", '";=1', "\n=1", "|=1",
    )
]  # fmt: skip


def test_no_cell_is_live_in_either_file():  # 500 formula payloads
    assert len(PAYLOADS) >= 500
    sheet = reading.read(
        as_csv([(*HEADER, "Sector"), *[("Ana", "nowhere", "Mentor", text) for text in PAYLOADS]]), "a.csv"
    )
    staged = stage(sheet)

    for row in read_back(rejected.as_csv(sheet, staged, explain))[1:]:
        for cell in row:
            assert not cell.lstrip(' "\u00a0\u200b\ufeff\t\r\n').startswith(
                ("=", "+", "-", "@", "＝", "＋", "－", "＠")
            )
    assert reading.read(rejected.as_xlsx(sheet, staged, explain), "again.xlsx").formulas == {}


@pytest.mark.parametrize("text", ["Ana", "a-b", "7", "a=b", ""])
def test_ordinary_text_is_left_alone(text):
    assert rejected.disarm(text) == text
