"""What comes in wrong is named by column and row; what is merely unusual is taken."""

from typing import Any

import numpy as np
import pytest

from matcher import (
    InvalidColumn,
    LimitReached,
    LockedRefused,
    Quotas,
    certify,
    max_score,
    propose,
    standard_criteria,
)
from tests.matcher import pools

CRITERIA = standard_criteria(sector_group=pools.SECTOR_GROUP)


def pool() -> Any:
    return pools.pool(np.random.default_rng(2), 6, 5)


def with_cell(side: str, name: str, row: int, value: Any) -> Any:
    whole = pool()
    people = getattr(whole, side)
    column = getattr(people, name).copy()
    column[row] = value
    return whole._replace(**{side: people._replace(**{name: column})})


CELLS = [
    ("mentees", "person", 3, -2),
    ("mentees", "organisation", 1, -2),
    ("mentees", "supervisors", 1, -9),
    ("mentees", "wanted", 2, [0, 1, 256, -1, -1]),
    ("mentees", "wanted", 4, [0, -1, 1, -1, -1]),
    ("mentees", "wanted", 5, [3, 1, 3, -1, -1]),
    ("mentees", "languages", 0, 5),
    ("mentees", "zone", 0, 4),
    ("mentees", "sector", 5, 5),
    ("mentees", "experience", 5, -3),
    ("mentees", "mode", 1, 3),
    ("mentees", "region_wish", 1, 3),
    ("mentees", "gender_wish", 1, -2),
    ("mentors", "unit", 4, -2),
    ("mentors", "grade", 4, -2),
    ("mentors", "region", 4, -2),
    ("mentors", "gender", 4, -2),
    ("mentors", "capacity", 2, -1),
]


@pytest.mark.parametrize(("side", "name", "row", "value"), CELLS)
def test_a_code_out_of_range_is_named_by_column_and_row(side: str, name: str, row: int, value: Any) -> None:
    with pytest.raises(InvalidColumn) as refused:
        propose(with_cell(side, name, row, value), CRITERIA)
    assert (refused.value.column, refused.value.row) == (f"{side}.{name}", row)
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize("side", ["mentees", "mentors"])
def test_every_column_is_checked_for_dtype_and_shape(side: str) -> None:
    people = getattr(pool(), side)
    for name, column in people._asdict().items():
        for wrong in (column.astype(np.float64), column[:-1], column.tolist(), column[None]):
            broken = pool()._replace(**{side: people._replace(**{name: wrong})})
            with pytest.raises(InvalidColumn) as refused:
                propose(broken, CRITERIA)
            # A short key makes every other column of its side too long: the first of these is named.
            assert refused.value.column.startswith(side)
            assert refused.value.column == f"{side}.{name}" or name == "key"


def test_a_key_that_two_people_share_is_refused() -> None:
    whole = pool()
    with pytest.raises(InvalidColumn, match=r"mentors.key\[3\]"):
        propose(with_cell("mentors", "key", 3, whole.mentors.key[0]), CRITERIA)


@pytest.mark.parametrize(
    ("name", "rows", "at"),
    [
        ("zones", [[7, 0, 60]], 0),
        ("zones", [[0, 0, 60], [0, 1440, 1500]], 1),
        ("zones", [[0, 600, 600]], 0),
        ("exclusions", [[0, 0], [6, 0]], 1),
        ("wishes", [[0, 5, 0]], 0),
        ("wishes", [[0, 0, 3]], 0),
        ("wishes", [[0, 0, 0], [1, 1, 0], [0, 0, 1]], 2),
    ],
)
def test_a_bad_row_of_a_table_is_named(name: str, rows: Any, at: int) -> None:
    dtype = getattr(pool(), name).dtype
    whole = pool()
    if name == "zones":
        none = {"zone": np.full(6, -1, np.int16)}
        whole = whole._replace(mentees=whole.mentees._replace(**none))
    with pytest.raises(InvalidColumn) as refused:
        propose(whole._replace(**{name: np.array(rows, dtype)}), CRITERIA)
    assert (refused.value.column, refused.value.row) == (name, at)


@pytest.mark.parametrize(
    "change",
    [
        {"topic_points": np.array([5, -1, 0, 0, 0], np.int16)},
        {"topic_points": np.array([5], np.int16)},
        {"topic_points": np.array([20_000, 9_000, 0, 0, 0], np.int16)},
        {"language_points": np.zeros(4, np.int16)},
        {"sector_points": np.zeros((5, 4), np.int16)},
        {"mode_points": np.zeros((3, 3), np.int32)},
        {"seniority_sign": 0},
        {"organisation_rule": 3},
        {"language_minimum": 5},
        {"overlap_minimum": 25},
        {"seniority_minimum": 61},
    ],
)
def test_bad_criteria_are_refused(change: Any) -> None:
    with pytest.raises(InvalidColumn):
        propose(pool(), CRITERIA._replace(**change))


