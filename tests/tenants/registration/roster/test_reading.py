"""Bytes to cells: formats, encodings, delimiters, and files that are something else."""

import io
import zipfile

import pytest
import xlsxwriter

from tenants.registration.roster import reading
from tenants.registration.roster.errors import (
    Damaged,
    Empty,
    Encrypted,
    MergedHeader,
    NoSuchSheet,
    WrongDelimiter,
    WrongEncoding,
    WrongFormat,
)
from tests.tenants.registration.roster.books import HEADER, as_csv, as_ods, as_xlsx, codes, ods_row, stage

ANA = ("Ana Babić", "ana@example.org", "Mentor")


def said(sheet):
    return {assumption.code: assumption.facts for assumption in sheet.assumptions}


@pytest.mark.parametrize(
    ("encoding", "name", "shown"),
    [
        ("utf-8", "Zoé Šarić 赵莹", "utf-8"),
        ("utf-8-sig", "Zoé Šarić 赵莹", "utf-8"),
        ("utf-16", "Zoé Šarić 赵莹", "utf-16-le"),
        ("cp1252", "Zoé Åse Müller Ørsted", "windows-1252"),
        ("cp1250", "Hatidža Softić, Đurđa Čengić, Łukasz Wąsik", "windows-1250"),
        ("cp1256", "فاطمة الزهراء عبد الله", "windows-1256"),
        ("cp1251", "Евпраксия Робертовна Елисеева", "windows-1251"),
    ],
)
def test_encoding_is_found_and_shown(encoding, name, shown):
    sheet = reading.read(as_csv([HEADER, (name, "a@example.org", "Mentor")], encoding=encoding), "a.csv")

    assert sheet.encoding == shown
    assert sheet.cells[1][0] == name


def test_encoding_that_the_person_chose_wins():
    content = as_csv([HEADER, ("Ðorðe", "a@example.org", "Mentor")], encoding="cp1252")

    assert reading.read(content, "a.csv", encoding="windows-1250").cells[1][0] == "Đorđe"
    with pytest.raises(WrongEncoding):
        reading.read(content, "a.csv", encoding="klingon-1")


def test_lines_in_two_encodings_are_each_read_in_their_own():
    content = "Full name,E-mail,Role\nZoé Šarić,a@example.org,Mentor\nŽana Ć,c@example.org,Mentor\n".encode()
    content += "Åse,b@example.org,Mentor\n".encode("cp1252")

    sheet = reading.read(content, "a.csv")

    assert [row[0] for row in sheet.cells[1:]] == ["Zoé Šarić", "Žana Ć", "Åse"]
    assert said(sheet)["encodings_mixed"]["lines"] == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(delimiter):
    sheet = reading.read(as_csv([HEADER, ("Babić, Ana", "a@example.org", "Mentor")], delimiter), "a.csv")

    assert (sheet.delimiter, sheet.cells[1][0]) == (delimiter, "Babić, Ana")


def test_delimiter_that_the_person_chose_wins():
    content = as_csv([HEADER, ANA], ";")

    assert reading.read(content, "a.csv", delimiter=",").cells[0] == [";".join(HEADER)]
    with pytest.raises(WrongDelimiter):
        reading.read(content, "a.csv", delimiter="x")


def test_delimiter_line_of_excel_counts_as_a_row():
    sheet = reading.read(b"sep=;\r\n" + as_csv([HEADER, ANA], ";"), "a.csv")

    assert (sheet.delimiter, sheet.header_row, next(sheet.rows())[0]) == (";", 2, 3)


def test_row_numbers_count_blank_rows_and_cells_with_line_breaks():
    sheet = reading.read(
        b'Full name,E-mail,Role\n\nAna,a@example.org,"Men\ntor"\n\nEva,e@example.org,Mentor\n', "a.csv"
    )

    assert [number for number, _ in sheet.rows()] == [3, 5]


