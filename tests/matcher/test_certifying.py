"""A certificate must find every kind of planted fault."""

from typing import Any

import numpy as np
import pytest

from matcher import Quotas, certify, propose, standard_criteria
from tests.matcher import pools

CRITERIA = standard_criteria(sector_group=pools.SECTOR_GROUP, language_minimum=1)


def made() -> tuple[Any, Any]:
    rng = np.random.default_rng(4)
    pool = pools.pool(rng, 30, 25)
    quotas = Quotas(np.array([5, -1, -1], np.int32), np.array([-1, 4, -1], np.int32))
    return pool, propose(pool, CRITERIA, quotas=quotas)


def illegal_pair(pool: Any, x: Any) -> Any:
    """The first pair gets a mentor with whom no language is shared."""
    shared = np.minimum(pool.mentees.languages[x.mentee[0]], pool.mentors.languages).max(axis=1)
    mentor = x.mentor.copy()
    mentor[0] = np.flatnonzero(shared == 0)[0]
    return x._replace(mentor=mentor)


def wrong_score(_: Any, x: Any) -> Any:
    score = x.score.copy()
    score[2] += 1
    return x._replace(score=score, total=x.total + 1, bound=x.bound + 1)


def wrong_contributions(_: Any, x: Any) -> Any:
    parts = x.contributions.copy()
    parts[0, 0] += 5
    parts[0, 1] -= 5
    return x._replace(contributions=parts)


def one_pair_less(_: Any, x: Any) -> Any:
    """Legal, but no optimum: what the solver must never pass off as one."""
    total = x.total - int(x.score[-1])
    short = {
        name: getattr(x, name)[:-1]
        for name in ("mentee", "mentor", "score", "contributions", "locked", "margin")
    }
    return x._replace(**short, total=total, bound=total)


def prices_too_low(_: Any, x: Any) -> Any:
    """A bound made to fit by lowering a price: some pair is then worth more than its prices."""
    price = x.mentee_price.copy()
    price[int(np.argmax(price))] -= 1
    return x._replace(mentee_price=price)


def price_below_zero(_: Any, x: Any) -> Any:
    price = x.mentor_price.copy()
    price[0] = -1
    return x._replace(mentor_price=price)


def over_capacity(pool: Any, x: Any) -> Any:
    return x._replace(mentor=np.full_like(x.mentor, x.mentor[0]))


def mentee_twice(_: Any, x: Any) -> Any:
    mentee = x.mentee.copy()
    mentee[1] = mentee[0]
    return x._replace(mentee=mentee)


def lock_broken(pool: Any, x: Any) -> Any:
    free = next(i for i in range(len(pool.mentees.key)) if i not in x.mentee)
    return x._replace(locked_pairs=np.array([[free, 0]], np.int32))


def over_quota(_: Any, x: Any) -> Any:
    return x._replace(mentee_quota=np.array([0, -1, -1], np.int32))


def forbidden_pair(_: Any, x: Any) -> Any:
    return x._replace(forbidden_pairs=np.array([[x.mentee[0], x.mentor[0]]], np.int32))


def other_input(_: Any, x: Any) -> Any:
    return x._replace(digest="0" * 64)


def out_of_range(_: Any, x: Any) -> Any:
    return x._replace(mentor=x.mentor + np.int32(1000))


FAULTS = {
    illegal_pair: "illegal_pair",
    wrong_score: "wrong_score",
    wrong_contributions: "wrong_contributions",
    one_pair_less: "not_proved",
    prices_too_low: "bound_broken",
    price_below_zero: "price_negative",
    over_capacity: "over_capacity",
    mentee_twice: "mentee_twice",
    lock_broken: "lock_broken",
    over_quota: "over_quota",
    forbidden_pair: "illegal_pair",
    other_input: "other_input",
    out_of_range: "row_out_of_range",
}


# N03
def test_an_honest_matching_is_certified() -> None:
    pool, found = made()
    certificate = certify(pool, CRITERIA, found)
    assert certificate.ok
    assert certificate.violations == ()
    assert certificate.total == certificate.bound == found.total > 0
    assert certificate.pairs_checked == 30 * 25


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(plant: Any) -> None:
    pool, found = made()
    certificate = certify(pool, CRITERIA, plant(pool, found))
    assert not certificate.ok
    assert FAULTS[plant] in {violation.split(":")[0] for violation in certificate.violations}


def test_a_matching_of_other_columns_is_refused() -> None:
    pool, found = made()
    moved = pool._replace(mentors=pool.mentors._replace(capacity=pool.mentors.capacity + np.int32(1)))
    assert "other_input" in certify(moved, CRITERIA, found).violations
