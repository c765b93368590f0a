"""Somebody leaves while her pair runs, and comes back: into the pair that still runs, else to the beginning."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.proposals import leaving as leavers
from tenants.registration import actions as registration
from tenants.registration import leaving
from tenants.registration import queries as registrations
from tenants.registration.models import Participation
from tenants.relationships import actions, queries, rules


async def ask_about_leaver(session: AsyncSession, actor: Actor, participation_id: UUID) -> None:
    """Somebody with a running pair takes part no more: her coordinator talks with the other one, and ends it."""
    if not await leavers.has_left(session, participation_id):
        return
    # Whoever comes back and leaves once more is asked about once more.
    since = (await registrations.own_participation(session, participation_id)).status_at.isoformat()
    for relationship in await queries.running_of(session, participation_id):
        key = f"{rules.left_keys(relationship.id, participation_id)}:{since}"
        await notifications.ask(
            session, actor, "relationship.left", key=key,
            due_on=clock.today((await organisations.own(session)).time_zone),
            person_id=relationship.coordinator_id, relationship_id=relationship.id,
        )  # fmt: skip


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
        await actions.settle_tasks(session, actor, rules.left_keys(relationship.id, participation_id))
    return await registration.begin_relationship(session, actor, participation_id)


async def may_return(session: AsyncSession, participation: Participation) -> bool:
    """Whether `come_back` would work now."""
    to_pair = bool(await queries.running_of(session, participation.id))
    return await leaving.may_return(session, participation, to_pair=to_pair)
