"""Somebody who is invited to an interview and has proposed other times, and a guide that the programme has changed."""

from datetime import timedelta

from infra import clock
from infra.ground import Ground
from tenants.programmes import guides
from tenants.registration.appointments import answering, arranging, rules
from tests import making
from tests.isolation.world.shape import World, as_participant


async def invite(ground: Ground, world: World) -> None:
    by, manager = world.people["coordinator"], world.people["manager"]
    one = await making.participation(ground.database, world.made, world.launched, name="Ilse Invited")
    her = world.people["invited_mentee"] = as_participant(world, one.person_id)
    day = clock.today("UTC") + timedelta(days=9)
    async with ground.database.tenant_session(by.context()) as session:
        found = await arranging.arrange(
            session, by, {one.id: f"{day}T10:00"}, zone="UTC", details=rules.details(45, "Obala 4", None)
        )
    [made] = found.made.values()
    async with ground.database.tenant_session(her.context()) as session:
        wall = f"{day + timedelta(days=1)}T17:00"
        await answering.propose(
            session, her, made.id, walls=[wall], zone="Europe/Copenhagen", word="After work"
        )
    world.links["/interview/"] = ground.links.token("interview", world.id, made.link_id)
    async with ground.database.tenant_session(manager.context()) as session:
        usual = await guides.guide(session, manager, world.launched.programme.id, "mentee")
        await guides.save(
            session,
            manager,
            world.launched.programme.id,
            "mentee",
            usual.questions[:6],
            version=usual.version,
        )
