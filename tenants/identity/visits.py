"""
Going to a provider and coming back.

An account leads to the person whom it is connected to. An unknown account leads nowhere by an address alone: its owner
signs in by e-mail once and connects it in her settings; or she joins, where the provider has verified an address of a
domain that the organisation has named and nobody here has that address.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.crypto.hierarchy import KeySet
from infra.errors import Forbidden, NotFound
from infra.oidc.errors import ProviderWrong, TokenRefused
from tenants.actor import FRESH_WITHIN, Actor
from tenants.audit import actions as audit
from tenants.identity import accounts, gateway, providers, sessions, step_up
from tenants.identity import provider_rules as rules
from tenants.identity.events import Event
from tenants.identity.models import How
from tenants.identity.provider_models import IdentityProvider, ProviderState, Purpose, Visit
from tenants.identity.provider_rules import Turned
from tenants.identity.rules import digest
from tenants.identity.sessions import Begun, Shown
from tenants.permissions import Permission

if TYPE_CHECKING:
    from infra.oidc.tokens import Claims


@dataclass(frozen=True, slots=True)
class Seen:
    """What a trial showed: what the provider says of whoever tried it."""

    subject: str
    email: str | None
    is_email_verified: bool
    name: str | None


@dataclass(frozen=True, slots=True)
class Back:
    """Where somebody was on the way to when she was sent to the provider."""

    purpose: Purpose
    provider_id: UUID
    after: str
    begun: Begun | None = None
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is known of whoever signs in, beside her account."""

    device: str | None
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider's answer brought along: all of it from the address, nothing of it proved."""

    state: str
    code: str
    issuer: str | None
    error: str


async def set_out(
    session: AsyncSession,
    actor: Actor,
    provider_id: UUID,
    keys: KeySet,
    *,
    purpose: Purpose,
    browser_digest: bytes,
    callback: str,
    after: str = "",
    login_hint: str = "",
    may_be_private: bool = False,
) -> str:
    """
    The address to which to send somebody.

    Raises:
        NotFound: no such provider, or it is not open.
        Forbidden: she is to prove who she is by a passkey, and by nothing else.
        StepUpNeeded: she wants to connect an account, and proved too long ago who she is.
        ProviderWrong
    """
    row = await providers.access(session, provider_id)
    if purpose is Purpose.TRY:
        actor.require(Permission.SIGN_IN_MANAGE)
    elif row.state != ProviderState.OPEN:
        raise NotFound(provider_id=str(provider_id))
    if purpose is Purpose.CONNECT:
        actor.require_fresh(clock.now())
    if purpose is Purpose.STEP_UP and await step_up.needs_passkey(session, actor):
        raise Forbidden(permission="passkey")
    is_fresh = purpose is Purpose.STEP_UP
    way = await gateway.way(
        row, callback, keys, is_fresh=is_fresh, login_hint=login_hint, may_be_private=may_be_private
    )
    session.add(
        Visit(
            organisation_id=actor.organisation_id,
            id=ids.random(),
            provider_id=row.id,
            purpose=purpose,
            state_digest=digest(way.state),
            browser_digest=browser_digest,
            nonce=way.nonce,
            verifier=way.verifier,
            person_id=actor.person_id if purpose is not Purpose.SIGN_IN else None,
            after=after,
            expires_at=clock.now() + rules.VISIT_LASTS,
        )
    )
    await session.flush()
    return way.address


async def come_back(
    session: AsyncSession,
    actor: Actor,
    provider_id: UUID,
    answer: Answer,
    keys: KeySet,
    *,
    browser_digest: bytes | None,
    callback: str,
    her: Newcomer,
    may_be_private: bool = False,
) -> Back | Turned:
    """
    Take what a provider sends back: once, in the browser that set out, within ten minutes.

    A refusal is returned and not raised, so that what was used up and written down stays so.

    Raises:
        ProviderWrong, TokenRefused: the provider's side is at fault; the visit is used up all the same, and the trail says so: commit it.
    """
    visit = await _take(session, answer.state, provider_id, browser_digest)
    if visit is None or not _is_its_owner(visit, actor):
        if await session.scalar(select(IdentityProvider.id).where(IdentityProvider.id == provider_id)):
            _note_refused(session, actor, provider_id, Turned.EXPIRED)
        return Turned.EXPIRED
    row = await providers.access(session, provider_id)
    try:
        return await _take_in(
            session, actor, row, visit, answer, keys, her, callback=callback, may_be_private=may_be_private
        )
    except (ProviderWrong, TokenRefused) as error:
        _note_refused(session, actor, row.id, error.why)
        raise


