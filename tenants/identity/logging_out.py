"""A provider that ends what began there (OpenID Connect Back-Channel Logout 1.0)."""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Forbidden
from infra.oidc.errors import ProviderWrong, TokenRefused
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import accounts, gateway, providers
from tenants.identity import provider_rules as rules
from tenants.identity.events import Event
from tenants.identity.models import Session
from tenants.identity.provider_models import IdentityProvider, LogoutToken, Visit
from tenants.identity.rules import digest


async def end_by_provider(
    session: AsyncSession, actor: Actor, provider_id: UUID, raw: str, *, may_be_private: bool = False
) -> int:
    """
    End the sessions that a provider's logout token names; a token counts once. Returns how many ended.

    Raises:
        NotFound, ProviderWrong, TokenRefused
    """
    row = await providers.access(session, provider_id)
    ended = await gateway.ended(row, raw, may_be_private=may_be_private)
    if not await _is_first(session, row, ended.jti):
        return 0
    account = await accounts.find(session, row.issuer, ended.subject) if ended.subject else None
    if ended.subject and account is None:
        return 0
    conditions: list[ColumnElement[bool]] = [Session.ended_at.is_(None)]
    if account is not None:
        conditions.append(Session.person_id == account.person_id)
    if ended.session is not None:
        conditions.append(Session.provider_session == rules.provider_session(row.id, ended.session))
    gone = await session.execute(
        update(Session).where(*conditions).values(ended_at=clock.now()).returning(Session.id)
    )
    count = len(gone.all())
    audit.record(
        session, actor, Event.PROVIDER_ENDED_SESSIONS, kind="identity_provider", id=row.id, count=count
    )
    return count


def note_not_believed(
    session: AsyncSession, actor: Actor, provider_id: UUID, error: ProviderWrong | TokenRefused
) -> None:
    """Write down that what was sent for a provider ended nothing; its own transaction was rolled back."""
    audit.record(
        session, actor, Event.PROVIDER_NOT_BELIEVED, kind="identity_provider", id=provider_id, why=error.why.value
    )  # fmt: skip


async def clear_expired(session: AsyncSession, actor: Actor) -> None:
    """Remove visits that are over and logout tokens of yesterday. Raises Forbidden: only the house clears."""
    if actor.kind != "house":
        raise Forbidden(permission="house")
    now = clock.now()
    await session.execute(delete(Visit).where(Visit.expires_at < now))
    await session.execute(delete(LogoutToken).where(LogoutToken.created_at < now - rules.TOKENS_KEPT))


async def _is_first(session: AsyncSession, row: IdentityProvider, jti: str) -> bool:
    made = await session.execute(
        insert(LogoutToken)
        .values(organisation_id=row.organisation_id, id=ids.new(), provider_id=row.id, jti_digest=digest(jti))
        .on_conflict_do_nothing(index_elements=["organisation_id", "provider_id", "jti_digest"])
        .returning(LogoutToken.id)
    )
    return made.first() is not None
