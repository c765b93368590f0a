"""Who asks: sessions and tokens by their secrets, as the resolver; and what their owner may see of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants import actor as actors
from tenants.actor import Actor, Half
from tenants.identity import rules
from tenants.identity.models import ApiToken, Session, SignInLink
from tenants.identity.rules import digest
from tenants.people import rules as people
from tenants.people.models import Person
from tenants.permissions import Permission, Role, of

__all__ = ["digest"]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who stands behind a secret. `is_stale` asks the door to say `actions.note_seen`."""

    actor: Actor
    full_name: str
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """A request to sign in, as the browser that asked may see it."""

    link_id: UUID
    email: str
    expires_at: datetime
    wrong_codes: int
    closed: rules.Refusal | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A link as whoever holds it may see it. Whether its person is known, it does not say."""

    closed: rules.Refusal | None
    needs_code: bool
    wrong_codes: int


@dataclass(frozen=True, slots=True)
class OwnSession:
    id: UUID
    device: str | None
    created_at: datetime
    seen_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class ListedToken:
    id: UUID
    name: str
    person_id: UUID
    full_name: str
    permissions: list[str]
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None

    def is_living(self, now: datetime) -> bool:
        return self.ended_at is None and (self.expires_at is None or self.expires_at > now)


_WHO = """
    SELECT x.id, x.person_id, {columns}, p.full_name, p.language, p.time_zone,
           array_agg(g.role) FILTER (WHERE g.role IS NOT NULL) AS roles,
           array_agg(g.office_id) FILTER (WHERE g.role IS NOT NULL) AS offices
    FROM {table} x
    JOIN person p ON p.organisation_id = x.organisation_id AND p.id = x.person_id
    JOIN organisation o ON o.organisation_id = x.organisation_id
    LEFT JOIN role_grant g ON g.organisation_id = x.organisation_id AND g.person_id = x.person_id
    WHERE x.organisation_id = :organisation AND x.token_digest = :digest AND x.ended_at IS NULL
      AND (x.expires_at IS NULL OR x.expires_at > :now) AND p.is_active
    GROUP BY x.id, x.person_id, {columns}, p.full_name, p.language, p.time_zone"""
_SESSION = text(
    _WHO.format(
        table="session", columns="x.seen_at, x.verified_at, x.support_id, x.passkey_at, o.demands_passkeys"
    )
)
_TOKEN = text(_WHO.format(table="api_token", columns="x.used_at, x.permissions"))


async def resolve_session(connection: AsyncConnection, organisation_id: UUID, secret: str) -> SignedIn | None:
    """As the resolver: who holds the session `secret` in this organisation, with the roles of this moment."""
    row = await _find(connection, _SESSION, organisation_id, secret)
    if row is None:
        return None
    roles = _roles(row)
    now = clock.now()
    if now - row.seen_at > rules.lifetime(roles).idle:
        return None
    if _owes_passkey(row, roles):
        half = actors.visitor(organisation_id, row.language, half=Half(row.person_id, row.id))
        return SignedIn(half, "", is_stale=False)
    actor = actors.person(
        organisation_id,
        row.person_id,
        roles,
        offices=_offices(row),
        session_id=row.id,
        language=row.language,
        time_zone=row.time_zone,
        verified_at=row.verified_at,
    )
    if row.support_id is not None:
        actor = actors.support(actor, row.support_id)
    return SignedIn(actor, row.full_name, now - row.seen_at >= rules.SEEN_EACH)


def _owes_passkey(row: Any, roles: frozenset[Role]) -> bool:
    """Whether she is still at the door. Of support nobody asks one: whoever let it in was asked."""
    is_asked = row.demands_passkeys and row.support_id is None and rules.works_here(of(roles))
    return bool(is_asked and row.passkey_at is None)


async def resolve_token(connection: AsyncConnection, token: str) -> SignedIn | None:
    """
    As the resolver: who made the API token, with what it may still do.

    It may do what it was made for, as far as its maker may do that herself at this moment.
    """
    read = rules.read_token(token)
    row = await _find(connection, _TOKEN, *read) if read else None
    if read is None or row is None:
        return None
    roles = _roles(row)
    actor = Actor(
        read[0],
        "token",
        row.person_id,
        roles,
        of(roles) & {Permission(one) for one in row.permissions if one in set(Permission)},
        _offices(row),
        token_id=row.id,
        language=row.language,
        time_zone=row.time_zone,
    )
    is_stale = row.used_at is None or clock.now() - row.used_at >= rules.SEEN_EACH
    return SignedIn(actor, row.full_name, is_stale)


async def _find(connection: AsyncConnection, query: Any, organisation_id: UUID, secret: str) -> Any:
    values = {"organisation": organisation_id, "digest": digest(secret), "now": clock.now()}
    return (await connection.execute(query, values)).one_or_none()


def _roles(row: Any) -> frozenset[Role]:
    return frozenset(Role(role) for role in row.roles or ())


def _offices(row: Any) -> frozenset[UUID]:
    return people.reach(
        (Role(role), office) for role, office in zip(row.roles or (), row.offices or (), strict=True)
    )


async def find_link(session: AsyncSession, link_id: UUID, *, lock: bool = False) -> SignInLink | None:
    query = select(SignInLink).where(SignInLink.id == link_id)
    found: SignInLink | None = await session.scalar(query.with_for_update() if lock else query)
    return found


async def pending(session: AsyncSession, link_id: UUID, browser_digest: bytes) -> Pending | None:
    """The request that this very browser has made; None for any other."""
    link = await find_link(session, link_id)
    if link is None or link.email is None or not rules.is_same(link.browser_digest, browser_digest):
        return None
    return Pending(link.id, link.email, link.expires_at, link.wrong_codes, rules.closed(link, clock.now()))


async def opened(session: AsyncSession, link_id: UUID, browser_digest: bytes | None) -> Opened:
    """What the holder of a link can do with it in this browser. Changes nothing."""
    link = await find_link(session, link_id)
    if link is None:
        return Opened(rules.Refusal.EXPIRED, True, 0)
    is_same_browser = rules.is_same(link.browser_digest, browser_digest)
    return Opened(
        rules.closed(link, clock.now()),
        rules.needs_code(link, has_link=True, is_same_browser=is_same_browser),
        link.wrong_codes,
    )


async def person_behind(session: AsyncSession, link: SignInLink) -> Person | None:
    """Who may sign in by this link now; None for an unknown address and for somebody who has left."""
    whose = Person.id == link.person_id if link.email is None else Person.email == link.email
    found: Person | None = await session.scalar(select(Person).where(whose, Person.is_active))
    return found


async def own_sessions(session: AsyncSession, actor: Actor) -> list[OwnSession]:
    """Where one is signed in at this moment, the latest used first."""
    now = clock.now()
    idle = rules.lifetime(actor.roles).idle
    rows = await session.execute(
        select(Session.id, Session.device, Session.created_at, Session.seen_at)
        .where(
            Session.person_id == actor.require_herself(),
            Session.ended_at.is_(None),
            Session.expires_at > now,
            Session.seen_at > now - idle,
        )
        .order_by(Session.seen_at.desc(), Session.id)
    )
    return [OwnSession(*row, is_current=row.id == actor.session_id) for row in rows]


async def access_session(session: AsyncSession, actor: Actor, session_id: UUID) -> Session:
    """
    Raises:
        NotFound: not one of the actor's own sessions.
        Forbidden: support, about another session than its own.
    """
    if session_id != actor.session_id:
        actor.refuse_support()
    found = await session.scalar(
        select(Session).where(Session.id == session_id, Session.person_id == actor.require_person())
    )
    if found is None:
        raise NotFound(kind="session", id=str(session_id))
    return found


async def tokens(
    session: AsyncSession, actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[ListedToken]:
    """The organisation's API tokens, the latest first, ended ones too."""
    actor.require(Permission.TOKENS_MANAGE)
    query = (
        select(
            ApiToken.id, ApiToken.name, ApiToken.person_id, Person.full_name, ApiToken.permissions,
            ApiToken.created_at, ApiToken.used_at, ApiToken.expires_at, ApiToken.ended_at,
        )
        .join(Person, Person.id == ApiToken.person_id)
        .order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        query = query.where(tuple_(ApiToken.created_at, ApiToken.id) < tuple_(*after))
    return [ListedToken(*row) for row in await session.execute(query)]


async def access_token(session: AsyncSession, actor: Actor, token_id: UUID) -> ApiToken:
    """
    Raises:
        NotFound: no such token in this organisation.
    """
    actor.require(Permission.TOKENS_MANAGE)
    found = await session.scalar(select(ApiToken).where(ApiToken.id == token_id))
    if found is None:
        raise NotFound(kind="token", id=str(token_id))
    return found
