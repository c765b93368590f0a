"""An app under a real Granian."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx

from infra.embedded.server import free_port

# A limit of `sample.app` for how long a body may be on its way: short, for the test that waits for it.
BODY_WAIT_S = 2.0


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
