"""
Tombstones lie in both databases, so that a backup of either brings no destroyed key back to life.

The main database gets its tombstone first: were the process to end there, the next comparison deletes the key. A
key database from an older backup has keys again that were destroyed since; they go before anything is opened.
"""

from dataclasses import dataclass

from sqlalchemy import TextClause, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from infra.db.context import Context
from infra.db.session import Database
from infra.keys import store
from infra.keys.models import KeyTombstone
from infra.keys.owners import KeyOwner
from infra.keys.store import KeyStore

# Ids of tombstones are digests, so that their first 64 bits, xored, tell two sets of them apart.
_DIGEST = "SELECT count(*), bit_xor(('x' || left(replace(id::text, '-', ''), 16))::bit(64)::bigint) FROM"
# An organisation's own key is never destroyed from here: one row would take every key that it has.
_MAIN_DIGEST = text(f"{_DIGEST} key_tombstone WHERE subject IS NOT NULL")
_KEYS_DIGEST = text(f"{_DIGEST} tombstone WHERE subject IS NOT NULL")
_MAIN_ALL = text(
    "SELECT organisation_id AS tenant, subject, record FROM key_tombstone WHERE subject IS NOT NULL"
)
_KEYS_ALL = text("SELECT tenant, subject, record FROM tombstone WHERE subject IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many tombstones one database lacked and got from the other, and how many keys went with that."""

    to_keys: int = 0
    to_main: int = 0
    destroyed: int = 0


async def replay(database: Database, keys: KeyStore) -> Replayed:
    """
    Make both databases agree on what was destroyed, and destroy it where it is there again.

    Costs two short queries where they agree. May be run at any time, by several at once.
    """
    # One after the other: while the key database does not answer, nobody holds a connection to the main one.
    async with keys.transaction() as there:
        in_keys = (await there.execute(_KEYS_DIGEST)).one()
    async with database.platform_session("resolver") as main:
        in_main = (await main.execute(_MAIN_DIGEST)).one()
    if in_keys == in_main:
        return Replayed()
    async with keys.transaction() as there:
        theirs = await _all(there, _KEYS_ALL)
    async with database.platform_session("resolver") as main:
        ours = await _all(main, _MAIN_ALL)
    destroyed = 0
    for owner in ours - theirs:
        async with keys.transaction() as there:
            destroyed += await store.bury(there, owner)
    for owner in theirs - ours:
        await write(database, owner)
    return Replayed(len(ours - theirs), len(theirs - ours), destroyed)


async def write(database: Database, owner: KeyOwner) -> None:
    """The tombstone of the main database, committed. Written once, however often this is asked."""
    row = {
        "organisation_id": owner.tenant,
        "id": owner.tombstone_id(),
        "subject": owner.subject,
        "record": owner.record,
    }
    async with database.tenant_session(Context(owner.tenant)) as session:
        await session.execute(insert(KeyTombstone).values(row).on_conflict_do_nothing())


async def _all(connection: AsyncConnection, query: TextClause) -> set[KeyOwner]:
    return {KeyOwner(row.tenant, row.subject, row.record) for row in await connection.execute(query)}
