"""Two coordinators, or a coordinator and one of the pair, act on one case in the same moment: one outcome, nothing doubled."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from infra import clock
from infra.errors import HouseError
from tenants.gatherings import actions as gatherings
from tenants.gatherings.rules import WorkshopOver
from tenants.notifications.models import Task
from tenants.opportunities import actions as opportunities
from tenants.opportunities.actions import Content
from tenants.opportunities.rules import OpportunityDecided
from tenants.permissions import Role
from tenants.programmes import queries as programmes
from tenants.proposals import actions as proposals
from tenants.proposals import answering
from tenants.proposals.models import AskedFor
from tenants.registration import leaving
from tenants.registration.models import Status
from tenants.relationships import actions, notices
from tenants.relationships.agreements import templates
from tenants.relationships.agreements.notice_models import Ground
from tenants.relationships.agreements.rules import TextOutdated
from tenants.relationships.keeping import not_heard
from tenants.relationships.models import EndReason, RelationshipState
from tenants.relationships.rules import RelationshipEnded
from tenants.reports.deeds import handing_over, planning, telling, undoing
from tenants.reports.deeds.rules import Choice, Of
from tenants.sentences import every
from tests import making
from tests.agreeing import fill, sign
from tests.gathering import Workshops, asked


async def at_once(stage, *deeds):
    """Carry out deeds, (actor, action, what, facts), together; what each came to."""

    async def one(actor, action, *what, **facts):
        async with stage.session(actor) as session:
            return await action(session, actor, *what, **facts)

    done = await asyncio.gather(*(one(*deed[:-1], **deed[-1]) for deed in deeds), return_exceptions=True)
    assert all(
        isinstance(outcome, HouseError) or not isinstance(outcome, BaseException) for outcome in done
    ), done
    return [type(outcome).__name__ for outcome in done]


@pytest.fixture
async def colleague(stage):
    return await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, name="Clara")


async def test_a_case_is_ended_while_a_colleague_goes_on_with_it(stage, colleague):  # K12 K45 N08
    end = {"reason": EndReason.NO_CONTACT}
    day = clock.today("UTC") + timedelta(days=9)
    for number in range(4):
        mentor, mentee = (
            await stage.joins("mentor", name=f"Njeri {number}"),
            await stage.joins(name=f"W {number}"),
        )
        pair = await stage.pair(mentor, mentee)
        other = [
            (colleague, actions.finish_check_up, pair.id, {}),
            (colleague, actions.set_check_up, pair.id, {"on": day}),
            (colleague, actions.end, pair.id, {"reason": EndReason.OTHER, "mentee_goes_on_as": Status.LEFT}),
            (mentee.actor, leaving.leave, mentee.id, {}),
        ][number]
        first, second = await at_once(stage, (stage.by, actions.end, pair.id, end), other)
        assert (first, second) != ("RelationshipEnded", "RelationshipEnded")
        await stage.drain()
        found = await stage.relationship(pair.proposal_id)
        assert found.state == RelationshipState.ENDED and found.check_up_on is None
        open_tasks = [kind for kind, _ in await stage.tasks() if kind.startswith("relationship.")]
        assert open_tasks == []
        for whose in (mentor, mentee):
            assert (await stage.letters(whose)).count("relationship.ended") == 1
            assert await stage.held(whose) == 0


async def test_a_proposal_is_withdrawn_while_a_colleague_notes_an_answer(stage, colleague):  # K33 K35
    for is_yes in (True, False):
        mentor, mentee = (
            await stage.joins("mentor", name=f"Njeri {is_yes}"),
            await stage.joins(name=f"W {is_yes}"),
        )
        [proposal] = await stage.sent((mentor, mentee))
        await stage.become_known(proposal)
        await stage.drain()
        note = (colleague, answering.note_answer, proposal, mentee.id, AskedFor.MEET, {"is_yes": is_yes})
        outcomes = await at_once(stage, (stage.by, proposals.withdraw_proposal, proposal, {}), note)
        assert outcomes.count("ProposalClosed") == (0 if is_yes and outcomes[1] == "Answered" else 1)
        assert (await stage.read(proposal)).state in ("withdrawn", "declined")
        for whose in (mentor, mentee):
            assert (await stage.letters(whose)).count("proposal.closed") == 1
            assert await stage.held(whose) == 0
        assert [kind for kind, _ in await stage.tasks()].count("proposal.next") == (1 if is_yes else 2)


async def test_a_caseload_is_handed_over_while_a_proposal_becomes_a_pair(
    stage, colleague, monkeypatch
):  # N08
    mentor, mentee = await stage.joins("mentor", name="Njeri"), await stage.joins(name="W")
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)
    await stage.both_meet(proposal, mentor, mentee)
    await stage.answer(mentor, proposal, AskedFor.GO_ON)
    plan = planning.plan

    async def and_then_she_says_yes(*what, **facts):
        planned = await plan(*what, **facts)
        await stage.answer(mentee, proposal, AskedFor.GO_ON)
        return planned

    monkeypatch.setattr(planning, "plan", and_then_she_says_yes)
    async with stage.session(stage.by) as session:
        done, _ = await handing_over.hand_over(
            session, stage.by, to=[colleague.person_id], from_id=stage.by.person_id
        )
    pair = await stage.relationship(proposal)
    assert pair.coordinator_id == colleague.person_id
    async with stage.session() as session:
        of_case = Task.about["relationship_id"].astext == str(pair.id)
        assert set(await session.scalars(select(Task.person_id).where(of_case))) == {colleague.person_id}
    for whose in (mentor, mentee):
        assert (await stage.letters(whose)).count("relationship.coordinator") == 1
    async with stage.session(stage.by) as session:
        await undoing.undo(session, stage.by, done.deed_id)
    assert (await stage.relationship(proposal)).coordinator_id == stage.by.person_id


async def test_two_coordinators_remind_somebody_at_once(stage, colleague):
    mentor, mentee = await stage.joins("mentor", name="Njeri"), await stage.joins(name="W")
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)
    choice = Choice(Of.PEOPLE, (mentee.person_id,))
    remind = [(actor, telling.remind, choice, {}) for actor in (stage.by, colleague)]
    assert sorted(await at_once(stage, *remind)) == ["Done", "NobodyToDo"]
    assert (await stage.letters(mentee)).count("contact.reminder") == 1


async def test_beside_the_case_two_act_at_once_and_each_is_told_what_stands(
    stage, colleague
):  # K38 K53 K70 K84
    """A workshop, an opportunity, a notice and three questions: the second of two reads a sentence, and nothing is doubled."""
    mentor, mentee = await stage.joins("mentor", name="Njeri"), await stage.joins(name="W")
    pair = await stage.pair(mentor, mentee)
    workshops = Workshops(stage)
    workshop = await workshops.planned(audience="mentees")
    later = replace(asked(audience="mentees"), minutes=60)
    content = Content(
        "training", "A course", "Four evenings.", "en", clock.today("UTC") + timedelta(days=30), "Mostar"
    )
    async with stage.session(mentee.actor) as session:
        course = await opportunities.propose(session, mentee.actor, content)
    twos = (
        ((stage.by, gatherings.cancel, workshop.id, {}), (colleague, gatherings.change, workshop.id, later, {})),
        ((stage.by, opportunities.publish, course.id, {}),
         (colleague, opportunities.decline, course.id, {"words": "We had it last week."})),
        ((stage.by, not_heard.ask, pair.id, {}), (colleague, not_heard.ask, pair.id, {})),
        ((mentee.actor, notices.give, pair.id, Ground.CONFIDENCE, {"reason": "She told others."}),
         (stage.by, actions.end, pair.id, {"reason": EndReason.GOALS_REACHED})),
    )  # fmt: skip
    sentences = every()
    for first, second in twos:
        came_to = await at_once(stage, first, second)
        refused = {"WorkshopOver", "OpportunityDecided", "AskedLately", "RelationshipEnded"} & set(came_to)
        assert len(refused) <= 1 and (refused or first[1] is gatherings.cancel), came_to
    for refusal in (WorkshopOver, OpportunityDecided, not_heard.AskedLately, RelationshipEnded):
        assert sentences[refusal.code]
    await stage.drain()
    for whose in (mentor, mentee):
        told = await stage.letters(whose)
        assert (told.count("relationship.ended"), told.count("relationship.not_heard")) == (1, 1)
    assert (await stage.relationship(pair.proposal_id)).state == RelationshipState.ENDED
    assert "workshop.attendance" not in dict(
        await stage.tasks()
    )  # cancelled, whether before or after it was changed


async def test_the_first_signature_waits_for_whoever_edits_the_text(stage):
    mentor, mentee = await stage.joins("mentor", name="Njeri"), await stage.joins(name="W")
    pair = await stage.pair(mentor, mentee)
    await fill(stage, mentor, pair.id)
    manager, programme_id = stage.made.owner, stage.launched.programme.id
    async with stage.session(manager) as session:
        await programmes.access_programme(session, manager, programme_id, lock=True)
        signing = asyncio.create_task(sign(stage, mentor, pair.id))
        async with asyncio.timeout(5):
            while not await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                await asyncio.sleep(0.01)
        before = await templates.current(session, programme_id, "toolbox", "en")
        own = {one["code"]: "\n".join(one["points"]) for one in before.body["sections"]}
        wanted = {**own, "title": "Our promise", "intro": ""}
        await templates.write(session, manager, programme_id, "toolbox", "en", wanted, seen=before.digest)
    with pytest.raises(TextOutdated):
        await signing
