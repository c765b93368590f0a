"""Setting sign-in providers up: add, try, open, close, remove."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.crypto.hierarchy import KeySet
from infra.errors import Conflict, Invalid, LimitReached, NotFound, Problem, WrongState
from infra.oidc.errors import ProviderWrong
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import domains as domain_actions
from tenants.identity import gateway
from tenants.identity import provider_rules as rules
from tenants.identity.events import Event
from tenants.identity.provider_models import IdentityProvider, ProviderKind, ProviderState
from tenants.permissions import Permission


class ProviderKnown(Conflict):
    code = "provider_known"


class TooManyProviders(LimitReached):
    code = "too_many_providers"


class NotTried(WrongState):
    """Nobody has come in through it yet: opening it might lock everybody out."""

    code = "provider_not_tried"


@dataclass(frozen=True, slots=True)
class Listed:
    id: UUID
    name: str
    kind: ProviderKind
    issuer: str
    client_id: str
    has_secret: bool
    domains: list[str]
    state: ProviderState
    tried_at: datetime | None


async def listed(session: AsyncSession, actor: Actor) -> list[Listed]:
    actor.require(Permission.SIGN_IN_MANAGE)
    rows = await session.scalars(
        select(IdentityProvider).order_by(IdentityProvider.name, IdentityProvider.id)
    )
    return [_listed(row) for row in rows]


async def ways_in(session: AsyncSession) -> list[tuple[UUID, str]]:
    """What the sign-in page offers to everybody: id and name."""
    query = (
        select(IdentityProvider.id, IdentityProvider.name)
        .where(IdentityProvider.state == ProviderState.OPEN)
        .order_by(IdentityProvider.name, IdentityProvider.id)
    )
    return [(row.id, row.name) for row in (await session.execute(query)).all()]


async def access(session: AsyncSession, provider_id: UUID) -> IdentityProvider:
    """Raises NotFound."""
    row = (
        await session.scalars(select(IdentityProvider).where(IdentityProvider.id == provider_id))
    ).one_or_none()
    if row is None:
        raise NotFound(provider_id=str(provider_id))
    return row


async def access_open(session: AsyncSession, provider_id: UUID) -> IdentityProvider:
    """One that everybody may sign in at. Raises NotFound."""
    row = await access(session, provider_id)
    if row.state != ProviderState.OPEN:
        raise NotFound(provider_id=str(provider_id))
    return row


async def add(
    session: AsyncSession,
    actor: Actor,
    keys: KeySet,
    *,
    name: str,
    kind: ProviderKind,
    issuer: str,
    client_id: str,
    secret: str,
    domains: Iterable[str] = (),
    may_be_private: bool = False,
) -> Listed:
    """
    Add a provider as a draft, after it has described itself.

    Raises:
        Invalid: also if it cannot be reached or used, and why.
        Forbidden, ProviderKnown, TooManyProviders
    """
    actor.require(Permission.SIGN_IN_MANAGE)
    told = rules.told(kind, name=name, issuer=issuer, client_id=client_id, secret=secret, domains=domains)
    row = IdentityProvider(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        name=told.name,
        kind=kind,
        issuer=told.issuer,
        client_id=told.client_id,
        directory=told.directory,
        domains=told.domains,
        state=ProviderState.DRAFT,
    )
    count = await session.scalar(select(func.count()).select_from(IdentityProvider)) or 0
    if count >= rules.MOST_PROVIDERS:
        raise TooManyProviders(maximum=rules.MOST_PROVIDERS)
    known = select(IdentityProvider.id).where(
        IdentityProvider.issuer == row.issuer, IdentityProvider.client_id == row.client_id
    )
    if (await session.scalars(known)).first() is not None:
        raise ProviderKnown
    try:
        await gateway.look(row.issuer, may_be_private=may_be_private)
    except ProviderWrong as wrong:
        facts = {name: value for name, value in wrong.facts.items() if name != "why"}
        raise Invalid(Problem("issuer", wrong.why.value, facts)) from None
    if told.secret is not None:
        wrapped, row.secret = await gateway.seal(actor.organisation_id, row.id, told.secret, keys)
        row.key_id, row.wrapped_key = wrapped.id, wrapped.wrapped
    await domain_actions.ensure(session, actor, told.domains)
    session.add(row)
    await session.flush()
    audit.record(
        session, actor, Event.PROVIDER_ADDED, kind="identity_provider", id=row.id, provider=kind.value
    )
    return _listed(row)


async def open_for_all(session: AsyncSession, actor: Actor, provider_id: UUID) -> Listed:
    """
    Offer it to everybody on the sign-in page.

    Raises:
        NotTried: nobody has come in through it yet.
    """
    actor.require(Permission.SIGN_IN_MANAGE)
    row = await access(session, provider_id)
    if row.tried_at is None:
        raise NotTried
    if row.state != ProviderState.OPEN:
        row.state = ProviderState.OPEN
        audit.record(session, actor, Event.PROVIDER_OPENED, kind="identity_provider", id=row.id)
    return _listed(row)


async def close(session: AsyncSession, actor: Actor, provider_id: UUID) -> Listed:
    """Nobody comes in through it any more; connected accounts are kept for when it opens again."""
    actor.require(Permission.SIGN_IN_MANAGE)
    row = await access(session, provider_id)
    if row.state != ProviderState.CLOSED:
        row.state = ProviderState.CLOSED
        audit.record(session, actor, Event.PROVIDER_CLOSED, kind="identity_provider", id=row.id)
    return _listed(row)


async def remove(session: AsyncSession, actor: Actor, provider_id: UUID) -> None:
    """Forget it, its secret and the accounts connected through it. The people stay."""
    actor.require(Permission.SIGN_IN_MANAGE)
    row = await access(session, provider_id)
    await session.delete(row)
    await session.flush()
    audit.record(session, actor, Event.PROVIDER_REMOVED, kind="identity_provider", id=provider_id)


async def note_tried(session: AsyncSession, actor: Actor, row: IdentityProvider) -> None:
    row.tried_at = clock.now()
    audit.record(session, actor, Event.PROVIDER_TRIED, kind="identity_provider", id=row.id)


def _listed(row: IdentityProvider) -> Listed:
    return Listed(
        row.id, row.name, ProviderKind(row.kind), row.issuer, row.client_id, row.secret is not None,
        list(row.domains), ProviderState(row.state), row.tried_at,
    )  # fmt: skip
