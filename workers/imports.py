"""
Jobs of roster import: read and stage, write as people, take back.

What is written is written in one transaction, which counts only if the job is still ours at its end.
"""

import asyncio
import time
from collections.abc import Callable

from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from infra import logs
from infra.errors import Invalid, LimitReached, Unavailable
from infra.outbox import delivery
from infra.progress import publish
from tenants.registration.importing import committing, previewing, reverting
from tenants.registration.importing.jobs import CommitRoster, RevertRoster, StageRoster
from tenants.registration.importing.telling import key_of
from tenants.registration.roster.errors import Damaged
from workers.handling import ClaimLost, Work, handles

log = logs.get("imports")
SAY_EACH_S = 0.4


class Teller:
    """Says how far the work has come, not more often than anybody can read."""

    def __init__(self, work: Work, import_id: object, version: int | None = None) -> None:
        self._work = work
        self._key = key_of(work.claim.organisation_id, import_id)
        self._version = version
        self._phase = ""
        self._said = 0.0

    async def __call__(self, phase: str, done: int, most: int) -> None:
        now = time.monotonic()
        if phase == self._phase and now - self._said < SAY_EACH_S:
            return
        self._phase, self._said = phase, now
        facts = {"done": done, "most": most, "version": self._version}
        try:
            await publish(self._work.ground.redis, self._key, phase, 100 * done // max(most, 1), facts)
        except (RedisError, OSError):
            # Only the telling is lost; whoever looks finds the state itself in the database.
            log.warning("progress not told", phase=phase)

    def from_thread(self, phase: str, most: int) -> Callable[[int], None]:
        """For work that goes on in a thread of its own; it waits until this is told, so that nothing is told late."""
        loop = asyncio.get_running_loop()

        def told(done: int) -> None:
            asyncio.run_coroutine_threadsafe(self(phase, done, most), loop).result()

        return told


def _is_for_good(work: Work, error: Exception) -> bool:
    """Whether trying again is no use: what a server or a lock caused mends itself, within limits."""
    if isinstance(error, ClaimLost):
        return False
    may_mend = isinstance(error, Unavailable | DBAPIError | OSError)
    return not may_mend or work.claim.attempt >= delivery.MAX_ATTEMPTS


@handles(StageRoster, alone=True)
async def stage(work: Work, job: StageRoster) -> None:
    tell = Teller(work, job.import_id, job.version)
    async with work.reading() as session:
        source = await previewing.source(session, job.import_id, job.version)
    if source is None:
        return
    await tell("reading", 0, 1)
    found = None
    try:
        # Reading and staging hold the processor for long: a thread lets other jobs and the lease go on.
        sheet = await asyncio.to_thread(previewing.read, source)
        async with work.reading() as session:
            known = await previewing.known(session, source, sheet)
        found = previewing.described(source, sheet, known)
        await tell("checking", 0, sheet.row_count)
        seen = tell.from_thread("checking", sheet.row_count)
        preview = await asyncio.to_thread(previewing.stage, source, sheet, known, seen)
    except (Invalid, LimitReached) as error:
        await _fail(work, source, error, found, tell)
        return
    except Exception as error:
        if not _is_for_good(work, error):
            raise
        # A file that our reader stumbles over must not leave its sender waiting for ever.
        log.exception("a roster could not be read", roster=str(job.import_id))
        await _fail(work, source, Damaged(found="unknown", part="", mend="save_again"), found, tell)
        return
    try:
        async with work.session() as session:
            await previewing.keep(session, source, preview, tell)
    except previewing.Outdated:
        return
    await tell("staged", 1, 1)


async def _fail(
    work: Work,
    source: previewing.Source,
    error: Invalid | LimitReached,
    found: dict[str, object] | None,
    tell: Teller,
) -> None:
    try:
        async with work.session() as session:
            await previewing.fail(session, source, error, found)
    except previewing.Outdated:
        return
    await tell("failed", 1, 1)


@handles(CommitRoster, alone=True)
async def commit(work: Work, job: CommitRoster) -> None:
    tell = Teller(work, job.import_id)
    try:
        async with work.session() as session:
            await committing.commit(session, work.actor, job.import_id, job.asked_by, tell)
    except Exception as error:
        if _is_for_good(work, error):
            async with work.session() as session:
                await committing.give_up(session, work.actor, job.import_id)
        raise
    await tell("committed", 1, 1)


@handles(RevertRoster, alone=True)
async def revert(work: Work, job: RevertRoster) -> None:
    tell = Teller(work, job.import_id, job.version)
    try:
        async with work.session() as session:
            await reverting.revert(session, work.actor, job.import_id, job.version, job.asked_by, tell)
    except reverting.InUse as error:
        async with work.session() as session:
            await reverting.refuse(session, work.actor, job.import_id, job.version, error)
    except Exception as error:
        if _is_for_good(work, error):
            async with work.session() as session:
                await reverting.refuse(session, work.actor, job.import_id, job.version)
        raise
    await tell("reverted", 1, 1)
