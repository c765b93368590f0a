"""
A whole installation of real processes, as the demo starts them, for tests that kill and for measuring.

    with installed() as installation: ...

The supervisor runs in a process of its own (`python -m tests.installation FOLDER`),
since it listens to signals and restarts what we kill.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from infra.embedded import account
from infra.embedded.server import free_port
from infra.ground import Ground
from infra.settings import Settings
from mentorweave.demo.home import Home, listens
from mentorweave.demo.launch import DATABASE, Demo
from mentorweave.supervisor import Part, Service, Supervisor, Task

# Not the demo's sample organisations and sign-in links: whoever tests makes what she needs.
PARTS = (
    "postgres", "valkey", "keyring", "database", "serve", "mailcatcher", "relay", "work", "match",
)  # fmt: skip
PROCESSES = ("postgres", "valkey", "mailcatcher", "relay", "work", "match", "serve")
PROGRAMS = {"postgres": "postgres", "valkey-server": "valkey"}
CALM_EACH_S, CALM_SHARE = 1.0, 0.15  # of one core, all parts together
MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.IGNORECASE | re.MULTILINE)
UNQUIET = """
    SELECT count(*) FROM outbox
    WHERE state = 'sent' OR state = 'waiting' AND (due_at < clock_timestamp() OR attempt > 0)
"""


@dataclass
class Installation:
    folder: Path
    environment: Mapping[str, str]
    admin_url: str
    web_port: int
    supervisor: psutil.Process
    killed: Counter[str] = field(default_factory=Counter)

    @property
    def settings(self) -> Settings:
        return Settings.read(self.environment)

    def ground(self) -> Ground:
        return Ground.open(self.settings)

    def processes(self) -> dict[str, psutil.Process]:
        """What the supervisor has started, by the name of the part."""
        named = {}
        for child in self.supervisor.children():
            try:
                program, arguments = child.name(), child.cmdline()
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
            if program in PROGRAMS:
                named[PROGRAMS[program]] = child
            elif "mentorweave" in arguments:
                named[arguments[arguments.index("mentorweave") + 1]] = child
        return named

    def kill(self, *names: str) -> None:
        """End these parts as a power cut would: the process and all of its children, without a word."""
        processes = self.processes()
        victims = [processes[name] for name in names if name in processes]
        for victim in victims:
            family = victim.children(recursive=True) if victim.name() != "postgres" else []
            for one in (victim, *family):
                try:
                    os.kill(one.pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        self.killed.update(name for name in names if name in processes)

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """A part that does nothing meanwhile, and goes on as if nothing had been."""
        process = self.processes()[name]
        family = [process, *process.children(recursive=True)]
        for one in family:
            one.suspend()
        try:
            yield
        finally:
            for one in family:
                one.resume()

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """As the superuser, who sees every organisation."""
        with psycopg.connect(self.admin_url, connect_timeout=5) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def unfinished(self) -> int:
        """Jobs that are due or in hand. A server that is away counts as one."""
        try:
            return int(str(self.sql(UNQUIET)[0][0]))
        except psycopg.Error:
            return 1

    def rest(self, within_s: float) -> float:
        """Wait until no job is due or in hand; returns how long that took."""
        begun = time.monotonic()
        while left := self.unfinished():
            assert time.monotonic() - begun < within_s, f"{left} jobs still in hand after {within_s} s"
            time.sleep(0.1)
        return time.monotonic() - begun

    def calm_down(self, within_s: float = 90.0) -> None:
        """Wait until nothing is imported, compiled or written to disk any more: what begins at a start goes on after it."""
        deadline = time.monotonic() + within_s
        before = self._seconds_worked()
        while time.monotonic() < deadline:
            time.sleep(CALM_EACH_S)
            now = self._seconds_worked()
            if now - before < CALM_SHARE * CALM_EACH_S:
                return
            before = now
        raise AssertionError(f"not calm after {within_s} s")

    def _seconds_worked(self) -> float:
        """Of the processes that are there now; of those that ended meanwhile nobody waits."""
        worked = 0.0
        for process in [one for part in self.processes().values() for one in (part, *part.children(True))]:
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                worked += times.user + times.system
        return worked

    def letters(self) -> Counter[str]:
        """How often each Message-ID has arrived at the mail catcher."""
        arrived: Counter[str] = Counter()
        for path in (self.folder / "mail").glob("*.eml"):
            if found := MESSAGE_ID.search(path.read_bytes()):
                arrived[found[1].decode()] += 1
        return arrived

    def resident_mb(self) -> dict[str, float]:
        """Memory of each part: its private and shared pages, the latter divided among those who share them."""
        parts = {"supervisor": self.supervisor, **self.processes()}
        return {
            name: sum(_memory(one) for one in (process, *_children(name, process)))
            for name, process in parts.items()
        }


def _children(name: str, process: psutil.Process) -> list[psutil.Process]:
    return [] if name == "supervisor" else list(process.children(recursive=True))


def _memory(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 1_000_000
    except psutil.NoSuchProcess:
        return 0.0


def _parts(demo: Demo, without: Collection[str]) -> list[Part]:
    chosen = [part for part in demo.parts() if part.name in PARTS and part.name not in without]
    for part in chosen:
        if isinstance(part, Service) and part.name == "serve":
            # No organisation lives here yet, so there is no page to ask for.
            part.is_ready = lambda: listens(demo.ports["web"])
    return chosen


def _run(folder: Path, without: Collection[str]) -> None:
    home = Home(folder)
    # Ports that no other installation on this machine would try while one of our processes is dead.
    (folder / "ports.json").write_text(json.dumps({"inbox": str(free_port())}))
    demo = Demo(home, web_port=free_port())
    environment = {name: value for name, value in demo.environment().items() if os.environ.get(name) != value}
    told = {
        "environment": environment,
        "web_port": demo.ports["web"],
        "admin_url": demo.postgres.admin_url(DATABASE).replace("+psycopg", ""),
    }
    up = Task("up", lambda: print(json.dumps(told), flush=True))
    Supervisor([*_parts(demo, without), up], say=lambda line: print(line, file=sys.stderr, flush=True)).run()


@contextmanager
def installed(
    folder: Path | None = None, *, without: Collection[str] = (), environment: Mapping[str, str] | None = None
) -> Iterator[Installation]:
    """Start every part but some, and wait until they answer; stop them at the end."""
    more = dict(environment or {})
    if folder is None:
        with (
            account.scratch() as made,
            installed(made, without=without, environment=more) as installation,
        ):
            yield installation
        return
    command = [sys.executable, "-m", "tests.installation", str(folder), *without]
    with (folder / "supervisor.log").open("ab") as log:
        process = subprocess.Popen(
            command, env={**os.environ, **more}, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line, (folder / "supervisor.log").read_text()[-2000:]
        told = json.loads(line)
        yield Installation(
            folder, told["environment"], told["admin_url"], told["web_port"], psutil.Process(process.pid)
        )
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout:
            process.stdout.close()


if __name__ == "__main__":
    _run(Path(sys.argv[1]), sys.argv[2:])