async def _take_in(
    session: AsyncSession,
    actor: Actor,
    row: IdentityProvider,
    visit: Visit,
    answer: Answer,
    keys: KeySet,
    her: Newcomer,
    *,
    callback: str,
    may_be_private: bool,
) -> Back | Turned:
    names_itself = await gateway.names_itself(row, may_be_private=may_be_private)
    if turned := _refused(row, visit, answer, names_itself=names_itself):
        _note_refused(session, actor, row.id, turned)
        return turned
    purpose = Purpose(visit.purpose)
    claims = await gateway.claims(
        row,
        visit,
        answer.code,
        callback,
        keys,
        within_s=int(FRESH_WITHIN.total_seconds()) if purpose is Purpose.STEP_UP else None,
        may_be_private=may_be_private,
    )
    if purpose is Purpose.TRY:
        claims = await gateway.completed(row, claims, may_be_private=may_be_private)
        await providers.note_tried(session, actor, row)
        seen = Seen(claims.subject, claims.email, claims.is_email_verified, claims.name)
        return Back(purpose, row.id, visit.after, seen=seen)
    if purpose is Purpose.CONNECT:
        return await _connect(session, actor, row, visit, claims.subject)
    if purpose is Purpose.STEP_UP:
        return await _prove(session, actor, row, visit, claims)
    return await _enter(session, actor, row, visit, claims, her, may_be_private=may_be_private)


async def _enter(
    session: AsyncSession,
    actor: Actor,
    row: IdentityProvider,
    visit: Visit,
    claims: "Claims",
    her: Newcomer,
    *,
    may_be_private: bool,
) -> Back | Turned:
    person = await accounts.whose(
        session, actor, row, claims, language=her.language, time_zone=her.time_zone, may_be_private=may_be_private,
    )  # fmt: skip
    if isinstance(person, Turned):
        _note_refused(session, actor, row.id, person)
        return person
    await sessions.end_here(session, actor)
    there = rules.provider_session(row.id, claims.session)
    # Most providers let her in without asking her again. Where they tell how long ago they did, that is what counts.
    at = claims.proved_at() if rules.is_strong(row, claims.all.get("acr")) else None
    shown = Shown(How.ACCOUNT, at)
    begun = await sessions.begin(
        session, actor, person, shown=shown, device=her.device, provider_session=there
    )
    return Back(Purpose.SIGN_IN, row.id, visit.after, begun=begun)


def _is_its_owner(visit: Visit, actor: Actor) -> bool:
    if visit.purpose == Purpose.SIGN_IN:
        return True
    return actor.person_id is not None and visit.person_id == actor.person_id


def _refused(row: IdentityProvider, visit: Visit, answer: Answer, *, names_itself: bool) -> Turned | None:
    """Why an answer is not even looked into; None where its code may be changed for a token."""
    if row.state == ProviderState.CLOSED and visit.purpose != Purpose.TRY:
        return Turned.CLOSED
    if (answer.issuer is not None or names_itself) and answer.issuer != row.issuer:
        return Turned.NOT_ITS_ANSWER
    return Turned.REFUSED_THERE if answer.error or not answer.code else None


async def _take(
    session: AsyncSession, state: str, provider_id: UUID, browser_digest: bytes | None
) -> Visit | None:
    """Use a visit up; None if it is over, was used, or began in another browser."""
    now = clock.now()
    taken = await session.scalars(
        update(Visit)
        .where(
            Visit.state_digest == digest(state),
            Visit.provider_id == provider_id,
            Visit.browser_digest == (browser_digest or b""),
            Visit.used_at.is_(None),
            Visit.expires_at > now,
        )
        .values(used_at=now)
        .returning(Visit)
    )
    return taken.one_or_none()


def _note_refused(session: AsyncSession, actor: Actor, provider_id: UUID, why: StrEnum) -> None:
    audit.record(
        session, actor, Event.ACCOUNT_REFUSED, kind="identity_provider", id=provider_id, why=why.value
    )


async def _connect(
    session: AsyncSession, actor: Actor, row: IdentityProvider, visit: Visit, subject: str
) -> Back | Turned:
    account = await accounts.find(session, row.issuer, subject)
    if account is not None and account.person_id != actor.person_id:
        return Turned.TAKEN
    if account is None:
        accounts.connect(session, row, subject, actor.require_person())
        await session.flush()
        audit.record(session, actor, Event.ACCOUNT_CONNECTED, kind="person", id=actor.person_id)
    return Back(Purpose.CONNECT, row.id, visit.after)


async def _prove(
    session: AsyncSession, actor: Actor, row: IdentityProvider, visit: Visit, claims: "Claims"
) -> Back | Turned:
    """She has proved at the provider that it is she, if the account is hers and the way she did so is strong enough."""
    account = await accounts.find(session, row.issuer, claims.subject)
    turned = None
    if account is None or account.person_id != actor.person_id:
        turned = Turned.OTHER_ACCOUNT
    elif not rules.is_strong(row, claims.all.get("acr")):
        turned = Turned.TOO_WEAK
    if turned:
        _note_refused(session, actor, row.id, turned)
        return turned
    shown = Shown(How.ACCOUNT, claims.proved_at())
    return Back(Purpose.STEP_UP, row.id, visit.after, begun=await sessions.verify(session, actor, shown))
