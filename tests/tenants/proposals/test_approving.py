"""From the drafts of a run to two letters: places, the caseload, the ten minutes to take it back."""

import asyncio
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from infra import clock
from infra.errors import Forbidden
from tenants.actor import person
from tenants.audit.models import AuditEvent
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter
from tenants.organisations import actions as organisations
from tenants.permissions import Role
from tenants.pools.models import PoolCard
from tenants.programmes.models import Programme
from tenants.proposals import actions, caseloads, queries, rules
from tenants.proposals.models import AskedFor, Proposal, ProposalState
from tenants.registration import actions as registration
from tenants.registration.models import Participation, Status
from tests import making


async def open_places(stage, whose) -> int:
    async with stage.session() as session:
        query = select(PoolCard.open_places).where(PoolCard.participation_id == whose.id)
        return (await session.execute(query)).scalar_one_or_none() or 0


async def undo(stage, run_id):
    async with stage.session(stage.by) as session:
        return await actions.undo_approval(session, stage.by, run_id)


async def test_a_proposal_holds_one_place_on_each_side(stage):  # K11
    mentor, mentee = await stage.joins("mentor", capacity=2), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    found = await stage.read(proposal)
    assert (found.state, found.approved_by) == (ProposalState.OPEN, stage.by.person_id)
    assert (await stage.held(mentor), await stage.held(mentee)) == (1, 1)
    assert (await open_places(stage, mentor), await open_places(stage, mentee)) == (1, 0)
    # The status is that of before: it moves with the confirmation only.
    assert (await stage.status(mentor), await stage.status(mentee)) == (Status.READY, Status.READY)
    assert await stage.letters(mentor) == await stage.letters(mentee) == ["proposal.meet"]


async def test_letters_wait_ten_minutes_and_can_be_taken_back(stage):
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    run, [proposal] = await stage.drafts((mentor, mentee))
    await stage.approve(run)
    assert await stage.drain() == []
    assert await undo(stage, run) == 1
    found = await stage.read(proposal)
    assert (found.state, found.sent_at, found.answer_by, found.approved_by) == ("draft", None, None, None)
    assert await stage.held(mentor) == 0
    assert await stage.letters(mentor, "waiting") == []
    with time_machine.travel(clock.now() + timedelta(days=30), tick=True):
        assert await stage.drain() == []  # neither reminder nor expiry of the sending that was taken back
    assert await stage.tasks() == []
    # Sent anew, it writes its letters anew.
    await stage.approve(run)
    assert await stage.letters(mentor, "waiting") == ["proposal.meet"]


async def test_not_after_ten_minutes(stage):
    run, _ = await stage.drafts((await stage.joins("mentor"), await stage.joins()))
    await stage.approve(run)
    with time_machine.travel(clock.now() + rules.UNDO), pytest.raises(rules.UndoTooLate):
        await undo(stage, run)


async def test_not_once_a_letter_was_sent_before_its_time(stage, inbox):
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    run, [proposal] = await stage.drafts((mentor, mentee))
    await stage.approve(run)
    async with stage.session(stage.by) as session:
        hers = select(Letter.id).where(Letter.person_id == mentee.person_id, Letter.kind == "proposal.meet")
        await notifications.hurry_letter(session, stage.by, (await session.execute(hers)).scalar_one())
    await stage.drain()
    assert len(inbox.mails) == 1
    with pytest.raises(rules.UndoTooLate):
        await undo(stage, run)
    assert (await stage.read(proposal)).state == ProposalState.OPEN
    # She may open what her letter speaks of; the other one has not been told yet.
    async with stage.session() as session:
        assert [row.role for row in await queries.own(session, mentee.actor)] == ["mentee"]
        assert await queries.own(session, mentor.actor) == []


