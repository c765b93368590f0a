"""
Keys under keys: the master key of the installation wraps an organisation's key, which wraps
or seals what lies beneath.

Whoever holds only the database holds wrapped keys. Erasing a wrapped key erases
everything under it; a new master key needs the wrapped keys anew, not the data.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from infra import ids
from infra.crypto import envelope
from infra.crypto.envelope import KEY, DataKey
from infra.crypto.errors import UnknownKey

Context = Mapping[str, str]


class Provider(Protocol):
    """
    Where master keys live: a file, or a server that never gives them out.

    What was wrapped for one context does not unwrap for another.
    """

    async def wrap(self, key: bytes, context: Context) -> bytes: ...

    async def unwrap(self, wrapped: bytes, context: Context) -> bytes: ...

    async def rewrap(self, wrapped: bytes, context: Context) -> bytes:
        """The same key under the newest master key."""
        ...


class Keeper(Provider, Protocol):
    """A provider that can say which master key wrapped what, so that a change of it can be counted to its end."""

    async def newest(self) -> str:
        """The name of the master key, with its version, that new wraps use."""
        ...

    def master_of(self, wrapped: bytes) -> str:
        """The name of the one that made these bytes."""
        ...

    def made(self, wrapped: bytes) -> bool:
        """Whether these bytes look like some of this keeper's."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A key as it is stored."""

    id: UUID
    version: int
    wrapped: bytes = field(repr=False)

    def context(self, given: Context) -> dict[str, str]:
        # The id and version are bound as well: stored keys cannot change places within one context.
        return {**given, "key.id": str(self.id), "key.version": str(self.version)}


class KeySet:
    """
    A provider over keys at hand: the master keys of a file, or one organisation's key for those beneath it.

    New wraps use `current`; the others only open. `again` finds the keys anew when one is not among them: whoever
    wrapped may have had a newer file.
    """

    def __init__(
        self, keys: Mapping[UUID, DataKey], current: UUID, *, again: Callable[[], "KeySet"] | None = None
    ) -> None:
        self._keys = dict(keys)
        self._current = self._keys[current]
        self._again = again

    @classmethod
    def under(cls, key: DataKey) -> "KeySet":
        return cls({key.id: key}, key.id)

    def __repr__(self) -> str:
        return f"KeySet({len(self._keys)} keys, current={self._current.id})"

    @property
    def current_id(self) -> UUID:
        return self._current.id

    async def wrap(self, key: bytes, context: Context) -> bytes:
        return envelope.wrap_key(self._current, context, key)

    async def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        named = envelope.key_id(wrapped)
        if named not in self._keys and self._again is not None:
            found = self._again()
            self._keys, self._current = found._keys, found._current
        if named not in self._keys:
            raise UnknownKey(key_id=str(named))
        return envelope.unwrap_key(self._keys[named], context, wrapped)

    async def rewrap(self, wrapped: bytes, context: Context) -> bytes:
        return await self.wrap(await self.unwrap(wrapped, context), context)

    def is_current(self, wrapped: bytes) -> bool:
        """Whether a rewrap would change nothing; for counting what a rotation has left."""
        return envelope.key_id(wrapped) == self._current.id


async def make_key(provider: Provider, context: Context, *, version: int = 1) -> tuple[DataKey, WrappedKey]:
    """A new key for `context`, and how to store it."""
    key = DataKey(ids.random(), version, os.urandom(KEY))
    bare = WrappedKey(key.id, version, b"")
    wrapped = await provider.wrap(key.key, bare.context(context))
    return key, WrappedKey(key.id, version, wrapped)


async def open_key(provider: Provider, stored: WrappedKey, context: Context) -> DataKey:
    """
    Raises:
        UnknownKey: the master key is not at hand.
        TamperedCiphertext: it was not stored for this context, or not as it now is.
    """
    return DataKey(stored.id, stored.version, await provider.unwrap(stored.wrapped, stored.context(context)))


async def rewrap_key(provider: Provider, stored: WrappedKey, context: Context) -> WrappedKey:
    """The same key under the newest master key; nothing sealed with it changes."""
    wrapped = await provider.rewrap(stored.wrapped, stored.context(context))
    return WrappedKey(stored.id, stored.version, wrapped)
