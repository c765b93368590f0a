"""Real processes, killed while they work: nothing is lost, nothing is doubled, all is well within a minute."""

from collections.abc import Iterator

import pytest

from tests.installation import PROCESSES, Installation, installed
from tests.killing import Letters, disturb

pytestmark = pytest.mark.kill

WELL_AGAIN_S = 60.0
SENT_AT_ONCE = 8  # letters that one worker has on their way
PLAN = ("work", "valkey", "relay", "postgres", "flush", "mailcatcher", "work", "+".join(PROCESSES))


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with installed() as made:
        yield made


async def test_killed_processes_lose_no_letter(installation: Installation) -> None:
    letters = Letters()
    reaper = await disturb(installation, [letters], PLAN, each_s=1.2)
    rested = installation.rest(WELL_AGAIN_S)

    assert letters.faults(installation) == []
    assert len(letters.keys) > 50
    # A letter is repeated only where its sender died between the server's yes and its own note of it.
    killed = installation.killed
    assert letters.repeats <= SENT_AT_ONCE * (killed["work"] + killed["mailcatcher"])
    assert set(reaper.done) == set(PLAN)
    print(f"{len(letters.keys)} letters, {letters.repeats} repeated, at rest after {rested:.1f} s")
