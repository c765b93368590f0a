"""Whoever waits for a roster hears of it, wherever the work is done."""

import asyncio
from types import SimpleNamespace
from typing import Any

from infra import ids, progress
from infra.ground import Ground
from tenants.registration.importing.telling import key_of
from tests.tenants.registration.roster.books import staged
from workers.imports import Teller


async def test_rows_read_in_a_thread_are_told(ground: Ground) -> None:
    organisation_id, import_id = ids.new(), ids.new()
    work: Any = SimpleNamespace(ground=ground, claim=SimpleNamespace(organisation_id=organisation_id))
    tell = Teller(work, import_id)

    await asyncio.to_thread(tell.from_thread("checking", 1_000), 500)

    told = await progress.last(ground.redis, key_of(organisation_id, import_id))
    assert told is not None
    assert (told.phase, told.percent, told.facts["done"]) == ("checking", 50, 500)


def test_reading_says_how_far_it_has_come() -> None:
    rows = [(f"Ana Person {number}", f"ana{number}@example.org", "Mentor") for number in range(1_100)]
    said: list[int] = []

    assert len(staged(*rows, seen=said.append).rows) == 1_100
    assert said == [500, 1_000]
