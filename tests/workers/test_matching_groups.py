"""Runs of other structures: groups around one topic, from the start to explained proposals; reverse, the table turned."""

from uuid import UUID

import pytest
from sqlalchemy import select, update

from infra import progress
from infra.errors import Invalid
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.pools import actions as pools
from tenants.programmes.models import Structure
from tenants.proposals import actions as proposals
from tenants.proposals.models import Hold, RunState, WishKind
from tenants.proposals.parties import changing
from tenants.proposals.parties import queries as parties
from tenants.proposals.parties import rules as moving
from tenants.proposals.runs import actions, wishing, words
from tenants.proposals.runs import criteria as choosing
from tenants.registration.models import Participation
from tests import crowd, making
from tests.workers.runs import found, read, start
from tests.working import drain
from workers.matching.checking import check_run

GROUP = {"mode": "group", "capacity": 5}


@pytest.fixture
async def grouped(database, made):
    launched = await making.programme(database, made, structure=Structure.GROUP)
    mentees = await crowd.people(database, made, launched, "mentee", 14, **GROUP | {"capacity": 1})
    mentors = await crowd.people(database, made, launched, "mentor", 4, **GROUP)
    return launched, mentees, mentors


async def topics_of(database, made):
    async with database.tenant_session(made.house.context()) as session:
        rows = await session.execute(
            select(Participation.id, Participation.topics_offered, Participation.topics_wanted)
        )
        return {row[0]: set(row[1]) | set(row[2]) for row in rows}


async def groups_of(database, made, run_id):
    """(mentor, seats of her mentees, facts) of each group."""
    async with database.tenant_session(made.coordinator.context()) as session:
        listed = await parties.of_run(session, made.coordinator, run_id)
    return [(one.seats[0].participation_id, one.seats[1:], one.party.facts) for one in listed]


def members_of(groups):
    return {(mentor, seat.participation_id) for mentor, seats, _ in groups for seat in seats}


async def test_a_group_programme_forms_groups_around_one_topic(
    ground, database, made, grouped
):  # I06 I07 U01
    launched, _, _ = grouped
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.error, run.certificate["ok"]) == (RunState.DONE, None, True)
    groups = await groups_of(database, made, run_id)
    pairs, left = await found(database, made, run_id)
    assert pairs == []
    known = await topics_of(database, made)
    assert run.result["groups"] == len(groups) > 1
    for mentor, seats, facts in groups:
        assert 2 <= len(seats) <= 5
        (topic,) = facts["topics"]
        assert facts["languages"]
        assert all(topic in known[one] for one in (mentor, *(seat.participation_id for seat in seats)))
        assert all(sum(row["points"] for row in seat.contributions) == seat.score for seat in seats)
    placed = members_of(groups)
    assert run.result["matched"] == len(placed)
    scores = sum(seat.score for _, seats, _ in groups for seat in seats)
    assert run.result["total"] == scores <= run.result["bound"]
    assert len([row for row in left if row[1] == "mentee"]) == 14 - len(placed)
    for side, reason, facts in ((row[1], row[2], row[3]) for row in left):
        assert words.reason(side, reason, facts)
    checked = await check_run(ground, made.id, run_id)
    assert (checked.total, checked.faults) == (run.result["total"], ())


async def test_a_group_is_asked_as_one(ground, database, made, grouped):  # I07
    launched, _, _ = grouped
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        done = await proposals.approve(session, by, run_id)
    groups = await groups_of(database, made, run_id)
    assert (done.sent, done.left_out) == (len(groups), 0)
    async with database.tenant_session(made.house.context()) as session:
        asked = (await session.scalars(select(Letter.kind).where(Letter.kind == "party.ask"))).all()
        held = (await session.scalars(select(Hold.participation_id).where(Hold.party_id.is_not(None)))).all()
    assert len(asked) == len(set(held)) == len(held) == len(members_of(groups)) + len(groups)


async def test_kept_pairs_and_why_not_in_a_run_of_groups(ground, database, made, grouped):
    launched, _, _ = grouped
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    groups = await groups_of(database, made, run_id)
    by = made.coordinator
    mentor, mentee = groups[0][0], groups[0][1][0].participation_id
    other = groups[1][0]
    async with database.tenant_session(by.context()) as session:
        keys = [
            await actions.ask_why(session, by, run_id, mentee_id=mentee, mentor_id=one)
            for one in (mentor, other)
        ]
        await wishing.wish(
            session, by, launched.cycle.id, mentor_id=mentor, mentee_id=mentee, kind=WishKind.LOCK
        )
    await drain(ground, made.id)
    hers, others = [(await progress.last(ground.redis, key)).facts for key in keys]
    assert (hers["is_matched"], others["is_matched"]) == (True, False)
    assert hers["price"] is others["price"] is None
    chosen = choosing.read({"weights": {"topics": 10, "languages": 1}})
    async with database.tenant_session(by.context()) as session:
        again = await actions.start_run(session, by, launched.cycle.id, chosen)
    await drain(ground, made.id)
    assert (await read(database, made, again.id)).result["kept_together"] == 1
    assert (mentor, mentee) in members_of(await groups_of(database, made, again.id))
    assert (await check_run(ground, made.id, again.id)).faults == ()


