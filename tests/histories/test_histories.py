"""Histories of fourteen months by chance: every letter, check-up, task and state equals the model's."""

import os
import random
from datetime import date, timedelta

import pytest

from tests.histories import chance, invitations, programmes
from tests.histories.playing import play

COUNT = int(os.environ.get("HISTORIES", "0"))
DAILY = int(os.environ.get("DAILY_HISTORIES", "0"))
AT_ONCE = 200  # of one organisation
SEED = os.environ.get("HISTORIES_SEED") or str(random.SystemRandom().randrange(1 << 30))
FEW, FEW_SEED = 2, "a quiet year 2772"  # in which nearly every kind of letter and task occurs


async def faults(database, ground, mails, count, *, seed, every_day) -> list[str]:
    """What differs, with what is needed to play it again; each organisation with a zone and a beginning by chance."""
    found = []
    for left in range(count, 0, -AT_ONCE):
        rng = random.Random(f"{seed} {left}")
        zone, begin = rng.choice(programmes.ZONES), date(2026, 11, 23) + timedelta(days=rng.randrange(1_200))
        histories = chance.histories(f"{seed} {left}", min(left, AT_ONCE), zone, begin)
        planned = invitations.workshops(f"{seed} {left}", histories, begin, 1 if count == FEW else 2)
        played = await play(
            database, ground, mails, histories, planned, zone=zone, begin=begin, every_day=every_day
        )
        told = f"seed {seed!r} {left} in {zone} from {begin}"
        print(
            f"{len(histories)} histories, {sum(len(one.steps) for one in (*histories, *planned.values()))} deeds,"
            f" {len(played.model.letters)} letters, {len(played.differences)} differences; {told}",
            flush=True,
        )
        print(*played.differences[:40], sep="\n", flush=True)
        found += [told, *played.differences[:40]] if played.differences else []
    return found


ROUNDS = [(COUNT, SEED, False), (DAILY, SEED, True)] if COUNT else [(FEW, FEW_SEED, False)]


@pytest.mark.parametrize(("count", "seed", "every_day"), ROUNDS)
async def test_a_year_is_as_the_rules_say(
    database, ground, inbox, count, seed, every_day
):  # K30-K45 K49 K52-K54 K60 K70 U01 N07 N08
    assert await faults(database, ground, inbox.mails, count, seed=seed, every_day=every_day) == []
