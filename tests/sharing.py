"""
How the tests are shared out when several processes run them (`make test` starts as many as there are cores).

Each process has servers of its own, so nothing is shared but the machine. Tests
that share a costly fixture stay together: those of a file, and of a group where
one world serves several files. What takes long begins first, so that no process
is left with it alone at the end.
"""

import pytest

GROUPS = {
    "tests/web/test_every_page.py": "pages",
    "tests/web/test_every_page_in_a_browser.py": "pages",
    "tests/web/test_headers.py": "pages",
    "tests/web/test_queries_of_pages.py": "pages",
    "tests/journeys": "journeys",
}
LONG = (
    "pages",
    "journeys",
    "tests/web/test_components.py",
    "tests/workers/test_processes.py",
    "tests/workers/test_matching_killed.py",
    "tests/tenants/registration/importing/test_killing.py",
    "tests/isolation",
    "tests/matcher",
    "tests/embedded",
)


@pytest.hookimpl(tryfirst=True)  # xdist reads the marks in a hook of the same name
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.pluginmanager.hasplugin("xdist") or not hasattr(config, "workerinput"):
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_rank)


def _group(item: pytest.Item) -> str:
    file = item.nodeid.partition("::")[0]
    return next((group for begin, group in GROUPS.items() if file.startswith(begin)), file)


def _rank(item: pytest.Item) -> int:
    group = _group(item)
    return next((at for at, one in enumerate(LONG) if group.startswith(one)), len(LONG))
