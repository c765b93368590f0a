"""
How to reach the other of a proposal once contact data is released (K30).

Telephone and e-mail are facts of a person. Address and mobile number are what a programme may ask for, as questions with
these keys; what she answered to others stays where it is.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.language import N_
from tenants.proposals import queries
from tenants.proposals.queries import Seen
from tenants.registration.models import Participation

# The keys of a programme's questions, with the words for what they give.
ASKED = {"mobile": N_("Mobile"), "address": N_("Address")}


async def released(session: AsyncSession, seen: Seen) -> dict[str, str]:
    """What the other one gave, by the key of its question, as soon as one of the two may see it."""
    if not queries.is_released(seen.proposal):
        return {}
    return await _given(session, seen.other.participation_id)


async def asked(session: AsyncSession, participation_id: UUID) -> list[tuple[str, str]]:
    """Words that are marked, with what she gave; whoever calls has seen to it that it is released."""
    return [(ASKED[key], value) for key, value in (await _given(session, participation_id)).items()]


async def _given(session: AsyncSession, participation_id: UUID) -> dict[str, str]:
    answers = await session.scalar(select(Participation.answers).where(Participation.id == participation_id))
    given = {key: (answers or {}).get(key) for key in ASKED}
    return {key: value.strip() for key, value in given.items() if isinstance(value, str) and value.strip()}
