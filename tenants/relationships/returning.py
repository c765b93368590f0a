"""Coming back after leaving: into the pair that still runs, else to the beginning."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.registration import actions as registration
from tenants.registration import leaving
from tenants.registration.models import Participation
from tenants.relationships import queries, rules


async def come_back(session: AsyncSession, actor: Actor, participation_id: UUID) -> Participation:
    """
    Take part again by one's own wish. A pair that its coordinator has not ended yet goes on as if nothing had been,
    also when registration has closed; else see `leaving.come_back`.

    Raises:
        NotFound: not one's own.
        CannotReturn, StatusNotReachable, RegistrationClosed, ProgrammeFull: as there.
    """
    await leaving.own(session, actor, participation_id)
    running = await queries.running_of(
        session, participation_id, lock=True
    )  # before her row, as whoever ends it does
    if not running:
        return await leaving.come_back(session, actor, participation_id)
    await leaving.come_back(session, actor, participation_id, to_pair=True)
    for relationship in running:
        await notifications.settle(session, actor, key=rules.left_task(relationship.id, participation_id))
    return await registration.begin_relationship(session, actor, participation_id)


async def may_return(session: AsyncSession, participation: Participation) -> bool:
    """Whether `come_back` would work now."""
    to_pair = bool(await queries.running_of(session, participation.id))
    return await leaving.may_return(session, participation, to_pair=to_pair)
