"""API tokens: made for a purpose, shown once, ended when no longer needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import queries, rules
from tenants.identity.events import Event
from tenants.identity.models import ApiToken
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Made:
    """A new token; `secret` is the whole text of it, which nobody can show again."""

    secret: str
    token: ApiToken


async def make(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    permissions: Iterable[str],
    expires_at: datetime | None = None,
) -> Made:
    """
    Make a token that may do some of what its maker may do, for three months unless said otherwise.

    Raises:
        StepUpNeeded: she has proved too long ago who she is, and a token outlives her session.
        Invalid: no name, a permission that the maker does not hold, or too long a life.
    """
    actor.require(Permission.TOKENS_MANAGE)
    actor.require_fresh_session(clock.now())
    secret = ids.token()
    made = ApiToken(
        organisation_id=actor.organisation_id,
        name=rules.name(name),
        person_id=actor.require_person(),
        token_digest=rules.digest(secret),
        permissions=[one.value for one in rules.token_permissions(permissions, actor.permissions)],
        expires_at=rules.token_expiry(expires_at, clock.now()),
    )
    session.add(made)
    await session.flush()
    audit.record(session, actor, Event.TOKEN_MADE, kind="token", id=made.id, permissions=made.permissions)
    return Made(rules.write_token(actor.organisation_id, secret), made)


async def end(session: AsyncSession, actor: Actor, token_id: UUID) -> ApiToken:
    """
    End a token at once, whoever made it.

    Raises:
        NotFound: no such token.
    """
    actor.require(Permission.TOKENS_MANAGE)
    token = await queries.access_token(session, actor, token_id)
    if token.ended_at is None:
        token.ended_at = clock.now()
        audit.record(session, actor, Event.TOKEN_ENDED, kind="token", id=token.id)
    return token