def test_quotation_mark_never_closed_does_not_swallow_the_file():
    lines = ["Full name,E-mail,Role", 'Ana,a@example.org,"Mentor'] + [
        f"P{n},p{n}@example.org,Mentor" for n in range(20)
    ]

    sheet = reading.read("\n".join(lines).encode(), "a.csv")

    assert sheet.row_count == 21
    assert said(sheet)["unclosed_quote"] == {"row": 2}


def test_xlsx_sheet_with_most_cells_is_chosen_and_others_can_be():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Notes").write("A1", "read me")
        people = book.add_worksheet("People")
        people.write_row(0, 0, HEADER)
        people.write_row(1, 0, ANA)

    sheet = reading.read(out.getvalue(), "a.xlsx")

    assert (sheet.name, [choice.name for choice in sheet.choices]) == ("People", ["Notes", "People"])
    assert said(sheet)["sheet_chosen"] == {"sheet": "People", "others": ["Notes"]}
    with pytest.raises(NoSuchSheet):
        reading.read(out.getvalue(), "a.xlsx", sheet="Persons")


def test_formula_cells_are_text_and_never_worked_out():  # formulas in cells
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, ANA)
        page.write_formula("A2", '="Ana"&" Babić"', None, "Ana Babić")
        page.write_row(2, 0, ("", "eva@example.org", "Mentor"))
        page.write_formula("A3", "=B3", None, "")

    sheet = reading.read(out.getvalue(), "a.xlsx")
    ana, eva = stage(sheet).rows

    assert sheet.formulas == {(2, 0): '="Ana"&" Babić"', (3, 0): "=B3"}
    assert (ana.value["full_name"], codes(ana)) == ("Ana Babić", [("assumed", "formula_cell")])
    assert codes(eva) == [("refused", "formula_without_value")]


def test_text_that_begins_like_a_formula_stays_text():
    sheet = reading.read(as_xlsx([HEADER, ("=1+1", "a@example.org", "Mentor")]), "a.xlsx")

    assert sheet.cells[1][0] == "=1+1"
    assert codes(stage(sheet).rows[0]) == [("refused", "formula_as_name")]


def test_merged_header_is_refused_with_its_range():  # merged header
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.merge_range("A1:D1", "Programme 2026")
        page.write_row(1, 0, ("Full name", "E-mail"))
        page.merge_range("C2:D2", "Role")
        page.write_row(2, 0, (*ANA, "x"))

    with pytest.raises(MergedHeader) as refusal:
        reading.read(out.getvalue(), "a.xlsx")

    assert refusal.value.facts == {"row": 2, "ranges": ["C2:D2"], "text": "Role", "mend": "unmerge"}


def test_title_merged_above_the_header_and_header_merged_downwards_are_read():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.merge_range("A1:C1", "Programme 2026")
        page.merge_range("A2:A3", "Full name")
        page.write_row(2, 1, ("E-mail", "Role"))
        page.write_row(3, 0, ANA)

    sheet = reading.read(out.getvalue(), "a.xlsx")

    assert (sheet.header_row, sheet.headers) == (3, list(HEADER))


def test_office_merged_over_the_rows_of_its_people_is_theirs_all():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, (*HEADER, "Office"))
        page.write_row(1, 0, ANA)
        page.write_row(2, 0, ("Eva Delić", "eva@example.org", "Mentor"))
        page.merge_range("D2:D3", "Tuzla")

    sheet = reading.read(out.getvalue(), "a.xlsx")

    assert [row.value["organisation_unit"] for row in stage(sheet).rows] == ["Tuzla", "Tuzla"]
    assert said(sheet)["merged_filled"] == {"ranges": ["D2:D3"]}


def test_row_with_a_thousand_cells_too_many_is_that_rows_matter():
    sheet = reading.read(as_csv([HEADER, ANA, (*ANA, *["x"] * 5_000)]), "a.csv")

    assert (len(sheet.headers), stage(sheet).counts()["all"]) == (200, 2)
    assert said(sheet)["extra_cells"] == {"rows": [3]}


