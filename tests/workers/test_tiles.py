"""A scan shared with others: the same bits, whoever answers, dies, lies or is never there."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from redis import Redis

from infra import ids
from infra.crypto.errors import TamperedCiphertext
from infra.settings import MatchSettings
from matcher import Cancelled, propose
from matcher.samples import sample
from matcher.scan.packing import pack
from matcher.scan.scanning import over, top_mentees, top_mentors
from tests.matcher.large.test_same_answers import differing
from tests.workers.tile_workers import Cut, Worker
from workers.tiles import presence, wire
from workers.tiles.board import Board, Share
from workers.tiles.helping import Helper
from workers.tiles.leading import LED, Leader

PEOPLE = 1_200
SHARED = MatchSettings(shares_from=1_000, tile_pairs=100_000)  # some fifteen tiles


@pytest.fixture
def redis(valkey: Any) -> Iterator[Redis]:
    with Redis.from_url(valkey.url()) as client:
        client.flushall()
        client.zadd("tiles:ready", {"somebody": time.time() + 3_600})
        yield client
        client.flushall()


@pytest.fixture
def crew_of(ground: Any, redis: Redis) -> Iterator[Callable[..., tuple[Leader, Worker]]]:
    workers = []

    def made(deed: Any = Helper.answer, cancelled: Any = None, client: Any = redis) -> Any:
        worker = Worker(ground, redis, deed)
        board = Board(client, ground.keyring, Share.new(ids.random()))
        worker.board = Board(redis, ground.keyring, board.share)
        worker.thread.start()
        workers.append(worker)
        return Leader(board, worker, SHARED, cancelled or worker.never, 2), worker  # type: ignore[arg-type]

    yield made
    for worker in workers:
        worker.messages.put(None)
        worker.thread.join()


@pytest.fixture(scope="module")
def packed() -> Any:
    pool, criteria = sample(PEOPLE, "one-to-one", seed=2)
    return pack(pool, criteria, np.zeros((0, 2), np.int32))


def scans(packed: Any) -> list[Any]:
    price = np.arange(PEOPLE) * 17 % 9_000
    return [
        *top_mentors(packed, None, 16, above=0),
        *top_mentors(packed, None, 16, above=0, is_scattered=True),
        *top_mentees(packed, None, 8, mentee_price=price),
        *over(packed, None, np.full(PEOPLE, 9_000), price, slack=500, most=20),
    ]


def must_be_the_same(packed: Any, leader: Leader) -> None:
    shared = scans(packed._replace(others=leader(packed)))
    for one, other in zip(scans(packed), shared, strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


def left_on_board(redis: Redis) -> list[bytes]:
    """But for what one who was late has laid there, which goes by itself."""
    left = []
    for name in redis.keys("tiles:*"):
        if b":claim:" in name or b":answers:" in name:
            assert redis.pttl(name) != -1  # for ever
        elif name != b"tiles:ready":
            left.append(name)
    return left


def test_propose_with_a_crew_is_the_same_in_every_field(crew_of: Any, redis: Redis) -> None:
    leader, worker = crew_of()
    pool, criteria = sample(PEOPLE, "one-to-one", seed=4)
    heard: list[tuple[str, int]] = []
    shared = propose(pool, criteria, crew=leader, progress=lambda *news: heard.append(news), threads=2)
    alone = propose(pool, criteria)
    assert differing(alone, shared) == []
    assert leader.number >= 2  # both sides were asked about
    assert leader.from_others > 0
    assert worker.failed == []
    percents = [percent for phase, percent in heard if phase == "scoring"]
    assert percents == sorted(percents)
    assert len(set(percents)) > 2
    leader.clear()
    assert left_on_board(redis) == []


def lost(helper: Helper, board: Board, number: int, tile: int) -> None:
    if tile % 3 != 1:
        helper.answer(board, number, tile)


def dies_with_it(_helper: Helper, board: Board, number: int, tile: int) -> None:
    board.claim(number, tile, ids.random())


def twice(helper: Helper, board: Board, number: int, tile: int) -> None:
    helper.answer(board, number, tile)
    board.redis.delete(board.name("claim", number, tile))
    helper.answer(board, number, tile)


def backwards(helper: Helper, board: Board, number: int, tile: int) -> None:
    """Answers tiles that nobody has told it of, those the leader is at among them."""
    known = helper.read(board, number)
    if known is not None:
        tile = len(known.cut) - 1 - tile
        board.redis.delete(board.name("claim", number, tile))
        helper.answer(board, number, tile)


def lies(helper: Helper, board: Board, number: int, tile: int) -> None:
    board.claim(number, tile, ids.random())
    forged = bytes([0, 0, 0, tile]) + b"\x01" * 400
    other = Board(board.redis, helper.keyring, Share.new(board.share.organisation_id))
    elsewhere = tile.to_bytes(4) + other._sealed(f"answer {number} {tile}", {"length": np.zeros(3)})
    wrong = tile.to_bytes(4) + board._sealed(f"answer {number} {tile}", {"length": np.zeros(3)})
    for one in (forged, elsewhere, wrong, b"\x00"):
        board.redis.rpush(board.name("answers", number), one)


@pytest.mark.parametrize("deed", [Helper.answer, lost, dies_with_it, twice, backwards, lies])
def test_whatever_others_do_it_is_the_same(packed: Any, crew_of: Any, deed: Any) -> None:
    leader, worker = crew_of(deed)
    must_be_the_same(packed, leader)
    assert worker.failed == []
    assert (leader.from_others > 0) == (deed not in (dies_with_it, lies))


@pytest.mark.parametrize("after", [0, 2, 4, 9, 30])
def test_lost_server_leaves_the_leader_alone(packed: Any, crew_of: Any, redis: Redis, after: int) -> None:
    leader, _ = crew_of(client=Cut(redis, after), cancelled=lambda: False)
    must_be_the_same(packed, leader)
    assert leader.is_cut_off


def test_alone_or_small_nothing_is_laid_out(packed: Any, crew_of: Any, redis: Redis) -> None:
    leader, _ = crew_of()
    leader.settings = MatchSettings()
    assert leader(packed) is None
    leader.settings = SHARED
    redis.delete("tiles:ready")
    presence.beat(redis)  # this process alone
    must_be_the_same(packed, leader)
    assert (leader.number, left_on_board(redis)) == (0, [])


def test_those_not_heard_of_are_not_counted_on(redis: Redis) -> None:
    redis.zadd("tiles:ready", {"gone": time.time() - presence.READY_S - 1})
    assert presence.others(redis) == 1
    presence.beat(redis)
    assert presence.others(redis) == 1
    presence.beat(redis, ids.random())
    assert presence.others(redis) == 2
    assert redis.zcard("tiles:ready") == 3


def test_cancelled_while_tiles_are_out(packed: Any, crew_of: Any, redis: Redis) -> None:
    out = threading.Event()

    def never_ends(_helper: Helper, board: Board, number: int, tile: int) -> None:
        board.claim(number, tile, ids.random())
        out.set()

    leader, _ = crew_of(never_ends, cancelled=out.is_set)
    with pytest.raises(Cancelled):
        top_mentors(packed._replace(others=leader(packed)), None, 4)
    leader.clear()
    assert left_on_board(redis) == []


def test_nobody_else_can_read_what_lies_there(packed: Any, crew_of: Any, ground: Any, redis: Redis) -> None:
    seen: dict[bytes, Any] = {}

    def looks(helper: Helper, board: Board, number: int, tile: int) -> None:
        helper.answer(board, number, tile)
        for name in left_on_board(redis):
            seen.setdefault(name, (redis.get(name), redis.pttl(name)))

    leader, worker = crew_of(looks)
    top_mentors(packed._replace(others=leader(packed)), None, 4)
    mine = leader.board.share
    assert worker.failed == []
    assert {name.split(b":")[3] for name in seen} == {b"pool", b"ask"}
    for sealed, left_ms in seen.values():
        assert left_ms > 0  # it goes by itself
        for word in (b"mentees", b"criteria", packed.pool.mentees.key.tobytes()[:64]):
            assert word not in sealed
    pool = next(sealed for name, (sealed, _) in seen.items() if name.endswith(b":pool"))
    for stranger in (Share(ids.random(), mine.id), Share.new(mine.organisation_id)):
        board = Board(redis, ground.keyring, stranger)
        assert board.pool() is None
        redis.set(board.name("pool"), pool)  # laid before her by somebody who can write there
        with pytest.raises(TamperedCiphertext):
            board.pool()


def test_a_leader_of_before_there_were_scattered_lists_is_answered(
    packed: Any, crew_of: Any, monkeypatch: Any
) -> None:
    asked = wire.arrays_of_question

    def of_yesterday(question: wire.Question) -> Any:
        return {name: one for name, one in asked(question).items() if name != "is_scattered"}

    monkeypatch.setattr(wire, "arrays_of_question", of_yesterday)
    leader, worker = crew_of()
    shared = top_mentors(packed._replace(others=leader(packed)), None, 16, above=0)
    for one, other in zip(top_mentors(packed, None, 16, above=0), shared, strict=True):
        assert np.array_equal(one, other)
    assert worker.failed == []
    assert leader.from_others > 0


def test_another_version_answers_nothing(packed: Any, crew_of: Any, monkeypatch: Any) -> None:
    asked = wire.arrays_of_question

    def of_tomorrow(question: wire.Question) -> Any:
        return asked(question) | {"version": np.asarray("9.9")}

    monkeypatch.setattr(wire, "arrays_of_question", of_tomorrow)
    leader, worker = crew_of()
    must_be_the_same(packed, leader)
    assert leader.from_others == 0
    assert {type(error) for error in worker.failed} == {wire.OtherVersion}


def test_pools_are_forgotten_when_nobody_asks_any_more(packed: Any, crew_of: Any, monkeypatch: Any) -> None:
    leader, worker = crew_of()
    top_mentors(packed._replace(others=leader(packed)), None, 4)
    worker.helper.forget_idle()
    assert set(worker.helper.known) == {leader.board.share.id}
    monkeypatch.setattr("workers.tiles.helping.KEPT_S", -1.0)
    worker.helper.forget_idle()
    assert worker.helper.known == {}


def test_message_that_comes_back_is_answered_where_the_run_is(
    packed: Any, crew_of: Any, monkeypatch: Any
) -> None:
    def comes_back(helper: Helper, board: Board, number: int, tile: int) -> None:
        helper.answer_tile(str(board.share.organisation_id), str(board.share.id), number, tile)

    leader, worker = crew_of(comes_back)
    monkeypatch.setitem(LED, leader.board.share.id, leader)
    must_be_the_same(packed, leader)
    assert worker.failed == []
    assert (leader.from_others, worker.helper.known) == (0, {})


def test_message_of_nobody_or_without_a_server_does_nothing(ground: Any, redis: Redis) -> None:
    before = redis.keys()
    for client in (redis, Cut(redis, 0)):
        helper = Helper(client, ground.keyring)  # type: ignore[arg-type]
        helper.answer_tile(str(ids.random()), str(ids.random()), 1, 0)
        assert helper.known == {}
    assert redis.keys() == before
