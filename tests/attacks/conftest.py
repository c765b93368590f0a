"""An organisation of two offices, for whoever reaches from the one into the other."""

import pytest

from tenants.organisations import actions as organisations


@pytest.fixture
async def offices(database, made):
    async with database.tenant_session(made.owner.context()) as session:
        return [
            (await organisations.open_office(session, made.owner, name=name, time_zone="UTC")).id
            for name in ("Aarhus", "Copenhagen")
        ]
