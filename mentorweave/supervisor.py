"""
Starts the parts of an installation in order, starts again what dies, and stops everything together.

    Service   a process that is to live: awaited until ready, restarted with back-off
    Step      a process that is to end well, such as the migrations
    Task      a function of ours between the two, such as printing the address

It is one loop without threads, so that there is one place where a process can
be started and one where it can be found dead. Every child leads a session of
its own: a Ctrl-C in the terminal reaches only us, and we stop the children in
an order that loses nothing.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

MARK = "MENTORWEAVE_SUPERVISED"  # in a child's environment: the folder of the installation it belongs to
TICK_S = 0.1
READY_WITHIN_S = 90.0
BACK_OFF_S = (0.2, 0.5, 1, 2, 4, 8)  # the last one repeats; all is to be well again within a minute
STEADY_AFTER_S = 30.0
STEP_TRIES = 3
# `docker stop` and others kill after 10 s, so both waves together stay below.
STOP_WORK_WITHIN_S = 5.0
STOP_GROUND_WITHIN_S = 4.0
LOG_LIMIT = 5 * 1024 * 1024  # bytes; a larger log is put aside when its process starts
LOG_TAIL = 1_500  # characters that an error quotes


class Stopped(Exception):
    """We were asked to stop."""


class Failed(Exception):
    """A part could not be brought up. The end of its log says why."""

    def __init__(self, name: str, what: str, log: Path) -> None:
        tail = log.read_text(errors="replace")[-LOG_TAIL:].strip() if log.exists() else ""
        super().__init__(f"{name} {what}. The end of {log}:\n{tail}")


@dataclass(frozen=True, slots=True)
class Program:
    """How a child is started: its arguments, its environment, and the log that collects what it says."""

    arguments: Sequence[str]
    environment: dict[str, str]
    log: Path

    def spawn(self, *, shown: IO[bytes] | None = None) -> "subprocess.Popen[bytes]":
        """Start it. What it prints on its standard output goes to `shown`, else to the log as well."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_name(f"{self.log.name}.1"))
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own programs
                self.arguments,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=shown or log,
                stderr=log,
                start_new_session=True,
            )


def is_always_ready() -> bool:
    return True


@dataclass(slots=True)
class Service:
    """`is_ground` marks servers that the others need: they are stopped last."""

    name: str
    spawn: Callable[[], "subprocess.Popen[bytes]"]
    log: Path
    is_ready: Callable[[], bool] = is_always_ready
    stop_signal: int = signal.SIGTERM
    is_ground: bool = False

    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    deaths: int = field(default=0, init=False)
    changed_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        self.changed_at = time.monotonic()
        try:
            self.process = self.spawn()
        except OSError:
            # A full disk or process table may pass: it counts as a death, and is tried again.
            self.deaths += 1

    def mind(self, say: Callable[[str], None]) -> None:
        """Start again what has died, when its back-off is over."""
        since = time.monotonic() - self.changed_at
        if self.process is None:
            if since >= BACK_OFF_S[min(self.deaths, len(BACK_OFF_S)) - 1]:
                self.start()
        elif self.process.poll() is not None:
            if since > STEADY_AFTER_S:
                self.deaths = 0
            self.deaths += 1
            say(
                f"{self.name} ended ({_manner(self.process.returncode)}) and is started again. Log: {self.log}"
            )
            self.bury()

    def bury(self) -> None:
        """Forget a dead process, and kill the children that it leaves behind."""
        if self.process is not None:
            _signal_group(self.process.pid, signal.SIGKILL)
        self.process = None
        self.changed_at = time.monotonic()


@dataclass(frozen=True, slots=True)
class Step:
    """`is_shown`: what it prints on its standard output is for the person at the terminal."""

    name: str
    program: Program
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    name: str
    run: Callable[[], None]


Part = Service | Step | Task


