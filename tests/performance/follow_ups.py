"""
`python -m tests.performance.follow_ups`: thousands of due follow-ups, sent while their workers are killed.

The workers are our own processes and start anew at once, as under a supervisor that does not hesitate.
Ends with 1 if one was lost, asked twice, or arrived more often than once for each kill.
"""

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.ground import Ground
from tests.following_up import FollowUps
from tests.installation import MESSAGE_ID, Installation, installed
from tests.performance.report import machine

WITHIN_S = 300.0
GIVE_UP_S = 1_800.0
SENDER = re.compile(rb"^From: worker-(\d+) ", re.MULTILINE)
LEFT = "SELECT count(*) FROM letter WHERE kind = 'follow_up.asked' AND state <> 'sent'"
THERE = "SELECT count(*) FROM letter WHERE kind = 'follow_up.asked'"


class Workers:
    """So many, each with a log of its own, in which it says that it is ready, and a name that its letters bear."""

    def __init__(self, installation: Installation, count: int) -> None:
        # With the connections of a server's worker; those of the demo are as few as its memory.
        self.environment = {**os.environ, **installation.environment, "DATABASE_POOL_SIZE": "8"}
        self.folder = installation.folder
        self.begun = 0
        self.logs: list[Path] = [self.folder] * count
        self.processes = [self._start(at) for at in range(count)]
        self.killed = 0

    def _start(self, at: int) -> "subprocess.Popen[bytes]":
        self.begun += 1
        self.logs[at] = self.folder / f"worker-{self.begun}.log"
        named = {**self.environment, "MAIL_SENDER": f"worker-{self.begun} <no-reply@localhost>"}
        with self.logs[at].open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "mentorweave", "work"], env=named, stdout=log, stderr=log
            )

    def is_ready(self, at: int) -> bool:
        return b"ready" in self.logs[at].read_bytes()

    def kill(self, at: int) -> None:
        self.processes[at].kill()
        self.killed += 1
        self.processes[at].wait()
        self.processes[at] = self._start(at)

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@contextmanager
def killing(workers: Workers, kills: int, over_s: float, seed: int) -> Iterator[None]:
    """
    Spread over the time, one worker after another, at moments by chance.

    Nobody is killed who only starts, and has nothing in hand; on a slow machine it takes longer.
    """
    stop, chance = threading.Event(), random.Random(seed)

    def kill() -> None:
        for number in range(kills):
            at = number % len(workers.processes)
            while not workers.is_ready(at):
                if stop.wait(0.1):
                    return
            if stop.wait(over_s / kills * chance.uniform(0.6, 1.4)):
                return
            workers.kill(at)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
        thread.join()
    finally:
        stop.set()
        thread.join()


def senders(installation: Installation) -> dict[str, list[int]]:
    """Which workers sent each letter, by its Message-ID, the first one first."""
    sent: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for path in (installation.folder / "mail").glob("*.eml"):
        raw = path.read_bytes()
        letter, sender = MESSAGE_ID.search(raw), SENDER.search(raw)
        assert letter and sender, path
        sent[letter[1].decode()].append((path.stat().st_mtime, int(sender[1])))
    return {letter: [worker for _, worker in sorted(times)] for letter, times in sent.items()}


def repeats_by_kill(sent: dict[str, list[int]]) -> Counter[int]:
    """A letter is sent again because whoever had sent it was killed before it could say so; each is killed once."""
    return Counter(worker for workers in sent.values() for worker in workers[:-1])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.performance.follow_ups", description=__doc__)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--over", type=float, default=240.0, help="seconds over which the kills are spread")
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time; it is printed")
    options = parser.parse_args()
    seed = options.seed or random.SystemRandom().randrange(1, 1 << 30)
    print(f"{machine()}; seed {seed}; load {os.getloadavg()[0]:.1f}", flush=True)
    with installed(without=("serve", "match", "work")) as installation:
        return measure(installation, options, seed)


def measure(installation: Installation, options: argparse.Namespace, seed: int) -> int:
    deed = FollowUps(options.due // 2)
    ground = installation.ground()
    asyncio.run(_prepare(deed, ground))
    installation.calm_down()
    workers = Workers(installation, options.workers)
    begun = time.time()
    took = None
    try:
        with killing(workers, options.kills, options.over, seed):
            took = until_sent(installation, 2 * deed.pairs, begun)
            print(f"  all sent, {workers.killed} killed so far", flush=True)
        installation.rest(120)
    finally:
        workers.stop()
    faults = deed.faults(installation)
    by_kill = repeats_by_kill(senders(installation))
    faults += [
        f"dead: {row}" for row in installation.sql("SELECT kind, error FROM outbox WHERE state = 'dead'")
    ]
    worst = max(by_kill.values(), default=0)
    print(
        f"{2 * deed.pairs} follow-ups sent after {took:.0f} s, {workers.killed} workers killed; raw repeats: "
        f"{deed.repeats}, at most {worst} for one kill; load {os.getloadavg()[0]:.1f}; lost or doubled: {len(faults)}"
    )
    for fault in faults[:10]:
        print(f"  {fault}")
    return 1 if faults or worst > 1 or took > WITHIN_S else 0


async def _prepare(deed: FollowUps, ground: Ground) -> None:
    await deed.prepare(ground)
    await deed.work(ground, asyncio.Event())
    await ground.close()


def until_sent(installation: Installation, count: int, begun: float) -> float:
    """Seconds until the last of them was sent."""
    said = begun
    while time.time() - begun < GIVE_UP_S:
        there, left = (int(str(installation.sql(one)[0][0])) for one in (THERE, LEFT))
        if there == count and not left:
            return time.time() - begun
        if time.time() - said > 30:
            said = time.time()
            print(f"  {said - begun:.0f} s: {there - left} of {count}", flush=True)
        time.sleep(0.5)
    raise AssertionError(f"not sent after {GIVE_UP_S} s")


if __name__ == "__main__":
    sys.exit(main())
