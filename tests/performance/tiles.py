"""
Tile workers killed again and again while a scan goes on: every answer must stay the same to the bit.

`python -m tests.performance.tiles` is the part of `make soak` that does so alone.
"""

import argparse
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from redis import Redis
from redis.exceptions import RedisError

from infra import ids
from infra import redis as clients
from infra.ground import Ground
from infra.settings import MatchSettings
from matcher.samples import sample
from matcher.scan.layout import Packed
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentees, top_mentors
from tests.installation import Installation, installed
from workers import broker as queue
from workers.tiles import presence
from workers.tiles.board import Board, Share
from workers.tiles.leading import Leader

PEOPLE, TILE_PAIRS, HELPERS = 4_000, 200_000, 2
EACH_S = 8.0  # between two kills; a worker needs some of it to be ready again
READY_WITHIN_S = 120.0


class Helpers:
    """Tile workers beside the installation's own; one that is killed is started anew."""

    def __init__(self, environment: dict[str, str], count: int) -> None:
        self.environment = environment
        self.processes = [self.begin() for _ in range(count)]

    def begin(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "mentorweave", "match"]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self, at: int) -> None:
        self.processes[at].kill()
        self.processes[at].wait()
        self.processes[at] = self.begin()

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def scans(packed: Packed) -> list[Any]:
    price = np.arange(PEOPLE) * 17 % 9_000
    return [
        *top_mentors(packed, None, 32, above=0),
        *top_mentees(packed, None, 16, mentee_price=price),
        *top_mentors(packed, None, 48, mentor_price=price, above=-500),
    ]


@contextmanager
def blows(helpers: Helpers, redis: Redis, count: int, chance: random.Random) -> Iterator[threading.Event]:
    """Carried out beside whoever works; the event says that all are done."""
    over = threading.Event()

    def strike() -> None:
        for _ in range(count):
            time.sleep(EACH_S * chance.uniform(0.2, 1.8))
            if chance.random() < 0.1:
                redis.flushall()
            else:
                helpers.kill(chance.randrange(len(helpers.processes)))
        over.set()

    thread = threading.Thread(target=strike)
    thread.start()
    try:
        yield over
    finally:
        thread.join()


def soak(installation: Installation, kills: int, seed: int) -> list[str]:
    """What went wrong, one line each."""
    pool, criteria = sample(PEOPLE, "one-to-one", seed=seed % 1_000)
    packed = pack(pool, criteria, np.zeros((0, 2), np.int32))
    wanted = scans(packed)
    ground = installation.ground()
    redis = clients.commands_sync(installation.settings.queue.redis_url)
    helpers = Helpers({**os.environ, **installation.environment, "MATCH_COMPILE_AT_BOOT": "yes"}, HELPERS)
    faults, asked, from_others, alone = [], 0, 0, 0
    try:
        until(lambda: presence.others(redis) >= HELPERS)
        with blows(helpers, redis, kills, random.Random(seed)) as over:
            while not over.is_set():
                found, leader = attempt(ground, packed)
                asked += leader.number
                from_others += leader.from_others
                alone += leader.from_others == 0
                if any(not np.array_equal(one, other) for one, other in zip(wanted, found, strict=True)):
                    faults.append(f"attempt {leader.board.share.id} differs")
        left = [name for name in redis.keys("tiles:*:pool") if redis.ttl(name) < 0]
        faults += [f"left for ever: {name!r}" for name in left]
        if not from_others:
            faults.append("nobody helped")
    finally:
        helpers.end()
        redis.close()
    print(f"{kills} blows at tile workers: {asked} questions, {from_others} tiles from others,", end=" ")
    print(f"{alone} attempts without help, {len(faults)} faults", flush=True)
    return faults


def attempt(ground: Ground, packed: Packed) -> tuple[list[Any], Leader]:
    client = clients.commands_sync(ground.settings.queue.redis_url)
    broker = queue.connect(ground.settings.queue.redis_url)
    broker.declare_queue("match")
    board = Board(client, ground.keyring, Share.new(ids.random()))
    settings = MatchSettings(shares_from=1_000, tile_pairs=TILE_PAIRS)
    leader = Leader(board, broker, settings, lambda: False, 1)
    try:
        return scans(packed._replace(others=leader(packed))), leader
    finally:
        leader.clear()
        client.close()
        broker.client.close()
        broker.close()


def until(is_so: Callable[[], bool]) -> None:
    over = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < over:
        try:
            if is_so():
                return
        except RedisError:
            pass  # it is starting
        time.sleep(0.1)
    raise TimeoutError("no tile worker is ready")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.performance.tiles", description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with installed(without=("serve", "mailcatcher", "work", "relay")) as installation:
        faults = soak(installation, options.kills, options.seed)
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
