"""The organisation that the tests of the whole API ask about."""

import pytest

from infra.ground import Ground
from tests.isolation import world
from tests.isolation.world import World
from tests.listening import listening


@pytest.fixture(scope="session")
async def full(ground: Ground) -> World:
    """Full of everything; whoever uses it may change it, since each looks for rows of some kind and not for one."""
    with listening():
        return await world.make(ground, slug="network")