async def test_quotas_hold_in_groups_and_other_aims_are_not_for_them(ground, database, made, grouped):
    launched, mentees, _ = grouped
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(Participation).where(Participation.id.in_(mentees)).values(entity="UNDP")
        )
        await pools.rebuild_cards(session, mentees)
    quota = {"side": "mentee", "of": "UNDP", "most": 3}
    asked = choosing.read({"weights": {"topics": 8}, "aim": "people", "quotas": [quota]})
    with pytest.raises(Invalid) as refused:
        await start(database, made, launched, asked)
    assert [one.code for one in refused.value.problems] == ["aim_not_here"]
    run_id = await start(
        database, made, launched, choosing.read({"weights": {"topics": 8}, "quotas": [quota]})
    )
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert run.result["matched"] == 3
    assert run.result["quotas"][0]["used"] == 3
    assert (await check_run(ground, made.id, run_id)).faults == ()


async def test_somebody_is_moved_to_another_group_at_its_price(ground, database, made, grouped):
    launched, _, _ = grouped
    run_id = await start(database, made, launched, choosing.read({"weights": {"topics": 8}, "sizes": (2, 6)}))
    await drain(ground, made.id)
    by = made.coordinator
    moved = None
    for _mentor, seats, _facts in await groups_of(database, made, run_id):
        for seat in seats if len(seats) > 1 else ():
            moved = moved or await _move(ground, database, by, made, run_id, seat.participation_id)
    if moved is not None:  # where a topic and a language of another group fit somebody
        who, there, change, before = moved
        groups = await groups_of(database, made, run_id)
        assert [m for m, seats, _ in groups if who in {s.participation_id for s in seats}] == [there]
        assert sum(seat.score for _, seats, _ in groups for seat in seats) == before + change
        assert (await check_run(ground, made.id, run_id)).faults == ()


async def _move(ground, database, by, made, run_id, who):
    """The first move that is possible: (who, to which mentor, change, total before); None where there is none."""
    before = await groups_of(database, made, run_id)
    async with database.tenant_session(by.context()) as session:
        key = await changing.ask_move(session, by, run_id, who)
    await drain(ground, made.id)
    weighed = (await progress.last(ground.redis, key)).facts["moves"]
    possible = next((one for one in weighed if not one["faults"]), None)
    async with database.tenant_session(by.context()) as session:
        impossible = next((one for one in weighed if one["faults"]), None)
        if impossible:
            with pytest.raises(moving.MoveRefused):
                await changing.move(
                    session, by, run_id, who, UUID(impossible["to"]), key=key, weighed=weighed
                )
        if possible is None:
            return None
        with pytest.raises(changing.MoveNotWeighed):
            await changing.move(session, by, run_id, who, UUID(possible["to"]), key="other", weighed=weighed)
    async with database.tenant_session(by.context()) as session:
        party = await changing.move(session, by, run_id, who, UUID(possible["to"]), key=key, weighed=weighed)
        seats = (await parties.seats_of(session, [party.id]))[party.id]
    total = sum(seat.score for _, all_seats, _ in before for seat in all_seats)
    return who, seats[0].participation_id, possible["change"], total


async def test_own_wishes_and_supervision_hold_within_a_group(ground, database, made):  # K18
    launched = await making.programme(database, made, structure=Structure.GROUP)
    one = await crowd.people(
        database, made, launched, "mentee", 2, **GROUP | {"topics_wanted": ["leadership"]}
    )
    await crowd.people(database, made, launched, "mentor", 1, **GROUP | {"topics_offered": ["leadership"]})
    before = await start(database, made, launched)
    await drain(ground, made.id)
    assert (await read(database, made, before)).result["matched"] == 2
    async with database.tenant_session(made.house.context()) as session:
        named = await session.scalar(
            select(Person.email)
            .join(Participation, Participation.person_id == Person.id)
            .where(Participation.id == one[1])
        )
        await session.execute(
            update(Participation).where(Participation.id == one[0]).values(excluded_emails=[named])
        )
        await pools.rebuild_cards(session, one)
    run_id = await start(database, made, launched, choosing.read({"weights": {"topics": 1}}))
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.result["groups"], run.result["matched"]) == (RunState.DONE, 0, 0)
    assert (await check_run(ground, made.id, run_id)).faults == ()


async def test_more_groups_than_can_be_compared_are_said_so(ground, database, made, grouped, monkeypatch):
    monkeypatch.setattr("matcher.structures.offers.MOST_CELLS", 3)
    run_id = await start(database, made, grouped[0])
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.error) == (RunState.FAILED, "run_too_many_groups")


async def test_in_a_reverse_programme_the_mentee_is_ahead(ground, database, made):  # U01
    launched = await making.programme(database, made, structure=Structure.REVERSE)
    await crowd.people(database, made, launched, "mentee", 3, experience_years=20)
    ahead = await crowd.people(database, made, launched, "mentor", 3, experience_years=30)
    behind = await crowd.people(database, made, launched, "mentor", 3, seed=2, experience_years=12)
    chosen = choosing.read({"weights": {"seniority": 10, "languages": 1}, "seniority": 1})
    run_id = await start(database, made, launched, chosen)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert run.criteria["seniority_sign"] == -1
    pairs, left = await found(database, made, run_id)
    assert {row[0] for row in pairs} == set(behind)
    assert {(row[0], row[2]) for row in left} == {(one, "seniority") for one in ahead}
    facts = [row["facts"] for pair in pairs for row in pair[3] if row["criterion"] == "seniority"]
    assert facts == [{"gap": -8, "measure": "years"}] * 3
