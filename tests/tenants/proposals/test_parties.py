"""Groups and circles: asked all together, answered in private, begun by enough of them, one case for all."""

from datetime import timedelta

import pytest
import time_machine

from infra import clock
from infra.errors import NotFound
from tenants.programmes.models import Structure
from tenants.proposals import actions as proposals
from tenants.proposals import rules as pairs
from tenants.proposals.parties import actions, queries, rules
from tenants.proposals.party_models import PartyState
from tenants.registration import leaving
from tenants.registration.models import Status
from tenants.relationships import actions as relationships
from tenants.relationships import parties
from tenants.relationships import queries as cases
from tenants.relationships.models import EndReason
from tests import pairing
from tests.parties import begun, drafted, read, says, sent


@pytest.fixture
async def circle(database, ground):
    """Five peers who are asked whether they want to be a circle; three have to say yes."""
    stage = await pairing.stage(database, ground, structure=Structure.CIRCLE)
    people = [await stage.joins("peer", name=f"Peer {n}") for n in range(5)]
    [party] = await sent(stage, people)
    return stage, people, party


@pytest.fixture
async def group(database, ground):
    stage = await pairing.stage(database, ground, structure=Structure.GROUP)
    people = [await stage.joins("mentor", name="Njeri Mwangi"), *[await stage.joins() for _ in range(3)]]
    [party] = await sent(stage, people, least=2)
    return stage, people, party


async def test_a_circle_begins_with_those_who_said_yes(circle):  # U01 K33
    stage, people, party = circle
    for one in people[:3]:
        assert (await says(stage, party, one, yes=True)).state == PartyState.OPEN
    assert (await says(stage, party, people[3], yes=False)).state == PartyState.OPEN
    assert (await says(stage, party, people[4], yes=True)).state == PartyState.CONFIRMED
    found, members = await begun(stage, party)
    assert members == {people[n].id for n in (0, 1, 2, 4)}
    assert (found.mentor_id, found.mentee_id, found.proposal_id) == (None, None, None)
    assert found.check_up_on is not None
    states = [await stage.status(one) for one in people]
    assert states == [*[Status.IN_RELATIONSHIP] * 3, Status.READY, Status.IN_RELATIONSHIP]
    assert [await stage.held(one) for one in people] == [1, 1, 1, 0, 1]
    assert "relationship.confirmed" in await stage.letters(people[0])
    assert "relationship.confirmed" not in await stage.letters(people[3])


async def test_too_few_yes_ends_it_and_everybody_is_free(circle):  # K35
    stage, people, party = circle
    for one in people[:2]:
        await says(stage, party, one, yes=True)
    await says(stage, party, people[2], yes=False)
    await says(stage, party, people[3], yes=False)
    assert (await says(stage, party, people[4], yes=False)).state == PartyState.DECLINED
    assert await begun(stage, party) is None
    assert [await stage.held(one) for one in people] == [0] * 5
    assert {await stage.status(one) for one in people} == {Status.READY}
    assert "party.closed" in await stage.letters(people[0])
    assert "party.closed" not in await stage.letters(people[2])  # she knows
    assert "party.next" in [kind for kind, _ in await stage.tasks()]


async def test_it_ends_as_soon_as_it_cannot_begin_any_more(circle):
    stage, people, party = circle
    for one in people[:2]:
        await says(stage, party, one, yes=False)
    assert (await says(stage, party, people[2], yes=False)).state == PartyState.DECLINED


async def test_nobody_learns_who_else_is_asked_or_what_they_said(circle):  # K33
    stage, people, party = circle
    await says(stage, party, people[1], yes=False, reason="Not the right time")
    async with stage.session(people[0].actor) as session:
        seen = await queries.see(session, people[0].actor, party)
        assert (seen.others, seen.mentor, seen.me.is_yes) == (4, "", None)
    async with stage.session(stage.by) as session:
        [shown] = await queries.listed(session, stage.by, states=(PartyState.OPEN,))
    said = {one.participation_id: (one.is_yes, one.reason) for one in shown.seats}
    assert said[people[1].id] == (False, "Not the right time")


async def test_a_stranger_finds_no_party(circle):
    stage, _, party = circle
    stranger = await stage.joins("peer")
    async with stage.session(stranger.actor) as session:
        with pytest.raises(NotFound):
            await queries.see(session, stranger.actor, party)
        with pytest.raises(NotFound):
            await parties.answer(session, stranger.actor, party, is_yes=True)


async def test_when_the_time_is_over_the_silent_stay_out(circle):
    stage, people, party = circle
    for one in people[:3]:
        await says(stage, party, one, yes=True)
    with time_machine.travel(clock.now() + timedelta(days=30), tick=False):
        await stage.drain()
    assert (await read(stage, party)).state == PartyState.CONFIRMED
    _, members = await begun(stage, party)
    assert members == {one.id for one in people[:3]}
    assert "party.late" in await stage.letters(people[4])
    assert await stage.held(people[4]) == 0


