"""An organisation with an open programme, for a run."""

import pytest

from tests import making


@pytest.fixture
async def made(database):
    return await making.organisation(database)


@pytest.fixture
async def launched(database, made):
    return await making.programme(database, made)