async def test_taking_back_while_a_letter_is_being_sent(stage, inbox):
    """Either the letter goes and the approval stays, or neither: never a letter about a draft."""
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    run, [proposal] = await stage.drafts((mentor, mentee))
    await stage.approve(run)
    async with stage.session(stage.by) as session:
        ids = (await session.execute(select(Letter.id).where(Letter.kind == "proposal.meet"))).scalars().all()
        for letter_id in ids:
            await notifications.hurry_letter(session, stage.by, letter_id)
    outcome, _ = await asyncio.gather(undo(stage, run), stage.drain(), return_exceptions=True)
    state = (await stage.read(proposal)).state
    if isinstance(outcome, rules.UndoTooLate):
        assert (state, len(inbox.mails)) == (ProposalState.OPEN, 2)
    else:
        assert (outcome, state, len(inbox.mails)) == (1, ProposalState.DRAFT, 0)


async def test_the_same_approval_twice_at_once_sends_once(stage):
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    run, [_proposal] = await stage.drafts((mentor, mentee))
    outcomes = await asyncio.gather(stage.approve(run), stage.approve(run), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["Approval", "NotApprovable"]
    assert await stage.letters(mentor) == ["proposal.meet"]
    assert await stage.held(mentor) == 1


async def test_two_runs_approved_at_once_do_not_take_one_place_twice(stage):  # ReDI #997
    mentor = await stage.joins("mentor", capacity=1)
    one, other = await stage.joins(name="Amina"), await stage.joins(name="Njeri")
    first, _ = await stage.drafts((mentor, one))
    second, _ = await stage.drafts((mentor, other))
    outcomes = await asyncio.gather(stage.approve(first), stage.approve(second))
    assert sorted((one.sent, one.left_out) for one in outcomes) == [(0, 1), (1, 0)]
    assert await stage.held(mentor) == 1


async def test_who_has_no_place_or_takes_part_no_more_is_left_out(stage):  # WCC #726
    none, gone, inactive = [await stage.joins("mentor", name=f"Mentor {n}") for n in range(3)]
    mentees = [await stage.joins(name=f"Mentee {n}") for n in range(3)]
    run, made = await stage.drafts(*zip((none, gone, inactive), mentees, strict=True))
    async with stage.session(stage.by) as session:
        await session.execute(update(Participation).where(Participation.id == none.id).values(capacity=0))
        await registration.leave(session, stage.by, gone.id)
        await registration.to_network_participant(session, stage.by, mentees[2].id)
    assert await stage.approve(run) == actions.Approval(sent=0, left_out=3)
    assert {(await stage.read(one)).state for one in made} == {ProposalState.DRAFT}


async def test_a_mentee_has_one_place_whatever_her_roster_said(stage):
    mentee = await stage.joins()
    async with stage.session() as session:
        await session.execute(update(Participation).where(Participation.id == mentee.id).values(capacity=3))
    run, _ = await stage.drafts(
        (await stage.joins("mentor", name="A"), mentee), (await stage.joins("mentor", name="B"), mentee)
    )
    assert (await stage.approve(run)).sent == 1


async def test_a_pair_that_was_declined_is_not_sent_from_an_older_run(stage):  # K35
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    older, _ = await stage.drafts((mentor, mentee))
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)
    await stage.answer(mentee, proposal, AskedFor.MEET, False)
    assert await stage.approve(older) == actions.Approval(sent=0, left_out=1)


async def test_the_caseload_warns_and_ends(stage):  # K28
    people = [(await stage.joins("mentor", name=f"M{n}"), await stage.joins(name=f"E{n}")) for n in range(3)]
    async with stage.session() as session:
        await session.execute(update(Programme).values(caseload_limit=2))
    await stage.pair(*people[0])
    run, made = await stage.drafts(*people[1:])
    with pytest.raises(rules.CaseloadFull) as refused:
        await stage.approve(run)
    assert refused.value.facts == {
        "coordinator": "Cora Coordinator", "used": 1, "asked": 0, "more": 2, "limit": 2,
    }  # fmt: skip
    with pytest.raises(rules.CaseloadFull):  # a coordinator's reason is not enough
        await stage.approve(run, override="Cora has help")
    assert (await stage.approve(run, made[:1])).sent == 1
    with pytest.raises(
        rules.CaseloadFull
    ) as refused:  # nor one after the other: the first may become a match
        await stage.approve(run)
    assert (refused.value.facts["used"], refused.value.facts["asked"]) == (1, 1)
    manager = person(stage.made.id, stage.by.person_id, frozenset({Role.COORDINATOR, Role.PROGRAMME_MANAGER}))
    async with stage.session(manager) as session:
        await session.execute(update(Programme).values(caseload_limit=1))
        assert (await actions.approve(session, manager, run, override="Cora has help")).sent == 1
    async with stage.session() as session:
        kept = await session.execute(
            select(AuditEvent.details).where(
                AuditEvent.event == "proposals.approved", AuditEvent.object_id == run
            )
        )
        assert [one.get("override") for one in kept.scalars()] == [None, "Cora has help"]
        # The count is of twelve months back from now.
        with time_machine.travel(clock.now() + timedelta(days=366)):
            assert await caseloads.used(session, stage.by.person_id) == 0


