"""Does what relay and workers would do, in this process and at once, for tests that want the outcome and not the journey."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import text

from infra import clock
from infra.ground import Ground
from workers import handling
from workers.runner import NUMBERS, ROOMS, load

# As the relay marks them, in plain SQL: histories look some hundred times a year whether anything is due.
_TAKE = text("""
    UPDATE outbox SET state = 'sent', lease_until = :now
    WHERE organisation_id = :organisation AND state = 'waiting' AND due_at <= :now AND kind LIKE ANY(:kinds)
    RETURNING id, kind, due_at""")
_HANDED = text(
    "SELECT kind, state, error FROM outbox WHERE organisation_id = :organisation AND id = ANY(:ids)"
)


async def drain(
    ground: Ground, organisation_id: UUID, *, rounds: int = 20, kinds: tuple[str, ...] = ("",)
) -> list[str]:
    """
    Do every job of the organisation that is due, and those that come of it, until none is left.

    `kinds` are beginnings of their names, where others are to wait.
    Returns the kinds in the order in which they were done. A job that failed is
    an error here: tests of failures call `handling.perform` themselves.
    """
    _handlers()
    done: list[str] = []
    ids: list[UUID] = []
    for _ in range(rounds):
        due = await _take(ground, organisation_id, ids, kinds)
        if not due:
            return done
        for job in due:
            await handling.perform(ground, organisation_id, job.id)
        ids = [job.id for job in due]
        done += [job.kind for job in due]
    raise AssertionError(f"still due after {rounds} rounds: {done[-5:]}")


@cache
def _handlers() -> None:
    load((*ROOMS, *NUMBERS))


async def _take(
    ground: Ground, organisation_id: UUID, handed: list[UUID], kinds: tuple[str, ...]
) -> Sequence[Any]:
    """What is due now, the oldest first. What was handed out before must be done."""
    of_it = {"organisation": organisation_id}
    async with ground.database.platform_session("relay") as connection:
        for job in await connection.execute(_HANDED, of_it | {"ids": handed}) if handed else ():
            assert job.state in ("done", "withdrawn"), f"{job.kind}: {job.error}"
        due = await connection.execute(
            _TAKE, of_it | {"now": clock.now(), "kinds": [f"{kind}%" for kind in kinds]}
        )
        return sorted(due, key=lambda job: (job.due_at, job.id))
