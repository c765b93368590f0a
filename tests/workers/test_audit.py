"""The hourly checkpoint: signed, shipped whole, once, and enough to tell outsiders of a change."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, select, text

from infra import clock
from infra.crypto.errors import NoteRefused
from infra.crypto.notes import NoteSigner, Verifier
from infra.outbox.delivery import MAX_ATTEMPTS
from infra.outbox.jobs import enqueue
from infra.outbox.models import JobState, OutboxJob
from infra.settings import AuditSettings
from mentorweave.cli import cli
from tenants.audit.jobs import TakeCheckpoint
from tenants.organisations import actions as organisations
from tests import making
from tests.conftest import DATABASE
from tests.infra.deposit.double import KEY, SECRET, double
from tests.working import drain
from workers import handling, runner


async def take(ground, made, key: str) -> None:
    async with ground.database.tenant_session(made.house.context()) as session:
        await enqueue(session, TakeCheckpoint(), key=key)
    assert await drain(ground, made.id, kinds=("audit",)) == ["audit.checkpoint"]


@pytest.fixture
def intruder(servers):
    """A superuser with triggers off."""
    engine = create_engine(servers.postgres.admin_url(DATABASE))
    with engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.commit()
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.fixture
def shipping(ground, tmp_path):
    settings = dataclasses.replace(ground.settings, audit=AuditSettings(str(tmp_path / "kept")))
    return dataclasses.replace(ground, settings=settings)


@pytest.fixture
def bucket(ground, monkeypatch):
    """A bucket at an S3 of our own, and the ground of an installation that keeps its notes there."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    with double() as made:
        settings = dataclasses.replace(
            ground.settings, audit=AuditSettings.read({"AUDIT_CHECKPOINTS": made.url})
        )
        yield made, dataclasses.replace(ground, settings=settings)


async def fail(ground, made, key: str) -> OutboxJob:
    """A checkpoint that cannot be laid down, tried until nobody tries any more."""
    runner.load(runner.ROOMS)
    async with ground.database.tenant_session(made.house.context()) as session:
        await enqueue(session, TakeCheckpoint(), key=key)
        job = (await session.scalars(select(OutboxJob).where(OutboxJob.key == key))).one()
        job.state, job.lease_until, job.attempt = JobState.SENT, clock.now(), MAX_ATTEMPTS - 1
    await handling.perform(ground, made.id, job.id)
    async with ground.database.tenant_session(made.house.context()) as session:
        return (await session.scalars(select(OutboxJob).where(OutboxJob.key == key))).one()


async def test_a_note_is_shipped_once_and_never_written_over(shipping, made, tmp_path):
    await take(shipping, made, "one")
    await take(shipping, made, "two")
    (note,) = (tmp_path / "kept").rglob("*.note")
    note.write_text("what an intruder left")

    job = await fail(shipping, made, "three")

    assert (job.state, job.error.split(".")[-1]) == (JobState.DEAD, "DepositDiffers: deposit_differs")
    assert [one.read_text() for one in (tmp_path / "kept").rglob("*") if one.is_file()] == [
        "what an intruder left"
    ]


async def test_a_bucket_out_of_order_is_seen_by_people_until_it_serves(bucket, made, browse):
    kept, ground = bucket
    kept.broken = 503
    job = await fail(ground, made, "one")
    owner = await making.signed_in(ground.database, browse, made, made.owner)

    assert (job.state, job.error.split(": ")[-1]) == (JobState.DEAD, "cloud_service_unavailable")
    assert "we could not keep new signatures outside" in (await owner.get("/a/audit")).text

    kept.broken = 0
    await take(ground, made, "two")

    assert [name.split("/")[:2] for name in kept.texts] == [["trail", str(made.id)]]
    assert kept.refused == []
    assert "we could not keep new signatures outside" not in (await owner.get("/a/audit")).text


