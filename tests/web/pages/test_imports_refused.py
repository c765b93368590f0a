"""Files that cannot be taken in, and who may not take one in: told kindly, with the way to mend it."""

import io

import pytest
import xlsxwriter

from infra.ground import Ground
from tenants.permissions import Role
from tests import making
from tests.tenants.registration.importing.desk import desk
from tests.tenants.registration.roster.books import HEADER, as_csv
from tests.tenants.registration.roster.test_limits import bomb
from tests.web.pages.test_imports import Browse, Visit, visit

__all__ = ["visit"]  # fixtures that both files use


def merged_header() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.merge_range("A1:B1", "Name and e-mail")
        page.write_row(0, 2, ["Role"])
        page.write_row(1, 0, ["Ana Ilić", "ana@example.org", "Mentor"])
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (
            bomb(200),
            "bomb.xlsx",
            ("unpacks to far more than a table needs", "would unpack to", "save it under another name"),
        ),
        (
            merged_header(),
            "merged.xlsx",
            ("merged over several columns", "A1:B1", "Take the merge of these cells apart"),
        ),
        (b"", "empty.csv", ("There are no people in this file", "Nothing.", "A header row")),
        (
            b"Name,E-mail,Role\r\n",
            "header.csv",
            ("There are no people in this file", "Only a header.", "A header row"),
        ),
        (
            b"Name,Colour\r\nAna,blue\r\n",
            "columns.csv",
            ("Say which columns hold", "No column holds: E-mail and Role", "Say which column holds what"),
        ),
    ],
)
async def test_file_that_cannot_be_read_says_what_was_found_expected_and_how_to_mend_it(
    visit: Visit, content: bytes, name: str, said: tuple[str, ...]
) -> None:
    page = await visit.preview(content, name)
    assert page.status == 200
    assert "This file could not be read" in page.text
    for words in said:
        assert words in page.text, words
    gone = await page.submit(f"{page.path}/discard")
    assert "Nothing of it was saved." in gone.text


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7", "people.pdf", ("not a table that we can read", "a PDF document", "CSV, Excel (XLSX)")),
        (
            bytes(range(256)) * 40,
            "noise.csv",
            ("not a table that we can read", "something that we do not know"),
        ),
        (b"PK\x03\x04" + bytes(200), "broken.xlsx", ("damaged", "A whole file", "ask whoever sent it")),
    ],
)
async def test_what_is_no_table_is_refused_on_the_page_of_the_upload(
    visit: Visit, content: bytes, name: str, said: tuple[str, ...]
) -> None:
    page = await visit.upload(content, name)
    assert page.status == 422
    for words in said:
        assert words in page.text, words
    assert page.form("/c/import")  # one can go on at once


@pytest.mark.parametrize("megabytes", [21, 50])
async def test_file_that_is_too_large_is_told_its_limit(visit: Visit, megabytes: int) -> None:
    page = await visit.upload(b"a,b,c\n" * (megabytes * 1024 * 1024 // 6), "large.csv")
    assert page.status == 413
    assert "This file is too large." in page.text
    assert "At most 20 MB" in page.text
    assert "Split it into several files" in page.text


async def test_no_file_is_a_field_to_fill(visit: Visit) -> None:
    page = await visit.browser.get("/c/import")
    sent = await page.submit("/c/import", files={"other": ("x", b"")}, cycle=visit.at.launched.cycle.id)
    assert sent.status == 422
    assert "Please choose a file." in sent.text


async def test_cell_of_forty_thousand_letters_is_a_matter_of_its_row(visit: Visit) -> None:
    rows = [
        ("Ana Ilić", "ana@example.org", "Mentor", "x" * 40_000),
        ("Bo Li", "bo@example.org", "Mentee", ""),
    ]
    page = await visit.preview(as_csv([(*HEADER, "Motivation"), *rows]))
    assert "1 of 2 people are ready to import" in page.text
    assert "Texts that are too long" in page.text
    assert len(page.html) < 60_000
    cut = await page.submit(f"{page.path}/choices", group="too_long", decision="cut")
    await visit.at.work()
    assert "2 of 2 people are ready" in (await visit.browser.get(cut.path)).text


async def test_other_organisations_import_is_unknown(ground: Ground, browse: Browse, visit: Visit) -> None:
    page = await visit.preview(as_csv([HEADER, ("Ana Ilić", "ana@example.org", "Mentor")]))
    theirs = await desk(ground)
    stranger = await making.signed_in(ground.database, browse, theirs.made, theirs.actor)
    unknown = await stranger.get(f"/c/import/{theirs.made.id}")
    for path in ("", "/rows", "/rows/2", "/reading", "/refused.csv", "/refused.xlsx", "/events"):
        found = await stranger.get(f"{page.path}{path}")
        assert (found.status, found.text) == (404, unknown.text), path
    token = (await stranger.get("/c/import")).form("/c/import").fields[0]
    for path in ("/choices", "/columns", "/reading", "/again", "/commit", "/revert", "/discard", "/rows/2"):
        found = await stranger.post(f"{page.path}{path}", [(token.name, token.value), ("version", "1")])
        assert (found.status, found.text) == (404, unknown.text), path


async def test_page_is_for_coordinators(ground: Ground, browse: Browse, visit: Visit) -> None:
    participant = await making.somebody(ground.database, visit.at.made.id, Role.PARTICIPANT)
    browser = await making.signed_in(ground.database, browse, visit.at.made, participant)
    assert (await browser.get("/c/import")).status == 403
