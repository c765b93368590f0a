"""An organisation's own sign-in provider, added, tried and opened through its pages."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import inspect, select

from infra import clock
from tenants.audit.models import AuditEvent
from tenants.identity.domain_models import Domain
from tenants.identity.provider_models import IdentityProvider
from tests import making, signing_in
from tests.signing_in import CLIENT, SECRET, Provider


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with signing_in.running() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Iterator[Provider]:
    yield running
    running.reset()


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


@pytest.fixture
async def opened(owner, provider, made, database):
    """The id of a provider that an owner has added, tried and opened."""
    await add(owner, provider, domains="example.org")
    await proved(database, made, "example.org")
    (row,) = await rows(database, made, IdentityProvider)
    assert "It works" in (await back(owner, provider, f"/a/sign-in/{row.id}/try")).text
    await (await owner.get("/a/sign-in")).submit(f"/a/sign-in/{row.id}/open")
    return row.id


async def proved(database, made, name: str) -> None:
    """As if its record had been found."""
    async with database.tenant_session(made.house.context()) as session:
        (await session.scalars(select(Domain).where(Domain.name == name))).one().proved_at = clock.now()


async def add(owner, provider: Provider, **changed: str):
    filled = {
        "kind": "keycloak", "name": "Our account", "issuer": provider.issuer, "client_id": CLIENT, "secret": SECRET,
    } | changed  # fmt: skip
    return await (await owner.get("/a/sign-in")).submit("/a/sign-in", **filled)


async def away(browser, path: str) -> str:
    answer = await browser.client.get(path, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def back(browser, provider: Provider, path: str, **changed: str):
    """To the provider, signed in there, and back."""
    return await browser.get(local(provider.sign_in(await away(browser, path)), **changed))


def local(address: str, **changed: str) -> str:
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    return f"{parts.path}?{urlencode({name: value for name, value in asked.items() if value})}"


async def rows(database, made, table):
    async with database.tenant_session(made.house.context()) as session:
        return list(await session.scalars(select(table).order_by(*inspect(table).primary_key)))


async def events(database, made) -> list[str]:
    return [row.event for row in await rows(database, made, AuditEvent)]


async def refusals(database, made, event: str) -> list[str]:
    """Why the trail says that something was refused."""
    return sorted(row.details["why"] for row in await rows(database, made, AuditEvent) if row.event == event)
