"""A run with a proposal in each state, as its people have answered, and somebody whom nobody can be found for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from infra import clock
from infra.ground import Ground
from tenants.evaluations import outcome_answers, outcomes
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.programmes.models import ProgrammeRole
from tenants.proposals import actions as proposals
from tenants.proposals import answering
from tenants.proposals.models import AskedFor, Hold, Proposal, WishKind
from tenants.proposals.runs import actions as runs
from tenants.proposals.runs import wishing
from tenants.proposals.searches import actions as searches
from tenants.registration import actions as registration
from tenants.registration.models import Participation, Status
from tenants.relationships import actions as relationships
from tests import making
from tests.isolation.world.shape import NUMBERS, World, as_participant
from tests.working import drain

PAIRS = ("confirmed", "meeting", "open", "draft", "declined")


async def _join(ground: Ground, world: World, role: str, name: str, **others: Any) -> Participation:
    """Somebody who can be matched."""
    entered = await making.participation(
        ground.database, world.made, world.launched, role, name=name, **others
    )
    by = world.made.coordinator
    async with ground.database.tenant_session(by.context()) as session:
        await registration.record_interview_held(session, by, entered.id, on=clock.today("UTC"))
        await registration.make_ready(session, by, entered.id)
    return entered


async def _register_again(ground: Ground, world: World, entered: Participation) -> None:
    """She leaves and registers once more: what she had said is kept beside what she says now."""
    by = world.made.coordinator
    async with ground.database.tenant_session(by.context()) as session:
        await registration.leave(session, by, entered.id)
        email = await session.scalar(select(Person.email).where(Person.id == entered.person_id))
    await making.participation(ground.database, world.made, world.launched, name="Nora Nguyen", email=email)


async def match(ground: Ground, world: World) -> None:
    """A run with a proposal in each state, as its people have answered, and somebody whom nobody can be found for."""
    for at in range(len(PAIRS)):
        await _join(ground, world, "mentor", f"Zdenka Horvat {at}", capacity=1)
        await _join(ground, world, "mentee", f"Wanjiru Kamau {at}")
    alone = await _join(ground, world, "mentee", "Sokha Chan", languages=[{"code": "km", "level": 4}])
    newly = await making.participation(ground.database, world.made, world.launched, name="Nora Nguyen")
    await _register_again(ground, world, newly)
    world.people["unmatched_mentee"] = as_participant(world, alone.person_id)
    world.people["registered_mentee"] = as_participant(world, newly.person_id)
    by = world.made.coordinator
    async with ground.database.tenant_session(by.context()) as session:
        run = await runs.start_run(session, by, world.launched.cycle.id)
        await searches.search(session, by, alone.id)
        manager = world.people["manager"]
        await outcomes.take_up(session, manager, world.launched.programme.id, "network")
        await outcome_answers.answer(session, by, alone.id, {"belief": 2})
    await drain(ground, world.id, kinds=NUMBERS)
    drafts = await _send(ground, world, run.id)
    await _answer(ground, world, drafts["declined"], AskedFor.MEET, ("declined_mentor", False))
    for name in ("meeting", "confirmed"):
        yes = ((f"{name}_mentor", True), (f"{name}_mentee", True))
        await _answer(ground, world, drafts[name], AskedFor.MEET, *yes)
    for name in ("confirmed_mentor", "confirmed_mentee"):
        await _answer(ground, world, drafts["confirmed"], AskedFor.GO_ON, (name, True))


async def _send(ground: Ground, world: World, run_id: UUID) -> dict[str, UUID]:
    """Approve the proposals but one; `people` knows their two by what is to become of them."""
    by = world.made.coordinator
    drafts: dict[str, UUID] = {}
    async with ground.database.tenant_session(by.context()) as session:
        found = select(Proposal).where(Proposal.run_id == run_id).order_by(Proposal.id)
        for name, proposal in zip(PAIRS, (await session.execute(found)).scalars(), strict=True):
            drafts[name] = proposal.id
            for role, id in (("mentor", proposal.mentor_id), ("mentee", proposal.mentee_id)):
                person_id = await session.scalar(
                    select(Participation.person_id).where(Participation.id == id)
                )
                assert person_id
                world.people[f"{name}_{role}"] = as_participant(world, person_id)
        sent = [drafts[name] for name in PAIRS if name != "draft"]
        world.confirmed = drafts["confirmed"]
        await proposals.approve(session, by, run_id, sent)
        # An hour ago, so that the ten minutes are over in which nobody has been told yet.
        earlier = (
            update(Proposal).where(Proposal.id.in_(sent)).values(sent_at=clock.now() - timedelta(hours=1))
        )
        await session.execute(earlier)
        held = select(Hold.id).where(Hold.proposal_id == drafts["open"]).order_by(Hold.id).limit(1)
        hold_id = (await session.execute(held)).scalar_one()
        world.links["/answer/"] = ground.links.token(answering.PURPOSE, world.id, hold_id)
        session.add(
            ProgrammeRole(
                organisation_id=world.id, programme_id=world.launched.programme.id,
                person_id=world.people["manager"].person_id, role=Role.PROGRAMME_MANAGER,
            )
        )  # fmt: skip
        waiting = select(Participation.id).where(
            Participation.status == Status.READY, Participation.role == "mentor"
        )
        mentor_id = (await session.execute(waiting.limit(1))).scalar_one()
        mentee_id = await session.scalar(
            select(Participation.id).where(
                Participation.person_id == world.people["unmatched_mentee"].person_id
            )
        )
        assert mentee_id
        await wishing.wish(
            session,
            by,
            world.launched.cycle.id,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            kind=WishKind.FORBID,
        )
    return drafts


async def _answer(
    ground: Ground, world: World, proposal_id: UUID, asked: AskedFor, *said: tuple[str, bool]
) -> None:
    for name, is_yes in said:
        actor = world.people[name]
        async with ground.database.tenant_session(actor.context()) as session:
            await relationships.answer(
                session, actor, proposal_id, asked, is_yes=is_yes, reason=None if is_yes else "No time now."
            )
