"""Confidential notes in every state: sealed, given to somebody, opened in an emergency, shared by a pair and released."""

from uuid import UUID

from sqlalchemy import select

from infra import ids
from infra.ground import Ground
from tenants.actor import Actor
from tenants.interviews import actions, emergencies, grants, releases
from tenants.interviews.models import Grant
from tenants.registration.models import Participation
from tenants.relationships import queries
from tests.interviewing import fresh
from tests.isolation.world.shape import World

REASON = "The police ask about her, and nobody reaches the author."


async def write(ground: Ground, world: World) -> None:
    by, manager = fresh(world.people["coordinator"]), fresh(world.people["manager"])
    first, second, third = await _participations(ground, world)
    note_id = await _sealed(ground, by, first)
    async with ground.database.tenant_session(by.context()) as session:
        assert manager.person_id
        await grants.give(session, by, note_id, person_id=manager.person_id, purpose="support", days=30)
        await actions.begin_debrief(session, by, note_id, with_id=manager.person_id)
        await actions.begin(session, by, third)  # a draft with nothing in it yet
    await _in_emergency(ground, world, await _sealed(ground, manager, second))
    await _share(ground, world)


async def _participations(ground: Ground, world: World) -> list[UUID]:
    async with ground.database.tenant_session(world.made.house.context()) as session:
        found = select(Participation.id).order_by(Participation.id).limit(3)
        return list((await session.execute(found)).scalars())


async def _sealed(ground: Ground, by: Actor, participation_id: UUID) -> UUID:
    async with ground.database.tenant_session(by.context()) as session:
        note_id = await actions.begin(session, by, participation_id)
        await actions.save(
            session, by, ground.keys, note_id, words={"personal": "Her uncle forbids it."},
            window=ids.random(), version=0, is_final=True,
        )  # fmt: skip
    return note_id


async def _in_emergency(ground: Ground, world: World, note_id: UUID) -> None:
    """Opened once; asked for once more, which nobody has answered yet."""
    by, owner = fresh(world.people["coordinator"]), fresh(world.people["owner"])
    for is_answered in (True, False):
        async with ground.database.tenant_session(by.context()) as session:
            if not is_answered:
                [given] = await session.scalars(select(Grant.id).where(Grant.note_id == note_id))
                await grants.end(session, by, note_id, given)
            asked = await emergencies.ask(session, by, note_id, reason=REASON)
        if is_answered:
            async with ground.database.tenant_session(owner.context()) as session:
                await emergencies.decide(session, owner, asked, is_yes=True)


async def _share(ground: Ground, world: World) -> None:
    mentor, mentee = world.people["confirmed_mentor"], world.people["confirmed_mentee"]
    note_id = ids.random()
    async with ground.database.tenant_session(mentor.context()) as session:
        relationship = await queries.of_proposal(session, world.confirmed)
        assert relationship is not None and mentee.person_id
        await actions.begin_shared(
            session, mentor, note_id, relationship_id=relationship.id, other_id=mentee.person_id
        )
        await actions.save(
            session, mentor, ground.keys, note_id, words={"shared": "Ask for the night shift."},
            window=note_id, version=0, is_final=True,
        )  # fmt: skip
        reader = world.people["coordinator"].person_id
        assert reader
        await releases.ask(session, mentor, note_id, reader_id=reader)
    async with ground.database.tenant_session(mentee.context()) as session:
        [wish] = await releases.wishes(session, mentee, note_id)
        await releases.agree(session, mentee, note_id, wish.id)
