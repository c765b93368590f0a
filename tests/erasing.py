"""Leads a deletion to its end in a test: asked for by her who goes, its days over, its letters sent."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select, text, update

from infra import clock
from infra.ground import Ground
from infra.outbox.models import JobState, OutboxJob
from tenants.actor import Actor, house
from tenants.privacy import asking
from tenants.privacy.jobs import ErasePerson
from tenants.privacy.models import Erasure
from tests.working import drain

ROUNDS = 5


def fresh(actor: Actor) -> Actor:
    """The same, who has just proved who she is."""
    return replace(actor, verified_at=clock.now())


async def asked(ground: Ground, actor: Actor, person_id: UUID | None = None) -> Erasure:
    by = fresh(actor)
    async with ground.database.tenant_session(by.context()) as session:
        return await asking.ask(session, by, person_id or by.require_person())


async def done(ground: Ground, erasure: Erasure) -> Erasure:
    """The deletion as it stands at its end."""
    for _ in range(ROUNDS):
        await due_now(ground, erasure)
        await drain(ground, erasure.organisation_id)
        standing = await read(ground, erasure)
        if standing.state not in ("asked", "leaving"):
            return standing
    raise AssertionError(f"still {standing.state}")


async def erased(ground: Ground, actor: Actor) -> Erasure:
    return await done(ground, await asked(ground, actor))


async def all_erased(ground: Ground, actors: Sequence[Actor]) -> None:
    """Of one organisation, in the time of one."""
    erasures = [await asked(ground, actor) for actor in actors]
    for _ in range(ROUNDS):
        for erasure in erasures:
            await due_now(ground, erasure)
        await drain(ground, erasures[0].organisation_id)
        if {(await read(ground, one)).state for one in erasures} == {"done"}:
            return
    raise AssertionError([(await read(ground, one)).state for one in erasures])


async def due_now(ground: Ground, erasure: Erasure) -> None:
    """As if its days were over."""
    async with ground.database.tenant_session(house(erasure.organisation_id).context()) as session:
        await session.execute(update(Erasure).where(Erasure.id == erasure.id).values(due_at=clock.now()))
        await session.execute(
            update(OutboxJob)
            .where(OutboxJob.kind == ErasePerson.KIND, OutboxJob.state == JobState.WAITING)
            .values(due_at=clock.now())
        )


async def read(ground: Ground, erasure: Erasure) -> Erasure:
    async with ground.database.tenant_session(house(erasure.organisation_id).context()) as session:
        return (await session.execute(select(Erasure).where(Erasure.id == erasure.id))).scalar_one()


async def everything(ground: Ground, organisation_id: UUID) -> dict[str, str]:
    """All that the organisation's tables hold, as text, by table."""
    from tenants.tables import metadata

    found = {}
    async with ground.database.tenant_session(house(organisation_id).context()) as session:
        for name in metadata.tables:
            if name == "timetable":
                continue
            rows = await session.execute(text(f'SELECT row_to_json(t)::text FROM "{name}" t'))
            found[name] = "\n".join(rows.scalars())
    return found
