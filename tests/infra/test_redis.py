"""Clients by a port and by a socket file, and after a restart."""

import asyncio

import pytest

from infra import redis as clients
from infra.embedded.valkey import Valkey


def urls(server):
    return [server.url(), f"unix://{server.socket}?db=0"]


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("make", [clients.commands, clients.listening])
async def test_client_reaches_the_server_either_way(own_valkey, make, way):
    client = make(urls(own_valkey)[way])

    assert await client.ping()
    await client.aclose()


@pytest.mark.parametrize("way", [0, 1])
def test_client_of_a_thread_reaches_it_too(own_valkey, way):
    with clients.commands_sync(urls(own_valkey)[way]) as client:
        assert client.ping()


async def test_listening_client_waits_longer_than_the_library_would(own_valkey):
    client = clients.listening(own_valkey.url())

    assert client.connection_pool.connection_kwargs["socket_timeout"] is None
    assert await client.blpop("nothing", timeout=1) is None
    await client.aclose()


@pytest.mark.kill
async def test_restart_of_the_server_fails_nobody_afterwards(folder):
    with Valkey(folder / "valkey-restarted") as server:
        client = clients.commands(server.url())
        await client.set("key", "value")
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)

        assert await client.get("key") == b"value"
        async with client.pipeline() as pipe:
            assert await pipe.get("key").execute() == [b"value"]
        await client.aclose()
