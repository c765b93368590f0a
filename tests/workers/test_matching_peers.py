"""Runs of one pool: two peers each, and circles, from the start to explained proposals that can be checked again."""

import pytest
from sqlalchemy import update

from tenants.pools import actions as pools
from tenants.programmes.models import Structure
from tenants.proposals.models import RunState
from tenants.proposals.parties import queries as parties
from tenants.proposals.runs import criteria as choosing
from tenants.proposals.runs import words
from tenants.registration.models import Participation, Status
from tests import crowd, making
from tests.workers.runs import found, read, start
from tests.working import drain
from workers.matching.checking import check_run


async def parties_of(database, made, run_id):
    async with database.tenant_session(made.coordinator.context()) as session:
        return await parties.of_run(session, made.coordinator, run_id)


async def test_a_reciprocal_programme_makes_pairs_of_peers(ground, database, made):  # C01 N11
    launched = await making.programme(database, made, structure=Structure.RECIPROCAL)
    people = await crowd.people(database, made, launched, "peer", 9)
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.error, run.certificate["ok"]) == (RunState.DONE, None, True)
    pairs, left = await found(database, made, run_id)
    placed = [one for row in pairs for one in row[:2]]
    assert len(pairs) == 4
    assert len(set(placed)) == 8 == run.result["matched"]
    assert set(placed) <= set(people)
    for one, other, score, contributions, alternatives in pairs:
        assert one < other
        assert 0 < score <= 20_000
        assert sum(row["points"] for row in contributions) == score
        assert all(0 <= row["points"] <= row["most"] for row in contributions)
        assert alternatives == []
    assert run.result["total"] == sum(row[2] for row in pairs) == run.result["bound"]
    assert [(row[0], row[1]) for row in left] == [(one, "peer") for one in people if one not in placed]
    assert all(words.reason(row[1], row[2], row[3]) for row in left)
    assert (await check_run(ground, made.id, run_id)).faults == ()


async def test_a_circle_programme_makes_circles(ground, database, made):  # U01
    launched = await making.programme(database, made, structure=Structure.CIRCLE)
    people = await crowd.people(
        database, made, launched, "peer", 14, mode="group", time_zone="Africa/Nairobi"
    )
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.error, run.certificate["ok"]) == (RunState.DONE, None, True)
    circles = await parties_of(database, made, run_id)
    placed = [seat.participation_id for one in circles for seat in one.seats]
    assert len(circles) == run.result["groups"] > 0
    assert len(set(placed)) == len(placed) == run.result["matched"]
    assert set(placed) <= set(people)
    for one in circles:
        assert 4 <= len(one.seats) <= 10
        assert one.party.facts["languages"]
        assert sum(seat.score for seat in one.seats) == 2 * one.party.score
        for seat in one.seats:
            assert seat.role == "peer"
            assert sum(row["points"] for row in seat.contributions) == seat.score <= seat.most
    assert run.result["total"] == sum(one.party.score for one in circles) <= run.result["bound"]
    _, left = await found(database, made, run_id)
    assert len(left) == 14 - len(placed)
    assert (await check_run(ground, made.id, run_id)).faults == ()


async def test_who_was_never_asked_how_she_wants_to_meet_comes_into_a_circle(ground, database, made):  # I06
    launched = await making.programme(database, made, structure=Structure.CIRCLE)
    people = {(await making.participation(database, made, launched, "peer")).id for _ in range(4)}
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Participation).values(status=Status.READY))
        await pools.rebuild_cards(session, people)
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    [circle] = await parties_of(database, made, run_id)
    assert {seat.participation_id for seat in circle.seats} == people


async def test_a_run_says_how_large_circles_are_to_be(ground, database, made):  # N06
    launched = await making.programme(database, made, structure=Structure.CIRCLE)
    await crowd.people(database, made, launched, "peer", 9, mode="group", time_zone="Africa/Nairobi")
    chosen = choosing.read({"weights": {"topics": 8}, "sizes": (3, 4)})
    run_id = await start(database, made, launched, chosen)
    await drain(ground, made.id)
    sizes = {len(one.seats) for one in await parties_of(database, made, run_id)}
    assert sizes
    assert sizes <= {3, 4}
    wrong = choosing.read({"weights": {"topics": 8}, "sizes": (2, 40), "aim": "people"})
    with pytest.raises(choosing.Invalid) as refused:
        await start(database, made, launched, wrong)
    assert [one.code for one in refused.value.problems] == ["aim_not_here", "sizes_out_of_bounds"]