async def test_contacts_with_the_proposal_skip_the_first_question(database, ground):  # K30 K31 K36
    from tenants.programmes.models import ContactRelease
    from tests import pairing

    stage = await pairing.stage(database, ground, release=ContactRelease.WITH_PROPOSAL)
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    found = await stage.read(proposal)
    today = clock.today("UTC")
    assert (found.state, found.answer_by) == (ProposalState.MEETING, None)
    assert found.meet_by in (today + timedelta(61), today + timedelta(62))
    assert await stage.letters(mentee) == ["proposal.contact"]
    [(kind, due)] = await stage.tasks()
    assert kind == "proposal.check_up" and due - today in (timedelta(14), timedelta(15))


async def test_a_coordinator_of_one_office_sends_only_her_cases(stage):
    async with stage.session(stage.made.owner) as session:
        office = await organisations.open_office(session, stage.made.owner, name="Nairobi", time_zone="UTC")
    here, there = [await stage.joins(name=f"Mentee {n}") for n in range(2)]
    mentors = [await stage.joins("mentor", name=f"Mentor {n}") for n in range(2)]
    async with stage.session() as session:
        mine = update(Participation).where(Participation.id == here.id)
        await session.execute(mine.values(office_id=office.id))
    run, [hers, other] = await stage.drafts((mentors[0], here), (mentors[1], there))
    narrow = await making.somebody(
        stage.database, stage.made.id, Role.COORDINATOR, name="Selma", office_id=office.id
    )
    async with stage.session(narrow) as session:
        assert await actions.approve(session, narrow, run) == actions.Approval(1, 0)
        assert (await queries.access_proposal(session, narrow, hers)).state == ProposalState.OPEN
    assert (await stage.read(other)).state == ProposalState.DRAFT
    async with stage.session(narrow) as session:
        with pytest.raises(rules.NotApprovable):
            await actions.approve(session, narrow, run, [other])


async def test_only_coordinators_approve(stage):
    run, _ = await stage.drafts((await stage.joins("mentor"), mentee := await stage.joins()))
    for actor in (mentee.actor, stage.made.owner):
        async with stage.session(actor) as session:
            with pytest.raises(Forbidden):
                await actions.approve(session, actor, run)
            with pytest.raises(Forbidden):
                await actions.undo_approval(session, actor, run)


async def test_another_organisations_run_is_not_there(stage, database, ground):
    from tests import pairing

    run, [proposal] = await stage.drafts((await stage.joins("mentor"), await stage.joins()))
    other = await pairing.stage(database, ground)
    async with other.session(other.by) as session:
        with pytest.raises(rules.NotApprovable):
            await actions.approve(session, other.by, run, [proposal])
    async with stage.session() as session:
        assert (await session.execute(select(Proposal.state))).scalars().all() == ["draft"]


async def test_one_pair_in_two_drafts_is_sent_once(stage):
    """Two peers with two places each, drafted by two runs: the same two have one open proposal."""
    mentor, mentee = await stage.joins("mentor", capacity=2), await stage.joins()
    older, _ = await stage.drafts((mentor, mentee))
    newer, _ = await stage.drafts((mentor, mentee))
    async with stage.session() as session:
        await session.execute(update(Participation).values(capacity=2, role="peer"))
    assert (await stage.approve(older)).sent == 1
    assert await stage.approve(newer) == actions.Approval(sent=0, left_out=1)
