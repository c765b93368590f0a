"""Whoever leaves while a group or circle is asked: her yes does not count, is not taken, and closes nothing."""

import pytest

from tenants.proposals.parties import answering, queries, rules
from tenants.proposals.party_models import PartyState
from tenants.registration import actions as registration
from tenants.registration import leaving
from tenants.registration.models import Status
from tenants.relationships import parties
from tests.parties import begun, read, says
from tests.tenants.proposals.test_parties import circle

__all__ = ["circle"]  # a fixture that both files use


async def leaves(stage, one):
    async with stage.session(one.actor) as session:
        await leaving.leave(session, one.actor, one.id)


async def begin_now(stage, party):
    async with stage.session(stage.by) as session:
        return (await parties.begin_now(session, stage.by, party)).state


async def test_her_yes_is_refused_and_closes_nothing(circle):  # K33
    stage, people, party = circle
    for one in people[:3]:
        await says(stage, party, one, yes=True)
    await leaves(stage, people[2])
    for job_is_done in (False, True):
        if job_is_done:
            await stage.drain()
        with pytest.raises(rules.SeatGivenUp):
            await says(stage, party, people[2], yes=True)
        async with stage.session(stage.by) as session:
            with pytest.raises(rules.SeatGivenUp):
                await parties.note_answer(session, stage.by, party, people[2].id, is_yes=True)
    async with stage.session(people[2].actor) as session:
        seen = await queries.see(session, people[2].actor, party)
        assert (seen.is_given_up, seen.may_answer, seen.me.is_yes) == (True, False, False)
    assert (await read(stage, party)).state == PartyState.OPEN
    await says(stage, party, people[3], yes=True)
    assert (await says(stage, party, people[4], yes=False)).state == PartyState.CONFIRMED
    _, members = await begun(stage, party)
    assert members == {people[n].id for n in (0, 1, 3)}


async def test_a_coordinator_begins_it_with_those_who_are_left(circle):
    """Before the job has been: two who take part said yes, and it began with them instead of being closed."""
    stage, people, party = circle
    for one in people[:3]:
        await says(stage, party, one, yes=True)
    await leaves(stage, people[2])
    assert await begin_now(stage, party) == PartyState.CONFIRMED
    _, members = await begun(stage, party)
    assert members == {one.id for one in people[:2]}
    await stage.drain()
    assert await stage.held(people[2]) == 0
    assert "relationship.confirmed" not in await stage.letters(people[2])


async def test_too_few_without_her_is_refused_and_not_closed(circle):
    stage, people, party = circle
    for one in people[:2]:
        await says(stage, party, one, yes=True)
    await leaves(stage, people[1])
    with pytest.raises(rules.TooFewYes):
        await begin_now(stage, party)
    assert (await read(stage, party)).state == PartyState.OPEN
    await stage.drain()
    with pytest.raises(rules.TooFewYes):
        await begin_now(stage, party)
    for one in people[2:]:
        await says(stage, party, one, yes=True)
    assert (await read(stage, party)).state == PartyState.CONFIRMED


async def test_whoever_is_let_go_is_asked_no_more(circle):
    stage, people, party = circle
    async with stage.session(stage.by) as session:
        await registration.to_network_participant(session, stage.by, people[0].id)
    with pytest.raises(rules.SeatGivenUp):
        await says(stage, party, people[0], yes=True)


async def test_whoever_comes_back_is_not_asked_again(circle):
    """Her place may be held elsewhere by then, so it is not taken twice."""
    stage, people, party = circle
    await leaves(stage, people[0])
    await stage.drain()
    async with stage.session(people[0].actor) as session:
        await leaving.come_back(session, people[0].actor, people[0].id)
    async with stage.session() as session:
        hers = await registration.queries.own_participation(session, people[0].id)
        hers.status = Status.READY
    with pytest.raises(rules.SeatGivenUp):
        await says(stage, party, people[0], yes=True)
    for one in people[1:]:
        await says(stage, party, one, yes=True)
    _, members = await begun(stage, party)
    assert members == {one.id for one in people[1:]}


async def test_the_link_of_her_letter_is_over(circle):
    stage, people, party = circle
    async with stage.session() as session:
        hold = await answering.hold_of(session, party, people[0].id)
        assert await answering.reader_of(session, stage.made.house, hold) is not None
    await leaves(stage, people[0])
    async with stage.session() as session:
        assert await answering.reader_of(session, stage.made.house, hold) is None
