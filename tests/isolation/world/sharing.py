"""What the people of the organisation share: a board with something on it and something proposed, a sub-network, news."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from infra import clock
from infra.ground import Ground
from tenants.actor import Actor
from tenants.networks import actions as networks
from tenants.newsletters import actions as newsletters
from tenants.newsletters import queries as newsletter_queries
from tenants.newsletters.models import Issue, IssueState
from tenants.newsletters.rules import Section, Words
from tenants.notifications import actions as notifications
from tenants.notifications import choices
from tenants.notifications.models import Letter
from tenants.opportunities import actions, interests, weekly
from tenants.opportunities.rules import Content
from tenants.reports import outbox
from tests.isolation.world.shape import World


async def share(ground: Ground, world: World) -> None:
    outbox.kinds()
    her, coordinator = world.people["confirmed_mentee"], world.people["coordinator"]
    programme = world.launched.programme.id
    async with ground.database.tenant_session(coordinator.context()) as session:
        board = (await actions.post(session, coordinator, _content("Kurs"), programme_ids=[programme])).id
        network = await networks.make(
            session,
            coordinator,
            name={"en": "Pravo"},
            words={"en": "Advokatice"},
            lead_id=coordinator.person_id,
        )
        words = Words("Vijesti", (Section("Dan u Mostaru", "Bilo nas je četrdeset."),))
        facts = {"texts": {"en": words}, "programme_ids": [programme], "is_public": True}
        draft = await newsletters.begin(session, coordinator, **facts)
        gone = await newsletters.begin(session, coordinator, **facts)
        gone.state, gone.due_at, gone.readers = IssueState.SENT, clock.now() - timedelta(hours=1), 1
        await newsletters.set_press(session, coordinator, programme, "Hana, 033 555 014")
        assert isinstance(draft, Issue)
    async with ground.database.tenant_session(her.context()) as session:
        await interests.say(session, her, board)
        await actions.propose(session, her, _content("Posao"))
        await networks.join(session, her, network.id)
        await choices.choose(session, her, off=[], on=[weekly.KIND])
    world.links["/unsubscribe/"] = ground.links.token(
        choices.UNSUBSCRIBE, world.id, await _letter(ground, world, her, gone.id)
    )


async def _letter(ground: Ground, world: World, her: Actor, newsletter_id: UUID) -> UUID:
    house = world.made.house
    async with ground.database.tenant_session(house.context()) as session:
        await notifications.write(
            session, house, newsletter_queries.KIND, key="shared", person_id=her.person_id,
            due_at=clock.now() + timedelta(minutes=10), newsletter_id=newsletter_id,
        )  # fmt: skip
        return (await session.execute(select(Letter.id).where(Letter.key == "shared"))).scalar_one()


def _content(title: str) -> Content:
    day = clock.today("UTC") + timedelta(days=20)
    return Content("training", title, "Četiri večeri.", "en", day, place="Mostar", contact="Hana")
