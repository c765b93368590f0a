"""An event stream ends soon after the right to see it has ended."""

import asyncio

import pytest

from infra.http import events
from tenants.identity import actions as identity
from tenants.identity import sessions
from tenants.people import actions as people
from tenants.permissions import Role
from tenants.registration.importing import actions as imports
from tests import making
from tests.tenants.registration.roster.books import HEADER, as_csv


@pytest.fixture
async def stream(database, browse, monkeypatch, made):
    """An import that nobody works on, and the stream of its progress, as the coordinator follows it."""
    monkeypatch.setattr(events, "RECHECK_S", 0.1)
    launched = await making.programme(database, made)
    by = made.coordinator
    content = as_csv([HEADER, ("Ana", "ana@example.org", "Mentee")])
    async with database.tenant_session(by.context()) as session:
        found = await imports.upload(
            session, by, cycle_id=launched.cycle.id, file_name="people.csv", content=content
        )
    browser = await making.signed_in(database, browse, made, by)
    following = asyncio.create_task(browser.client.get(f"/c/import/{found.id}/events"))
    await asyncio.sleep(0.4)
    assert not following.done()  # several looks later it goes on: nothing has been taken from her
    yield following
    following.cancel()


async def ended(stream) -> str:
    async with asyncio.timeout(5):
        answer = await stream
    assert answer.status_code == 200
    return answer.text


async def test_after_signing_out_elsewhere(database, made, stream):
    async with database.tenant_session(made.owner.context()) as session:
        await sessions.end_all(session, made.owner, made.coordinator.person_id)
    assert "event: end" not in await ended(stream)  # so the page asks anew, and is shown the way to sign in


async def test_after_she_has_left(database, made, stream):
    async with database.tenant_session(made.owner.context()) as session:
        await identity.deactivate(session, made.owner, made.coordinator.person_id)
    await ended(stream)


async def test_after_her_role_was_taken(database, made, stream):
    async with database.tenant_session(made.owner.context()) as session:
        await people.take_role(session, made.owner, made.coordinator.person_id, Role.COORDINATOR)
    await ended(stream)
