"""One keeper after another: the new one wraps, and what the old one wrapped opens until it has been moved."""

from collections.abc import Sequence

from infra.crypto.errors import TamperedCiphertext
from infra.crypto.hierarchy import Context, Keeper


class Succession:
    def __init__(self, newest: Keeper, before: Sequence[Keeper]) -> None:
        self._newest = newest
        self._all = (newest, *before)

    async def wrap(self, key: bytes, context: Context) -> bytes:
        return await self._newest.wrap(key, context)

    async def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        return await self._whose(wrapped).unwrap(wrapped, context)

    async def rewrap(self, wrapped: bytes, context: Context) -> bytes:
        """From one keeper to the other the key passes through our memory."""
        whose = self._whose(wrapped)
        if whose is self._newest:
            return await whose.rewrap(wrapped, context)
        return await self._newest.wrap(await whose.unwrap(wrapped, context), context)

    async def newest(self) -> str:
        return await self._newest.newest()

    def master_of(self, wrapped: bytes) -> str:
        return self._whose(wrapped).master_of(wrapped)

    def made(self, wrapped: bytes) -> bool:
        return any(keeper.made(wrapped) for keeper in self._all)

    async def close(self) -> None:
        for keeper in self._all:
            await keeper.close()

    def _whose(self, wrapped: bytes) -> Keeper:
        for keeper in self._all:
            if keeper.made(wrapped):
                return keeper
        raise TamperedCiphertext(found="format")
