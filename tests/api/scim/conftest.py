"""A directory at /scim/v2, with a token of an owner and with one of an IT contact."""

import pytest

from tenants.permissions import Role
from tests import making
from tests.api.scim.calls import FULL, directory


@pytest.fixture
async def made(database):
    return await making.organisation(database)


@pytest.fixture
async def owners(database, app, made):
    """The directory with a token of an owner, who may hand out roles by it."""
    found = await directory(database, app, made, Role.OWNER, *FULL)
    async with found.client:
        yield found


@pytest.fixture
async def plain(database, app, made):
    """The directory with a token of an IT contact."""
    found = await directory(database, app, made, Role.IT_CONTACT, "scim.manage")
    async with found.client:
        yield found
