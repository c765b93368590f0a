from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from infra.embedded import account
from infra.embedded.server import free_port
from infra.embedded.valkey import Valkey


@pytest.fixture
def place() -> Iterator[Path]:
    with account.scratch() as folder:
        yield folder


def test_killed_server_starts_again_with_its_data(place: Path) -> None:
    with Valkey(place / "valkey", port=free_port(), password="a b/c@d") as valkey:
        with redis.Redis.from_url(valkey.url()) as client:
            client.set("word", "before")
            client.execute_command("WAITAOF", 1, 0, 5000)
        assert valkey.process
        valkey.process.kill()
        valkey.process.wait()

        valkey.start()

        with redis.Redis.from_url(valkey.url()) as client:
            assert client.get("word") == b"before"


def test_settings_keep_every_job(place: Path) -> None:
    with Valkey(place / "valkey") as valkey, redis.Redis.from_url(valkey.url()) as client:
        assert client.config_get("appendonly", "appendfsync", "maxmemory-policy", "port") == {
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "port": "0",
        }


def test_stranger_at_the_port_is_refused(place: Path) -> None:
    with (
        Valkey(place / "valkey", port=free_port(), password="secret") as valkey,
        redis.Redis(port=valkey.port or 0, retry=Retry(NoBackoff(), 0)) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_password_stands_in_a_private_file_only(place: Path) -> None:
    with Valkey(place / "valkey", password="very-secret") as valkey:
        assert "very-secret" not in " ".join(valkey.command())
        assert (valkey.data / "valkey.conf").stat().st_mode & 0o777 == 0o600
