"""One house and one browser for all journeys; after each, nothing may have been complained about."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.house import House, opened
from web import assets


@pytest.fixture(scope="package")
async def house(chromium_path: Path) -> AsyncIterator[House]:
    assets.build()
    async with opened(chromium_path) as made:
        yield made


@pytest.fixture(autouse=True)
async def _nothing_to_complain_about(house: House) -> AsyncIterator[None]:
    yield
    complaints = house.complaints.copy()
    house.complaints.clear()
    assert not complaints, "\n".join(complaints)
