"""Accounts at providers: whose they are, and who may join by one."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor, house
from tenants.audit import actions as audit
from tenants.identity import domains, gateway
from tenants.identity import provider_rules as rules
from tenants.identity.events import Event
from tenants.identity.provider_models import Account, IdentityProvider, ProviderState
from tenants.identity.provider_rules import Turned
from tenants.people import actions as people
from tenants.people import queries as people_queries
from tenants.people.models import Person
from tenants.permissions import Role

if TYPE_CHECKING:
    from infra.oidc.tokens import Claims

MAX_NAME = 100


async def own(session: AsyncSession, actor: Actor) -> list[tuple[UUID, UUID, str]]:
    """The actor's own connected accounts: id, and the provider's id and name."""
    query = (
        select(Account.id, Account.provider_id, IdentityProvider.name)
        .join(
            IdentityProvider,
            (IdentityProvider.organisation_id == Account.organisation_id)
            & (IdentityProvider.id == Account.provider_id),
        )
        .where(Account.person_id == actor.require_herself())
        .order_by(IdentityProvider.name, Account.id)
    )
    return [(row.id, row.provider_id, row.name) for row in (await session.execute(query)).all()]


async def own_open(session: AsyncSession, actor: Actor) -> list[tuple[UUID, str]]:
    """The providers, by id and name, at which the actor can sign in now."""
    query = (
        select(IdentityProvider.id, IdentityProvider.name)
        .join(
            Account,
            (Account.organisation_id == IdentityProvider.organisation_id)
            & (Account.provider_id == IdentityProvider.id),
        )
        .where(Account.person_id == actor.require_person(), IdentityProvider.state == ProviderState.OPEN)
        .distinct()
        .order_by(IdentityProvider.name, IdentityProvider.id)
    )
    return [(row.id, row.name) for row in (await session.execute(query)).all()]


async def disconnect(session: AsyncSession, actor: Actor, account_id: UUID) -> None:
    """
    Raises:
        NotFound: not one of the actor's own.
    """
    own = (Account.id == account_id) & (Account.person_id == actor.require_herself())
    gone = await session.execute(delete(Account).where(own).returning(Account.id))
    if gone.first() is None:
        raise NotFound(account_id=str(account_id))
    audit.record(session, actor, Event.ACCOUNT_DISCONNECTED, kind="person", id=actor.person_id)


async def whose(
    session: AsyncSession,
    actor: Actor,
    row: IdentityProvider,
    claims: "Claims",
    *,
    language: str,
    time_zone: str,
    may_be_private: bool = False,
) -> Person | Turned:
    """The person whom an account opens to; a new one, where the organisation lets her join by herself."""
    account = await find(session, row.issuer, claims.subject)
    if account is None:
        welcome = set(row.domains) & await domains.proved(session) if row.domains else set()
        if not welcome:
            return Turned.UNKNOWN
        claims = await gateway.completed(row, claims, may_be_private=may_be_private)
        person = await _joined(session, actor, welcome, claims, language=language, time_zone=time_zone)
        if person is None:
            return Turned.UNKNOWN
        account = connect(session, row, claims.subject, person.id)
        audit.record(session, actor, Event.ACCOUNT_CONNECTED, kind="person", id=person.id, joined=True)
    account.used_at = clock.now()
    query = select(Person).where(Person.id == account.person_id, Person.is_active)
    return (await session.scalars(query)).one_or_none() or Turned.HAS_LEFT


async def find(session: AsyncSession, issuer: str, subject: str) -> Account | None:
    query = select(Account).where(Account.issuer == issuer, Account.subject == subject)
    return (await session.scalars(query)).one_or_none()


def connect(session: AsyncSession, row: IdentityProvider, subject: str, person_id: UUID) -> Account:
    made = Account(
        organisation_id=row.organisation_id,
        provider_id=row.id,
        issuer=row.issuer,
        subject=subject,
        person_id=person_id,
    )
    session.add(made)
    return made


async def _joined(
    session: AsyncSession,
    actor: Actor,
    welcome: set[str],
    claims: "Claims",
    *,
    language: str,
    time_zone: str,
) -> Person | None:
    """None if her address is not welcome, or somebody here has it: an address alone opens nobody's record."""
    if claims.email is None or not rules.may_join(
        claims.email, is_verified=claims.is_email_verified, domains=welcome
    ):
        return None
    if await people_queries.find_by_email(session, claims.email) is not None:
        return None
    # What the house does here is bounded by the provider's domains, which the organisation has named and proved.
    return await people.join(
        session,
        house(actor.organisation_id),
        full_name=(claims.name or claims.email.partition("@")[0])[:MAX_NAME],
        email=claims.email,
        language=language,
        time_zone=time_zone,
        roles=(Role.PARTICIPANT,),
    )
