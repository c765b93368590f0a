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

from infra.ground import Ground
from infra.http.asgi import ASGIApp, Receive, Scope, Send, header, state
from infra.http.limits import Limiter, Policy
from infra.http.source import source
from tenants.actor import Actor
from tenants.identity import queries as identity
from tenants.identity import sessions
from tenants.identity.queries import SignedIn

API = Policy("api", quota=600, window_s=60)
UNKNOWN = Policy("unknown", quota=60, window_s=60)  # calls without a good token, by source
CALLER = "api_caller"
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class ApiDoor:
    """One request. `session` is a transaction that commits before the first byte of the answer."""

    request: AnyRequest
    ground: Ground
    actor: Actor
    session: Any  # an AsyncSession; the JSON door writes no SQL and so does not name it


class KnownCaller:
    """
    Middleware: who stands behind the token, found once and before anything is remembered in her name.

    Stands outside of `Idempotency`, since a token that has been taken away must
    not get a stored answer.
    """

    def __init__(self, app: ASGIApp, ground: Ground) -> None:
        self._app = app
        self._ground = ground

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (token := bearer(scope)):
            async with self._ground.database.platform_session("resolver") as connection:
                found = await identity.resolve_token(connection, token)
            if found:
                state(scope)[CALLER] = found
        await self._app(scope, receive, send)


def caller(scope: Scope) -> str | None:
    """The token that asks, for idempotency keys; None for nobody in particular."""
    found: SignedIn | None = state(scope).get(CALLER)
    return f"{found.actor.organisation_id}:{found.actor.token_id}" if found else None


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
        found: SignedIn | None = state(request.scope).get(CALLER)
        if found is None:
            await self._limiter.count(request.scope, (UNKNOWN, source(request.scope)))
            raise _unknown("no token" if bearer(request.scope) is None else "invalid_token")
        actor = found.actor
        await self._limiter.count(request.scope, (API, str(actor.token_id)))
        # The language of the request is spoken already, by the shell around both doors. It could not be chosen
        # here: beside another dependency this runs in a task of its own, whose context the handler does not see.
        async with self._ground.database.tenant_session(actor.context()) as session:
            if found.is_stale:
                await sessions.note_seen(session, actor)
            yield ApiDoor(request, self._ground, actor, session)


def bearer(scope: Scope) -> str | None:
    """The token of the Authorization header (RFC 6750)."""
    scheme, _, token = (header(scope, "authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _unknown(reason: str) -> NotAuthorizedException:
    challenge = "Bearer" if reason == "no token" else f'Bearer error="{reason}"'
    return NotAuthorizedException(headers={"www-authenticate": challenge})
