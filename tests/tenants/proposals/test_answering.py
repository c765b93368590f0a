"""Two private answers (N07): what decides, who learns what, and what happens when two act at once."""

import asyncio

import pytest
from sqlalchemy import select, update

from infra.errors import Forbidden, Invalid, NotFound
from tenants.actor import person
from tenants.audit.models import AuditEvent
from tenants.notifications.models import Letter, LetterState
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.proposals import actions, answering, listing, places, queries, rules
from tenants.proposals.models import AskedFor, NeverAgain, ProposalState
from tenants.registration import actions as registration
from tenants.registration import leaving
from tenants.registration.models import Participation, Status
from tenants.relationships import actions as relationships
from tenants.relationships.models import Relationship
from tests import making, pairing

MEET, GO_ON = AskedFor.MEET, AskedFor.GO_ON


@pytest.fixture
async def case(stage):
    """Two people with an open proposal that both have been told of."""
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi", capacity=2), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)
    return mentor, mentee, proposal


async def seen(stage, whose, proposal):
    async with stage.session(whose.actor) as session:
        return await queries.see(session, whose.actor, proposal)


async def test_the_whole_way_to_a_pair(stage, case):  # K11 K30 K33 K37 K39 N07
    mentor, mentee, proposal = case
    before = await seen(stage, mentee, proposal)
    assert (before.other.full_name, before.other.email, before.other.phone) == ("Njeri Mwangi", None, None)
    assert (await stage.answer(mentee, proposal, MEET)).state == ProposalState.OPEN
    # The other one is not told what was answered, nor that anything was.
    assert (await seen(stage, mentor, proposal)).my_answers == {}
    assert (await seen(stage, mentee, proposal)).my_answers == {"meet": True}
    assert (await stage.answer(mentor, proposal, MEET)).state == ProposalState.MEETING
    after = await seen(stage, mentee, proposal)
    assert after.other.phone == "+45 70 12 34 56" and "@" in after.other.email
    assert await stage.letters(mentee) == ["proposal.meet", "proposal.contact"]
    assert await stage.status(mentee) == Status.READY
    await stage.both_go_on(proposal, mentee, mentor)
    assert (await stage.read(proposal)).state == ProposalState.CONFIRMED
    assert (await stage.status(mentor), await stage.status(mentee)) == (Status.IN_RELATIONSHIP,) * 2
    assert (await stage.held(mentor), await stage.held(mentee)) == (1, 1)
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == "relationship.confirmed"


async def test_a_no_closes_it_without_blame(stage, case):  # K33 K35 N07
    mentor, mentee, proposal = case
    await stage.answer(mentor, proposal, MEET)
    await stage.answer(mentee, proposal, MEET, False, reason="  She was my teacher.  ")
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    assert (await stage.status(mentor), await stage.status(mentee)) == (Status.READY, Status.READY)
    assert (await stage.held(mentor), await stage.held(mentee)) == (0, 0)
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == "proposal.closed"
    assert [kind for kind, _ in await stage.tasks()] == ["proposal.next"]
    # What the other one sees of it says nothing about who, or why.
    other = await seen(stage, mentor, proposal)
    assert other.my_answers == {"meet": True}
    assert (other.other.email, other.other.phone) == (None, None)
    async with stage.session(stage.by) as session:
        assert await places.is_tried(session, mentee.person_id, mentor.person_id)
        said = await listing.answers(session, stage.by, proposal)
        assert [(one.is_yes, one.reason) for one in said] == [(True, None), (False, "She was my teacher.")]
        # Nor does the trail, which more people read than the case.
        trail = await session.execute(
            select(AuditEvent.person_id, AuditEvent.details).where(
                AuditEvent.object_id == proposal,
                AuditEvent.event.in_(("proposal.answered", "proposal.closed")),
            )
        )
        assert {row.person_id for row in trail} == {None}


async def test_a_no_after_the_meeting_takes_the_contact_data_back(stage, case):  # K35
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.answer(mentor, proposal, GO_ON)
    await stage.answer(mentee, proposal, GO_ON, False)
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    assert (await seen(stage, mentor, proposal)).other.phone is None


async def test_an_answer_may_be_changed_until_it_is_decided(stage, case):
    mentor, mentee, proposal = case
    await stage.answer(mentee, proposal, MEET)
    await stage.answer(mentee, proposal, MEET, False)
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    for whose in (mentor, mentee):
        with pytest.raises(rules.ProposalClosed):
            await stage.answer(whose, proposal, MEET)


