"""
What an API handler is given: the actor behind the token and a transaction of her organisation.

The token carries its own organisation, so the same address serves all.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.exceptions import NotAuthorizedException

from infra import language
from infra.ground import Ground
from infra.http.asgi import Scope, header
from infra.http.limits import Limiter, Policy
from tenants.actor import Actor
from tenants.identity import queries as identity

API = Policy("api", quota=600, window_s=60)
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class ApiDoor:
    """One request. `session` is a transaction that commits before the first byte of the answer."""

    request: AnyRequest
    ground: Ground
    actor: Actor
    session: Any  # an AsyncSession; the JSON door writes no SQL and so does not name it


class ApiDoorMaker:
    def __init__(self, ground: Ground, limiter: Limiter) -> None:
        self._ground = ground
        self._limiter = limiter

    @asynccontextmanager
    async def open(self, request: AnyRequest) -> AsyncIterator[ApiDoor]:
        """
        Raises:
            NotAuthorizedException: no token, or one that is not (any more) good.
            LimitsUsedUp: more calls than the policy allows.
        """
        token = bearer(request.scope)
        if token is None:
            raise _unknown("no token")
        await self._limiter.count(request.scope, (API, token))
        async with self._ground.database.platform_session("resolver") as connection:
            found = await identity.resolve_token(connection, token)
        if found is None:
            raise _unknown("invalid_token")
        actor = found.actor
        with language.use(language.negotiate(request.headers.get("accept-language"))):
            async with self._ground.database.tenant_session(actor.context()) as session:
                yield ApiDoor(request, self._ground, actor, session)


def bearer(scope: Scope) -> str | None:
    """The token of the Authorization header (RFC 6750)."""
    scheme, _, token = (header(scope, "authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _unknown(reason: str) -> NotAuthorizedException:
    challenge = "Bearer" if reason == "no token" else f'Bearer error="{reason}"'
    return NotAuthorizedException(headers={"www-authenticate": challenge})
