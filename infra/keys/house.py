"""
What seals and opens, and destroys keys.

    master key -> tenant's key -> subject's key -> record's key -> the sealed value

Keys are made at the first seal. A tenant's key stays unwrapped in the process for a few minutes, so that the keeper
of the master key is not asked for each note; those beneath it are unwrapped each time, from one query.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import text

from infra import errors, logs, tasks
from infra.crypto import envelope, hierarchy
from infra.crypto.envelope import DataKey, Place
from infra.crypto.errors import TamperedCiphertext, UnknownKey
from infra.crypto.hierarchy import Keeper, KeySet, Provider
from infra.db.session import Database
from infra.keys import store, tombstones
from infra.keys.errors import KeyDestroyed, KeyMissing, KeyServiceUnavailable
from infra.keys.owners import KeyOwner
from infra.keys.store import KeyStore, StoredKey

log = logs.get("keys")

REMEMBERED_S = 300.0  # how long a tenant's key stays unwrapped in the process
MOST_REMEMBERED = 500
COMPARED_EACH_S = 300.0  # a database may be put back from a backup beneath a running process
ASKED_EACH_S, ASKED_FOR_S = 15.0, 0.5
TRIES = 6  # levels to make, and a few who were faster

Alarm = Callable[[Database, Place, str], Awaitable[None]]
_ALARMS: list[Alarm] = []
_UNOPENED: list[Alarm] = []


def when_changed(alarm: Alarm) -> Alarm:
    """Register who is told that what is stored at a place is not what was sealed, and what was found wrong with it."""
    _ALARMS.append(alarm)
    return alarm


def when_unopened(alarm: Alarm) -> Alarm:
    """Register who is told that something stayed shut because its key was out of reach, and what kept the key away."""
    _UNOPENED.append(alarm)
    return alarm


class KeyHouse:
    """The keys of one process. Nothing is connected before the first use."""

    def __init__(self, database: Database, keys: KeyStore | None, provider: Keeper) -> None:
        self.database = database
        self.provider = provider
        self._store = keys
        self._remembered: OrderedDict[UUID, tuple[float, DataKey]] = OrderedDict()
        self._compared_at: float | None = None
        self._keeper_away_until = 0.0
        self._asked_at: float | None = None
        self._asking: asyncio.Task[None] | None = None
        self._away: str | None = None

    @property
    def store(self) -> KeyStore:
        """
        Raises:
            KeyServiceUnavailable: this installation has no key database.
        """
        if self._store is None:
            raise KeyServiceUnavailable(found="no_key_database")
        return self._store

    async def seal(self, owner: KeyOwner, place: Place, plaintext: bytes) -> bytes:
        """
        The bytes to store at `place`; they open there and nowhere else.

        Raises:
            KeyDestroyed: the owner was erased.
            KeyServiceUnavailable: nothing was sealed.
        """
        _must_agree(owner, place)
        await self.compare()
        return envelope.seal(await self._key_to_seal_with(owner), place, plaintext)

    async def unseal(self, owner: KeyOwner, place: Place, sealed: bytes) -> bytes:
        """
        Raises:
            KeyDestroyed: its key is gone for good.
            KeyServiceUnavailable: nobody knows, now.
            TamperedCiphertext: these bytes were not sealed for this owner and place, or were changed.
        """
        _must_agree(owner, place)
        try:
            return await self._unsealed(owner, place, sealed)
        except TamperedCiphertext as tampered:
            log.critical(
                "sealed bytes changed", tenant=str(owner.tenant), table=place.table, row=str(place.row)
            )
            for alarm in _ALARMS:
                await alarm(self.database, place, str(tampered.facts["found"]))
            raise
        except KeyServiceUnavailable as away:
            for alarm in _UNOPENED:
                await alarm(self.database, place, str(away.facts["found"]))
            raise

    async def _unsealed(self, owner: KeyOwner, place: Place, sealed: bytes) -> bytes:
        wanted = envelope.key_id(sealed)
        await self.compare()
        async with self.store.transaction() as connection:
            keys = await store.chain(connection, owner)
            found = next((key for key in keys if key.id == wanted), None)
            if found is None and await store.is_buried(connection, owner):
                raise KeyDestroyed
        if found is None and owner.subject is not None and store.first(keys, owner) is not None:
            # Below the tenant everybody has one key, which is there: the bytes name another than they were sealed with.
            raise TamperedCiphertext(found="key")
        if found is None:
            log.critical("key missing", tenant=str(owner.tenant), key=str(wanted))
            raise KeyMissing(found="key")
        if found.owner != owner:
            raise TamperedCiphertext(found="owner")
        return envelope.unseal(await self._opened(found, keys), place, sealed)

    async def destroy(self, owner: KeyOwner) -> bool:
        """
        Destroy the owner's key and all keys beneath it, for good; nothing is ever sealed for it again.

        Returns whether there was one. Safe to repeat: what a first try began, the next one ends.

        Raises:
            ValueError: an organisation's own key; with it all of its keys would go.
            KeyServiceUnavailable: it is written down and will be done; ask again to be sure.
        """
        if owner.subject is None:
            raise ValueError("An organisation's key is not destroyed.")
        await tombstones.write(self.database, owner)
        async with self.store.transaction() as connection:
            count = await store.bury(connection, owner)
        log.info("keys destroyed", tenant=str(owner.tenant), count=count)
        return count > 0

    async def compare(self) -> None:
        """See to it that nothing opens which was destroyed before one of the databases was put back from a backup."""
        if self._compared_at is not None and time.monotonic() - self._compared_at < COMPARED_EACH_S:
            return
        found = await tombstones.replay(self.database, self.store)
        if found != tombstones.Replayed():
            log.warning(
                "tombstones replayed", keys=found.destroyed, to_keys=found.to_keys, to_main=found.to_main
            )
        self._compared_at = time.monotonic()

    async def open_tenant_key(self, key: StoredKey) -> DataKey:
        """
        Raises:
            KeyServiceUnavailable: the keeper of the master key does not open it now.
        """
        kept = self._remembered.get(key.id)
        if kept and time.monotonic() < kept[0]:
            return kept[1]
        if time.monotonic() < self._keeper_away_until:
            raise KeyServiceUnavailable(found="keeper")
        try:
            opened = await hierarchy.open_key(self.provider, key.as_wrapped, key.owner.context())
        except KeyServiceUnavailable:
            self._keeper_away_until = time.monotonic() + store.SPARED_S
            raise
        except UnknownKey as missing:
            log.critical("master key missing", tenant=str(key.owner.tenant), **missing.facts)
            raise KeyMissing(found="master_key") from missing
        self._remember(opened)
        return opened

    async def away(self) -> str | None:
        """
        What keeps this house from sealing and opening, in one word; None if nothing does.

        Never waits long: whoever asks wants to know whether the rest is well.
        """
        if self._asked_at is None or time.monotonic() - self._asked_at > ASKED_EACH_S:
            self._asked_at = time.monotonic()
            self._asking = asyncio.create_task(self._ask())
        if self._asking is not None:
            await asyncio.wait({self._asking}, timeout=ASKED_FOR_S)
        return self._away

    async def _ask(self) -> None:
        self._away = "slow"
        try:
            async with self.store.transaction() as connection:
                await connection.execute(text("SELECT 1"))
            # Whoever asks a process that has just begun sets this off as well, before anything is opened in it.
            await self.compare()
            await self.provider.wrap(bytes(envelope.KEY), {"purpose": "readiness"})
        except errors.Unavailable as away:
            self._away = str(away.facts.get("found", away.code))
            log.warning("keys away", found=self._away)
        else:
            self._away = None

    async def close(self) -> None:
        if self._asking is not None:
            await tasks.ended(self._asking)
        self._remembered.clear()
        await self.provider.close()
        if self._store is not None:
            await self._store.close()

    async def _key_to_seal_with(self, owner: KeyOwner) -> DataKey:
        for _ in range(TRIES):
            async with self.store.transaction() as connection:
                keys = await store.chain(connection, owner)
            if found := store.first(keys, owner):
                return await self._opened(found, keys)
            await self._make(_highest_missing(owner, keys), keys)
        raise KeyServiceUnavailable(found="too_busy")

    async def _make(self, owner: KeyOwner, keys: list[StoredKey]) -> None:
        """Make one key, under the newest of the level above; if somebody else is faster, hers counts."""
        above = store.first(keys, owner.above) if owner.above else None
        outer: Provider = KeySet.under(await self._opened(above, keys)) if above else self.provider
        _, wrapped = await hierarchy.make_key(outer, owner.context())
        async with self.store.transaction() as connection:
            await store.add(connection, owner, wrapped, outer_id=above.id if above else None)

    async def _opened(self, key: StoredKey, keys: list[StoredKey]) -> DataKey:
        if key.outer_id is None:
            return await self.open_tenant_key(key)
        above = next((one for one in keys if one.id == key.outer_id), None)
        if above is None:
            log.critical("key missing", tenant=str(key.owner.tenant), key=str(key.outer_id))
            raise KeyMissing(found="outer_key")
        outer = KeySet.under(await self._opened(above, keys))
        return await hierarchy.open_key(outer, key.as_wrapped, key.owner.context())

    def _remember(self, key: DataKey) -> None:
        self._remembered[key.id] = (time.monotonic() + REMEMBERED_S, key)
        self._remembered.move_to_end(key.id)
        while len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)


def _must_agree(owner: KeyOwner, place: Place) -> None:
    if owner.tenant != place.tenant:
        raise ValueError("An owner's key seals within her own organisation.")


def _highest_missing(owner: KeyOwner, keys: list[StoredKey]) -> KeyOwner:
    above = owner.above
    if above is None or store.first(keys, above):
        return owner
    return _highest_missing(above, keys)
