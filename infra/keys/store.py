"""
The key database as the house reads and writes it: wrapped keys, and tombstones of those that are gone.

Lists of keys are read whole: an organisation's own key has a few versions, everything beneath it one.
"""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from infra import errors
from infra.crypto.hierarchy import WrappedKey
from infra.db.session import make_engine, translated
from infra.keys.errors import KeyDestroyed, KeyServiceUnavailable
from infra.keys.owners import KeyOwner
from infra.settings import DatabaseSettings

SPARED_S = 1.0

_CHAIN = text("""
    SELECT id, tenant, subject, record, version, wrapped, outer_id, made_at FROM key
    WHERE tenant = :tenant AND (subject IS NULL OR subject = :subject AND (record IS NULL OR record = :record))
    ORDER BY version DESC""")
# Under both locks: nobody destroys this subject's keys, and nobody begins a new version of the key above, meanwhile.
_LOCK_TENANT_SHARED = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:tenant, 0))")
_LOCK_TENANT = text("SELECT pg_advisory_xact_lock(hashtextextended(:tenant, 0))")
_LOCK_SUBJECT = text("SELECT pg_advisory_xact_lock(hashtextextended(:tenant || '/' || :subject, 0))")
_IS_BURIED = text("""
    SELECT EXISTS (SELECT FROM tombstone WHERE tenant = :tenant
        AND (subject IS NULL OR subject = :subject AND (record IS NULL OR record = :record)))""")
# What is added under a key that is no longer the newest is not added: whoever asks looks again.
_ADD = text("""
    INSERT INTO key (id, tenant, subject, record, version, outer_id, wrapped, request)
    SELECT CAST(:id AS uuid), CAST(:tenant AS uuid), CAST(:subject AS uuid), CAST(:record AS uuid), :version,
        CAST(:outer_id AS uuid), :wrapped, CAST(:request AS uuid)
    WHERE CAST(:outer_id AS uuid) IS NULL OR CAST(:outer_id AS uuid) = (
        SELECT id FROM key
        WHERE tenant = :tenant AND subject IS NOT DISTINCT FROM CAST(:outer_subject AS uuid) AND record IS NULL
        ORDER BY version DESC LIMIT 1)
    ON CONFLICT DO NOTHING""")
_BURY = text("""
    INSERT INTO tombstone (id, tenant, subject, record) VALUES (:id, :tenant, :subject, :record)
    ON CONFLICT (id) DO NOTHING""")
_DELETE = text("""
    DELETE FROM key WHERE tenant = :tenant AND (CAST(:subject AS uuid) IS NULL OR subject = :subject)
        AND (CAST(:record AS uuid) IS NULL OR record = :record) RETURNING id""")


@dataclass(frozen=True, slots=True)
class StoredKey:
    """`outer_id` is the key that wraps it; a master key has none that we know."""

    id: UUID
    owner: KeyOwner
    version: int
    wrapped: bytes = field(repr=False)
    outer_id: UUID | None
    made_at: datetime

    @property
    def as_wrapped(self) -> WrappedKey:
        return WrappedKey(self.id, self.version, self.wrapped)


class KeyStore:
    """The pool of one process. Nothing is connected before the first use."""

    def __init__(self, url: str, settings: DatabaseSettings, size: int) -> None:
        self._engine = make_engine(url, settings, size)
        self._away_until = 0.0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """
        Once it did not answer, nobody waits for it for a moment: whoever asks may hold a connection to the main one.

        Raises:
            KeyServiceUnavailable: the key database does not answer.
        """
        if time.monotonic() < self._away_until:
            raise KeyServiceUnavailable(found="key_database")
        try:
            async with translated(), self._engine.begin() as connection:
                yield connection
        except KeyServiceUnavailable:
            raise
        except errors.Unavailable as away:
            self._away_until = time.monotonic() + SPARED_S
            raise KeyServiceUnavailable(found="key_database") from away

    async def close(self) -> None:
        await self._engine.dispose()


async def chain(connection: AsyncConnection, owner: KeyOwner) -> list[StoredKey]:
    """The owner's key and those above it, newest versions first. In one query."""
    return [stored(row) for row in await connection.execute(_CHAIN, _named(owner))]


def stored(row: Any) -> StoredKey:
    """Of a row with all columns of a key."""
    owner = KeyOwner(row.tenant, row.subject, row.record)
    return StoredKey(row.id, owner, row.version, bytes(row.wrapped), row.outer_id, row.made_at)


async def is_buried(connection: AsyncConnection, owner: KeyOwner) -> bool:
    """Whether its key was destroyed, by itself or with one above it."""
    return bool(await connection.scalar(_IS_BURIED, _named(owner)))


async def add(
    connection: AsyncConnection,
    owner: KeyOwner,
    key: WrappedKey,
    *,
    outer_id: UUID | None,
    request: UUID | None = None,
) -> bool:
    """
    Add a key, unless somebody else was faster or the key above it has a newer version; False then.

    Raises:
        KeyDestroyed: its owner has been destroyed.
    """
    locks = [_LOCK_TENANT_SHARED, _LOCK_SUBJECT] if owner.subject else [_LOCK_TENANT]
    for lock in locks:
        await connection.execute(lock, _texts(owner))
    if await is_buried(connection, owner):
        raise KeyDestroyed
    values = {
        **_named(owner),
        "id": key.id,
        "version": key.version,
        "wrapped": key.wrapped,
        "outer_id": outer_id,
        "outer_subject": owner.subject if owner.record else None,
        "request": request,
    }
    return (await connection.execute(_ADD, values)).rowcount == 1


async def bury(connection: AsyncConnection, owner: KeyOwner) -> int:
    """Delete the owner's key and all beneath it, and leave a tombstone. Returns how many keys there were."""
    locks = [_LOCK_TENANT_SHARED, _LOCK_SUBJECT] if owner.subject else [_LOCK_TENANT]
    for lock in locks:
        await connection.execute(lock, _texts(owner))
    await connection.execute(_BURY, {**_named(owner), "id": owner.tombstone_id()})
    return len((await connection.execute(_DELETE, _named(owner))).all())


async def newest(connection: AsyncConnection, owner: KeyOwner) -> StoredKey | None:
    return first(await chain(connection, owner), owner)


def first(keys: Sequence[StoredKey], owner: KeyOwner | None) -> StoredKey | None:
    """Among the keys of a chain, the newest of this owner."""
    return next((key for key in keys if key.owner == owner), None)


def _named(owner: KeyOwner) -> dict[str, UUID | None]:
    return {"tenant": owner.tenant, "subject": owner.subject, "record": owner.record}


def _texts(owner: KeyOwner) -> dict[str, str]:
    return {"tenant": str(owner.tenant), "subject": str(owner.subject)}
