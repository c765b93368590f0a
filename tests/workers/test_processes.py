"""Real processes, killed while they work: nothing is lost, nothing is doubled, all is well within a minute."""

from collections.abc import Iterator

import pytest

from tests.deeds import Answers, Imports, Registrations
from tests.following_up import FollowUps
from tests.installation import PROCESSES, Installation, installed
from tests.killing import Deed, Letters, disturb

pytestmark = pytest.mark.kill

WELL_AGAIN_S = 60.0
SENT_AT_ONCE = 8  # letters that one worker has on their way
PLAN = (
    "work", "serve", "valkey", "match", "relay", "postgres", "flush", "mailcatcher", "work",
    "+".join(PROCESSES),
)  # fmt: skip


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    with installed() as made:
        yield made


async def test_killed_processes_lose_and_double_nothing(installation: Installation) -> None:
    """Letters, follow-ups, imports, registrations over HTTP, a run, its approval and private answers, all at once."""
    letters = Letters()
    deeds: list[Deed] = [
        letters, FollowUps(40), Imports(), Registrations(installation.web_port), Answers(installation.web_port),
    ]  # fmt: skip
    reaper = await disturb(installation, deeds, PLAN, each_s=1.2)
    rested = installation.rest(WELL_AGAIN_S)

    assert [fault for deed in deeds for fault in deed.faults(installation)] == []
    assert installation.sql("SELECT kind, error FROM outbox WHERE state = 'dead'") == []
    assert len(letters.keys) > 50
    # A letter is repeated only where its sender, or the database, died between the server's yes and our note of it:
    # one at a time is there. Where the mail server dies, nobody knows of any that was on its way.
    killed = installation.killed
    assert letters.repeats <= killed["work"] + killed["postgres"] + SENT_AT_ONCE * killed["mailcatcher"]
    assert set(reaper.done) == set(PLAN)
    print(f"{len(letters.keys)} letters, {letters.repeats} repeated, at rest after {rested:.1f} s")
