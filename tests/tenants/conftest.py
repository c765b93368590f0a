"""What tests of the domain share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import event

from infra.db.session import Database


@pytest.fixture
def statements(database: Database) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as counted:` collects what is sent to the database meanwhile, by any role."""
    engines = [database._app.sync_engine, *(one.sync_engine for one in database._platform.values())]

    @contextmanager
    def counting() -> Iterator[list[str]]:
        counted: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            counted.append(statement)

        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)

    return counting
