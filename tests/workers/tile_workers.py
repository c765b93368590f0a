"""Another process at the tiles of a run, played by a thread; and a server of the queue that goes away."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as LostConnection

from workers.tiles.board import Board
from workers.tiles.helping import Helper


class Worker:
    """Another process, as far as a board can tell: takes messages, and does with each what `deed` says."""

    def __init__(self, ground: Any, redis: Redis, deed: Callable[[Helper, Board, int, int], None]) -> None:
        self.helper = Helper(redis, ground.keyring)
        self.board: Board | None = None
        self.deed = deed
        self.messages: SimpleQueue[Any] = SimpleQueue()
        self.failed: list[BaseException] = []
        self.had_one = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def enqueue(self, message: Any) -> None:
        self.messages.put(message)

    def run(self) -> None:
        while (message := self.messages.get()) is not None:
            try:
                self.deed(self.helper, self.board, *message.args[2:])  # type: ignore[arg-type]
            except BaseException as error:
                self.failed.append(error)
            self.had_one.set()

    def never(self) -> bool:
        """Nobody cancels; but the leader, who asks, goes on only when the others have had a tile."""
        assert self.had_one.wait(60)
        return False


class Cut:
    """A server that is lost after so many commands."""

    def __init__(self, redis: Redis, after: int) -> None:
        self.redis = redis
        self.left = after

    def __getattr__(self, name: str) -> Any:
        self.left -= 1
        if self.left < 0:
            raise LostConnection
        return getattr(self.redis, name)
