"""
`python -m tests.performance.soak`: hundreds of kills while the main job goes on, then a count of what was lost.

Prints a report; ends with 1 if anything was lost or doubled, or if the
installation did not come to rest within a minute of any round.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter

from tests.deeds import Answers, Imports, Registrations, Runs
from tests.installation import PROCESSES, Installation, installed
from tests.killing import Deed, Letters, disturb
from tests.performance import tiles
from tests.performance.report import machine

REST_WITHIN_S = 60.0
ROUND = 20  # blows, after which everything comes to rest and is counted
EACH_S = 4.0  # between two blows; a killed `serve` needs some of it to be back
WEIGHTS = {
    "work": 8, "match": 3, "relay": 3, "serve": 3, "valkey": 3, "postgres": 3, "mailcatcher": 1, "flush": 2,
    "postgres+valkey": 1, "+".join(PROCESSES): 1,
}  # fmt: skip


def plan(blows: int, chance: random.Random) -> list[str]:
    return chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()), k=blows)


def deeds(installation: Installation) -> list[Deed]:
    return [
        Letters(), Imports(), Imports("mentor-network.csv"), Runs(), Registrations(installation.web_port),
        Answers(installation.web_port),
    ]  # fmt: skip


def one_round(
    installation: Installation, blows: list[str], seed: int
) -> tuple[list[str], float, Counter[str]]:
    working = deeds(installation)
    asyncio.run(disturb(installation, working, blows, each_s=EACH_S, seed=seed))
    try:
        rested = installation.rest(REST_WITHIN_S)
        faults = []
    except AssertionError as unrest:
        rested, faults = REST_WITHIN_S, [str(unrest)]
    faults += [fault for deed in working for fault in deed.faults(installation)]
    faults += [
        f"dead: {row}" for row in installation.sql("SELECT kind, error FROM outbox WHERE state = 'dead'")
    ]
    done = Counter({type(deed).__name__: _size(deed) for deed in working})
    done["repeated letters"] = next(deed.repeats for deed in working if isinstance(deed, Letters))
    return faults, rested, done


def _size(deed: Deed) -> int:
    for name in ("keys", "runs", "imported", "addresses", "answered"):
        if hasattr(deed, name):
            return len(getattr(deed, name))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.performance.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="blows altogether")
    parser.add_argument("--tile-kills", type=int, default=30, help="blows at those who share a large run")
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time; it is printed")
    options = parser.parse_args()
    seed = options.seed or random.SystemRandom().randrange(1, 1 << 30)
    chance = random.Random(seed)
    print(f"{machine()}; seed {seed}", flush=True)
    all_faults: list[str] = []
    done: Counter[str] = Counter()
    rests = []
    begun = time.monotonic()
    with installed() as installation:
        left = options.kills
        while left > 0:
            blows = plan(min(ROUND, left), chance)
            left -= len(blows)
            faults, rested, did = one_round(installation, blows, chance.randrange(1 << 30))
            all_faults += faults
            done += did
            rests.append(rested)
            print(
                f"{options.kills - left} blows, at rest after {rested:.1f} s, {len(faults)} faults",
                flush=True,
            )
            for fault in faults[:10]:
                print(f"  {fault}", flush=True)
        all_faults += tiles.soak(installation, options.tile_kills, chance.randrange(1 << 30))
        killed = installation.killed
    print(f"\n{time.monotonic() - begun:.0f} s; processes killed: {dict(killed)}")
    print(f"done meanwhile: {dict(done)}")
    print(f"longest time to come to rest: {max(rests):.1f} s; lost or doubled: {len(all_faults)}")
    return 1 if all_faults else 0


if __name__ == "__main__":
    sys.exit(main())
