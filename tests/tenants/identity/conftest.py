"""An organisation, and a coordinator of it who signs in."""

import pytest

from tenants.permissions import Role
from tests import making


@pytest.fixture
async def made(database):
    return await making.organisation(database)


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.COORDINATOR)
