"""A worker that is killed in the middle of an import leaves all or nothing, and the next one finishes it once."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from infra import clock, progress
from infra.embedded.valkey import Valkey
from infra.ground import Ground
from infra.outbox.models import JobState, OutboxJob
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.registration.importing import actions
from tenants.registration.importing.telling import key_of
from tenants.registration.models import Consent, ImportState, Participation, RosterRow, Status
from tests.conftest import Servers
from tests.tenants.registration.importing.desk import Desk, desk
from workers import broker as queue
from workers import handling

WITHIN_S = 240
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(servers: Servers, valkey: Valkey, mail_server: tuple[object, int], folder: Path) -> Iterator[Start]:
    """Starts `mentorweave work` on the servers of the tests."""
    settings = servers.settings()
    environment = {
        **os.environ,
        "DATABASE_URL": settings.app_url,
        "DATABASE_RESOLVER_URL": settings.resolver_url,
        "DATABASE_RELAY_URL": settings.relay_url,
        "DATABASE_REFUSE_OLD_SERVER": "no",
        "REDIS_URL": valkey.url(),
        "SMTP_URL": f"smtp://127.0.0.1:{mail_server[1]}",
        "KEYRING_FILE": str(servers.keyring),
    }
    begun: list[subprocess.Popen[bytes]] = []

    def one() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "mentorweave", "work"]
        with (folder / f"work-{len(begun)}.log").open("wb") as log:
            begun.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        return begun[-1]

    yield one
    for process in begun:
        process.kill()
        process.wait()


async def send(at: Desk, ground: Ground) -> None:
    """What the relay does: mark the organisation's due jobs as sent and tell the queue, those of a dead worker too."""
    broker = queue.connect(ground.settings.queue.redis_url)
    broker.declare_queue("work")
    async with ground.database.tenant_session(at.made.house.context()) as session:
        rows = await session.execute(
            update(OutboxJob)
            .where(OutboxJob.state.in_((JobState.WAITING, JobState.SENT)))
            .values(state=JobState.SENT, worker=None, lease_until=clock.now() + timedelta(seconds=60))
            .returning(OutboxJob.id)
        )
        jobs: list[UUID] = list(rows.scalars())
    for job_id in jobs:
        broker.enqueue(queue.message("work", at.made.id, job_id))


async def until_told(at: Desk, ground: Ground, import_id: UUID, phase: str) -> None:
    async with asyncio.timeout(WITHIN_S):
        async for told in progress.follow(ground.redis, key_of(at.made.id, import_id)):
            if told is not None and told.phase == phase:
                return


async def until(at: Desk, import_id: UUID, state: ImportState) -> None:
    async with asyncio.timeout(WITHIN_S):
        while (await at.of(import_id)).state != state:
            await asyncio.sleep(0.1)


async def test_killed_worker_leaves_all_or_nothing_and_is_made_up_for(ground: Ground, start: Start) -> None:
    at = await desk(ground)
    people = await at.count(Person)
    import_id = await at.roster("large.csv")
    preview = await at.of(import_id)
    async with ground.database.tenant_session(at.actor.context()) as session:
        await actions.commit(
            session, at.actor, import_id, version=preview.version, status=Status.READY, have_agreed=True
        )

    killed = start()
    await send(at, ground)
    await until_told(at, ground, import_id, "people")  # in the middle
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert (await at.of(import_id)).state == ImportState.COMMITTING
    assert await at.count(Participation) == 0
    assert await at.count(Person) == people

    start()
    await send(at, ground)
    await until(at, import_id, ImportState.COMMITTED)
    done = await at.of(import_id)
    assert done.counts["imported"] == preview.counts["to_commit"]
    assert await at.count(Person) == people + done.counts["people"]
    assert await at.count(Participation) == done.counts["participations"]
    assert await at.count(Consent) == 2 * done.counts["people"]


async def break_a_row(at: Desk, import_id: UUID) -> None:
    """As a fault of ours would: a staged row that cannot be written."""
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        row = update(RosterRow).where(RosterRow.import_id == import_id, RosterRow.row_number == 3)
        await session.execute(row.values(values={"email": "broken@example.org"}))


async def test_import_that_cannot_be_written_saves_nothing_and_can_be_asked_for_again(ground: Ground) -> None:
    at = await desk(ground)
    import_id = await at.roster("chapter-pilot.xlsx")
    preview = await at.of(import_id)
    await break_a_row(at, import_id)
    async with ground.database.tenant_session(at.actor.context()) as session:
        await actions.commit(
            session, at.actor, import_id, version=preview.version, status=Status.READY, have_agreed=True
        )
        [job_id] = (
            await session.execute(select(OutboxJob.id).where(OutboxJob.kind == "roster.commit"))
        ).scalars()

    await handling.perform(ground, at.made.id, job_id)

    failed = await at.of(import_id)
    assert (failed.state, failed.counts["has_failed"]) == (ImportState.STAGED, True)
    assert await at.count(Participation) == 0
    async with ground.database.tenant_session(at.actor.context()) as session:
        asked = await session.execute(select(Task.kind, Task.person_id))
        assert asked.all() == [("import.failed", at.actor.person_id)]
    await at.do(actions.check_again, import_id)  # the row is staged anew
    assert (await at.commit(import_id)).counts["imported"] == 13


async def test_second_worker_with_the_same_job_does_nothing(ground: Ground) -> None:
    at = await desk(ground)
    import_id = await at.roster("chapter-pilot.xlsx")
    await at.commit(import_id)
    parts = await at.count(Participation)
    async with ground.database.tenant_session(at.made.house.context()) as session:
        again = update(OutboxJob).where(OutboxJob.kind == "roster.commit")
        await session.execute(again.values(state=JobState.WAITING, worker=None, lease_until=None))
    assert await at.work() == ["roster.commit"]
    assert await at.count(Participation) == parts
