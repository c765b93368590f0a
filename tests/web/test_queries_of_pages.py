"""
The number of queries of every page, and the weight of a first visit, whatever the number of its rows.

The rows stay in the organisation that all modules of every page share: this one
comes after the others, for which more rows would only take longer.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from infra.ground import Ground
from tests.isolation import growing
from tests.isolation.asking import forget_limits
from tests.tenants.conftest import statements
from tests.web.weighing import STAFF_BYTES, STAFF_REQUESTS, first_visit
from tests.worlds import Looked

__all__ = ["statements"]

pytestmark = pytest.mark.usefixtures("bugs")

QUERIES = (
    16  # twelve of the page's own; session, context, roles and the counts of the side bar come before it
)

Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture(autouse=True)
async def _unlimited(ground: Ground) -> None:
    await forget_limits(ground)


async def _counts(looked: Looked, statements: Counting) -> dict[str, int]:
    found: dict[str, int] = {}
    for shown in looked.shown:
        with statements() as sent:
            await looked.get(shown)
        found[str(shown)] = max(len(sent), found.get(str(shown), 0))
    return found


async def _again(looked: Looked, statements: Counting, pages: set[str]) -> dict[str, int]:
    """The counts without what a page reads once in a while: whose house an address is stays known for seconds only."""
    found: dict[str, int] = {}
    for shown in [one for one in looked.shown if str(one) in pages]:
        await looked.get(shown)
        with statements() as sent:
            await looked.get(shown)
        found[str(shown)] = max(len(sent), found.get(str(shown), 0))
    return found


async def test_number_of_queries_does_not_follow_the_number_of_rows(
    ground: Ground, looked: Looked, statements: Counting
) -> None:
    few = await _counts(looked, statements)
    await growing.grow(ground, looked.world, 3)
    some = await _counts(looked, statements)
    await growing.grow(ground, looked.world, 27)
    many = await _counts(looked, statements)

    more = {page for page in few if many[page] > min(some[page], few[page] + 1)}
    many |= await _again(looked, statements, more)
    grown = {
        page: (few[page], some[page], many[page])
        for page in more
        if many[page] > min(some[page], few[page] + 1)
    }
    assert grown == {}
    assert {page: count for page, count in many.items() if count > QUERIES} == {}


async def test_first_visits_stay_light_with_many_rows(looked: Looked) -> None:
    """What was grown above still stands: lists as long as they get on one page."""
    visits = {str(shown): await first_visit(looked, shown) for shown in looked.shown if shown.is_staff}
    heavy = [at for at, one in visits.items() if one.bytes > STAFF_BYTES or one.requests > STAFF_REQUESTS]
    assert {at: visits[at] for at in heavy} == {}
    assert max(visits.values()).bytes > STAFF_BYTES * 0.8  # sheet, scripts and font were counted
