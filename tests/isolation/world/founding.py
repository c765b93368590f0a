"""The organisation itself, and what has gone wrong in it."""

from sqlalchemy import insert

from infra import clock, ids
from infra.ground import Ground
from infra.keys.owners import KeyOwner
from infra.outbox.models import JobState, OutboxJob
from tenants.evaluations import actions as evaluations
from tenants.evaluations.rules import Asking
from tenants.organisations import actions as organisations
from tenants.programmes import questions, set_up, stock, topic_list
from tenants.programmes.question_rules import Option, Shape, Words
from tenants.programmes.set_up_models import Step
from tests.isolation.world.shape import World
from tests.making import Made


async def describe(ground: Ground, made: Made) -> None:
    async with ground.database.tenant_session(made.owner.context()) as session:
        await organisations.change(
            session,
            made.owner,
            contact_name="Hana Helper",
            contact_email="help@example.org",
            contact_phone="+387 33 555 014",
        )
        await organisations.open_office(session, made.owner, name="Sarajevo", time_zone="Europe/Sarajevo")
        await organisations.open_office(session, made.owner, name="Mostar", time_zone="Europe/Sarajevo")


async def fail_job(ground: Ground, world: World) -> None:
    """A job that has failed for good, for a person to look at."""
    async with ground.database.tenant_session(world.made.house.context()) as session:
        await session.execute(
            insert(OutboxJob).values(
                organisation_id=world.id, id=ids.new(), kind="letter.send", queue="mail", payload={},
                key="dead-one", state=JobState.DEAD, due_at=clock.now(), done_at=clock.now(), error="It broke.",
            )
        )  # fmt: skip


async def ask_otherwise(ground: Ground, world: World) -> None:
    """A programme that does not ask for evaluations as all others do."""
    by = world.people["manager"]
    async with ground.database.tenant_session(by.context()) as session:
        await evaluations.set_asking(session, by, world.launched.programme.id, Asking(remind_days=15))


async def think_through(ground: Ground, world: World) -> None:
    """What a network has written down before it opens."""
    by = world.people["manager"]
    async with ground.database.tenant_session(by.context()) as session:
        programme_id = world.launched.programme.id
        await set_up.write(
            session, by, programme_id, Step.AIM, text="Twelve pairs.", is_settled=True, version=0
        )


async def ask_in_own_words(ground: Ground, world: World) -> None:
    """A question of the programme's own and a topic, neither of which is there for people any more."""
    by, programme_id = world.people["manager"], world.launched.programme.id
    async with ground.database.tenant_session(by.context()) as session:
        words = Words({"en": "Do you like to travel?"}, options=[Option({"en": "Yes"}), Option({"en": "No"})])
        asked = await questions.add(session, by, programme_id, shape=Shape.CHOICE, words=words)
        await stock.leave_out(session, by, programme_id, key=asked.key)
        topic = await topic_list.add(session, by, programme_id, label={"en": "Keeping bees"})
        await topic_list.offer(session, by, programme_id, topic.code, is_offered=False)


async def destroy_key(ground: Ground, world: World) -> None:
    """The key of a record that is long gone."""
    await ground.keys.destroy(KeyOwner(world.id, ids.random(), ids.random()))