class Supervisor:
    def __init__(self, parts: Sequence[Part], *, say: Callable[[str], None] = print) -> None:
        self.parts = parts
        self.say = say
        self.running: list[Service] = []
        self.is_stopping = False

    def run(self) -> None:
        """Bring every part up and mind it until SIGINT, SIGTERM or SIGHUP; then stop all."""
        asked_by = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as under nohup
            asked_by.append(signal.SIGHUP)
        before = {one: signal.signal(one, self._ask_to_stop) for one in asked_by}
        try:
            for part in self.parts:
                self._bring_up(part)
            while True:
                self.tick()
        except Stopped:
            self.say("Stopping.")
        finally:
            self.stop()
            for one, handler in before.items():
                signal.signal(one, handler)

    def _ask_to_stop(self, *_: Any) -> None:
        self.is_stopping = True

    def tick(self) -> None:
        """One round: look after every process that should live, then rest a moment."""
        if self.is_stopping:
            raise Stopped
        for service in self.running:
            service.mind(self.say)
        time.sleep(TICK_S)

    def _bring_up(self, part: Part) -> None:
        if isinstance(part, Task):
            part.run()
        elif isinstance(part, Step):
            self._run_step(part)
        else:
            self._start(part)

    def _start(self, service: Service) -> None:
        service.start()
        self.running.append(service)
        deadline = time.monotonic() + READY_WITHIN_S
        while not (service.process and service.process.poll() is None and service.is_ready()):
            # A mistake that is there at every start is better told than tried for ever.
            if time.monotonic() > deadline or service.deaths >= len(BACK_OFF_S):
                raise Failed(service.name, "does not become ready", service.log)
            self.tick()

    def _run_step(self, step: Step) -> None:
        """Run a step to its end. It is tried again, since a server under it may just be restarting."""
        for _ in range(STEP_TRIES):
            with tempfile.TemporaryFile() as shown:
                process = step.program.spawn(shown=shown if step.is_shown else None)
                try:
                    while process.poll() is None:
                        self.tick()
                finally:
                    process.terminate()
                    _end(process, time.monotonic() + STOP_WORK_WITHIN_S)
                    _signal_group(process.pid, signal.SIGKILL)
                if process.returncode == 0:
                    shown.seek(0)
                    if said := shown.read().decode(errors="replace").rstrip():
                        self.say(said)
                    return
        raise Failed(step.name, f"failed ({_manner(process.returncode)})", step.program.log)

    def stop(self) -> None:
        """Stop what does the work first, then the servers under it; nothing is left behind."""
        for is_ground, within_s in ((False, STOP_WORK_WITHIN_S), (True, STOP_GROUND_WITHIN_S)):
            wave = [one for one in self.running if one.is_ground is is_ground and one.process]
            for service in wave:
                if service.process:
                    service.process.send_signal(service.stop_signal)
            deadline = time.monotonic() + within_s
            for service in wave:
                _end(service.process, deadline)
                service.bury()
        self.running.clear()


def _end(process: "subprocess.Popen[bytes] | None", deadline: float) -> None:
    """Wait for a process that was asked to stop, and kill it when the time is up."""
    if process is None:
        return
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _signal_group(leader: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def _manner(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def clear_leftovers(folder: Path) -> None:
    """Stop the processes of an earlier start on `folder` whose supervisor was killed."""
    mine = [one for one in psutil.process_iter() if one.pid != os.getpid() and _belongs(one, folder)]
    for stop, patience_s in ((psutil.Process.terminate, STOP_WORK_WITHIN_S), (psutil.Process.kill, 5.0)):
        for process in mine:
            with contextlib.suppress(psutil.NoSuchProcess):
                stop(process)
        _, mine = psutil.wait_procs(mine, timeout=patience_s)


def _belongs(process: psutil.Process, folder: Path) -> bool:
    try:
        return bool(process.environ().get(MARK) == str(folder))
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess, OSError):
        return False


def python(*arguments: str) -> list[str]:
    """Our own command line in a child, by the interpreter that runs us."""
    return [sys.executable, "-m", "mentorweave", *arguments]
