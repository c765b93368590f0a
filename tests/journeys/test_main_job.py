"""
The main job in one go: a messy roster, a run, proposals, private answers, a pair (and one that does not become one).

Each step goes on where the one before has ended, as a coordinator's week does.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from python_calamine import CalamineWorkbook

from tenants.programmes.actions import Launched
from tenants.programmes.starters import StarterName
from tests import making
from tests.coordinating import ROSTERS
from tests.journeys.house import MAIN, House, Visitor
from tests.making import Made

pytestmark = pytest.mark.browser

SOON_MS = 60_000


@dataclass
class Week:
    """What one step leaves to the next."""

    made: Made
    launched: Launched
    desk: Visitor
    left: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
async def week(house: House) -> Week:
    made = await making.organisation(house.ground.database)
    launched = await making.programme(
        house.ground.database, made, starter=StarterName.INTER_AGENCY, slug="inter-agency"
    )
    return Week(made, launched, await house.signed_in(made.coordinator, made.host))


async def test_importing_a_roster_with_bad_rows(house: House, week: Week, tmp_path: Path) -> None:
    desk, page = week.desk, week.desk.page
    headline = page.locator("h1")
    await desk.open("/c/import")
    await page.set_input_files("input[type=file]", ROSTERS / "inter-agency-2026.xlsx")
    await desk.press("main button:text-is('Upload and check')", moves_on=True)
    # Nobody presses anything: the page follows the worker by itself.
    await expect(headline).to_have_text("644 of 660 people are ready to import", timeout=SOON_MS)
    await desk.look("preview")

    # One row by hand, one group by a choice.
    await desk.press("section:has(h2:has-text('Numbers that cannot be')) a:text-is('55')")
    assert "Élise Peltier" in await desk.text()
    await desk.fill(**{"cell-experience_years": "3"})
    await desk.press(MAIN, moves_on=True)
    await expect(headline).to_have_text("645 of 660 people are ready to import", timeout=SOON_MS)
    group = "section:has(h2:has-text('E-mail addresses that cannot be right'))"
    await page.locator(group).locator("select").select_option(label="take what we suggest")
    await desk.press(f"{group} button:has-text('Apply to all')", moves_on=True)
    await expect(headline).to_have_text("647 of 660 people are ready to import", timeout=SOON_MS)

    await page.check("[name=status][value=ready]")
    await page.check("[name=have_agreed]")
    await desk.press("button:has-text('Import 647 people')", moves_on=True)
    await expect(headline).to_have_text("647 people are being imported")
    await expect(page.locator("main progress")).to_be_visible()
    await expect(headline).to_have_text("647 people are in", timeout=SOON_MS)
    await desk.look("imported")

    async with page.expect_download() as begun:
        await page.click("a:has-text('Download the 13 rows that were refused')")
    await (await begun.value).save_as(tmp_path / "refused.xlsx")
    [header, *rows] = CalamineWorkbook.from_path(tmp_path / "refused.xlsx").get_sheet_by_index(0).to_python()
    assert (header[0], header[-1], len(rows)) == ("Row", "Reason", 13)
    assert all(row[-1] for row in rows)
    assert "Sis Florence Kiprono in row 4 has the same address" in str(rows[0][-1])

    await desk.press("main a:has-text('Look at the people')")
    await desk.open("/c/people?q=p700194")
    assert "Camille Marin-Perret" in await desk.text()  # whose address was mended by the group's choice
