"""What tests of pages share with those of the domain."""

import pytest

from tests.tenants.conftest import statements

__all__ = ["statements"]


@pytest.fixture
async def case(stage):
    """Two people with an open proposal that both have been told of."""
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)
    return mentor, mentee, proposal
