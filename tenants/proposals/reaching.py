"""
How to reach the other of a proposal once contact data is released (K30).

Telephone and e-mail are facts of a person. Address and mobile number are what a programme may ask for, as questions with
these keys; what she answered to others stays where it is.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.language import N_
from tenants.registration.models import Participation

# The keys of a programme's questions, with the words for what they give.
ASKED = {"mobile": N_("Mobile"), "address": N_("Address")}


async def asked(session: AsyncSession, participation_id: UUID) -> list[tuple[str, str]]:
    """Words that are marked, with what she gave; whoever calls has seen to it that it is released."""
    answers = await session.scalar(select(Participation.answers).where(Participation.id == participation_id))
    given = [(words, (answers or {}).get(key)) for key, words in ASKED.items()]
    return [(words, value.strip()) for words, value in given if isinstance(value, str) and value.strip()]
