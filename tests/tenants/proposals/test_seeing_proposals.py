"""Who sees which proposal, and how much of it."""

import pytest
from sqlalchemy import select, update

from infra.errors import NotFound
from tenants.notifications.models import Letter, LetterState
from tenants.permissions import Role
from tenants.proposals import actions, answering, listing, queries
from tenants.proposals.models import AskedFor, NeverAgain, ProposalState
from tenants.registration.models import Participation
from tests import making, pairing

MEET = AskedFor.MEET


async def seen(stage, whose, proposal):
    async with stage.session(whose.actor) as session:
        return await queries.see(session, whose.actor, proposal)


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
