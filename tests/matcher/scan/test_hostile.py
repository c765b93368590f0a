"""Shapes that could be slow, large or wrong: everybody equal, one star, no languages, a class for each."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from matcher.samples import sample
from matcher.scan.counting import count_left
from matcher.scan.engines import SMALL, engine_for
from matcher.scan.scanning import over, top_mentees, top_mentors
from tests.matcher.scan.drawing import ENGINES, best, listed, packed, truth

NOBODY = np.zeros((0, 2), np.int32)


def agree(pool: Any, criteria: Any, engine: Any, k: int = 5) -> None:
    """Both sides and the waterfall against the definitions."""
    mask, score = truth(pool, criteria, NOBODY)
    n, m = mask.shape
    ready = packed(pool, criteria)
    low = np.full(max(n, m), -(1 << 15))
    mentors = best(mask, score, np.zeros(m, int), low, pool.mentors.key, k)
    assert listed(top_mentors(ready, None, k, engine=engine)) == mentors
    mentees = best(mask.T, score.T, np.zeros(n, int), low, pool.mentees.key, k)
    assert listed(top_mentees(ready, None, k, engine=engine)) == mentees
    assert count_left(ready, engine=engine).left[-1] == (mask == 0).sum()


def everybody_equal(pool: Any, criteria: Any) -> Any:
    rows, cols = np.zeros(len(pool.mentees.key), int), np.zeros(len(pool.mentors.key), int)
    mentees = type(pool.mentees)(*(column[rows] for column in pool.mentees))
    mentors = type(pool.mentors)(*(column[cols] for column in pool.mentors))
    nobody = {"person": np.full(len(rows), -1, np.int32), "supervisors": np.zeros((len(rows), 0), np.int32)}
    return pool._replace(
        mentees=mentees._replace(key=pool.mentees.key, **nobody),
        mentors=mentors._replace(key=pool.mentors.key, capacity=pool.mentors.capacity),
        exclusions=pool.exclusions[:0],
        wishes=pool.wishes[:0],
    ), criteria._replace(organisation_rule=0, unit_rule=False, seniority_minimum=-32768)


def one_star(pool: Any, criteria: Any) -> Any:
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    mine = np.column_stack([np.arange(n), np.full(n, m - 1), np.zeros(n)]).astype(np.int32)
    return pool._replace(wishes=mine), criteria


def no_languages(pool: Any, criteria: Any) -> Any:
    return pool._replace(
        mentees=pool.mentees._replace(languages=pool.mentees.languages[:, :0].copy()),
        mentors=pool.mentors._replace(languages=pool.mentors.languages[:, :0].copy()),
    ), criteria._replace(language_minimum=0)


def many_ranks(pool: Any, criteria: Any) -> Any:
    """More topics wanted than a step of the lanes adds, and all 256 offered by some."""
    rng = np.random.default_rng(1)
    wanted = np.argsort(rng.random((len(pool.mentees.key), 256)), axis=1)[:, :40].astype(np.int16)
    offered = pool.mentors.offered.copy()
    offered[::3] = np.uint64(0xFFFFFFFFFFFFFFFF)
    return pool._replace(
        mentees=pool.mentees._replace(wanted=wanted), mentors=pool.mentors._replace(offered=offered)
    ), criteria._replace(topic_points=np.full(40, 200, np.int16), topics_minimum=7)


def no_places(pool: Any, criteria: Any) -> Any:
    return pool._replace(mentors=pool.mentors._replace(capacity=pool.mentors.capacity * 0)), criteria


def a_class_each(pool: Any, criteria: Any) -> Any:
    """Every mentee lives in a zone and an organisation of her own and has her own years."""
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    minutes = np.arange(n)
    zones = np.column_stack([minutes * 0, minutes % 1400, minutes % 1400 + 60 + minutes // 7]).astype(
        np.int16
    )
    mentees = pool.mentees._replace(
        zone=np.arange(n, dtype=np.int16),
        organisation=np.arange(n, dtype=np.int32),
        experience=np.arange(n, dtype=np.int16),
    )
    mentors = pool.mentors._replace(
        zone=(np.arange(m) % n).astype(np.int16),
        organisation=(np.arange(m) % n).astype(np.int32),
        experience=(np.arange(m) % 40).astype(np.int16),
    )
    own = {
        "seniority_measure": 0,
        "seniority_minimum": -60,
        "organisation_points": np.array([3, 900], np.int16),
    }
    return pool._replace(mentees=mentees, mentors=mentors, zones=zones), criteria._replace(**own)


SHAPES = (everybody_equal, one_star, no_languages, many_ranks, no_places, a_class_each)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_hostile_shape_is_an_ordinary_input(shape: Any, engine: Any) -> None:
    pool, criteria = sample(150, "tight", seed=9)
    agree(*shape(pool, criteria), engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 5), (5, 0), (1, 1)])
def test_empty_sides_and_one_person(n: int, m: int, engine: Any) -> None:
    pool, criteria = sample(8, "loose", seed=2)
    pool = pool._replace(
        mentees=type(pool.mentees)(*(column[:n] for column in pool.mentees)),
        mentors=type(pool.mentors)(*(column[:m] for column in pool.mentors)),
        exclusions=pool.exclusions[:0],
        wishes=pool.wishes[:0],
    )
    agree(pool, criteria, engine)
    edges = over(packed(pool, criteria), None, np.zeros(n, int), np.zeros(m, int), engine=engine)
    assert len(edges.bound) == n


def test_memory_does_not_grow_with_classes_or_pairs() -> None:
    pool, criteria = a_class_each(*sample(6000, "loose", seed=9))
    small = pool._replace(mentors=type(pool.mentors)(*(column[:2100] for column in pool.mentors)))
    small = small._replace(exclusions=NOBODY, wishes=pool.wishes[:0])
    ready = packed(small, criteria)
    top_mentors(ready, np.arange(3, dtype=np.int32), 4)
    tracemalloc.start()
    top_mentors(ready, None, 4)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # 1,024 rows of a task x 2,048 lanes x 2 bytes x two classes with points, and their bits
    assert peak < 16e6
    assert max(len(values) for values in ready.classes) == 6000


def test_small_pools_need_no_kernels() -> None:
    small, large = (packed(*sample(people, "loose", seed=1)) for people in (SMALL, SMALL + 1))
    assert engine_for(small) == "numpy"
    assert engine_for(large) in ("plain", "lanes")
