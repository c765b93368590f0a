"""
The process that has a run asks others to answer tiles, and answers what they do not.

Messages go out from the first tile on; the leader itself begins at the last, so both meet somewhere.
When only tiles are left that others have taken, it waits a moment for news and then answers those too
(Dean and Ghemawat 2004, section 3.6: backup tasks). So whoever dies, falls silent or is slow costs the
run a moment, never its end.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TypeVar
from uuid import UUID

from dramatiq.brokers.redis import RedisBroker
from redis.exceptions import RedisError

from infra import logs
from infra import redis as clients
from infra.crypto.errors import TamperedCiphertext, UnknownKey
from infra.ground import Ground
from infra.settings import MatchSettings
from matcher import Cancelled
from matcher.scan.asking import Ask, Found, Others
from matcher.scan.layout import Packed
from matcher.scan.lists import Lists
from matcher.scan.spreading import Pause
from matcher.scan.tiling import Gathered, answer
from workers import broker as queue
from workers.tiles import presence, wire
from workers.tiles.board import Board, Share

log = logs.get("matching")
LOOK_S = 0.05
KEEP_OPEN_S = 3.0
GRACE_S = 0.5
"""How long the leader waits for news from others before it answers what they have taken."""

TIMEOUT_S = 10.0  # a pool of 300,000 a side is some 60 MB, on any network
T = TypeVar("T")


class Leader:
    """One attempt at one run: what `matcher.propose` calls its crew."""

    def __init__(
        self,
        board: Board,
        broker: RedisBroker,
        settings: MatchSettings,
        cancelled: Callable[[], bool],
        threads: int,
    ) -> None:
        self.board = board
        self.broker = broker
        self.settings = settings
        self.cancelled = cancelled
        self.threads = threads
        self.number = 0
        self.packed: Packed | None = None
        self.round: Round | None = None
        self.is_laid_out = False
        self.is_cut_off = False
        self.from_others = 0
        """Tiles of all questions so far that others have answered."""

    def __call__(self, packed: Packed) -> Others | None:
        if max(len(packed.row_of), len(packed.lane_of)) < self.settings.shares_from:
            return None
        self.packed = packed
        return self.ask

    def ask(self, ask: Ask, pause: Pause | None) -> Found | None:
        """
        Raises:
            Cancelled: nobody wants the answer any more.
        """
        if self.packed is None or not self.reached(lambda: presence.others(self.board.redis), 0):
            return None
        question = wire.Question(ask, self.settings.tile_pairs)
        gathered = Gathered(self.packed, ask, question.cut(self.packed))
        if len(gathered.cut) < 2:
            return None
        self.number += 1
        self.round = Round(self, self.number, gathered)
        try:
            self.reached(lambda: self.lay_out(question, len(gathered.cut)), None)
            return self.round.answered(pause)
        finally:
            number, self.round = self.number, None
            self.reached(lambda: self.board.close(number, len(gathered.cut)), None)

    def lay_out(self, question: wire.Question, count: int) -> None:
        if self.packed is not None and not self.board.keep_pool():
            self.board.lay_pool(wire.arrays_of_pool(self.packed))
            self.is_laid_out = True
        self.board.ask(self.number, wire.arrays_of_question(question))
        for tile in range(count):
            self.broker.enqueue(wire.message(self.board.share, self.number, tile))

    def take(self, number: int, tile: int) -> None:
        """A message of this run has come back to the process that leads it: answer it here, on another thread."""
        at_hand = self.round
        if at_hand is not None and at_hand.number == number and at_hand.may_begin(tile):
            at_hand.work(tile)

    def reached(self, do: Callable[[], T], otherwise: T) -> T:
        """What the board says; once it could not be reached, this run goes on alone."""
        if self.is_cut_off:
            return otherwise
        try:
            return do()
        except (RedisError, OSError) as error:
            log.warning("tiles not shared", reason=type(error).__name__)
            self.is_cut_off = True
            return otherwise

    def clear(self) -> None:
        if self.is_laid_out:
            self.reached(self.board.clear, None)


class Round:
    """One question, from its asking until every tile is there."""

    def __init__(self, leader: Leader, number: int, gathered: Gathered) -> None:
        self.leader = leader
        self.number = number
        self.gathered = gathered
        self.left = deque(reversed(range(len(gathered.cut))))
        self.elsewhere: deque[int] = deque()
        self.begun: set[int] = set()
        """By this process."""
        self.done: SimpleQueue[tuple[int, Lists]] = SimpleQueue()
        self.heard = self.kept = time.monotonic()

    def answered(self, pause: Pause | None) -> Lists:
        """
        Raises:
            Cancelled: nobody wants the answer any more.
        """
        count = len(self.gathered.cut)
        running: set[Future[None]] = set()
        with ThreadPoolExecutor(self.leader.threads) as pool:
            try:
                while self.gathered.missing:
                    if self.leader.cancelled():
                        raise Cancelled
                    while len(running) < self.leader.threads and (tile := self.next()) is not None:
                        running.add(pool.submit(self.work, tile))
                    running = self.waited(running)
                    self.collect()
                    if pause is not None:
                        pause(1 - len(self.gathered.missing) / count)
            finally:
                for future in running:
                    future.cancel()
        return self.gathered.lists

    def waited(self, running: set[Future[None]]) -> set[Future[None]]:
        if not running:
            time.sleep(LOOK_S)
            return running
        ended, running = wait(running, LOOK_S, FIRST_COMPLETED)
        for future in ended:
            future.result()
        return running

    def next(self) -> int | None:
        """A tile for this process to answer now, if there is one."""
        while self.left:
            tile = self.left.popleft()
            if self.may_begin(tile):
                return tile
            self.elsewhere.append(tile)
            self.heard = time.monotonic()
        while self.elsewhere and time.monotonic() - self.heard > GRACE_S:
            tile = self.elsewhere.popleft()
            if tile in self.gathered.missing and tile not in self.begun:
                self.begun.add(tile)
                return tile
        return None

    def may_begin(self, tile: int) -> bool:
        """Claims it, unless somebody has it in hand or has answered it."""
        if tile in self.begun or tile not in self.gathered.missing:
            return False
        board = self.leader.board
        if not self.leader.reached(lambda: board.claim(self.number, tile, presence.ME), True):
            return False
        self.begun.add(tile)
        return True

    def work(self, tile: int) -> None:
        self.done.put((tile, answer(self.gathered.packed, self.gathered.ask, self.gathered.cut[tile])))

    def collect(self) -> None:
        """Take in what has been answered, here and elsewhere."""
        while True:
            try:
                self.gathered.add(*self.done.get_nowait())
            except Empty:
                break
        self.leader.reached(self.collect_from_others, None)

    def collect_from_others(self) -> None:
        board = self.leader.board
        if time.monotonic() - self.kept > KEEP_OPEN_S:
            self.kept = time.monotonic()
            board.keep_open(self.number)
        try:
            for tile, arrays in board.answers(self.number):
                lists = wire.lists_of(arrays)
                self.leader.from_others += tile in self.gathered.missing
                self.gathered.add(tile, lists)
                self.heard = time.monotonic()
        except (TamperedCiphertext, UnknownKey, KeyError, ValueError) as error:
            # Not an answer. Whatever it stood for is missing still, and done here.
            log.error("not an answer to a tile", reason=type(error).__name__)


LED: dict[UUID, Leader] = {}
"""Runs that this process leads, by share: their messages may come back to it."""


@contextmanager
def shared(
    ground: Ground, organisation_id: UUID, cancelled: Callable[[], bool], threads: int
) -> Iterator[Leader]:
    """A crew for one run. Nothing is sent before a pool is large enough and somebody is ready."""
    client = clients.commands_sync(ground.settings.queue.redis_url, timeout_s=TIMEOUT_S)
    broker = queue.connect(ground.settings.queue.redis_url)
    broker.declare_queue(wire.QUEUE)
    share = Share.new(organisation_id)
    leader = Leader(Board(client, ground.keyring, share), broker, ground.settings.match, cancelled, threads)
    LED[share.id] = leader
    try:
        yield leader
    finally:
        del LED[share.id]
        leader.clear()
        client.close()
        broker.client.close()
        broker.close()