async def test_the_command_reads_the_notes_of_a_bucket(bucket, servers, made, intruder, monkeypatch):
    kept, ground = bucket
    environment(monkeypatch, servers)
    await take(ground, made, "one")

    sound = told("verify", "--host", made.host, "--checkpoint", kept.url)
    for table in ("audit_checkpoint", "audit_link", "audit_event"):
        intruder.execute(text(f"DELETE FROM {table} WHERE organisation_id = :id"), {"id": made.id})
    intruder.commit()
    emptied = told("verify", "--host", made.host)
    found = told("verify", "--host", made.host, "--checkpoint", kept.url)

    assert (sound.exit_code, emptied.exit_code, found.exit_code) == (0, 0, 1)
    assert "1 checkpoints, sound" in sound.output
    assert "cut at 1" in found.output
    kept.broken = 503
    assert "cannot be read" in told("verify", "--checkpoint", kept.url).output
    assert "is no place for texts" in told("verify", "--checkpoint", "ftp://kept").output
    assert "does not exist" in told("verify", "--checkpoint", "/nowhere/kept").output


async def test_a_note_that_was_not_shipped_is_shipped_the_next_time(ground, shipping, made, tmp_path):
    await take(ground, made, "unshipped")  # as if the worker had died before shipping
    await take(shipping, made, "again")

    assert len(list((tmp_path / "kept").rglob("*.note"))) == 1


async def test_the_command_finds_a_change_by_the_kept_notes(
    ground, shipping, servers, made, intruder, tmp_path, monkeypatch
):
    environment(monkeypatch, servers)
    for name in ("Nairobi", "Sarajevo"):
        async with ground.database.tenant_session(made.owner.context()) as session:
            await organisations.open_office(session, made.owner, name=name, region="", time_zone="UTC")
    await take(shipping, made, "one")
    kept = str(tmp_path / "kept")

    sound = told("verify", "--host", made.host, "--checkpoints", kept)
    assert sound.exit_code == 0, sound.output
    assert "1 checkpoints, sound" in sound.output

    intruder.execute(
        text(
            "UPDATE audit_event SET object_kind = 'person' "
            "WHERE (organisation_id, id) = (SELECT organisation_id, audit_event_id FROM audit_link "
            "WHERE organisation_id = :id AND seq = 3)"
        ),
        {"id": made.id},
    )
    intruder.execute(text("DELETE FROM audit_link WHERE organisation_id = :id AND seq = 1"), {"id": made.id})
    intruder.commit()

    changed = told("verify", "--host", made.host, "--checkpoints", kept)
    assert changed.exit_code == 1
    assert "missing at 1" in changed.output
    assert "unlinked" in changed.output
    assert "changed at 3" in changed.output


async def test_the_command_says_what_it_was_given_wrongly(servers, monkeypatch):
    environment(monkeypatch, servers)
    assert "No organisation lives at nowhere" in told("verify", "--host", "nowhere").output
    assert "is no public key" in told("verify", "--key", "ssh-ed25519").output


async def test_the_printed_key_opens_notes_and_no_other_does(shipping, servers, made, tmp_path, monkeypatch):
    environment(monkeypatch, servers)
    await take(shipping, made, "one")
    (path,) = (tmp_path / "kept").rglob("*.note")
    printed = Verifier.parse(told("key").output)

    assert printed.open(Path(path).read_text()).startswith(f"mentorweave/{made.id}\n")
    with pytest.raises(NoteRefused):
        NoteSigner("mentorweave", bytes(32)).verifier().open(path.read_text())


def environment(monkeypatch, servers) -> None:
    settings = servers.settings()
    for name, value in {
        "DATABASE_URL": settings.app_url,
        "DATABASE_RESOLVER_URL": settings.resolver_url,
        "DATABASE_RELAY_URL": settings.relay_url,
        "DATABASE_REFUSE_OLD_SERVER": "no",
        "REDIS_URL": "redis://127.0.0.1:1",
        "SMTP_URL": "smtp://127.0.0.1:1",
        "KEYRING_FILE": str(servers.keyring),
    }.items():
        monkeypatch.setenv(name, value)


def told(*arguments: str):
    # The command has an event loop of its own, which the loop of the tests does not let run beside it.
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(CliRunner().invoke, cli, ["audit", *arguments]).result()
