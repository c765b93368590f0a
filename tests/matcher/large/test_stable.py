"""The stable matching of a large pool is that of the dense way: whatever the lists, the order of rows and the threads."""

import numpy as np
import pytest

from matcher import Quotas
from matcher.given import given
from matcher.large import stable
from matcher.large.taking import parts_of_pairs
from matcher.limits import BIT, failures
from matcher.modes import greedy
from matcher.samples import sample
from matcher.scan.lists import Lists
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentees, top_mentors
from matcher.scan.tiling import answer, tiles
from matcher.scoring import scene
from matcher.solving import pair_hash
from tests.matcher import pools
from tests.matcher.pools import POOLS

TOGETHER = 10

ALIKE = ("languages", "zone", "sector", "experience", "grade", "mode", "region", "gender", "gender_wish")


def problem(seed, most=40):
    """A small pool with anything in it: ties, nobody, quotas, locks and bans."""
    rng = np.random.default_rng([77, seed])
    n, m = (int(size) for size in rng.integers(0, most, 2))
    pool, criteria = pools.pool(rng, n, m, most_places=int(rng.integers(1, 6))), pools.criteria(rng)
    if rng.random() < 0.5:
        criteria = criteria._replace(
            organisation_rule=0, gender_rule=False, language_minimum=0, overlap_minimum=0
        )
    if rng.random() < 0.3:
        side = rng.choice(["mentees", "mentors"])
        people = getattr(pool, side)
        same = {name: np.repeat(getattr(people, name)[:1], len(people.key), axis=0) for name in ALIKE}
        pool = pool._replace(**{side: people._replace(**same)})
    quotas = None
    if rng.random() < 0.5:
        quotas = Quotas(*(rng.integers(-1, 9, 3).astype(np.int32) for _ in range(2)))
    x = given(pool, criteria, (), pools.some_pairs(rng, n, m, 0.05), quotas)
    if rng.random() < 0.4 and n and m:
        x = x._replace(locked=some_locks(x, rng))
    return x


def some_locks(x, rng):
    """Pairs that may stand, no mentee twice and no mentor, within quotas."""
    mask, _ = failures(scene(x.pool, x.criteria), slice(0, len(x.pool.mentees.key)), x.forbidden)
    pairs = np.argwhere(mask & ~np.uint16(BIT["score"]) == 0)
    pairs = pairs[rng.permutation(len(pairs))]
    for side in (0, 1):
        _, first = np.unique(pairs[:, side], return_index=True)
        pairs = pairs[first]
    return pairs[: rng.integers(1, 4)].astype(np.int32)


def first_lists(x, each, packed=None):
    return top_mentors(
        packed or pack(x.pool, x.criteria, x.forbidden), None, each, above=0, is_scattered=True
    )


def by_lists(x, each, threads=1, crew=None):
    packed = pack(x.pool, x.criteria, x.forbidden)
    first = first_lists(x, each, packed)
    if crew is not None:
        packed = packed._replace(others=crew(packed))
    return stable.stable_of(x, packed, first, threads, lambda done: None)


def dense(x):
    """The match, and what each pair scores."""
    mask, score = failures(scene(x.pool, x.criteria), slice(0, len(x.pool.mentees.key)), x.forbidden)
    room = greedy.room_of(x.pool, x.locked, x.quotas)
    return greedy.stable(x.pool, mask == 0, score, room, lambda done: None), mask == 0, score


@pytest.fixture
def small(monkeypatch):
    """So that small pools meet what large ones do."""
    monkeypatch.setattr(stable, "FEWEST_EACH", 2)
    monkeypatch.setattr(stable, "MOST_ENTRIES", 12)
    monkeypatch.setattr(stable, "AT_ONCE", 7)
    monkeypatch.setattr(stable, "COST_OF_SCAN", 0)


@pytest.mark.parametrize("first", range(0, 4 * POOLS, TOGETHER))
def test_pairs_of_small_pools_both_ways(first, small):
    for seed in range(first, first + TOGETHER):
        x = problem(seed)
        match, legal, score = dense(x)
        assert np.array_equal(by_lists(x, 1 + seed % 4), match), seed
        room = greedy.room_of(x.pool, x.locked, x.quotas)
        rows = np.flatnonzero(match >= 0).astype(np.int32)
        held = parts_of_pairs(x.pool, x.criteria, rows, match[rows]).sum(axis=1, dtype=np.int32)
        bar = greedy.bars_of_pairs(x.pool, rows, match[rows], held, room)
        plain = greedy.bars(x.pool, score, match, room)
        assert all(np.array_equal(one, other) for one, other in zip(bar, plain, strict=True)), seed
        assert greedy.blocking(legal, score, bar) == 0, seed


@pytest.mark.parametrize("side", ["mentees", "mentors"])
def test_either_side_alone_finds_the_pairs(side, small, monkeypatch):
    monkeypatch.setattr(stable.Search, "next_side", lambda search: getattr(search, side))
    for seed in range(POOLS):
        x = problem(seed)
        assert np.array_equal(by_lists(x, 2), dense(x)[0]), seed


