"""Who waits behind which door, counted and ranked pair by pair from the definitions."""

from typing import Any

import numpy as np

from matcher.limits import BIT
from matcher.samples import sample
from matcher.scan.standing import FAR, NONE
from matcher.scan.waiting import Waiting, before_mentees, before_mentors, steps_of
from matcher.scoring import scene
from matcher.solving import mixed
from matcher.widening import RELAXABLE, amounts
from tests.matcher import pools
from tests.matcher.pools import POOLS
from tests.matcher.scan.drawing import drawn, packed, truth


def by_definition(pool: Any, criteria: Any, forbidden: Any, side: str, price: Any, place: Any) -> Any:
    """(people, surplus, best) of every step and person of `side`, as dictionaries without those who have nobody."""
    facts, (mask, score) = scene(pool, criteria), truth(pool, criteria, forbidden)
    steps = steps_of(packed(pool, criteria, forbidden).rules)
    other = pool.mentors if side == "mentees" else pool.mentees
    rank = np.argsort(np.argsort(mixed(other.key)))
    found: dict[tuple[int, int], list[tuple[int, int, int]]] = {}

    def note(step: int, who: int, surplus: int, them: int) -> None:
        found.setdefault((step, who), []).append((surplus, -int(rank[them]), them))

    for i, j in np.argwhere(score > 0):
        who, them = (int(i), int(j)) if side == "mentees" else (int(j), int(i))
        for door, name in enumerate(RELAXABLE):
            if mask[i, j] == BIT[name]:
                step = int(amounts(facts, name, np.array([i]), np.array([j]))[0])
                if step > 0:
                    note(int(steps.begin[door]) + step - 1, who, int(score[i, j] - price[them]), them)
        if mask[i, j] == BIT["capacity"]:
            first = int(steps.begin[NONE]) - 2
            note(first + (place[them] >= FAR), who, int(score[i, j] - place[them]), them)
        if mask[i, j] == 0:
            first = int(steps.begin[NONE])
            note(first + (price[them] >= FAR), who, int(score[i, j] - price[them]), them)
            if side == "mentees":
                note(first + 2 + (place[them] >= FAR), who, int(score[i, j] - place[them]), them)
    return {at: (len(them), max(them)[0], max(them)[2]) for at, them in found.items()}


def told(waiting: Waiting, people: Any) -> Any:
    return {
        (int(step), int(people[at])): (
            int(waiting.people[step, at]),
            int(waiting.surplus[step, at]),
            int(waiting.best[step, at]),
        )
        for step, at in np.argwhere(waiting.people > 0)
    }


def asked(draw: Any, count: int) -> Any:
    """Prices, some of them out of reach; at times so few that many are equal."""
    price = draw.integers(0, draw.choice([2, 40, 3000, 60000]), count)
    price[draw.random(count) < 0.2] = FAR
    return price


def test_everybody_before_every_door() -> None:
    seen = 0
    for seed in range(0, POOLS, 6):
        pool, criteria, forbidden = drawn(seed)
        draw = np.random.default_rng(seed)
        ready = packed(pool, criteria, forbidden)
        n, m = len(pool.mentees.key), len(pool.mentors.key)
        for side, others, ask, place_of in (
            ("mentees", m, before_mentees, ready.row_of),
            ("mentors", n, before_mentors, ready.lane_of),
        ):
            people = draw.permutation(len(place_of))[: len(place_of) // 2 + 1].astype(np.int32)
            price, place = asked(draw, others), asked(draw, others)
            every = by_definition(pool, criteria, forbidden, side, price, place)
            right = {at: facts for at, facts in every.items() if at[1] in people.tolist()}
            for is_wide in (True, False):
                waiting = ask(ready, place_of[people], price, place, is_wide=is_wide)
                assert told(waiting, people) == right, (seed, side, is_wide)
            assert (waiting.best[waiting.people == 0] == -1).all()
            seen += len(right)
    assert seen > POOLS


def test_nobody_of_a_large_unit_is_counted() -> None:
    """So many of one unit that masks are made for each mentee alone; and few of another, who are set aside."""
    draw = np.random.default_rng(7)
    pool, criteria = pools.pool(draw, 40, 90), pools.criteria(draw)._replace(unit_rule=True)
    pool = pool._replace(
        mentees=pool.mentees._replace(unit=draw.integers(0, 2, 40).astype(np.int32)),
        mentors=pool.mentors._replace(unit=(np.arange(90) < 10).astype(np.int32)),
    )
    ready = packed(pool, criteria)
    for side, ask, places in (
        ("mentees", before_mentees, ready.row_of),
        ("mentors", before_mentors, ready.lane_of),
    ):
        price, place = (asked(draw, 90 if side == "mentees" else 40) for _ in range(2))
        every = by_definition(pool, criteria, np.zeros((0, 2), np.int32), side, price, place)
        assert told(ask(ready, places, price, place), np.arange(len(places))) == every


def test_tiles_chunks_and_threads_change_nothing() -> None:
    """More people than a tile or a chunk holds; tiles of a few rows."""
    pool, criteria = sample(2300, "loose", seed=3)
    ready = packed(pool, criteria)
    price = np.random.default_rng(1).integers(9_000, 19_000, 2300)
    for ask, people in ((before_mentees, ready.row_of[::7]), (before_mentors, ready.lane_of[::7])):
        one, other = ask(ready, people, price, price), ask(ready, people, price, price, threads=3)
        part = ask(ready, people[:50], price, price)
        for ours, theirs, few in zip(one, other, part, strict=True):
            assert np.array_equal(ours, theirs) and np.array_equal(ours[:, :50], few)