def test_ods_is_read_with_formulas_and_without_its_million_empty_rows():
    empty = '<table:table-cell table:number-columns-repeated="1020"/>'
    table = (
        '<table:table table:name="List">'
        + ods_row(*HEADER)
        + f'<table:table-row><table:table-cell office:value-type="string" table:formula="of:=[.B2]"><text:p>Ana</text:p>'
        f'</table:table-cell><table:table-cell office:value-type="string"><text:p>ana@example.org</text:p></table:table-cell>'
        f'<table:table-cell office:value-type="string"><text:p>Mentor</text:p></table:table-cell>{empty}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row></table:table>'
    )

    sheet = reading.read(as_ods(table), "a.ods")

    assert (sheet.format, sheet.name, sheet.row_count) == ("ods", "List", 1)
    assert sheet.formulas == {(2, 0): "=[.B2]"}
    assert stage(sheet).rows[0].value["full_name"] == "Ana"


def test_ods_merged_header_is_refused():
    wide = '<table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>Role</text:p></table:table-cell>'
    row = ods_row("Full name", "E-mail").replace(
        "</table:table-row>", f"{wide}<table:covered-table-cell/></table:table-row>"
    )

    with pytest.raises(MergedHeader):
        reading.read(as_ods(f'<table:table table:name="L">{row}{ods_row(*ANA, "x")}</table:table>'), "a.ods")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "image"),
        (b"<!DOCTYPE html><table>", "html"),
        (b"<?xml version='1.0'?><Workbook/>", "xml"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "Workbook".encode("utf-16-le"), "xls"),
        (bytes(range(32)) * 50, "unknown"),
    ],
)
def test_other_files_are_named(content, found):
    with pytest.raises(WrongFormat) as refusal:
        reading.read(content, "roster.csv")

    assert refusal.value.facts["found"] == found
    assert refusal.value.facts["expected"] == ("csv", "xlsx", "ods")


@pytest.mark.parametrize(
    ("part", "found"), [("word/document.xml", "docx"), ("xl/workbook.bin", "xlsb"), ("a.txt", "archive")]
)
def test_other_archives_are_named(part, found):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "x")

    with pytest.raises(WrongFormat) as refusal:
        reading.read(out.getvalue(), "roster.xlsx")

    assert refusal.value.facts["found"] == found


def test_spreadsheets_with_a_password_are_named():
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Encrypted):
        reading.read(content, "a.xlsx")
    with pytest.raises(Encrypted):
        reading.read(as_ods("", manifest="<m><encryption-data/></m>"), "a.ods")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n \r\n"])
def test_empty_file_is_named(content):
    with pytest.raises(Empty) as refusal:
        reading.read(content, "a.csv")

    assert refusal.value.facts["found"] == "nothing"


@pytest.mark.parametrize("content", [as_csv([HEADER]), as_xlsx([HEADER])])
def test_header_without_rows_is_named(content):
    with pytest.raises(Empty) as refusal:
        reading.read(content, "a")

    assert refusal.value.facts["found"] == "only_headers"


def test_one_row_is_enough():
    assert stage(reading.read(as_csv([HEADER, ANA]), "a.csv")).counts()["ready"] == 1


@pytest.mark.parametrize("cut", [30, 200, 2000])
def test_damaged_workbook_is_named(cut):
    whole = as_xlsx([HEADER, ANA])

    with pytest.raises((Damaged, WrongFormat)):
        reading.read(whole[:cut], "a.xlsx")


def test_numbers_and_dates_of_a_workbook_become_text_as_people_write_it():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ("Full name", "Years", "Share", "Date"))
        page.write_row(1, 0, ("Ana", 7, 1.5))
        page.write_number("D2", 46143, book.add_format({"num_format": "dd.mm.yyyy"}))

    assert reading.read(out.getvalue(), "a.xlsx").cells[1] == ["Ana", "7", "1.5", "2026-05-01"]
