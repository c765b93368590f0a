"""Page 20: from a file to people who can be matched, through the real app and the real workers."""

import asyncio
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
import xlsxwriter

from infra.ground import Ground
from tenants.permissions import Role
from tenants.registration import actions as registration
from tenants.registration.models import Status
from tests import making
from tests.browsing import Browser, Page
from tests.tenants.registration.importing.desk import Desk, desk
from tests.tenants.registration.roster.books import HEADER, ROSTERS, as_csv
from tests.tenants.registration.roster.test_limits import bomb

Browse = Callable[[str], Browser]

HEADLINES = {
    "inter-agency-2026.xlsx": "644 of 660 people are ready to import",
    "mentor-network.csv": "110 of 140 people are ready to import",
    "solidarite.csv": "121 of 125 people are ready to import",
    "chapter-pilot.xlsx": "13 of 13 people are ready to import",
}
READY = {
    "inter-agency-2026.xlsx": 700,
    "mentor-network.csv": 110,
    "solidarite.csv": 207,
    "chapter-pilot.xlsx": 13,
}


@dataclass
class Visit:
    at: Desk
    browser: Browser

    async def upload(self, content: bytes, name: str) -> Page:
        page = await self.browser.get("/c/import")
        return await page.submit(
            "/c/import", files={"file": (name, content)}, cycle=self.at.launched.cycle.id
        )

    async def preview(self, content: bytes, name: str = "people.csv") -> Page:
        """Upload, let the worker read it, and check again."""
        page = await self.upload(content, name)
        assert page.status == 200, page.text
        await self.at.work()
        return await self.browser.get(page.path)


@pytest.fixture
async def visit(ground: Ground, browse: Browse) -> Visit:
    at = await desk(ground)
    return Visit(at, await making.signed_in(ground.database, browse, at.made, at.actor))


@pytest.mark.parametrize("name", HEADLINES)
async def test_roster_is_uploaded_looked_at_imported_and_taken_back(visit: Visit, name: str) -> None:
    waiting = await visit.upload((ROSTERS / name).read_bytes(), name)
    assert "Your file is being read" in waiting.text
    assert "Check again" in waiting.text
    await visit.at.work()

    preview = await visit.browser.get(waiting.path)
    assert HEADLINES[name] in preview.text
    assert "Nothing is saved yet." in preview.text
    assert await visit.at.participations() == []

    unsaid = await preview.submit(f"{preview.path}/commit")
    assert unsaid.status == 422
    assert "Say that the people on this roster have agreed" in unsaid.text

    going = await unsaid.submit(f"{preview.path}/commit", have_agreed="yes")
    assert "people are being imported" in going.text
    await visit.at.work()
    done = await visit.browser.get(preview.path)
    number = HEADLINES[name].split()[0]
    assert f"{number} people are in" in done.text
    # Whoever wants to be both and left one side open stays registered.
    ready = [part for part in await visit.at.participations() if part.status == Status.READY]
    assert len(ready) == READY[name]

    await done.submit(f"{preview.path}/revert")
    await visit.at.work()
    back = await visit.browser.get(preview.path)
    assert "This import was taken back" in back.text
    assert await visit.at.participations() == []


async def test_progress_is_told_until_the_import_is_done(visit: Visit) -> None:
    page = await visit.preview((ROSTERS / "inter-agency-2026.xlsx").read_bytes(), "roster.xlsx")
    await page.submit(f"{page.path}/commit", have_agreed="yes")

    told = asyncio.create_task(visit.browser.get(f"{page.path}/events"))
    await asyncio.sleep(0.2)
    await visit.at.work()
    stream = (await asyncio.wait_for(told, 20)).response.text

    assert re.search(r"data: .*\d+ of 644 people are in\.", stream)
    assert stream.rstrip().endswith("event: end\ndata:")
    late = await visit.browser.get(f"{page.path}/events")
    assert "people are in" not in late.response.text
    assert late.response.text.rstrip().endswith("event: end\ndata:")


# --- Files that are no roster --------------------------------------------------------


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


# --- Deciding ------------------------------------------------------------------------------


