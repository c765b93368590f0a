"""What an organisation demands of those who sign in: a passkey of all who work for it, ways strong enough of its providers."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import WrongState
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import passkeys, providers
from tenants.identity import provider_rules as rules
from tenants.identity.events import Event
from tenants.identity.provider_models import IdentityProvider
from tenants.organisations import queries as organisations
from tenants.permissions import Permission


class PasskeyFirst(WrongState):
    """Who demands passkeys of all must have one herself."""

    code = "passkey_first"


@dataclass(frozen=True, slots=True)
class Demands:
    """`has_own`: whether she who asks has a passkey. `acr_values` by provider, with its name."""

    passkeys: bool
    has_own: bool
    acr_values: list[tuple[UUID, str, list[str]]]


async def shown(session: AsyncSession, actor: Actor, host: str) -> Demands:
    actor.require(Permission.SIGN_IN_MANAGE)
    query = select(IdentityProvider).order_by(IdentityProvider.name, IdentityProvider.id)
    rows = await session.scalars(query)
    return Demands(
        (await organisations.own(session)).demands_passkeys,
        await passkeys.has_any(session, actor.require_herself(), host),
        [(row.id, row.name, row.acr_values) for row in rows],
    )


async def demand_passkeys(session: AsyncSession, actor: Actor, *, is_demanded: bool, host: str) -> bool:
    """
    Demand a passkey of all who work for the organisation, or demand it no longer. Counts from the next request on.

    Whoever has none makes one when she next comes. Returns whether anything has changed.

    Raises:
        Forbidden
        StepUpNeeded: at a page; a token was made by somebody who knew what it may do.
        PasskeyFirst: she has none herself.
    """
    actor.require(Permission.SIGN_IN_MANAGE)
    actor.require_fresh_session(clock.now())
    own = await organisations.own(session)
    if own.demands_passkeys == is_demanded:
        return False
    if is_demanded and not await passkeys.has_any(session, actor.require_herself(), host):
        raise PasskeyFirst
    own.demands_passkeys = is_demanded
    event = Event.PASSKEYS_DEMANDED if is_demanded else Event.PASSKEYS_LEFT_FREE
    audit.record(session, actor, event, kind="organisation", id=actor.organisation_id)
    return True


async def demand_acr(session: AsyncSession, actor: Actor, provider_id: UUID, values: Iterable[str]) -> None:
    """
    Which ways of signing in at a provider (acr) prove enough for what is confidential; none means any.

    Raises:
        Invalid: too many, or one that is none.
        NotFound, Forbidden, StepUpNeeded
    """
    actor.require(Permission.SIGN_IN_MANAGE)
    actor.require_fresh_session(clock.now())
    row = await providers.access(session, provider_id)
    row.acr_values = rules.acr_values(values)
    audit.record(
        session, actor, Event.PROVIDER_ACR_SET, kind="identity_provider", id=row.id, count=len(row.acr_values)
    )