async def test_only_the_question_of_the_moment(stage, case):
    mentor, mentee, proposal = case
    with pytest.raises(rules.ProposalClosed):
        await stage.answer(mentee, proposal, GO_ON)
    await stage.both_meet(proposal, mentor, mentee)
    with pytest.raises(rules.ProposalClosed):
        await stage.answer(mentee, proposal, MEET, False)


async def test_a_reason_has_an_end(stage, case):
    _, mentee, proposal = case
    with pytest.raises(Invalid) as refused:
        await stage.answer(mentee, proposal, MEET, False, reason="x" * 2_001)
    assert refused.value.problems[0].code == "too_long"
    assert (await stage.read(proposal)).state == ProposalState.OPEN


async def test_both_answer_at_once(stage, case):
    mentor, mentee, proposal = case
    await asyncio.gather(stage.answer(mentor, proposal, MEET), stage.answer(mentee, proposal, MEET))
    assert (await stage.read(proposal)).state == ProposalState.MEETING
    assert (await stage.letters(mentor)).count("proposal.contact") == 1
    await asyncio.gather(stage.answer(mentor, proposal, GO_ON), stage.answer(mentee, proposal, GO_ON))
    assert (await stage.read(proposal)).state == ProposalState.CONFIRMED
    assert (await stage.letters(mentor)).count("relationship.confirmed") == 1


async def test_a_yes_and_a_no_at_once(stage, case):
    mentor, mentee, proposal = case
    await asyncio.gather(
        stage.answer(mentor, proposal, MEET),
        stage.answer(mentee, proposal, MEET, False),
        return_exceptions=True,
    )
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    assert (await stage.letters(mentor)).count("proposal.closed") == 1


async def test_an_answer_while_it_is_withdrawn(stage, case):
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.answer(mentor, proposal, GO_ON)

    async def withdraw():
        async with stage.session(stage.by) as session:
            await actions.withdraw_proposal(session, stage.by, proposal)

    outcomes = await asyncio.gather(stage.answer(mentee, proposal, GO_ON), withdraw(), return_exceptions=True)
    [refused] = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(refused, rules.ProposalClosed)
    state = (await stage.read(proposal)).state
    assert state == (ProposalState.WITHDRAWN if outcomes[1] is None else ProposalState.CONFIRMED)
    last = "proposal.closed" if state == ProposalState.WITHDRAWN else "relationship.confirmed"
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == last


async def lowered(stage, *, by_the_mentor: bool):
    """A mentor of two with two first meetings held, of whose places one is gone; all but two have said yes."""
    mentor = await stage.joins("mentor", name="Njeri Mwangi", capacity=2)
    mentees = [await stage.joins(name=f"Mentee {n}") for n in range(2)]
    made = await stage.sent(*((mentor, mentee) for mentee in mentees))
    await stage.become_known(*made)
    for proposal, mentee in zip(made, mentees, strict=True):
        await stage.both_meet(proposal, mentor, mentee)
        await stage.answer(mentee if by_the_mentor else mentor, proposal, GO_ON)
    async with stage.session() as session:
        await session.execute(update(Participation).where(Participation.id == mentor.id).values(capacity=1))
    last = [mentor, mentor] if by_the_mentor else mentees
    return mentor, mentees, made, last


@pytest.mark.parametrize("by_the_mentor", [True, False])
async def test_the_last_place_is_given_once(stage, by_the_mentor):  # ReDI #997
    mentor, mentees, made, last = await lowered(stage, by_the_mentor=by_the_mentor)
    await asyncio.gather(
        *(stage.answer(whose, proposal, GO_ON) for whose, proposal in zip(last, made, strict=True))
    )
    states = [(await stage.read(proposal)).state for proposal in made]
    assert sorted(states) == [ProposalState.CONFIRMED, ProposalState.WITHDRAWN]
    async with stage.session() as session:
        [one] = (await session.execute(select(Relationship))).scalars().all()
    lucky = states.index(ProposalState.CONFIRMED)
    assert one.mentee_id == mentees[lucky].id
    # The other one is told kindly, keeps her status, and is free for the next.
    other = mentees[1 - lucky]
    assert (await stage.letters(other))[-1] == "proposal.closed"
    assert (await stage.status(other), await stage.held(other)) == (Status.READY, 0)
    assert (await stage.held(mentor), await stage.status(mentor)) == (1, Status.IN_RELATIONSHIP)
    async with stage.session() as session:
        assert not await places.is_tried(session, mentor.person_id, other.person_id)


