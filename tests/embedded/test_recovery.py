"""The demo's own servers under its supervisor: each is killed outright and is back with what it held."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from infra.embedded import account

pytestmark = pytest.mark.kill

SERVERS = """
import sys
from pathlib import Path
from mentorweave.demo.home import Home
from mentorweave.demo.launch import Demo
from mentorweave.supervisor import Supervisor, Task
home = Home(Path(sys.argv[1]))
demo = Demo(home, web_port=8000)
parts = [part for part in demo.parts() if part.name in {"postgres", "valkey", "mailcatcher"}]
print(demo.postgres.admin_url().replace("+psycopg", ""), flush=True)
Supervisor([*parts, Task("up", lambda: print("up", flush=True))]).run()
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with account.scratch() as folder:
        yield folder


@dataclass(frozen=True)
class Installation:
    folder: Path
    database: str
    supervisor: psutil.Process

    def servers(self) -> dict[str, int]:
        """Program name and process id of what the supervisor has started."""
        return {child.name(): child.pid for child in self.supervisor.children()}


@pytest.fixture(scope="module")
def installation(folder: Path) -> Iterator[Installation]:
    with subprocess.Popen(
        [sys.executable, "-c", SERVERS, str(folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert process.stdout.readline() == "up\n"
        supervisor = psutil.Process(process.pid)
        yield Installation(folder, url, supervisor)
        family = supervisor.children(recursive=True)
        process.terminate()
        assert process.wait(15) == 0
    assert psutil.wait_procs(family, timeout=0)[1] == []


def answers(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except (OSError, psycopg.OperationalError, http.client.HTTPException):
        return False


def inbox_answers(folder: Path) -> bool:
    port = int(json.loads((folder / "ports.json").read_text())["inbox"])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    connection.request("GET", "/")
    is_well = connection.getresponse().status == 200
    connection.close()
    return is_well


def database_answers(url: str) -> bool:
    with psycopg.connect(url, connect_timeout=2) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_killed_servers_are_back_by_themselves(installation: Installation) -> None:
    killed = installation.servers()
    assert {"postgres", "valkey-server"} < killed.keys()
    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)
    begun = time.monotonic()

    def are_back() -> bool:
        now = installation.servers()
        return (
            now.keys() == killed.keys()
            and not set(now.values()) & set(killed.values())
            and answers(lambda: database_answers(installation.database))
            and answers(lambda: inbox_answers(installation.folder))
        )

    while not are_back():
        assert time.monotonic() - begun < 60, "not back within a minute"
        time.sleep(0.1)
