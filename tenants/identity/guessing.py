"""
Wrong codes for one e-mail address, over all its links and forms.

Whoever types codes for somebody else may ask for as many links, and open as
many forms, as she likes: the count is of the address, so guessing stays
hopeless. The links of the letters go on working for who lives there.
"""

import hashlib

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.identity import rules
from tenants.identity.models import WrongCode


async def is_used_up(session: AsyncSession, email: str | None) -> bool:
    """
    Whether the tries of the last 24 hours are used up.

    Holds all others who type a code for this address until the transaction ends: without that, guesses
    made in the same moment over many forms would all find the count of before.
    """
    address = _digest(email)
    await session.execute(select(func.pg_advisory_xact_lock(_lock(address))))
    query = select(func.count()).where(
        WrongCode.address_digest == address, WrongCode.created_at > clock.now() - rules.CODES_COUNTED
    )
    return int((await session.execute(query.select_from(WrongCode))).scalar_one()) >= rules.CODE_TRIES_A_DAY


async def note_wrong(session: AsyncSession, actor: Actor, email: str | None) -> None:
    """Count a wrong code; `is_used_up` has been asked in this transaction."""
    session.add(WrongCode(organisation_id=actor.organisation_id, address_digest=_digest(email)))
    await session.flush()


async def forget(session: AsyncSession) -> None:
    """Remove what no longer counts."""
    await session.execute(delete(WrongCode).where(WrongCode.created_at < clock.now() - rules.CODES_COUNTED))


def _digest(email: str | None) -> bytes:
    return hashlib.sha256((email or "").encode()).digest()


def _lock(address: bytes) -> int:
    # Two addresses of one lock only wait for one another; so may two organisations.
    return int.from_bytes(address[:8], signed=True)
