"""Showing a passkey: to sign in, to come in whole where the organisation demands it, to prove anew who one is."""

from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.crypto import passkeys as webauthn
from infra.crypto.passkeys import Claimed, PasskeyRefused, Site
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import challenges, passkeys, sessions
from tenants.identity.events import Event
from tenants.identity.models import How
from tenants.identity.proof_models import Asked, Passkey
from tenants.identity.sessions import Begun, Shown
from tenants.people.models import Person


class Refused(StrEnum):
    """Why a passkey proves nothing here."""

    EXPIRED = "expired"  # too late, twice, or asked for in another browser
    UNKNOWN = "unknown"  # no passkey that is kept here, or of somebody who has left: not told apart
    NOT_HERS = "not_hers"  # another person's than hers who was asked
    WRONG = "wrong"
    SUSPECTED = "suspected"  # it counts backwards, as a copy would


async def to_show(
    session: AsyncSession, actor: Actor, asked: Asked, site: Site, browser_digest: bytes
) -> dict[str, Any]:
    """What the browser is asked. Of somebody who is known, only her own passkeys are."""
    challenge = await challenges.draw(session, actor, asked, browser_digest)
    her = challenges.whose(actor)
    hers = await passkeys.known(session, her, site.host) if her else []
    return webauthn.to_show(site, challenge, known=hers)


async def show(
    session: AsyncSession,
    actor: Actor,
    asked: Asked,
    site: Site,
    raw: str,
    *,
    browser_digest: bytes | None,
    device: str | None = None,
) -> Begun | Refused:
    """
    Judge what the browser brings. A refusal is returned and not raised: the challenge is used up all the same.

    A visitor signs in; who has come by half comes in whole; who is signed in has proved anew that it is she.
    """
    challenge = await challenges.take(session, actor, asked, browser_digest)
    if challenge is None:
        return Refused.EXPIRED
    row = await _judge(session, actor, site, raw, challenge)
    if isinstance(row, Refused):
        event = Event.PASSKEY_SUSPECTED if row is Refused.SUSPECTED else Event.PASSKEY_REFUSED
        audit.record(session, actor, event, kind="person", id=challenges.whose(actor), why=row)
        return row
    proved = Shown(How.PASSKEY, clock.now())
    if challenges.whose(actor) is not None:
        return await sessions.verify(session, actor, proved)
    person = (await session.scalars(select(Person).where(Person.id == row.person_id))).one()
    return await sessions.begin(session, actor, person, shown=proved, device=device)


async def _judge(
    session: AsyncSession, actor: Actor, site: Site, raw: str, challenge: bytes
) -> Passkey | Refused:
    """The passkey that has signed the challenge, now counted on."""
    her = challenges.whose(actor)
    try:
        claimed = webauthn.claimed(raw)
        row = await _find(session, claimed, site)
        if row is None or (her is None and claimed.user is None):
            return Refused.UNKNOWN
        shown = webauthn.shown(raw, site, challenge, row.public_key)
    except PasskeyRefused:
        return Refused.WRONG
    if her not in (None, row.person_id):
        return Refused.NOT_HERS
    # Synced passkeys count nothing and say 0; a count that stands still or falls is what a copied key would show.
    if (shown.sign_count or row.sign_count) and shown.sign_count <= row.sign_count:
        row.suspected_at = clock.now()
        return Refused.SUSPECTED
    row.sign_count, row.is_synced, row.used_at = shown.sign_count, shown.is_synced, clock.now()
    return row


async def _find(session: AsyncSession, claimed: Claimed, site: Site) -> Passkey | None:
    """The passkey that is named, if it opens here and belongs to whom it says."""
    query = (
        select(Passkey)
        .join(Person, (Person.organisation_id == Passkey.organisation_id) & (Person.id == Passkey.person_id))
        .where(Passkey.credential_id == claimed.credential_id, Passkey.host == site.host, Person.is_active)
        .with_for_update(of=Passkey)
    )
    row = (await session.scalars(query)).one_or_none()
    if row is None or claimed.user not in (None, passkeys.handle(row.person_id)):
        return None
    return row


def _refuse(session: AsyncSession, actor: Actor, why: Refused) -> Refused:
    audit.record(session, actor, Event.PASSKEY_REFUSED, kind="person", id=challenges.whose(actor), why=why)
    return why
