"""What passkeys are asked to sign: drawn here, good once, for five minutes, in the browser that asked."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.crypto import passkeys as webauthn
from infra.errors import Forbidden
from tenants.actor import Actor
from tenants.identity.proof_models import Asked, KeptForm, PasskeyChallenge, StepUpCode

LASTS = timedelta(minutes=5)


def whose(actor: Actor) -> UUID | None:
    """Who asks: she who has signed in, also by half; None for a visitor."""
    return actor.half.person_id if actor.half else actor.person_id


async def draw(session: AsyncSession, actor: Actor, asked: Asked, browser_digest: bytes) -> bytes:
    challenge = secrets.token_bytes(webauthn.CHALLENGE)
    session.add(
        PasskeyChallenge(
            organisation_id=actor.organisation_id,
            id=ids.random(),
            asked=asked,
            challenge=challenge,
            browser_digest=browser_digest,
            person_id=whose(actor),
            expires_at=clock.now() + LASTS,
        )
    )
    await session.flush()
    return challenge


async def take(
    session: AsyncSession, actor: Actor, asked: Asked, browser_digest: bytes | None
) -> bytes | None:
    """Use a challenge up; None if it is over, was used, or was drawn for another browser, person or purpose."""
    now = clock.now()
    taken = await session.scalars(
        update(PasskeyChallenge)
        .where(
            PasskeyChallenge.browser_digest == (browser_digest or b""),
            PasskeyChallenge.asked == asked,
            PasskeyChallenge.person_id.is_not_distinct_from(whose(actor)),
            PasskeyChallenge.used_at.is_(None),
            PasskeyChallenge.expires_at > now,
        )
        .values(used_at=now)
        .returning(PasskeyChallenge.challenge)
    )
    found: bytes | None = taken.one_or_none()
    return found


async def clear_expired(session: AsyncSession, actor: Actor) -> None:
    """Remove challenges, codes and kept forms that are over. Raises Forbidden: only the house clears."""
    if actor.kind != "house":
        raise Forbidden(permission="house")
    now = clock.now()
    # Codes count for a day: see `step_up.CODES_A_DAY`.
    await session.execute(delete(StepUpCode).where(StepUpCode.expires_at < now - timedelta(days=1)))
    await session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < now))
    await session.execute(delete(KeptForm).where(KeptForm.expires_at < now))
