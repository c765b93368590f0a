"""The hourly checkpoint: signed, shipped whole, once, and enough to tell outsiders of a change."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from infra.crypto.errors import NoteRefused
from infra.crypto.notes import NoteSigner, Verifier
from infra.outbox.jobs import enqueue
from infra.settings import AuditSettings
from mentorweave.cli import cli
from tenants.audit.jobs import TakeCheckpoint
from tenants.organisations import actions as organisations
from tests.conftest import DATABASE
from tests.working import drain


async def take(ground, made, key: str) -> None:
    async with ground.database.tenant_session(made.house.context()) as session:
        await enqueue(session, TakeCheckpoint(), key=key)
    assert await drain(ground, made.id, kinds=("audit",)) == ["audit.checkpoint"]


@pytest.fixture
def shipping(ground, tmp_path):
    settings = dataclasses.replace(ground.settings, audit=AuditSettings(tmp_path / "kept"))
    return dataclasses.replace(ground, settings=settings)


async def test_a_note_is_shipped_once_and_never_written_over(shipping, made, tmp_path):
    await take(shipping, made, "one")
    (note,) = (tmp_path / "kept").rglob("*.note")
    note.write_text("what an intruder left")
    await take(shipping, made, "two")

    assert [one.read_text() for one in (tmp_path / "kept").rglob("*") if one.is_file()] == [
        "what an intruder left"
    ]


async def test_a_note_that_was_not_shipped_is_shipped_the_next_time(ground, shipping, made, tmp_path):
    await take(ground, made, "unshipped")  # as if the worker had died before shipping
    await take(shipping, made, "again")

    assert len(list((tmp_path / "kept").rglob("*.note"))) == 1


async def test_the_command_finds_a_change_by_the_kept_notes(
    ground, shipping, servers, made, tmp_path, monkeypatch
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

    engine = create_engine(servers.postgres.admin_url(DATABASE))
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(
            text(
                "UPDATE audit_event SET object_kind = 'person' "
                "WHERE (organisation_id, id) = (SELECT organisation_id, audit_event_id FROM audit_link "
                "WHERE organisation_id = :id AND seq = 3)"
            ),
            {"id": made.id},
        )
        connection.execute(
            text("DELETE FROM audit_link WHERE organisation_id = :id AND seq = 1"), {"id": made.id}
        )
    engine.dispose()

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
