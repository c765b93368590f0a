"""Signing in by a link of a letter, or by the code beside it."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.crypto.links import LinkSigner
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import guessing, queries, rules, sessions
from tenants.identity.events import Event
from tenants.identity.models import How, SignInLink
from tenants.identity.rules import Refusal
from tenants.identity.sessions import Begun, Shown


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody brings who wants to sign in: see `rules`."""

    link_id: UUID
    has_link: bool
    browser_digest: bytes | None = None
    code: str = ""


async def sign_in(
    session: AsyncSession, actor: Actor, proof: Proof, links: LinkSigner, *, device: str | None = None
) -> Begun | Refusal:
    """
    Open a session to whoever brings enough proof. A link opens once, whoever else comes at the same moment.

    The session that `actor` may have in this browser ends. A refusal is returned and not raised, because
    the count of wrong codes has to be committed.
    """
    link = await queries.find_link(session, proof.link_id, lock=True)
    is_same_browser = link is not None and rules.is_same(link.browser_digest, proof.browser_digest)
    if link is None or not (proof.has_link or is_same_browser):
        return Refusal.EXPIRED
    if refusal := rules.closed(link, clock.now()):
        return refusal
    needs_code = rules.needs_code(link, has_link=proof.has_link, is_same_browser=is_same_browser)
    if needs_code and (refusal := await _check_code(session, actor, link, proof, links)):
        return refusal
    person = await queries.person_behind(session, link)
    if person is None:
        return Refusal.EXPIRED
    if not await _use(session, link):
        return Refusal.USED
    await sessions.end_here(session, actor)
    shown = Shown(How.LINK if proof.has_link else How.CODE, clock.now())
    return await sessions.begin(session, actor, person, shown=shown, device=device)


async def _check_code(
    session: AsyncSession, actor: Actor, link: SignInLink, proof: Proof, links: LinkSigner
) -> Refusal | None:
    if not proof.code:
        return Refusal.NEEDS_CODE
    if link.wrong_codes >= rules.CODE_TRIES:
        return Refusal.CODES_USED_UP
    if await guessing.is_used_up(session, link.email):
        return Refusal.CODES_USED_UP
    right = links.code(rules.PURPOSE, actor.organisation_id, link.id)
    if hmac.compare_digest(right, rules.code(proof.code)):
        return None
    link.wrong_codes += 1
    await guessing.note_wrong(session, actor, link.email)
    audit.record(session, actor, Event.CODE_WRONG, kind="sign_in_link", id=link.id, count=link.wrong_codes)
    return Refusal.CODES_USED_UP if link.wrong_codes >= rules.CODE_TRIES else Refusal.WRONG_CODE


async def _use(session: AsyncSession, link: SignInLink) -> bool:
    """Use the link up; False if somebody else was faster."""
    now = clock.now()
    used = await session.execute(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.id)
    )
    return used.first() is not None
