"""The chain of audit events: made by the database, checked by a second reading, broken by every change."""

import asyncio
import dataclasses
import random
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, create_engine, delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from infra import ids
from infra.crypto.keyring import open_keyring
from infra.db.roles import OWNER
from infra.db.session import Database
from tenants.actor import Actor
from tenants.audit import queries
from tenants.audit.actions import take_checkpoint
from tenants.audit.chain import Fault, FaultKind, Link, Walk
from tenants.audit.checkpoints import Checkpoint, opened
from tenants.audit.models import AuditEvent
from tenants.audit.verifying import Verdict, verify
from tests.conftest import DATABASE, Servers

Trail = Callable[..., object]


async def verdict(database: Database, servers: Servers, actor: Actor, *notes: str) -> Verdict:
    verifier = open_keyring(servers.keyring).note_signer().verifier()
    async with database.tenant_session(actor.context()) as session:
        return await verify(session, actor, verifier, notes)


async def chain_of(database: Database, actor: Actor) -> list[Link]:
    async with database.tenant_session(actor.context()) as session:
        return [link async for some in queries.links(session) for link in some]


@pytest.fixture
def intruder(servers: Servers) -> Iterator[Connection]:
    """A superuser who has switched triggers off: nothing in the database stops this one."""
    engine = create_engine(servers.postgres.admin_url(DATABASE))
    with engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.commit()
        yield connection
        connection.rollback()
    engine.dispose()


async def test_each_event_is_the_next_link(database: Database, servers: Servers, trail: Trail) -> None:
    actor = await trail(23)

    found = await verdict(database, servers, actor)

    assert (found.is_sound, found.links) == (True, 23)
    assert [link.seq for link in await chain_of(database, actor)] == list(range(1, 24))


async def test_an_empty_chain_is_sound(database: Database, servers: Servers, trail: Trail) -> None:
    assert (await verdict(database, servers, await trail(0))) == Verdict(0, bytes(32), 0, ())


async def test_writers_at_once_leave_no_gap(database: Database, servers: Servers, trail: Trail) -> None:
    actor = await trail(1)

    await asyncio.gather(*(trail(40, organisation_id=actor.organisation_id, at_once=3) for _ in range(8)))

    found = await verdict(database, servers, actor)
    assert (found.faults, found.links) == ((), 321)


async def test_what_is_rolled_back_leaves_no_gap(database: Database, servers: Servers, trail: Trail) -> None:
    actor = await trail(3)
    with pytest.raises(RuntimeError, match="on purpose"):
        async with database.tenant_session(actor.context()) as session:
            session.add(_event(actor))
            await session.flush()
            raise RuntimeError("on purpose")
    await trail(2, organisation_id=actor.organisation_id)

    assert (await verdict(database, servers, actor)) == dataclasses.replace(
        await verdict(database, servers, actor), links=5, faults=()
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_link SET hash = 'x'",
        "DELETE FROM audit_link",
        "INSERT INTO audit_link (organisation_id, seq, audit_event_id, details_digest, hash) "
        "VALUES (app.organisation_id(), 99, gen_random_uuid(), 'x', 'x')",
        "UPDATE audit_event SET event = 'x'",
        "DELETE FROM audit_event",
        "UPDATE audit_checkpoint SET note = 'x'",
        "DELETE FROM audit_checkpoint",
        "SELECT app.link_audit_event(e) FROM audit_event e",
    ],
)
async def test_the_application_cannot_touch_the_chain(
    database: Database, trail: Trail, statement: str
) -> None:
    actor = await trail(2)
    with pytest.raises(DBAPIError) as refused:
        async with database.tenant_session(actor.context()) as session:
            await session.execute(text(statement))
    assert refused.value.orig.sqlstate == "42501"


@pytest.mark.parametrize("table", ["audit_event", "audit_link", "audit_checkpoint"])
@pytest.mark.parametrize("verb", ["DELETE FROM", "TRUNCATE"])
def test_nor_does_the_owner_by_mistake(servers: Servers, table: str, verb: str) -> None:
    engine = create_engine(servers.postgres.admin_url(DATABASE))
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {OWNER}"))
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(f"{verb} {table}"))
    engine.dispose()


async def test_another_organisation_has_its_own_chain(
    database: Database, servers: Servers, trail: Trail
) -> None:
    one, other = await trail(4), await trail(2)

    assert len(await chain_of(database, one)) == 4
    assert len(await chain_of(database, other)) == 2


async def test_every_change_is_found_in_its_row(database: Database, trail: Trail) -> None:
    """A thousand changes of the rows as they are read: columns, digests, hashes, removals, exchanges."""
    actor = await trail(24)
    chain = await chain_of(database, actor)
    seeded = random.Random(20261122)

    for _ in range(1_000):
        place = seeded.randrange(len(chain))
        name, changed, expected = _changed(chain, place, seeded)
        walk = Walk(actor.organisation_id, {chain[-1].seq: chain[-1].hash})
        faults = [*walk.along(changed), *walk.end()]
        assert faults, name
        assert faults[0].seq == expected, (name, place)