def test_weights_that_no_criterion_has_are_refused() -> None:
    with pytest.raises(InvalidColumn, match="unknown criterion charm"):
        standard_criteria({"charm": 5})
    with pytest.raises(InvalidColumn, match=r"weights\.topics"):
        standard_criteria({"topics": -5})


def test_standard_criteria_stay_below_the_greatest_score() -> None:
    assert max_score(CRITERIA) == 22_700


@pytest.mark.parametrize("pairs", [[(6, 0)], [(0, 5)], [(-1, 0)], [(0, 1, 2)], [(1 << 40, 0)]])
@pytest.mark.parametrize("name", ["locked", "forbidden"])
def test_pairs_of_nobody_are_refused(name: str, pairs: Any) -> None:
    with pytest.raises(InvalidColumn) as refused:
        propose(pool(), CRITERIA, **{name: pairs})
    assert refused.value.column == name


def open_pool() -> Any:
    """Everybody may meet everybody; one place each."""
    whole = pool()
    mentors = whole.mentors._replace(capacity=np.ones(5, np.int32), person=np.full(5, -1, np.int32))
    mentees = whole.mentees._replace(person=np.full(6, -1, np.int32))
    return whole._replace(mentees=mentees, mentors=mentors, exclusions=whole.exclusions[:0])


@pytest.mark.parametrize(
    ("locked", "forbidden", "limit"),
    [
        ([(0, 0)], [(0, 0)], "forbidden"),
        ([(0, 0), (0, 1)], [], "capacity"),
        ([(0, 0), (1, 0)], [], "capacity"),
    ],
)
def test_locks_that_cannot_stand_are_refused(locked: Any, forbidden: Any, limit: str) -> None:
    with pytest.raises(LockedRefused) as refused:
        propose(open_pool(), CRITERIA, locked=locked, forbidden=forbidden)
    assert (refused.value.mentee, refused.value.mentor) == locked[-1]
    assert refused.value.limit == limit


def test_a_lock_stands_though_nothing_speaks_for_it() -> None:
    criteria = standard_criteria({}, sector_group=pools.SECTOR_GROUP, supervisor_rule=False)
    found = propose(open_pool(), criteria, locked=[(2, 3)])
    assert (found.mentee.tolist(), found.mentor.tolist(), found.score.tolist()) == ([2], [3], [0])
    assert found.locked.tolist() == [True]
    assert certify(open_pool(), criteria, found).ok


def test_quotas_must_reach_every_organisation() -> None:
    short = Quotas(np.array([1], np.int32), np.zeros(0, np.int32))
    with pytest.raises(InvalidColumn, match=r"quotas\.mentees: must reach organisation"):
        propose(pool(), CRITERIA, quotas=short)


def test_a_pool_beyond_the_limit_is_refused_before_any_work() -> None:
    large = pools.pool(np.random.default_rng(1), 1, 300_001)
    heard: list[str] = []
    with pytest.raises(LimitReached) as refused:
        propose(large, CRITERIA, progress=lambda phase, _: heard.append(phase))
    assert (refused.value.what, refused.value.found, refused.value.limit) == ("mentors", 300_001, 300_000)
    assert set(heard) == {"reading"}


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 4), (4, 0), (1, 1)])
def test_ordinary_extremes_are_matched(n: int, m: int) -> None:
    small = pools.pool(np.random.default_rng(5), n, m)
    found = propose(small, CRITERIA)
    assert certify(small, CRITERIA, found).ok
    assert len(found.mentee) <= min(n, m)
    assert found.next_best.mentor.shape == (n, 3)
    assert all((who.reason == "nobody") == (m == 0) for who in found.unmatched_mentees)


def test_no_capacity_at_all_is_said_to_everybody() -> None:
    whole = open_pool()
    none = whole._replace(mentors=whole.mentors._replace(capacity=np.zeros(5, np.int32)))
    criteria = CRITERIA._replace(supervisor_rule=False)
    found = propose(none, criteria)
    assert [who.reason for who in found.unmatched_mentees] == ["capacity"] * 6
    assert [who.reason for who in found.unmatched_mentors] == ["capacity"] * 5
    assert all(who.changes[0].what == "capacity" for who in found.unmatched_mentees)
