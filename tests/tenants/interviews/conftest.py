"""A desk at which interviews are written down, and the one who is under no policy."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from infra.ground import Ground
from tests import interviewing
from tests.conftest import Servers
from tests.interviewing import Desk
from tests.isolation import canaries


@pytest.fixture
async def at(ground: Ground) -> Desk:
    return await interviewing.desk(ground)


@pytest.fixture
def as_superuser(servers: Servers) -> Callable[[str], None]:
    """Changes what no action of ours would."""

    def execute(statement: str) -> None:
        with canaries.superuser(servers) as connection:
            connection.execute(text(statement))

    return execute
