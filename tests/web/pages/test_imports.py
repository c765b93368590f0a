"""Page 20: from a file to people who can be matched, through the real app and the real workers."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from infra.ground import Ground
from tenants.registration import actions as registration
from tenants.registration.models import Status
from tests import making
from tests.browsing import Browser, Page
from tests.tenants.registration.importing.desk import Desk, desk
from tests.tenants.registration.roster.books import HEADER, ROSTERS, as_csv

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
