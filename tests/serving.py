"""The product as it is served: `mentorweave serve` in a process of its own, on the servers of the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from infra.embedded.server import free_port
from infra.embedded.valkey import Valkey
from tests.conftest import Servers

READY_WITHIN_S = 90


@dataclass(frozen=True)
class Served:
    port: int
    log: Path

    def url(self, host: str, path: str = "") -> str:
        """An address at an organisation's host; names below `localhost` lead to this machine in every browser."""
        return f"http://{host}:{self.port}{path}"

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"


@pytest.fixture(scope="session")
def served(
    servers: Servers, valkey: Valkey, mail_server: tuple[object, int], folder: Path
) -> Iterator[Served]:
    from web import assets

    assets.build()
    settings = servers.settings()
    port = free_port()
    log = folder / "serve.log"
    environment = {
        **os.environ,
        "DATABASE_URL": settings.app_url,
        "DATABASE_RESOLVER_URL": settings.resolver_url,
        "DATABASE_RELAY_URL": settings.relay_url,
        "DATABASE_REFUSE_OLD_SERVER": "no",
        "REDIS_URL": valkey.url(),
        "SMTP_URL": f"smtp://127.0.0.1:{mail_server[1]}",
        "KEYRING_FILE": str(servers.keyring),
        "KEY_DATABASE_URL": servers.key_settings.database_url or "",
        "PUBLIC_SCHEME": "http",
        "PUBLIC_PORT": str(port),
        "COOKIES_SECURE": "no",
        "SIGN_IN_PRIVATE_PROVIDERS": "yes",
    }
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "mentorweave", "serve", "--port", str(port)],
            env=environment,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_answer(port, process, log)
        yield Served(port, log)
    finally:
        process.terminate()
        process.wait(timeout=15)


def _await_answer(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    process.kill()
    raise RuntimeError(log.read_text())
