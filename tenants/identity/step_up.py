"""
Proving anew who one is, before what is confidential: by a passkey, the organisation's account, or a code in a letter.

The code is for the session that asked, and lets nobody in anywhere else. Where the organisation demands passkeys of her,
nothing else will do: whoever reads her letters must not read what was told in confidence.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.crypto.links import LinkSigner
from infra.errors import Forbidden, LimitReached
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import accounts, guessing, passkeys, rules, sessions, turning_away
from tenants.identity.events import Event
from tenants.identity.models import How, Session
from tenants.identity.proof_models import StepUpCode
from tenants.identity.rules import Refusal
from tenants.identity.sessions import Begun, Shown
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.people import queries as people

PURPOSE = "step-up"  # of the code
CODE_LETTER = "identity.step_up"
CODES_A_DAY = 20  # letters to one person: as many as she may need, and no flood


class CodesAskedTooOften(LimitReached):
    code = "codes_asked_too_often"


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody can prove who she is now. `email` is where a code would go; `providers` are ids and names."""

    passkeys: bool
    providers: list[tuple[UUID, str]]
    email: str | None

    @property
    def is_none(self) -> bool:
        return not (self.passkeys or self.providers or self.email)


@dataclass(frozen=True, slots=True)
class Pending:
    email: str
    wrong_codes: int
    closed: Refusal | None


async def ways(session: AsyncSession, actor: Actor, host: str) -> Ways:
    """`host` is the organisation's, where its passkeys open."""
    her = actor.require_herself()
    has_passkey = await passkeys.has_any(session, her, host)
    if await needs_passkey(session, actor):
        return Ways(has_passkey, [], None)
    person = await people.access_person(session, actor, her)
    return Ways(has_passkey, await accounts.own_open(session, actor), person.email)


async def needs_passkey(session: AsyncSession, actor: Actor) -> bool:
    """Whether the organisation takes nothing but a passkey from this person."""
    return rules.works_here(actor.permissions) and (await organisations.own(session)).demands_passkeys


async def ask_code(session: AsyncSession, actor: Actor, *, language: str) -> None:
    """
    Send a code to the address of whoever is signed in. Codes of before no longer count.

    Raises:
        Forbidden: a code is not enough, or she has no address or no session.
        CodesAskedTooOften
    """
    her = actor.require_herself()
    person = await people.access_person(session, actor, her, lock=True)
    if actor.session_id is None or person.email is None or await needs_passkey(session, actor):
        raise Forbidden(permission="step_up")
    now = clock.now()
    await _close_open(session, actor.session_id)
    if await _asked_since(session, her, now - timedelta(days=1)) >= CODES_A_DAY:
        raise CodesAskedTooOften(retry_after_s=3_600)
    made = StepUpCode(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        session_id=actor.session_id,
        expires_at=now + rules.LINK_LASTS,
        wrong_codes=0,
    )
    session.add(made)
    await session.flush()
    await notifications.write(
        session,
        actor,
        CODE_LETTER,
        key=f"{CODE_LETTER}:{made.id}",
        person_id=her,
        language=language,
        code_id=made.id,
    )
    audit.record(session, actor, Event.CODE_ASKED, kind="session", id=actor.session_id)


async def pending(session: AsyncSession, actor: Actor) -> Pending | None:
    """The code that this session waits for."""
    asked = await _latest(session, actor)
    person = await people.access_person(session, actor, actor.require_herself())
    if asked is None or person.email is None:
        return None
    return Pending(person.email, asked.wrong_codes, _closed(asked))


async def check_code(session: AsyncSession, actor: Actor, code: str, links: LinkSigner) -> Begun | Refusal:
    """
    Prove it by the code of the letter. A refusal is returned and not raised: the count of wrong codes has to stay.
    """
    asked = await _latest(session, actor, lock=True)
    if asked is None or await needs_passkey(session, actor):
        return Refusal.EXPIRED
    if refusal := _closed(asked):
        await turning_away.note(session, actor, "step_up_code", asked.id, refusal)
        return refusal
    person = await people.access_person(session, actor, actor.require_herself())
    if asked.wrong_codes >= rules.CODE_TRIES or await guessing.is_used_up(session, person.email):
        return Refusal.CODES_USED_UP
    right = links.code(PURPOSE, actor.organisation_id, asked.id)
    if not hmac.compare_digest(right, rules.code(code)):
        asked.wrong_codes += 1
        await guessing.note_wrong(session, actor, person.email)
        audit.record(
            session, actor, Event.CODE_WRONG, kind="session", id=actor.session_id, count=asked.wrong_codes
        )
        return Refusal.CODES_USED_UP if asked.wrong_codes >= rules.CODE_TRIES else Refusal.WRONG_CODE
    asked.used_at = clock.now()
    return await sessions.verify(session, actor, Shown(How.CODE, clock.now()))


async def find(session: AsyncSession, code_id: UUID) -> StepUpCode | None:
    """What the letter asks before it is sent; None once it is too late for it."""
    found = await session.scalar(select(StepUpCode).where(StepUpCode.id == code_id))
    return found if found is not None and _closed(found) is None else None


def _closed(asked: StepUpCode) -> Refusal | None:
    if asked.used_at is not None:
        return Refusal.USED
    return Refusal.EXPIRED if asked.expires_at <= clock.now() else None


async def _latest(session: AsyncSession, actor: Actor, *, lock: bool = False) -> StepUpCode | None:
    query = (
        select(StepUpCode)
        .where(StepUpCode.session_id == actor.session_id)
        .order_by(StepUpCode.created_at.desc(), StepUpCode.id)
        .limit(1)
    )
    found: StepUpCode | None = await session.scalar(query.with_for_update() if lock else query)
    return found


async def _asked_since(session: AsyncSession, person_id: UUID, since: datetime) -> int:
    query = (
        select(func.count())
        .select_from(StepUpCode)
        .join(
            Session,
            (Session.organisation_id == StepUpCode.organisation_id) & (Session.id == StepUpCode.session_id),
        )
        .where(Session.person_id == person_id, StepUpCode.created_at > since)
    )
    return int((await session.execute(query)).scalar_one())


async def _close_open(session: AsyncSession, session_id: UUID) -> None:
    open_ones = (StepUpCode.session_id == session_id) & StepUpCode.used_at.is_(None)
    await session.execute(update(StepUpCode).where(open_ones).values(used_at=clock.now()))
