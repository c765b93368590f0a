"""A trail to tamper with."""

from collections.abc import Callable
from uuid import UUID

import pytest

from infra import ids
from infra.db.session import Database
from tenants.actor import Actor, house
from tenants.audit.actions import record
from tenants.people.events import Event


@pytest.fixture
def trail(database: Database) -> Callable[..., object]:
    """`await trail(count)` writes events of an organisation of its own, a few in each transaction."""

    async def write(count: int, *, organisation_id: UUID | None = None, at_once: int = 5) -> Actor:
        actor = house(organisation_id or ids.new())
        for start in range(0, count, at_once):
            async with database.tenant_session(actor.context()) as session:
                for n in range(start, min(start + at_once, count)):
                    record(
                        session,
                        actor,
                        Event.PERSON_CHANGED,
                        kind="person",
                        id=ids.new(),
                        fields=["name", f"Grüße {n}"],
                        nothing=None,
                    )
        return actor

    return write
