"""
The way to a provider's door and back: code flow with PKCE, state and nonce, by Authlib; the tokens are judged in `tokens`.
"""

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from infra.oidc import tokens
from infra.oidc.errors import Mistake, ProviderWrong, TokenRefused
from infra.oidc.fetching import PATIENCE_S, Guarded, get_json
from infra.oidc.provider import Described, Provider
from infra.oidc.tokens import Claims, Expected

SCOPE = "openid email profile"


@dataclass(frozen=True, slots=True)
class Client:
    """How we are known to a provider."""

    client_id: str
    secret: str | None = field(repr=False)
    callback: str


@dataclass(frozen=True, slots=True)
class Way:
    """What has to be remembered until somebody comes back, by the address where she is sent."""

    address: str
    state: str
    nonce: str
    verifier: str = field(repr=False)


async def way(
    provider: Provider,
    client: Client,
    *,
    is_fresh: bool = False,
    acr: Iterable[str] = (),
    login_hint: str = "",
) -> Way:
    """
    Where to send somebody, with new secrets.

    `is_fresh` asks that she prove anew who she is, `acr` that she do so in one of these ways. A provider may not
    listen: what it did is in the token. `login_hint` is whom its form is to expect.

    Raises:
        ProviderWrong
    """
    described = await provider.described()
    verifier, nonce, state = secrets.token_urlsafe(48), secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    asked: dict[str, str] = {"max_age": "0"} if is_fresh else {}
    if wanted := " ".join(acr):
        asked["acr_values"] = wanted
    if login_hint:
        asked["login_hint"] = login_hint
    async with _authlib(client, provider, described.ways[0]) as session:
        address, _state = session.create_authorization_url(
            described.authorization_endpoint, state=state, code_verifier=verifier, nonce=nonce, **asked
        )
    return Way(address, state, nonce, verifier)


async def fetch(
    provider: Provider,
    client: Client,
    *,
    code: str,
    verifier: str,
    nonce: str,
    directory: str | None = None,
    within_s: int | None = None,
) -> Claims:
    """
    Change the code that came back for a token, and judge it.

    Raises:
        ProviderWrong: the provider did not take our secret or the code, or cannot be reached.
        TokenRefused: what it gave proves nothing.
    """
    described = await provider.described()
    found = await _tokens(provider, described, client, code, verifier)
    raw = found.get("id_token")
    if not isinstance(raw, str):
        raise ProviderWrong(Mistake.NO_TOKEN)
    expected = Expected(
        provider.issuer, client.client_id, described.algorithms, nonce, directory=directory, within_s=within_s
    )
    keys = await provider.keys(wanting=tokens.key_id(raw))
    access_token = found.get("access_token")
    return tokens.identity(
        raw, keys, expected, access_token=access_token if isinstance(access_token, str) else None
    )


async def completed(provider: Provider, claims: Claims) -> Claims:
    """
    The same with name and address, where the provider tells them only to who asks once more (Core, 5.3 and 5.4).

    Raises:
        ProviderWrong: it cannot be reached, or answers with no claims.
        TokenRefused: it speaks of somebody else.
    """
    described = await provider.described()
    if claims.email is not None or claims.access_token is None or described.userinfo_endpoint is None:
        return claims
    address = described.userinfo_endpoint
    try:
        found = await get_json(address, bearer=claims.access_token, may_be_private=provider.may_be_private)
    except ProviderWrong as wrong:
        if wrong.why in (Mistake.NO_DISCOVERY, Mistake.NOT_JSON):
            raise ProviderWrong(Mistake.NO_USERINFO, found=address) from None
        raise
    return tokens.completed(claims, found)


async def ended(provider: Provider, client_id: str, raw: str) -> tokens.Ended:
    """
    What a provider's logout token says.

    Raises:
        ProviderWrong, TokenRefused
    """
    described = await provider.described()
    expected = Expected(provider.issuer, client_id, described.algorithms)
    return tokens.logout(raw, await provider.keys(wanting=tokens.key_id(raw)), expected)


async def _tokens(
    provider: Provider, described: Described, client: Client, code: str, verifier: str
) -> dict[str, object]:
    """
    What the provider gives for a code. Where it takes a secret in several ways, and not in the one that we tried
    first, the client was entered there with the other one; nothing of the code is used up by that.
    """
    ways = provider.ways_of(client.client_id, described) if client.secret else ("none",)
    for number, way in enumerate(ways):
        try:
            found = await _asked(provider, described, client, code, verifier, way)
        except ProviderWrong as wrong:
            if wrong.why is not Mistake.CLIENT_REFUSED or number == len(ways) - 1:
                raise
        else:
            provider.remember_way(client.client_id, way)
            return found
    raise ProviderWrong(Mistake.CLIENT_REFUSED)


async def _asked(
    provider: Provider, described: Described, client: Client, code: str, verifier: str, way: str
) -> dict[str, object]:
    try:
        async with asyncio.timeout(PATIENCE_S), _authlib(client, provider, way) as session:
            found = await session.fetch_token(
                described.token_endpoint, grant_type="authorization_code", code=code, code_verifier=verifier
            )
    except AuthlibBaseError as error:
        refused = error.error in ("invalid_client", "unauthorized_client")
        why = Mistake.CLIENT_REFUSED if refused else Mistake.CODE_REFUSED
        raise ProviderWrong(why, found=str(error.error)[:80]) from None
    except (httpx2.HTTPError, TimeoutError):
        raise ProviderWrong(Mistake.UNREACHABLE, found=described.token_endpoint) from None
    except ValueError:
        raise ProviderWrong(Mistake.NO_TOKEN) from None
    if not isinstance(found, dict):
        raise ProviderWrong(Mistake.NO_TOKEN)
    return dict(found)


def _authlib(client: Client, provider: Provider, way: str) -> AsyncOAuth2Client:
    return AsyncOAuth2Client(
        client.client_id,
        client.secret,
        scope=SCOPE,
        redirect_uri=client.callback,
        token_endpoint_auth_method=way,
        code_challenge_method="S256",
        transport=Guarded(may_be_private=provider.may_be_private),
        timeout=PATIENCE_S,
        follow_redirects=False,
        trust_env=False,
    )


__all__ = ["Claims", "Client", "ProviderWrong", "TokenRefused", "Way", "completed", "ended", "fetch", "way"]
