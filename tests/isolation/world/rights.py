"""Somebody's copy of her data, ready to be taken, and somebody else's deletion that waits for its day."""

from infra.ground import Ground
from tenants.privacy import asking, copies, idling
from tests.erasing import fresh
from tests.isolation.world.shape import World
from tests.working import drain


async def claim(ground: Ground, world: World) -> None:
    her, leaver = fresh(world.people["confirmed_mentee"]), fresh(world.people["unmatched_mentee"])
    async with ground.database.tenant_session(her.context()) as session:
        await copies.ask(session, her, her.require_person())
    await drain(ground, world.id, kinds=("privacy.copy",))
    async with ground.database.tenant_session(leaver.context()) as session:
        await asking.ask(session, leaver, leaver.require_person())
    owner = world.made.owner
    async with ground.database.tenant_session(owner.context()) as session:
        await idling.set_period(session, owner, 60)
