"""A Valkey for this folder alone, which tests may empty and restart."""

import pytest

from infra import redis as clients
from infra.embedded.server import free_port
from infra.embedded.valkey import Valkey


@pytest.fixture(scope="session")
def own_valkey(folder):
    with Valkey(folder / "valkey-infra", port=free_port()) as server:
        yield server


@pytest.fixture
async def redis(own_valkey):
    client = clients.commands(own_valkey.url())
    yield client
    await client.flushall()
    await client.aclose()
