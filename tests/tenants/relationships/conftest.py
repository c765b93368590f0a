import pytest

from tests import pairing


@pytest.fixture
async def stage(database, ground):
    return await pairing.stage(database, ground)
