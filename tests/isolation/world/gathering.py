"""A workshop to come, full but for one who waits, and one that is over, of which somebody has said how it was."""

from datetime import timedelta

from sqlalchemy import select, update

from infra import clock
from infra.ground import Ground
from tenants.gatherings import actions, answering, attending, inviting, opinions
from tenants.gatherings.models import Guest, Workshop
from tenants.gatherings.opinions import Said
from tenants.gatherings.rules import Asked
from tenants.registration.models import Participation
from tests.isolation.world.shape import World


async def gather(ground: Ground, world: World) -> None:
    by = world.people["coordinator"]
    mentee, mentor = world.people["confirmed_mentee"], world.people["confirmed_mentor"]
    to_come, over = [await _plan(ground, world, kind) for kind in ("introduction", "seminar")]
    async with ground.database.tenant_session(mentee.context()) as session:
        await answering.answer(session, mentee, to_come.id, comes=True)
    async with ground.database.tenant_session(mentor.context()) as session:
        await answering.answer(session, mentor, to_come.id, comes=True)
    async with ground.database.tenant_session(by.context()) as session:
        # What takes place tomorrow was yesterday: nobody here waits for it.
        await session.execute(
            update(Workshop)
            .where(Workshop.id == over.id)
            .values(starts_at=clock.now() - timedelta(days=1), wall_time="2026-11-20T10:00")
        )
    there = [await _guest(ground, world, over, one.require_person()) for one in (mentee, mentor)]
    async with ground.database.tenant_session(by.context()) as session:
        came = {one.id for one in there}
        await attending.attend(session, by, over.id, came=came, of=came)
        await opinions.note(session, by, over.id, "mentee", Said(4, will_use="The cards"))
    async with ground.database.tenant_session(mentor.context()) as session:
        await opinions.say(session, mentor, over.id, Said(5, missing="Time"))
    asked = await _guest(ground, world, to_come, mentee.require_person())
    world.links["/workshop/"] = ground.links.token("workshop", world.id, asked.link_id)
    world.links["/workshop-opinion/"] = ground.links.token("workshop-opinion", world.id, there[0].link_id)


async def _plan(ground: Ground, world: World, kind: str) -> Workshop:
    by = world.people["coordinator"]
    day = clock.today("UTC") + timedelta(days=9)
    asked = Asked(
        kind, "everybody", {"en": "Miljacka"}, {"en": "Obala, Sarajevo."}, f"{day}T10:00",
        "UTC", 180, "Obala 4", places=1,
    )  # fmt: skip
    async with ground.database.tenant_session(by.context()) as session:
        made = await actions.plan(session, by, world.launched.cycle.id, asked)
        await inviting.invite(session, by, made.id)
    return made


async def _guest(ground: Ground, world: World, workshop: Workshop, person_id: object) -> Guest:
    async with ground.database.tenant_session(world.made.house.context()) as session:
        query = select(Guest).join(Participation, Participation.id == Guest.participation_id)
        query = query.where(Guest.workshop_id == workshop.id, Participation.person_id == person_id)
        return (await session.execute(query.limit(1))).scalar_one()
