"""A process of numbers that answers tiles of runs which others lead: one message, one tile."""

import threading
import time
from typing import NamedTuple
from uuid import UUID

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from redis import Redis
from redis.exceptions import RedisError

from infra import logs
from infra import redis as clients
from infra.crypto.errors import TamperedCiphertext, UnknownKey
from infra.crypto.keyring import Keyring
from infra.ground import Ground
from matcher import InvalidColumn
from matcher.scan.asking import Ask
from matcher.scan.layout import Packed
from matcher.scan.tiling import Tile, answer
from workers.tiles import presence, wire
from workers.tiles.board import Board, Share
from workers.tiles.leading import LED, TIMEOUT_S

log = logs.get("matching")
KEPT_S = 60.0
"""How long a pool stays in memory after its last tile."""

MOST_POOLS = 2


class Known(NamedTuple):
    """What a share was last asked, and the pool that it is about."""

    packed: Packed
    number: int
    ask: Ask
    cut: list[Tile]
    used: float


class Helper:
    """Keeps what it has read for the next tile of the same run; a message needs nothing of it."""

    def __init__(self, redis: Redis, keyring: Keyring) -> None:
        self.redis = redis
        self.keyring = keyring
        self.known: dict[UUID, Known] = {}
        self.reading = threading.Lock()

    def answer_tile(self, organisation_id: str, share_id: str, number: int, tile: int) -> None:
        """Answer one tile, unless it is over, in other hands, or of a run that this process leads."""
        share = Share(UUID(organisation_id), UUID(share_id))
        if (leader := LED.get(share.id)) is not None:
            leader.take(number, tile)
            return
        try:
            self.answer(Board(self.redis, self.keyring, share), number, tile)
        except (
            RedisError,
            OSError,
            TamperedCiphertext,
            UnknownKey,
            InvalidColumn,
            wire.OtherVersion,
        ) as error:
            # The leader answers it itself.
            log.warning("tile not answered", share=share_id, reason=type(error).__name__)

    def answer(self, board: Board, number: int, tile: int) -> None:
        if not board.is_open(number):
            return
        known = self.read(board, number)
        if known is None or not 0 <= tile < len(known.cut):
            return
        if board.claim(number, tile, presence.ME):
            found = answer(known.packed, known.ask, known.cut[tile])
            board.answer(number, tile, found._asdict())

    def read(self, board: Board, number: int) -> Known | None:
        """None: it is over."""
        with self.reading:  # two threads would else both unpack the pool
            known = self.known.get(board.share.id)
            if known is None or known.number != number:
                arrays = board.question(number)
                packed = known.packed if known is not None else self.unpacked(board)
                if arrays is None or packed is None:
                    return None
                question = wire.question_of(arrays)
                known = Known(packed, number, question.ask, question.cut(packed), 0.0)
            self.known[board.share.id] = known = known._replace(used=time.monotonic())
            while len(self.known) > MOST_POOLS:
                del self.known[min(self.known, key=lambda share: self.known[share].used)]
            return known

    def unpacked(self, board: Board) -> Packed | None:
        arrays = board.pool()
        return None if arrays is None else wire.pool_of(arrays)

    def forget_idle(self) -> None:
        """What a run has left is not kept beyond it."""
        with self.reading:
            now = time.monotonic()
            for share in [share for share, known in self.known.items() if now - known.used > KEPT_S]:
                del self.known[share]


def serve(broker: RedisBroker, ground: Ground, ready: threading.Event) -> None:
    """Declare the actor, and say that this process may be counted on from `ready` on."""
    redis = clients.commands_sync(ground.settings.queue.redis_url, timeout_s=TIMEOUT_S)
    helper = Helper(redis, ground.keyring)
    dramatiq.actor(actor_name=wire.ACTOR, queue_name=wire.QUEUE, broker=broker)(helper.answer_tile)
    threading.Thread(target=_stay_ready, args=(redis, helper, ready), name="ready", daemon=True).start()


def _stay_ready(redis: Redis, helper: Helper, ready: threading.Event) -> None:
    ready.wait()
    while True:
        try:
            presence.beat(redis)
        except (RedisError, OSError) as error:
            log.warning("not announced", reason=type(error).__name__)
        helper.forget_idle()
        time.sleep(presence.BEAT_S)
