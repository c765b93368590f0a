"""What an organisation has made of the words of its letters, and a letter that waits in words of its own."""

from datetime import timedelta

from sqlalchemy import select

from infra import clock
from infra.ground import Ground
from tenants.notifications import actions as notifications
from tenants.notifications import writing
from tenants.notifications.templates import actions, editing
from tenants.notifications.wording.declared import Source
from tenants.registration.models import Participation
from tenants.reports import outbox
from tests.isolation.world.shape import World


async def write(ground: Ground, world: World) -> None:
    outbox.kinds()
    manager, coordinator = world.people["manager"], world.people["coordinator"]
    own = Source("{{others}}", "{{others}}", f"{{{{reader}}}}, {world.slug}")
    async with ground.database.tenant_session(world.made.house.context()) as session:
        desk = await writing.desk(session, ground.settings.web, ground.links)
        part = (await session.execute(select(Participation).order_by(Participation.id).limit(1))).scalar_one()
        letter_id = await notifications.write(
            session, world.made.house, "registration.received", key="words", person_id=part.person_id,
            due_at=clock.now() + timedelta(minutes=10), participation_id=part.id,
        )  # fmt: skip
    assert letter_id
    async with ground.database.tenant_session(manager.context()) as session:
        await actions.write(session, manager, "evaluation.reminder", "en", own, based_on=0, desk=desk)
    async with ground.database.tenant_session(coordinator.context()) as session:
        mine = Source("{{reader}}", "{{reader}}", f"{{{{registered}}}}\n\n{world.slug}")
        await editing.write(session, coordinator, letter_id, mine, based_on=0, desk=desk)