async def test_a_mentor_of_two_is_matched_with_the_place_that_is_left(stage):  # K11
    mentor, first, second = (
        await stage.joins("mentor", capacity=2), await stage.joins(name="A"), await stage.joins(name="B"),
    )  # fmt: skip
    await stage.pair(mentor, first)
    run, _ = await stage.drafts((mentor, second))
    assert (await stage.approve(run)).sent == 1
    third, _ = await stage.drafts((mentor, await stage.joins(name="C")))
    assert (await stage.approve(third)).sent == 0


async def test_who_leaves_meanwhile_lets_the_other_go(stage, case):  # cncf #1392
    mentor, mentee, proposal = case
    async with stage.session(mentee.actor) as session:
        await leaving.leave(session, mentee.actor, mentee.id)
    assert "proposal.let_go_of_leaver" in await stage.drain()
    assert (await stage.read(proposal)).state == ProposalState.WITHDRAWN
    assert (await stage.held(mentor), (await stage.letters(mentor))[-1]) == (0, "proposal.closed")


async def test_the_second_yes_of_somebody_who_has_just_left_begins_nothing(stage, case):
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.answer(mentor, proposal, GO_ON)
    async with stage.session(stage.by) as session:
        await registration.leave(session, stage.by, mentee.id)
    assert (await stage.answer(mentee, proposal, GO_ON)).state == ProposalState.WITHDRAWN
    async with stage.session() as session:
        assert (await session.execute(select(Relationship))).all() == []


async def test_whoever_has_not_been_told_hears_nothing_of_its_end(stage):
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    async with stage.session(stage.by) as session:
        await actions.withdraw_proposal(session, stage.by, proposal)
    assert await stage.letters(mentee) == ["proposal.meet"]
    assert await stage.letters(mentee, LetterState.WAITING) == []


async def test_nobody_sees_it_before_it_is_sent(stage):
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    with pytest.raises(NotFound):
        await seen(stage, mentee, proposal)
    with pytest.raises(NotFound):
        await stage.answer(mentee, proposal, MEET)


async def test_a_letter_lets_its_reader_answer_this_proposal_alone(stage, case):
    mentor, mentee, proposal = case
    async with stage.session() as session:
        hold = await answering.hold_of(session, proposal, mentee.id)
        reader = await answering.reader_of(session, stage.made.house, hold)
    assert (reader.proposal_id, reader.actor.person_id) == (proposal, mentee.person_id)
    assert reader.actor.session_id is None
    await stage.answer(mentor, proposal, MEET, False)
    async with stage.session() as session:
        assert await answering.reader_of(session, stage.made.house, hold) is None


async def test_a_letter_of_a_pair_that_has_begun_opens_nothing(stage, case):
    mentor, mentee, proposal = case
    async with stage.session() as session:
        hold = await answering.hold_of(session, proposal, mentee.id)
    await stage.both_meet(proposal, mentor, mentee)
    await stage.both_go_on(proposal, mentor, mentee)
    async with stage.session() as session:
        assert await answering.hold_of(session, proposal, mentee.id) == hold  # the place stays taken
        assert await answering.reader_of(session, stage.made.house, hold) is None


async def test_others_find_nothing(stage, case, database, ground):  # isolation
    _mentor, mentee, proposal = case
    stranger = await stage.joins(name="Somebody Else")
    far = await pairing.stage(database, ground)
    outsider = await far.joins("mentor")
    for actor in (stranger.actor, outsider.actor):
        async with database.tenant_session(actor.context()) as session:
            for attempt in (
                queries.see(session, actor, proposal),
                answering.answer(session, actor, proposal, MEET, is_yes=False),
                answering.note_first_meeting(session, actor, proposal, on=pairing.soon().date()),
            ):
                with pytest.raises(NotFound):
                    await attempt
            assert list(await queries.own(session, actor)) == []
    async with far.session(far.by) as session:
        for attempt in (
            queries.access_proposal(session, far.by, proposal),
            listing.answers(session, far.by, proposal),
            listing.shown(session, far.by, proposal),
            actions.withdraw_proposal(session, far.by, proposal),
            answering.note_first_meeting(session, far.by, proposal, on=pairing.soon().date()),
        ):
            with pytest.raises(NotFound):
                await attempt
        assert await listing.listed(session, far.by) == []
        assert await listing.counts(session, far.by) == {}
        hold = await answering.hold_of(session, proposal, mentee.id)
        assert hold is None
    assert (await stage.read(proposal)).state == ProposalState.OPEN


