"""What comes of a pair: meetings, a concern, a change of address, a program that reads along."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from infra import clock, ids
from infra.db.batches import within
from infra.ground import Ground
from tenants.actor import house
from tenants.evaluations.models import Evaluation, EvaluationState, Wording
from tenants.identity import own_address, tokens
from tenants.notifications import concerns
from tenants.permissions import Permission
from tenants.relationships import feeds, meeting, queries
from tenants.relationships.afterwards import actions as afterwards
from tenants.relationships.afterwards.rules import PURPOSE
from tenants.relationships.follow_up_models import FollowUp
from tenants.relationships.keeping import met, not_heard, rhythm, settings
from tenants.relationships.keeping.models import MeetingAnswer
from tenants.relationships.keeping.settings import Watching
from tenants.relationships.models import Meeting, MeetingState, Relationship
from tests.isolation.world.shape import World


async def settle(ground: Ground, world: World) -> None:
    """A life for the pair: meetings, a concern; and a token for its programs."""
    mentor, mentee = world.people["confirmed_mentor"], world.people["confirmed_mentee"]
    day = clock.today("UTC") + timedelta(days=7)
    async with ground.database.tenant_session(mentor.context()) as session:
        relationship = await queries.of_proposal(session, world.confirmed)
        assert relationship is not None
        relationship_id = relationship.id
        offered = await meeting.propose(
            session, mentor, relationship_id, zone="UTC", place="Café Tito",
            wall_times=[f"{day}T10:00", f"{day}T12:00"],
        )  # fmt: skip
    async with ground.database.tenant_session(mentee.context()) as session:
        await meeting.agree(session, mentee, offered[0].id)
        await concerns.tell(
            session, mentee, text="She asked me for money.", readers=[world.people["coordinator"].person_id]
        )
        await meeting.propose(session, mentee, relationship_id, zone="UTC", wall_times=[f"{day}T17:00"])
    await _follow_up(ground, world, relationship_id)
    await _keep(ground, world, relationship_id)
    await _evaluate(ground, world, relationship_id)
    await _ask_what_is_next(ground, world, relationship_id)
    async with ground.database.tenant_session(mentor.context()) as session:
        change = await own_address.ask(session, mentor, email="zdenka.nova@example.org")
        world.links["/feed/"] = ground.links.token(feeds.PURPOSE, world.id, await feeds.make(session, mentor))
        world.links["/address/"] = ground.links.token(own_address.PURPOSE, world.id, change.id)
    maker = world.people["everything"]
    async with ground.database.tenant_session(maker.context()) as session:
        everything = [one.value for one in Permission]
        made = await tokens.make(session, maker, name="Our HR system", permissions=everything)
    world.token = made.secret


async def _ask_what_is_next(ground: Ground, world: World, relationship_id: UUID) -> None:
    """As if it had ended: both are asked what comes next."""
    async with ground.database.tenant_session(house(world.id).context()) as session:
        query = select(Relationship).where(Relationship.id == relationship_id)
        pair = (await session.execute(query)).scalar_one()
        assert pair.mentor_id and pair.mentee_id
        await afterwards.ask(session, pair, [pair.mentor_id, pair.mentee_id])
        asked = await afterwards.asked_of(session, relationship_id, pair.mentee_id)
        assert asked
        world.links["/next/"] = ground.links.token(PURPOSE, world.id, asked.id)


async def _follow_up(ground: Ground, world: World, relationship_id: UUID) -> None:
    """As after three months: the mentor has replied, the mentee is still asked."""
    async with ground.database.tenant_session(house(world.id).context()) as session:
        relationship = (
            await session.execute(select(Relationship).where(Relationship.id == relationship_id))
        ).scalar_one()
        for participation_id, goals in (
            (relationship.mentor_id, "She has found work."),
            (relationship.mentee_id, None),
        ):
            session.add(
                FollowUp(
                    organisation_id=world.id, id=ids.random(), relationship_id=relationship_id,
                    participation_id=participation_id, after_days=91, reply_by=clock.today("UTC"), goals=goals,
                    replied_at=clock.now() if goals else None,
                )
            )  # fmt: skip


async def _keep(ground: Ground, world: World, relationship_id: UUID) -> None:
    """As after a meeting of which the mentee has still to say whether it took place, and a long silence."""
    mentee, coordinator = world.people["confirmed_mentee"], world.people["coordinator"]
    async with ground.database.tenant_session(house(world.id).context()) as session:
        relationship = (
            await session.execute(select(Relationship).where(Relationship.id == relationship_id))
        ).scalar_one()
        over = Meeting(
            organisation_id=world.id, id=ids.random(), relationship_id=relationship_id,
            proposed_by=relationship.mentor_id, state=MeetingState.AGREED, wall_time="2026-11-20T10:00",
            time_zone="UTC", starts_at=clock.now() - timedelta(hours=3), minutes=60, agreed_at=clock.now(),
        )  # fmt: skip
        session.add(over)
        await session.flush()
        await met.ask_all(within(session), house(world.id))
        await rhythm.look(session, house(world.id))
        mine = MeetingAnswer.participation_id == relationship.mentee_id
        answer_id = await session.scalar(select(MeetingAnswer.id).where(mine))
        world.links["/met/"] = ground.links.token(met.PURPOSE, world.id, answer_id)
    owner = world.people["owner"]
    async with ground.database.tenant_session(owner.context()) as session:
        await settings.change(session, owner, relationship.programme_id, Watching(quiet_days=40))
    async with ground.database.tenant_session(coordinator.context()) as session:
        asked = await not_heard.ask(session, coordinator, relationship_id)
        hers = next(one for one in asked if one.participation_id == relationship.mentee_id)
        world.links["/heard/"] = ground.links.token(not_heard.PURPOSE, world.id, hers.id)
    async with ground.database.tenant_session(mentee.context()) as session:
        await meeting.propose(
            session, mentee, relationship_id, zone="UTC", monthly=True,
            wall_times=[f"{clock.today('UTC') + timedelta(days=9)}T10:00"],
        )  # fmt: skip


async def _evaluate(ground: Ground, world: World, relationship_id: UUID) -> None:
    """As at the end of the pair, which goes on all the same: the mentor has answered, the mentee has begun to."""
    async with ground.database.tenant_session(house(world.id).context()) as session:
        relationship = (
            await session.execute(select(Relationship).where(Relationship.id == relationship_id))
        ).scalar_one()
        shared = {
            "organisation_id": world.id, "relationship_id": relationship_id, "programme_id": relationship.programme_id,
            "wording": Wording.PLAIN, "benefit_many": False,
        }  # fmt: skip
        session.add(
            Evaluation(
                id=ids.random(), participation_id=relationship.mentor_id, role="mentor", answered_at=clock.now(),
                state=EvaluationState.ANSWERED, answers={"ended": "yes", "why": ["year_over"], "comment": "She asked a lot."},
                **shared,
            )
        )  # fmt: skip
        session.add(
            Evaluation(
                id=ids.random(), participation_id=relationship.mentee_id, role="mentee", answers={"ended": "no"},
                next_on=clock.today("UTC") + timedelta(days=14), **shared,
            )
        )  # fmt: skip