async def test_a_group_needs_its_mentor(group):  # I07
    stage, people, party = group
    for one in people[1:]:
        await says(stage, party, one, yes=True)
    assert (await read(stage, party)).state == PartyState.OPEN
    assert (await says(stage, party, people[0], yes=False)).state == PartyState.DECLINED
    assert await stage.held(people[1]) == 0


async def test_a_group_is_one_relationship(group):  # I07
    stage, people, party = group
    for one in people:
        await says(stage, party, one, yes=True)
    found, members = await begun(stage, party)
    assert members == {one.id for one in people}
    async with stage.session(stage.by) as session:
        [row] = await cases.listed(session, stage.by)
        assert row.Relationship.id == found.id
        assert [one["role"] for one in row.members] == ["mentor", "mentee", "mentee", "mentee"]
        assert row.mentor_name is None
        ended = await relationships.end(session, stage.by, found.id, reason=EndReason.TERM_OVER)
        assert ended.state == "ended"
    assert {await stage.status(one) for one in people} == {Status.READY}
    assert [await stage.held(one) for one in people] == [0] * 4
    assert all(["relationship.ended" in await stage.letters(one) for one in people])


async def test_an_approval_of_circles_can_be_taken_back(database, ground):
    stage = await pairing.stage(database, ground, structure=Structure.CIRCLE)
    people = [await stage.joins("peer") for _ in range(4)]
    run_id, [party] = await drafted(stage, people)
    async with stage.session(stage.by) as session:
        assert (await proposals.approve(session, stage.by, run_id)).sent == 1
    assert [await stage.held(one) for one in people] == [1] * 4
    async with stage.session(people[0].actor) as session:
        with pytest.raises(NotFound):  # nobody sees it in the ten minutes
            await queries.see(session, people[0].actor, party)
    async with stage.session(stage.by) as session:
        await parties.note_answer(session, stage.by, party, people[1].id, is_yes=True, reason="By telephone")
        assert await proposals.undo_approval(session, stage.by, run_id) == 1
        [seats] = (await queries.seats_of(session, [party])).values()
    assert (await read(stage, party)).state == PartyState.DRAFT
    assert [await stage.held(one) for one in people] == [0] * 4
    assert {(one.is_yes, one.reason) for one in seats} == {(None, None)}  # sent anew, all are asked anew


async def test_a_place_is_given_once(database, ground):
    stage = await pairing.stage(database, ground, structure=Structure.CIRCLE)
    people = [await stage.joins("peer", capacity=1) for _ in range(7)]
    run_id, made = await drafted(stage, people[:4], people[3:])
    async with stage.session(stage.by) as session:
        done = await proposals.approve(session, stage.by, run_id)
    assert (done.sent, done.left_out) == (1, 1)
    assert [(await read(stage, one)).state for one in made] == [PartyState.DRAFT, PartyState.OPEN]


async def test_a_coordinator_notes_and_begins_it_with_fewer(circle):
    stage, people, party = circle
    async with stage.session(stage.by) as session:
        with pytest.raises(rules.TooFewYes):
            await parties.begin_now(session, stage.by, party)
        await parties.note_answer(session, stage.by, party, people[0].id, is_yes=True)
        with pytest.raises(pairs.AnsweredAlready):
            await parties.note_answer(session, stage.by, party, people[0].id, is_yes=False)
    await says(stage, party, people[1], yes=True)
    async with stage.session(stage.by) as session:
        await parties.begin_now(session, stage.by, party)
    _, members = await begun(stage, party)
    assert members == {people[0].id, people[1].id}


async def test_withdrawing_tells_all_in_the_same_words(circle):
    stage, people, party = circle
    async with stage.session(stage.by) as session:
        await actions.withdraw(session, stage.by, party)
    assert (await read(stage, party)).state == PartyState.WITHDRAWN
    assert all(["party.closed" in await stage.letters(one) for one in people])
    with pytest.raises(rules.PartyClosed):
        await says(stage, party, people[0], yes=True)


async def test_who_leaves_the_programme_counts_as_no(circle):
    stage, people, party = circle
    for one in people[:2]:
        await says(stage, party, one, yes=True)
    await says(stage, party, people[2], yes=False)
    await says(stage, party, people[3], yes=True)
    async with stage.session(people[4].actor) as session:
        await leaving.leave(session, people[4].actor, people[4].id)
    await stage.drain()
    assert (await read(stage, party)).state == PartyState.CONFIRMED
    _, members = await begun(stage, party)
    assert members == {people[n].id for n in (0, 1, 3)}
    assert await stage.held(people[4]) == 0