async def test_reasons_are_for_the_coordinators_of_her_own_office(stage, case):
    from tenants.organisations import actions as organisations

    mentor, mentee, proposal = case
    async with stage.session(stage.made.owner) as session:
        office = await organisations.open_office(session, stage.made.owner, name="Nairobi", time_zone="UTC")
    async with stage.session() as session:
        await session.execute(
            update(Participation).where(Participation.id == mentor.id).values(office_id=office.id)
        )
    await stage.answer(mentor, proposal, MEET, reason="Gladly")
    await stage.answer(mentee, proposal, MEET, False, reason="Too near")
    narrow = await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, office_id=office.id)
    async with stage.session(narrow) as session:
        said = await listing.answers(session, narrow, proposal)
    assert [(one.is_yes, one.reason) for one in said] == [(True, "Gladly"), (False, None)]


async def test_a_list_takes_as_many_statements_for_three_as_for_one(stage, case, statements):
    counted = []
    for _ in range(2):
        async with stage.session(stage.by) as session:
            with statements() as sent:
                found = await listing.listed(session, stage.by)
                await listing.answers_of(session, stage.by, found)
        counted.append((len(found), len(sent)))
        await stage.sent(
            (await stage.joins("mentor", name="M2"), await stage.joins(name="E2")),
            (await stage.joins("mentor", name="M3"), await stage.joins(name="E3")),
        )
    assert counted == [(1, 2), (3, 2)]


async def test_pages_of_the_list_are_stable(stage):
    pairs = [(await stage.joins("mentor", name=f"M{n}"), await stage.joins(name=f"E{n}")) for n in range(3)]
    made = await stage.sent(*pairs)
    async with stage.session(stage.by) as session:
        first = await listing.listed(session, stage.by, limit=2)
        rest = await listing.listed(session, stage.by, limit=2, after=first[-1].key)
    assert {one.id for one in (*first, *rest)} == set(made) and len(first) == 2


async def test_a_pair_that_said_no_is_known_once(stage, case):
    mentor, mentee, proposal = case
    await stage.answer(mentor, proposal, MEET, False)
    async with stage.session() as session:
        await answering.never_again(session, stage.made.house, mentee.person_id, mentor.person_id)
        assert len((await session.execute(select(NeverAgain))).all()) == 1
        kinds = (await session.execute(select(Letter.kind).where(Letter.kind == "proposal.closed"))).all()
        assert len(kinds) == 2


async def note(stage, proposal, whose, asked_for=MEET, *, by=None, is_yes=True, **facts):
    actor = by or stage.by
    async with stage.session(actor) as session:
        return await relationships.note_answer(
            session, actor, proposal, whose.id, asked_for, is_yes=is_yes, **facts
        )


async def test_a_coordinator_notes_what_she_was_told(stage, case):  # K33
    mentor, mentee, proposal = case
    await note(stage, proposal, mentee, reason="Told me at the workshop")
    await stage.answer(mentor, proposal, MEET)
    assert (await stage.read(proposal)).state == ProposalState.MEETING
    await stage.answer(mentor, proposal, GO_ON)
    assert (await note(stage, proposal, mentee, GO_ON)).state == ProposalState.CONFIRMED
    assert await stage.status(mentee) == Status.IN_RELATIONSHIP


async def test_nobody_notes_over_an_answer_that_was_given(stage, case):
    mentor, mentee, proposal = case
    await stage.answer(mentee, proposal, MEET)
    with pytest.raises(rules.AnsweredAlready):
        await note(stage, proposal, mentee, is_yes=False)
    await note(stage, proposal, mentor, is_yes=False)
    assert (await stage.read(proposal)).state == ProposalState.DECLINED


async def test_nobody_notes_answers_in_a_case_of_her_own(stage, case):
    mentor, mentee, proposal = case
    both = person(stage.made.id, mentor.person_id, frozenset({Role.COORDINATOR, Role.PARTICIPANT}))
    with pytest.raises(Forbidden):
        await note(stage, proposal, mentee, by=both)
    with pytest.raises(Forbidden):
        await note(stage, proposal, mentee, by=mentor.actor)
    with pytest.raises(NotFound):
        await note(stage, proposal, await stage.joins(name="Somebody Else"))


async def test_whoever_has_no_address_is_called(stage):  # K04
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == mentee.person_id).values(email=None))
    [proposal] = await stage.sent((mentor, mentee))
    assert [kind for kind, _ in await stage.tasks()] == ["proposal.unanswered"]
    await note(stage, proposal, mentee)
    await note(stage, proposal, mentor)
    assert sorted(kind for kind, _ in await stage.tasks()) == ["proposal.check_up", "proposal.unanswered"]
    await note(stage, proposal, mentor, GO_ON)
    await note(stage, proposal, mentee, GO_ON)
    assert [kind for kind, _ in await stage.tasks()] == ["relationship.check_up"]
