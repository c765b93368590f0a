"""Two full organisations in one house, each with a mark of its own in every text."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from infra.ground import Ground
from infra.http.asgi import ASGIApp
from tests.conftest import Servers
from tests.isolation import canaries, world
from tests.isolation.asking import ROLES, SELDOM, Asker, asker
from tests.isolation.world import REST, World
from tests.listening import Bugs, listening

OURS = "Zaubernuss"
THEIRS = "Quittenmus"


@dataclass(frozen=True)
class Two:
    own: World
    other: World
    askers: dict[str, Asker]


@pytest.fixture(autouse=True)
def _silence(bugs: Bugs) -> None:
    """Thousands of requests would write as many lines."""


@pytest.fixture(scope="session")
async def two(ground: Ground, servers: Servers, app: ASGIApp) -> AsyncIterator[Two]:
    roles = REST if set(SELDOM) <= set(ROLES) else ()
    with listening():
        own = await world.make(ground, slug="our-network", roles=roles)
        other = await world.make(ground, slug="their-network", roles=roles)
    with canaries.superuser(servers) as connection:
        assert canaries.mark(connection, own.id, OURS) > 100
        assert canaries.mark(connection, other.id, THEIRS) > 100
    askers = {role: await asker(app, own, role) for role in ROLES}
    yield Two(own, other, askers)
    for one in askers.values():
        await one.client.aclose()
