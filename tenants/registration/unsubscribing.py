"""
Ending letters by the link in one of them, without signing in: those that were asked for by themselves, and those that a
consent carries. Whoever has the letter may end them; that is all that its link can do.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor, person
from tenants.notifications import choices
from tenants.notifications.letters import Kind
from tenants.permissions import Role
from tenants.registration import agreeing
from tenants.registration.consents import Purpose


async def end(session: AsyncSession, actor: Actor, letter_id: UUID) -> Kind | None:
    """None where the letter is not there any more, or was never of a kind that can be ended so."""
    found = await choices.letter_of(session, letter_id)
    if found is None:
        return None
    person_id, kind = found
    if kind.consent:
        reader = person(
            actor.organisation_id, person_id, frozenset({Role.PARTICIPANT}), language=actor.language
        )
        await agreeing.take_back(session, reader, person_id, Purpose(kind.consent))
    else:
        await choices.unsubscribe(session, actor, letter_id)
    return kind
