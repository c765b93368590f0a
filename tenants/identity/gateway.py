"""
The one file of the room that speaks to sign-in providers.

What it needs is loaded when the first of them is asked: most processes never do, and it is 20 MB.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from infra.crypto import envelope, hierarchy
from infra.crypto.envelope import Place
from infra.crypto.hierarchy import KeySet, WrappedKey
from infra.oidc.errors import Mistake, ProviderWrong
from tenants.identity.provider_models import IdentityProvider, Visit

if TYPE_CHECKING:
    from infra.oidc.exchange import Client, Way
    from infra.oidc.provider import Provider
    from infra.oidc.tokens import Claims, Ended

_providers: dict[tuple[str, bool], "Provider"] = {}
MOST_REMEMBERED = 200
PATIENCE_S = 7.0


async def look(issuer: str, *, may_be_private: bool) -> None:
    """
    Ask an issuer to describe itself, and for its keys.

    Raises:
        ProviderWrong: and why it cannot be used.
    """
    _providers.pop((issuer, may_be_private), None)
    found = _provider(issuer, may_be_private)
    async with _patiently(issuer):
        await found.described()
        await found.keys()


async def way(
    row: IdentityProvider,
    callback: str,
    keys: KeySet,
    *,
    is_fresh: bool,
    login_hint: str = "",
    may_be_private: bool,
) -> "Way":
    """Where to send somebody; `is_fresh` has her prove anew who she is. Raises ProviderWrong."""
    from infra.oidc import exchange

    client = await _client(row, callback, keys)
    async with _patiently(row.issuer):
        return await exchange.way(
            _provider(row.issuer, may_be_private),
            client,
            is_fresh=is_fresh,
            acr=row.acr_values if is_fresh else (),
            login_hint=login_hint,
        )


async def claims(
    row: IdentityProvider,
    visit: Visit,
    code: str,
    callback: str,
    keys: KeySet,
    *,
    within_s: int | None = None,
    may_be_private: bool,
) -> "Claims":
    """What the provider says about whoever came back. Raises ProviderWrong, TokenRefused."""
    from infra.oidc import exchange

    client = await _client(row, callback, keys)
    async with _patiently(row.issuer):
        return await exchange.fetch(
            _provider(row.issuer, may_be_private),
            client,
            code=code,
            verifier=visit.verifier,
            nonce=visit.nonce,
            directory=row.directory,
            within_s=within_s,
        )


async def completed(row: IdentityProvider, claims: "Claims", *, may_be_private: bool) -> "Claims":
    """The same with name and address, which some providers tell only to who asks. Raises ProviderWrong, TokenRefused."""
    from infra.oidc import exchange

    async with _patiently(row.issuer):
        return await exchange.completed(_provider(row.issuer, may_be_private), claims)


async def names_itself(row: IdentityProvider, *, may_be_private: bool) -> bool:
    """Whether an answer of this provider must say whose it is (RFC 9207)."""
    async with _patiently(row.issuer):
        return (await _provider(row.issuer, may_be_private).described()).names_itself


async def ended(row: IdentityProvider, raw: str, *, may_be_private: bool) -> "Ended":
    """What a logout token says. Raises ProviderWrong, TokenRefused."""
    from infra.oidc import exchange

    async with _patiently(row.issuer):
        return await exchange.ended(_provider(row.issuer, may_be_private), row.client_id, raw)


@asynccontextmanager
async def _patiently(issuer: str) -> AsyncIterator[None]:
    """All questions of one step together: a transaction waits meanwhile, and the database ends it after ten seconds."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield
    except TimeoutError:
        raise ProviderWrong(Mistake.UNREACHABLE, found=issuer) from None


async def seal(organisation_id: UUID, row_id: UUID, secret: str, keys: KeySet) -> tuple[WrappedKey, bytes]:
    """A client secret under a key of its own."""
    key, wrapped = await hierarchy.make_key(keys, wrapping(organisation_id))
    return wrapped, envelope.seal(key, _place(organisation_id, row_id), secret.encode())


async def _client(row: IdentityProvider, callback: str, keys: KeySet) -> "Client":
    from infra.oidc.exchange import Client

    secret = None
    if row.secret is not None and row.key_id is not None and row.wrapped_key is not None:
        stored = WrappedKey(row.key_id, 1, row.wrapped_key)
        key = await hierarchy.open_key(keys, stored, wrapping(row.organisation_id))
        secret = envelope.unseal(key, _place(row.organisation_id, row.id), row.secret).decode()
    return Client(row.client_id, secret, callback)


def _provider(issuer: str, may_be_private: bool) -> "Provider":
    """Shared by all requests, so that a description and keys are fetched once in a while and not each time."""
    from infra.oidc.provider import Provider

    if len(_providers) >= MOST_REMEMBERED:
        _providers.pop(next(iter(_providers)))
    return _providers.setdefault((issuer, may_be_private), Provider(issuer, may_be_private))


def _place(organisation_id: UUID, row_id: UUID) -> Place:
    return Place(organisation_id, "identity_provider", row_id, "secret")


def wrapping(organisation_id: UUID) -> dict[str, str]:
    return {"organisation": str(organisation_id), "purpose": "sign-in provider"}
