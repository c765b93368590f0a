"""A coordinator of an organisation, who signs in."""

import pytest

from tenants.permissions import Role
from tests import making


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.COORDINATOR)