def _changed(chain: list[Link], place: int, seeded: random.Random) -> tuple[str, list[Link], int]:
    """What was done, the chain after it, and the number at which it must be found."""
    link = chain[place]
    assert link.event is not None
    event = link.event
    columns = {
        "event": event.event + "x",
        "actor_kind": "person",
        "person_id": ids.random(),
        "token_id": ids.random(),
        "object_kind": "",
        "object_id": None,
        "created_at": event.created_at + timedelta(microseconds=1),
        "details": event.details.replace("name", "nam€"),
        "salt": seeded.randbytes(16),
        "id": ids.random(),
    }
    deeds = [*columns, "hash", "details_digest", "event gone", "link gone", "exchanged", "tail cut", "seq"]
    deed = seeded.choice(deeds)
    after = list(chain)
    if deed in columns:
        after[place] = dataclasses.replace(link, event=dataclasses.replace(event, **{deed: columns[deed]}))
    elif deed in ("hash", "details_digest"):
        bit = bytearray(getattr(link, deed))
        bit[seeded.randrange(32)] ^= 1 << seeded.randrange(8)
        after[place] = dataclasses.replace(link, **{deed: bytes(bit)})
    elif deed == "event gone":
        after[place] = dataclasses.replace(link, event=None)
    elif deed == "link gone":
        del after[place]
    elif deed == "tail cut":
        del after[place:]
    elif deed == "seq":
        after[place] = dataclasses.replace(link, seq=link.seq + 1_000)
        return deed, after, link.seq
    else:
        other = (place + 1) % len(chain)
        after[place] = dataclasses.replace(link, event=chain[other].event)
        after[other] = dataclasses.replace(chain[other], event=event)
        return deed, after, min(link.seq, chain[other].seq)
    return deed, after, link.seq


async def test_an_intruder_with_all_rights_is_found(
    database: Database, servers: Servers, trail: Trail, intruder: Connection
) -> None:
    """The same in the database itself, one of each kind, as only a superuser could do it."""
    actor = await trail(12)
    chain = await chain_of(database, actor)
    third, last = chain[2].event, chain[-1].event
    assert third is not None and last is not None
    mine = AuditEvent.organisation_id == actor.organisation_id
    intruder.execute(update(AuditEvent).where(mine, AuditEvent.id == third.id).values(event="person.left"))
    intruder.execute(delete(AuditEvent).where(mine, AuditEvent.id == last.id))
    stray = ids.new()
    intruder.execute(
        insert(AuditEvent).values(
            organisation_id=actor.organisation_id,
            id=stray,
            event="person.joined",
            actor_kind="house",
            object_kind="person",
            details={},
        )
    )
    intruder.commit()

    found = await verdict(database, servers, actor)

    assert found.faults == (
        Fault(FaultKind.CHANGED, 3, third.id),
        Fault(FaultKind.EVENT_GONE, 12),
        Fault(FaultKind.UNLINKED, None, stray),
    )


async def test_a_chain_written_anew_is_found_by_a_checkpoint_kept_elsewhere(
    database: Database, servers: Servers, trail: Trail, intruder: Connection
) -> None:
    """Links, events and checkpoints cut off together leave a sound shorter chain; only the note tells."""
    actor = await trail(9)
    signer = open_keyring(servers.keyring).note_signer()
    async with database.tenant_session(actor.context()) as session:
        row = await take_checkpoint(session, actor, signer)
    assert row is not None
    assert (await verdict(database, servers, actor, row.note)).is_sound
    last = (await chain_of(database, actor))[-1].event
    assert last is not None
    for table, where in (
        ("audit_link", "seq = 9"),
        ("audit_event", f"id = '{last.id}'"),
        ("audit_checkpoint", "true"),
    ):
        intruder.execute(
            text(f"DELETE FROM {table} WHERE organisation_id = '{actor.organisation_id}' AND {where}")
        )
    intruder.commit()

    assert (await verdict(database, servers, actor)).is_sound
    assert (await verdict(database, servers, actor, row.note)).faults == (Fault(FaultKind.CUT, 9),)
    await trail(3, organisation_id=actor.organisation_id)
    faults = (await verdict(database, servers, actor, row.note)).faults
    assert [(fault.kind, fault.seq) for fault in faults] == [(FaultKind.REWRITTEN, 9)]


async def test_a_checkpoint_is_taken_only_when_something_happened(
    database: Database, servers: Servers, trail: Trail
) -> None:
    actor = await trail(2)
    signer = open_keyring(servers.keyring).note_signer()

    async def take() -> Checkpoint | None:
        async with database.tenant_session(actor.context()) as session:
            row = await take_checkpoint(session, actor, signer)
            return opened(row.note, signer.verifier()) if row else None

    first, again = await take(), await take()
    await trail(1, organisation_id=actor.organisation_id)
    later = await take()

    assert first is not None and (first.seq, first.organisation_id) == (2, actor.organisation_id)
    assert again is None
    assert later is not None and later.seq == 3


async def test_a_forged_note_is_a_fault(database: Database, servers: Servers, trail: Trail) -> None:
    actor = await trail(2)
    signer = open_keyring(servers.keyring).note_signer()
    async with database.tenant_session(actor.context()) as session:
        row = await take_checkpoint(session, actor, signer)
    assert row is not None

    forged = row.note.replace("\n2\n", "\n1\n")

    faults = (await verdict(database, servers, actor, forged)).faults
    assert [fault.kind for fault in faults] == [FaultKind.NOTE_REFUSED]


def _event(actor: Actor) -> AuditEvent:
    return AuditEvent(
        organisation_id=actor.organisation_id,
        event="person.changed",
        actor_kind="house",
        object_kind="person",
        details={},
    )
