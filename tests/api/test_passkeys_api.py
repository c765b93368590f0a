"""Passkeys through the JSON door: seen, removed for who has lost them, demanded; never made."""

import httpx
import pytest
from sqlalchemy import select

from infra import clock
from infra.errors import Forbidden, StepUpNeeded
from tenants.actor import Actor
from tenants.identity import passkeys, tokens
from tenants.identity.models import Session
from tests import making
from tests.authenticator import Authenticator
from tests.passkeys import add, rows


@pytest.fixture
async def caller(database, app, made):
    permissions = ("roles.grant", "sign_in.manage", "own.case")
    async with database.tenant_session(made.owner.context()) as session:
        secret = (await tokens.make(session, made.owner, name="Test", permissions=permissions)).secret
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    ) as found:
        yield found


async def test_they_are_listed_demanded_and_removed(database, made, browse, caller):
    assert (await caller.get("/organisation/passkeys")).json() == {"is_demanded": False}
    refused = await caller.put("/organisation/passkeys", json={"is_demanded": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "passkey_first")

    owner = await making.signed_in(database, browse, made, made.owner)
    await add(owner, Authenticator(f"http://{made.host}"), name="Blue key")
    (listed,) = (await caller.get("/me/passkeys")).json()
    assert (listed["name"], listed["is_synced"], listed["is_elsewhere"]) == ("Blue key", False, False)
    her = str(made.owner.person_id)
    assert (await caller.get("/passkeys")).json() == [{"person_id": her, "passkeys": 1}]
    demanded = await caller.put("/organisation/passkeys", json={"is_demanded": True})
    assert (demanded.status_code, demanded.json()) == (200, {"is_demanded": True})

    assert (await caller.delete(f"/members/{her}/passkeys")).status_code == 204
    assert (await caller.get("/me/passkeys")).json() == []
    assert all(row.ended_at for row in await rows(database, made, Session))


async def test_a_token_never_proves_who_somebody_is(database, made):
    """What needs a fresh proof is done on a page: a token that has leaked must not be enough for it."""
    now = clock.now()
    token = Actor(made.id, "token", made.owner.person_id, verified_at=now)
    for actor in (token, made.house, Actor(made.id, "visitor")):
        with pytest.raises(StepUpNeeded):
            actor.require_fresh(now)
    async with database.tenant_session(made.house.context()) as session:
        site = passkeys.Site(made.host, f"http://{made.host}", "name")
        with pytest.raises(StepUpNeeded):
            await passkeys.to_add(session, token, site, b"browser")
        with pytest.raises(Forbidden):
            await passkeys.to_add(session, made.house, site, b"browser")
        assert await session.scalar(select(passkeys.Passkey.id)) is None
