"""
What the embedded servers share: to be prepared, spawned, asked whether they are ready, and stopped.

The tests use one as a context manager. The supervisor spawns and watches it
itself, so that a server that dies is started again like any other process.
"""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Self

import psutil

from infra.embedded import account

# A process that ended meanwhile needs no clearing away, and one of another account is none of ours.
GONE = (psutil.NoSuchProcess, psutil.AccessDenied)
LOG_TAIL = 2_000  # characters of the server's log that an error quotes


class NotStarted(Exception):
    """A server did not become ready; the end of its log says why."""

    def __init__(self, name: str, log: Path) -> None:
        tail = log.read_text(errors="replace")[-LOG_TAIL:] if log.exists() else ""
        super().__init__(f"{name} did not start. The end of {log}:\n{tail}")


class Server:
    """`program` is the name of its process, `data` the folder it works in; the two together find it again."""

    name: ClassVar[str]
    program: ClassVar[str]
    stop_signal: ClassVar[int] = signal.SIGTERM
    stop_orphans_signal: ClassVar[int] = signal.SIGTERM

    def __init__(self, data: Path, log: Path | None) -> None:
        self.data = account.place(data)
        self.log = log or data.absolute().with_name(f"{data.name}.log")
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make what the server needs before it starts."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def is_ready(self) -> bool:
        raise NotImplementedError

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server in a session of its own, so that a Ctrl-C in the terminal does not reach it."""
        self.clear_orphans()
        account.own(self.data)
        self.prepare()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = account.identity().popen()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own binaries and arguments
                self.command(),
                env=self.environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **options,
            )
        return self.process

    def clear_orphans(self) -> None:
        """Stop what an earlier, killed start left working in our folder."""
        clear_away(left_over(self.program, self.data), self.stop_orphans_signal)

    def start(self, timeout_s: float = 30.0) -> Self:
        process = self.spawn()
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and process.poll() is None:
            if self.is_ready():
                return self
            time.sleep(0.05)
        self.stop()
        raise NotStarted(self.name, self.log)

    def stop(self, timeout_s: float = 10.0) -> None:
        """Stop the server and wait; one that does not answer is killed."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(self.stop_signal)
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def left_over(binary: str, folder: Path) -> list[psutil.Process]:
    """The processes of a program `binary` that still work in `folder`."""
    return [
        one for one in psutil.process_iter(["name"]) if one.info["name"] == binary and _works_in(one, folder)
    ]


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return bool(process.cwd() == str(folder.resolve()) and process.status() != psutil.STATUS_ZOMBIE)
    except GONE:
        return False


def clear_away(processes: list[psutil.Process], stop_signal: int, timeout_s: float = 10.0) -> None:
    """Stop processes of an earlier start: politely, and then for certain."""
    for process in processes:
        with suppress(*GONE):
            process.send_signal(stop_signal)
    _, alive = psutil.wait_procs(processes, timeout=timeout_s)
    for process in alive:
        with suppress(*GONE):
            process.kill()
    psutil.wait_procs(alive, timeout=timeout_s)
