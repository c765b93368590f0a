"""
Master keys in the keyring file.

The file is read again when something was wrapped by a key that it did not have before: a new master key then
needs no restart of the processes, only that the file reaches each host.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.crypto import envelope
from infra.crypto.errors import KeyringRefused
from infra.crypto.hierarchy import Context, KeySet
from infra.crypto.keyring import open_keyring
from infra.keys.errors import KeyServiceUnavailable


class KeyringFile:
    """Read at the first use. Raises KeyServiceUnavailable where the file cannot be trusted any more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: KeySet | None = None

    async def wrap(self, key: bytes, context: Context) -> bytes:
        """With the newest key of the file as it is now; seldom asked, so the file is read each time."""
        self._keys = None
        return await self._read().wrap(key, context)

    async def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        with _trusted():
            return await self._read().unwrap(wrapped, context)

    async def rewrap(self, wrapped: bytes, context: Context) -> bytes:
        return await self.wrap(await self.unwrap(wrapped, context), context)

    async def newest(self) -> str:
        self._keys = None
        return f"keyring/{self._read().current_id}"

    def master_of(self, wrapped: bytes) -> str:
        return f"keyring/{envelope.key_id(wrapped)}"

    def made(self, wrapped: bytes) -> bool:
        return wrapped[:1] == bytes([envelope.VERSION])

    async def close(self) -> None:
        """Forget the keys; the next use reads them again."""
        self._keys = None

    def _read(self) -> KeySet:
        if self._keys is None:
            with _trusted():
                self._keys = open_keyring(self._path).provider()
        return self._keys


@contextmanager
def _trusted() -> Iterator[None]:
    try:
        yield
    except KeyringRefused as refused:
        raise KeyServiceUnavailable(found="keyring") from refused
