"""
What one process stands on, opened at its start and closed at its end.

Doors and workers hand it on; the domain gets sessions and facts from it, never
the whole.
"""

from dataclasses import dataclass

from redis.asyncio import Redis

from infra import redis as redis_clients
from infra.crypto.keyring import Keyring, open_keyring
from infra.crypto.links import LinkSigner
from infra.db.session import Database
from infra.keys import opening
from infra.keys.house import KeyHouse
from infra.settings import Settings


@dataclass(frozen=True, slots=True)
class Ground:
    settings: Settings
    database: Database
    redis: Redis
    keyring: Keyring
    links: LinkSigner
    keys: KeyHouse

    @classmethod
    def open(cls, settings: Settings) -> "Ground":
        """Nothing is connected yet; the first use does that."""
        keyring = open_keyring(settings.keys.keyring)
        database = Database(settings.database, keyring.context_signer())
        return cls(
            settings,
            database,
            redis_clients.commands(settings.queue.redis_url),
            keyring,
            keyring.link_signer(),
            opening.house(settings, database),
        )

    async def close(self) -> None:
        await self.keys.close()
        await self.database.close()
        await self.redis.aclose()
