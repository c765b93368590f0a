"""
Where a shared run lies: in Redis, sealed, for as long as somebody leads it.

No names and no words lie there, only the codes that the matcher is given. All of it is sealed for one
organisation, one run and one place, so what was laid out for another opens nowhere, and an answer that
no process of ours has given is none.
"""

import io
from collections.abc import Mapping
from typing import Any, NamedTuple, cast
from uuid import UUID

import numpy as np
from redis import Redis

from infra import ids
from infra.crypto import envelope
from infra.crypto.envelope import DataKey, Place
from infra.crypto.keyring import Keyring

POOL_KEPT_MS = 10 * 60_000
"""Refreshed with each question. A leader that was killed leaves its pool for so long, for nobody to read."""

OPEN_MS = 15_000
"""Refreshed by the leader all the time: so long after its end others still answer it in vain."""

CLAIM_MS = 10_000
"""A tile takes a fraction of a second; who has had it for so long is dead."""

ANSWERS_AT_ONCE = 16
KEY_ID = UUID("6b8f3a52-4c1e-4f0e-9d6a-0d2c6a1f7e35")
"""Names the key among those of the keyring; it is made of the keyring's own, so there is one."""

Arrays = Mapping[str, Any]


class Share(NamedTuple):
    """One attempt at one run, shared with others. The next attempt is another one."""

    organisation_id: UUID
    id: UUID

    @classmethod
    def new(cls, organisation_id: UUID) -> "Share":
        return cls(organisation_id, ids.random())


class Board:
    def __init__(self, redis: Redis, keyring: Keyring, share: Share) -> None:
        self.redis = redis
        self.share = share
        self._key = DataKey(KEY_ID, 1, keyring.derived(f"tiles/{share.organisation_id}"))

    def lay_pool(self, arrays: Arrays) -> None:
        self.redis.set(self.name("pool"), self._sealed("pool", arrays), px=POOL_KEPT_MS)

    def pool(self) -> dict[str, Any] | None:
        """None: it is over."""
        return self._opened("pool", self.redis.get(self.name("pool")))

    def keep_pool(self) -> bool:
        """False: it is not there, or not any more."""
        return bool(self.redis.pexpire(self.name("pool"), POOL_KEPT_MS))

    def ask(self, number: int, arrays: Arrays) -> None:
        self.redis.set(self.name("ask", number), self._sealed(f"ask {number}", arrays), px=OPEN_MS)

    def question(self, number: int) -> dict[str, Any] | None:
        """None: it has been answered, or its leader is gone."""
        return self._opened(f"ask {number}", self.redis.get(self.name("ask", number)))

    def is_open(self, number: int) -> bool:
        return bool(self.redis.exists(self.name("ask", number)))

    def keep_open(self, number: int) -> None:
        self.redis.pexpire(self.name("ask", number), OPEN_MS)

    def claim(self, number: int, tile: int, who: UUID) -> bool:
        """Only saves double work: whoever doubts may answer without."""
        name = self.name("claim", number, tile)
        return bool(self.redis.set(name, str(who), px=CLAIM_MS, nx=True))

    def answer(self, number: int, tile: int, arrays: Arrays) -> None:
        sealed = tile.to_bytes(4) + self._sealed(f"answer {number} {tile}", arrays)
        with self.redis.pipeline(transaction=True) as pipe:  # never without its end
            pipe.rpush(self.name("answers", number), sealed)
            pipe.pexpire(self.name("answers", number), OPEN_MS)
            pipe.execute()

    def answers(self, number: int) -> list[tuple[int, dict[str, Any]]]:
        """
        Tiles answered since the last look, each taken off the board.

        Raises:
            TamperedCiphertext, UnknownKey: somebody else has put something there.
        """
        found = cast("list[bytes] | None", self.redis.lpop(self.name("answers", number), ANSWERS_AT_ONCE))
        opened = []
        for one in found or ():
            tile = int.from_bytes(one[:4])
            opened.append((tile, self._opened(f"answer {number} {tile}", one[4:]) or {}))
        return opened

    def close(self, number: int, tiles: int) -> None:
        """Whoever is still at it finds nothing to answer."""
        claims = [self.name("claim", number, tile) for tile in range(tiles)]
        self.redis.delete(self.name("ask", number), self.name("answers", number), *claims)

    def clear(self) -> None:
        self.redis.delete(self.name("pool"))

    def name(self, what: str, *numbers: int) -> str:
        return ":".join(
            ("tiles", str(self.share.organisation_id), str(self.share.id), what, *map(str, numbers))
        )

    def _place(self, column: str) -> Place:
        return Place(self.share.organisation_id, "tiles", self.share.id, column)

    def _sealed(self, column: str, arrays: Arrays) -> bytes:
        out = io.BytesIO()
        np.savez(out, allow_pickle=False, **arrays)
        return envelope.seal(self._key, self._place(column), out.getvalue())

    def _opened(self, column: str, sealed: object) -> dict[str, Any] | None:
        if sealed is None:
            return None
        plain = envelope.unseal(self._key, self._place(column), cast("bytes", sealed))
        with np.load(io.BytesIO(plain), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
