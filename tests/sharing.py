"""
How the tests are shared out when several processes run them (`make test` starts as many as there are cores).

Each process has servers of its own, so nothing is shared but the machine. Tests
that share a costly fixture stay together: those of a file, and of a group where
one world serves several files. What takes long begins first, so that no process
is left with it alone at the end.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

GROUPS = {
    "tests/web/test_every_letter_there_is.py": "pages",
    "tests/web/test_every_page.py": "pages",
    "tests/web/test_every_page_in_a_browser.py": "pages",
    "tests/web/test_headers.py": "pages",
    "tests/web/test_queries_of_pages.py": "pages",
    "tests/journeys": "journeys",
    "tests/isolation": "isolation",
    "tests/api/test_conventions.py": "api",
    "tests/api/test_description.py": "api",
}
LONG = (
    "tests/performance",  # tells the planner how large tables are, so others should not have filled them
    "pages",
    "journeys",
    "tests/web/test_components.py",
    "tests/workers/test_processes.py",
    "tests/workers/test_matching_killed.py",
    "tests/tenants/registration/importing/test_killing.py",
    "isolation",
    "api",
    "tests/matcher",
    "tests/embedded",
)


class Together(LoadScopeScheduling):
    """Gives each process whole groups, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    # `--dist=loadgroup` marks the ids of tests, in a place where pytest no longer looks for them.
    return Together(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=_rank)


def _group(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return next((group for begin, group in GROUPS.items() if file.startswith(begin)), file)


def _rank(item: pytest.Item) -> int:
    group = _group(item.nodeid)
    return next((at for at, one in enumerate(LONG) if group.startswith(one)), len(LONG))
