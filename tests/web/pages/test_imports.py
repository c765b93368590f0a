"""Page 20: from a file to people who can be matched, through the real app and the real workers."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from infra.ground import Ground
from tenants.registration.models import Status
from tests import making
from tests.browsing import Browser, Page
from tests.tenants.registration.importing.desk import Desk, desk
from tests.tenants.registration.roster.books import ROSTERS

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
