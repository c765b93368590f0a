"""The supervisor in a process of its own, as `mentorweave demo` runs it, over children that only sleep."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mentorweave.supervisor import MARK, Failed, Program, Service, Step, Supervisor, Task, clear_leftovers

# A child with a child of its own, as a web server has; the inner one ignores polite signals.
PARENT = """
import subprocess, sys, pathlib, time
inner = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"
subprocess.Popen([sys.executable, "-c", inner])
pathlib.Path(sys.argv[1]).touch()
time.sleep(300)
"""
INSTALLATION = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also where the tests themselves run under nohup
from pathlib import Path
from mentorweave.supervisor import MARK, Program, Service, Supervisor, Task
folder = Path(sys.argv[1])
program = Program([sys.executable, "-c", sys.argv[2], str(folder / "ready")], {**os.environ, MARK: str(folder)},
                  folder / "child.log")
Supervisor([
    Service("child", program.spawn, program.log, (folder / "ready").exists),
    Task("up", (folder / "up").touch),
]).run()
"""


def ours(folder: Path) -> set[int]:
    found = set()
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.add(process.pid)
        except psutil.Error:
            continue
    return found


def wait_for(condition: Callable[[], object], within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", INSTALLATION, str(tmp_path), PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        wait_for((tmp_path / "up").exists)
        wait_for(lambda: len(ours(tmp_path)) == 2)
        yield process
        process.kill()
    clear_leftovers(tmp_path)


def test_killed_child_is_started_again_without_its_orphans(
    supervisor: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    before = ours(tmp_path)

    os.kill(min(before), signal.SIGKILL)

    wait_for(lambda: len(ours(tmp_path)) == 2 and not ours(tmp_path) & before)
    supervisor.terminate()
    said, _ = supervisor.communicate(timeout=15)
    assert "child ended (signal SIGKILL) and is started again." in said


@pytest.mark.parametrize("asked_by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_stop_leaves_nothing_behind(
    supervisor: "subprocess.Popen[str]", tmp_path: Path, asked_by: int
) -> None:
    supervisor.send_signal(asked_by)

    assert supervisor.wait(15) == 0
    assert ours(tmp_path) == set()


def test_leftovers_of_a_killed_supervisor_are_cleared(
    supervisor: "subprocess.Popen[str]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentorweave.supervisor.STOP_WORK_WITHIN_S", 0.3)
    supervisor.kill()
    supervisor.wait()
    assert len(ours(tmp_path)) == 2

    clear_leftovers(tmp_path)

    assert ours(tmp_path) == set()


def program(folder: Path, code: str) -> Program:
    return Program([sys.executable, "-c", code], dict(os.environ), folder / "program.log")


def ask_to_stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_step_that_fails_once_is_tried_again_and_shows_its_output(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = (
        f"import pathlib; m = pathlib.Path({str(mark)!r}); d = m.exists(); m.touch(); assert d; print('done')"
    )
    said: list[str] = []

    Supervisor(
        [Step("links", program(tmp_path, code), is_shown=True), Task("stop", ask_to_stop)], say=said.append
    ).run()

    assert said == ["done", "Stopping."]


def test_step_that_always_fails_tells_the_end_of_its_log(tmp_path: Path) -> None:
    failing = Step("migrate", program(tmp_path, "raise SystemExit('no such table')"))

    with pytest.raises(Failed, match=r"(?s)migrate failed \(exit code 1\).*no such table"):
        Supervisor([failing], say=[].append).run()


def test_service_that_never_lives_is_told_instead_of_tried_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentorweave.supervisor.BACK_OFF_S", (0.01, 0.01))
    dying = program(tmp_path, "raise SystemExit('no such setting')")
    service = Service("serve", dying.spawn, dying.log, lambda: False)

    with pytest.raises(Failed, match=r"(?s)serve does not become ready.*no such setting"):
        Supervisor([service], say=[].append).run()


def test_servers_are_stopped_after_what_uses_them(tmp_path: Path) -> None:
    code = (
        "import pathlib, signal, sys, time\n"
        "def stop(*_):\n"
        f"    open({str(tmp_path / 'order')!r}, 'a').write(sys.argv[1] + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        f"pathlib.Path({str(tmp_path)!r}, sys.argv[1]).touch()\n"
        "time.sleep(60)"
    )

    def service(name: str, *, is_ground: bool) -> Service:
        one = Program([sys.executable, "-c", code, name], dict(os.environ), tmp_path / f"{name}.log")
        return Service(name, one.spawn, one.log, (tmp_path / name).exists, is_ground=is_ground)

    parts = [service("server", is_ground=True), service("user", is_ground=False), Task("stop", ask_to_stop)]
    Supervisor(parts, say=[].append).run()

    assert (tmp_path / "order").read_text() == "user server "