async def test_choices_on_the_page_mend_rows_group_by_group(visit: Visit) -> None:
    header = (*HEADER, "Languages", "Topics I can cover")
    page = await visit.preview(
        as_csv(
            [
                header,
                ("Ana Ilić", "ana (at) example.org", "Mentor", "English", "Leadership"),
                ("Bo Li", "bo@example.org", "teacher", "English", "Leadership"),
                ("Cy Ng", "cy@example.org", "Mentor", "BCMS", "Beekeeping"),
            ]
        )
    )
    assert "3 of 3 rows have a problem; 3 choices solve 3 of them" in page.text
    for values, ready in (
        ({"group": "emails", "decision": "accept"}, 1),
        ({"field": "role", "found": "teacher", "means": "mentor"}, 2),
        ({"field": "languages", "found": "BCMS", "means": "Bosnian"}, 3),
        ({"field": "topics_offered", "found": "Beekeeping", "means": "Leadership"}, 3),
    ):
        form = page.form(f"{page.path}/choices")
        version = next(field.value for field in form.fields if field.name == "version")
        sent = [("version", version), *values.items()]
        token = next(field.value for field in form.fields if field.name == "csrf")
        await visit.browser.post(f"{page.path}/choices", [("csrf", token), *sent])
        await visit.at.work()
        page = await visit.browser.get(page.path)
        assert f"{ready} of 3 people are ready to import" in page.text


async def test_row_is_edited_by_itself(visit: Visit) -> None:
    page = await visit.preview(as_csv([HEADER, ("Ana Ilić", "ana at home", "Mentor")]))
    row = await visit.browser.get(f"{page.path}/rows/2")
    assert "“ana at home” cannot be an e-mail address." in row.text
    await row.submit(row.path, **{"cell-email": "ana@example.org"})
    await visit.at.work()
    assert "1 of one person is ready to import" in (await visit.browser.get(page.path)).text


async def test_file_is_read_another_way_and_its_columns_mapped(visit: Visit) -> None:
    page = await visit.preview(
        "Vrsta;Ime;Posta\nMentor;Đurđa Šarić;ana@example.org\n".encode("cp1250"), "a.csv"
    )
    reading = await visit.browser.get(f"{page.path}/reading")
    await reading.submit(
        f"{page.path}/reading", encoding="windows-1250", delimiter="semicolon", header_row="1"
    )
    await visit.at.work()
    reading = await visit.browser.get(f"{page.path}/reading")
    twice = {"column-0": "role", "column-1": "full_name", "column-2": "full_name"}
    wrong = await reading.submit(f"{page.path}/columns", **twice)
    assert wrong.status == 422
    assert "More than one column holds: Name." in wrong.text
    await wrong.submit(f"{page.path}/columns", **(twice | {"column-2": "email"}))
    await visit.at.work()
    rows = await visit.browser.get(f"{page.path}/rows")
    assert "Đurđa Šarić" in rows.text


async def test_two_tabs_at_once_are_told_kindly(visit: Visit) -> None:
    page = await visit.preview(
        as_csv([HEADER, ("Ana", "ana@", "Mentor"), ("Bo", "bo@example.org", "Mentee")])
    )
    other = await visit.browser.get(page.path)
    await page.submit(f"{page.path}/choices", group="emails", decision="accept")
    await visit.at.work()

    late = await other.submit(f"{page.path}/commit", have_agreed="yes")
    assert late.status == 409
    assert "Somebody has decided something about this import meanwhile." in late.text
    assert "1 of 2 people are ready to import" in late.text  # as it stands now
    assert await visit.at.participations() == []


async def test_refused_rows_are_downloaded_in_both_forms(visit: Visit) -> None:
    page = await visit.preview(as_csv([HEADER, ("=cmd()", "ana@example.org", "Mentor")]))
    for form, magic in (("csv", b"\xef\xbb\xbfRow,"), ("xlsx", b"PK\x03\x04")):
        found = await visit.browser.get(f"{page.path}/refused.{form}")
        assert found.status == 200
        assert found.response.content.startswith(magic)
        assert f'filename="people - refused.{form}"' in found.response.headers["content-disposition"]
    assert "'=cmd()" in (await visit.browser.get(f"{page.path}/refused.csv")).html


async def test_used_rows_are_named_and_nothing_is_taken_back(visit: Visit) -> None:
    import_id = await visit.at.people(("Ana Ilić", "ana@example.org", "Mentor"))
    await visit.at.commit(import_id)
    [part] = await visit.at.participations()
    async with visit.at.ground.database.tenant_session(visit.at.actor.context()) as session:
        await registration.select_for_interview(session, visit.at.actor, part.id)
    page = await visit.browser.get(f"/c/import/{import_id}")
    await page.submit(f"{page.path}/revert")
    await visit.at.work()
    again = await visit.browser.get(page.path)
    assert "Nothing was taken back: one row is in use" in again.text
    assert "changed since" in again.text


async def test_page_asks_the_same_number_of_questions_whatever_the_rows(
    visit: Visit, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    asked = []
    for number in (1, 40):
        rows = [(f"P {n}", f"p{n}@", "Mentor") for n in range(number)]
        page = await visit.preview(as_csv([HEADER, *rows]))
        with statements() as counted:
            await visit.browser.get(page.path)
        asked.append(len(counted))
    assert asked[0] == asked[1]


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
