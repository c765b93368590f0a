"""An owner sees under which key everything lies, and asks for a new one; on the page and by the API."""

import httpx
import pytest

from infra.crypto.envelope import Place
from infra.keys import rotation
from infra.keys.errors import KeyServiceUnavailable
from infra.keys.owners import KeyOwner
from tenants.identity import tokens
from tenants.permissions import Permission, Role
from tests import making
from tests.working import drain


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


@pytest.fixture
async def kept(ground, made):
    """Something sealed for a person of the organisation."""
    person = made.owner.person_id
    place = Place(made.id, "note", person, "body")
    sealed = await ground.keys.seal(KeyOwner(made.id, person), place, b"between us")
    return KeyOwner(made.id, person), place, sealed


async def events(ground, made) -> list[str]:
    from tenants.audit import queries
    from tenants.audit.queries import Filter

    async with ground.database.tenant_session(made.owner.context()) as session:
        rows = await queries.events(session, made.owner, Filter(), limit=20)
    return [row.event for row in rows if "key" in row.event]


async def test_nothing_is_sealed_at_first(owner):
    assert "Nothing is sealed yet" in (await owner.get("/a/keys")).text


async def test_a_new_key_is_made_by_a_worker_and_written_down(owner, ground, made, kept):
    page = await owner.get("/a/keys")
    assert "Key 1 seals your confidential texts" in page.text

    asked = await page.submit("/a/keys")
    assert "A new key is on its way" in asked.text
    assert "/a/keys" not in asked.forms
    assert await drain(ground, made.id, kinds=("organisation.renew_key",)) == ["organisation.renew_key"]

    page = await owner.get("/a/keys")
    assert "Key 2 seals your confidential texts" in page.text
    assert await ground.keys.unseal(*kept) == b"between us"
    assert not await rotation.left(ground.keys, made.id, [])
    assert await events(ground, made) == ["organisation.key_renewed", "organisation.key_asked"]

    again = await page.submit("/a/keys")
    assert again.status == 422
    assert "One a day is enough" in again.text


async def test_while_the_key_service_is_away_the_page_says_so(owner, ground, kept, monkeypatch):
    async def away(*_):
        raise KeyServiceUnavailable(found="key_database")

    monkeypatch.setattr(rotation, "tenant_keys", away)
    page = await owner.get("/a/keys")
    assert page.status == 200
    assert "The key service does not answer" in page.text


async def test_only_an_owner_may_see_or_ask(database, browse, made):
    for role in (Role.PROGRAMME_MANAGER, Role.COORDINATOR, Role.IT_CONTACT, Role.PARTICIPANT):
        somebody = await making.somebody(database, made.id, role)
        browser = await making.signed_in(database, browse, made, somebody)
        assert (await browser.get("/a/keys")).status == 403


async def test_the_api_says_the_same(database, app, ground, made, kept):
    async with database.tenant_session(made.owner.context()) as session:
        made_token = await tokens.make(session, made.owner, name="T", permissions=[Permission.KEYS_RENEW])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {made_token.secret}"},
    ) as client:
        assert (await client.get("/organisation/key")).json()["version"] == 1

        asked = await client.post("/organisation/key")
        assert (asked.status_code, asked.json()["is_asked"]) == (202, True)
        refused = await client.post("/organisation/key")
        assert (refused.status_code, refused.json()["code"]) == (429, "new_key_asked_today")
        await drain(ground, made.id, kinds=("organisation.renew_key",))

        answer = (await client.get("/organisation/key")).json()
        assert answer == {"version": 2, "made_at": answer["made_at"], "left": 0, "is_asked": False}