def test_order_of_rows_changes_nothing(small):
    rng = np.random.default_rng(4)
    for seed in range(POOLS // 4):
        x = problem(500 + seed)
        x = x._replace(locked=x.locked[:0], forbidden=x.forbidden[:0])
        rows, cols = (rng.permutation(len(side.key)) for side in (x.pool.mentees, x.pool.mentors))
        match = by_lists(x, 2)
        other = by_lists(x._replace(pool=pools.permuted(x.pool, rows, cols)), 3)
        expected = match[rows]
        has_one = expected >= 0
        expected[has_one] = np.argsort(cols)[expected[has_one]]
        assert np.array_equal(other, expected), seed


@pytest.mark.parametrize("shape", ["loose", "tight", "one-to-one"])
def test_realistic_pools_with_any_lists_and_threads(shape, monkeypatch):
    pool, criteria = sample(1100, shape)
    organisations = int(max(pool.mentees.organisation.max(), pool.mentors.organisation.max())) + 1
    quotas = np.full(organisations, 60, np.int32)
    x = given(pool, criteria, (), (), Quotas(quotas, quotas))
    match = dense(x)[0]
    assert (match >= 0).sum() > 500
    for each, most in ((2, 4096), (5, 256), (64, 1 << 20)):
        monkeypatch.setattr(stable, "MOST_ENTRIES", most)
        for threads in (1, 2):
            assert np.array_equal(by_lists(x, each, threads), match)


def test_another_process_gives_the_lists_of_mentees(small):
    asked = []

    def crew(packed):
        def others(ask, pause):
            asked.append(ask)
            (tile,) = tiles(packed, ask, 1 << 20)
            there = answer(packed, ask, tile)
            back = np.argsort(np.argsort(packed.row_of[ask.people], kind="stable"))
            return tuple(column[back] for column in there)

        return others

    for seed in range(POOLS // 4):
        x = problem(900 + seed)
        if len(x.pool.mentees.key) and len(x.pool.mentors.key):
            assert np.array_equal(by_lists(x, 2, crew=crew), dense(x)[0]), seed
    assert asked
    assert all(ask.is_scattered for ask in asked)


@pytest.mark.parametrize("alike", ["mentees", "mentors", "both"])
def test_more_equals_than_a_list_takes(alike, small):
    """Lists end among equals, over and over."""
    rng = np.random.default_rng(6)
    pool, criteria = pools.pool(rng, 60, 50), pools.criteria(rng)
    points = {
        name: np.zeros_like(getattr(criteria, name)) for name in criteria._fields if name.endswith("_points")
    }
    criteria = criteria._replace(
        **points, organisation_rule=0, gender_rule=False, language_minimum=0, overlap_minimum=0,
        seniority_minimum=-32768, seniority_maximum=-32768, topics_minimum=0, mode_rule=False,
    )  # fmt: skip
    table = np.ones((5, 5), np.int16)
    if alike == "mentees":
        table += np.arange(5, dtype=np.int16)
    if alike == "mentors":
        table += np.arange(5, dtype=np.int16)[:, None]
    criteria = criteria._replace(sector_points=table)
    mentors = pool.mentors._replace(key=keys_drawn_alike(pool.mentees.key[0], 50))
    x = given(pool._replace(mentors=mentors), criteria, (), (), None)
    lists = first_lists(x, 50)
    people = np.zeros(1, np.int32)
    hers = stable.listed(people, Lists(*(column[:1] for column in lists)))
    assert len(np.unique(stable.Ranking(x.pool).worth(*hers) >> stable.UNSURE)) <= 5
    assert np.array_equal(by_lists(x, 2), dense(x)[0])


def keys_drawn_alike(mentee, count):
    """uint64[count]: keys of mentors who draw the same leading bits with this mentee."""
    keys = np.arange(count << 15, dtype=np.uint64)
    drawn = pair_hash(np.array([mentee]), keys, 0)[0] - 1 >> stable.UNSURE
    return keys[drawn == drawn[0]][:count]


def test_scattered_lists_of_mentors_go_by_the_hash_of_both():
    for seed in range(POOLS // 8):
        x = problem(300 + seed)
        packed = pack(x.pool, x.criteria, x.forbidden)
        columns = np.arange(len(x.pool.mentors.key), dtype=np.int32)
        lists = top_mentees(packed, columns, 5, above=0, is_scattered=True)
        ranking = stable.Ranking(x.pool)
        _, legal, score = dense(x)
        for j in columns.tolist():
            rows = np.flatnonzero(legal[:, j] & (score[:, j] > 0)).astype(np.int32)
            worth = (
                ranking.worth(rows, np.full_like(rows, j), score[rows, j].astype(np.int16)) >> stable.UNSURE
            )
            order = np.lexsort((packed.mentee_rank[packed.row_of[rows]], -worth))[:5]
            assert lists.person[j, : lists.length[j]].tolist() == rows[order].tolist()


def test_whoever_waits_hears_how_far_it_is_and_may_stop_it(small):
    pool, criteria = sample(300, "one-to-one")
    x = given(pool, criteria, (), (), None)
    packed = pack(pool, criteria, x.forbidden)
    heard = []
    stable.stable_of(x, packed, first_lists(x, 2, packed), 1, heard.append)
    assert heard == sorted(heard)
    assert heard[0] == 0
    assert 0.9 < heard[-1] <= 1

    def stop(done):
        if done > 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        stable.stable_of(x, packed, first_lists(x, 2, packed), 1, stop)
