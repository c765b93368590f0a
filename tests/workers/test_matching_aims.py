"""A run for each aim, through the worker: proved, priced beside the most points, and explained in its own terms."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from infra import progress
from matcher import LimitReached, certifying, proposing, swapping
from tenants.proposals.models import MatchingRun, RunState
from tenants.proposals.runs import actions
from tenants.proposals.runs import criteria as choosing
from tests import crowd
from tests.workers.runs import found, read
from tests.working import drain
from workers.matching import solving
from workers.matching.checking import check_run

WEIGHTS = {"topics": 10, "languages": 2, "overlap": 4, "seniority": 4}


async def run_of(ground, database, made, launched, aim):
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        chosen = choosing.read({"weights": WEIGHTS, "aim": aim, "topics": 1})
        run = await actions.start_run(session, by, launched.cycle.id, chosen)
    await drain(ground, made.id)
    async with database.tenant_session(made.house.context()) as session:
        earlier = update(MatchingRun).values(created_at=MatchingRun.created_at - timedelta(minutes=1))
        await session.execute(earlier)
    return await read(database, made, run.id)


async def test_every_aim_is_reached_and_priced(ground, database, made, launched):  # N05
    await crowd.people(database, made, launched, "mentee", 16)
    await crowd.people(database, made, launched, "mentor", 12)
    runs = {aim: await run_of(ground, database, made, launched, aim) for aim in choosing.AIMS}
    plain = runs["points"].result
    assert plain["total"] == plain["bound"]
    assert len({run.inputs_digest for run in runs.values()}) == len(choosing.AIMS)
    for aim, run in runs.items():
        told = run.result
        assert (run.state, told["aim"], run.certificate["aim"]) == (RunState.DONE, aim, aim)
        assert told["bound"] == plain["total"] >= told["total"]
        assert told["most_points_matched"] == plain["matched"]
        assert told["most_points_lowest"] == plain["lowest"]
        checked = await check_run(ground, made.id, run.id)
        assert (checked.total, checked.bound, checked.faults) == (told["total"], told["bound"], ())
    assert runs["stable"].result["blocking_pairs"] == 0
    assert runs["people"].result["matched"] == runs["lowest"].result["matched"] >= plain["matched"]
    assert runs["lowest"].result["lowest"] >= runs["people"].result["lowest"]


async def test_a_large_run_says_of_each_aim_what_a_small_one_says(
    ground, database, made, launched, monkeypatch
):  # N05
    await crowd.people(database, made, launched, "mentee", 16)
    await crowd.people(database, made, launched, "mentor", 12)
    for aim in choosing.AIMS:
        runs = []
        for small in (1_000, 0):
            for module in (proposing, swapping, certifying):
                monkeypatch.setattr(module, "SMALL", small)
            runs.append(await run_of(ground, database, made, launched, aim))
        one, other = [await found(database, made, run.id) for run in runs]
        assert runs[0].result == runs[1].result
        assert [row[1:3] for row in one[0]] == [row[1:3] for row in other[0]]
        assert (runs[1].state, runs[1].certificate["ok"]) == (RunState.DONE, True)
        assert (await check_run(ground, made.id, runs[1].id)).faults == ()
        assert [row[0] for row in one[1]] == [row[0] for row in other[1]]


async def test_exchanges_too_long_to_be_weighed_are_told_and_nothing_is_proposed(
    ground, database, made, launched, monkeypatch
):
    await crowd.people(database, made, launched, "mentee", 2)
    await crowd.people(database, made, launched, "mentor", 2)

    def refuse(*_: object, **__: object) -> None:
        raise LimitReached("lift", 2, 1)

    monkeypatch.setattr(solving, "propose", refuse)
    run = await run_of(ground, database, made, launched, "people")
    assert (run.state, run.error) == (RunState.FAILED, "run_too_many_swaps")
    assert await found(database, made, run.id) == ([], [])


@pytest.mark.parametrize("small", [1_000, 0])
async def test_why_not_is_told_in_the_terms_of_the_aim(
    ground, database, made, launched, monkeypatch, small
):  # N04
    monkeypatch.setattr(proposing, "SMALL", small)
    await crowd.people(database, made, launched, "mentee", 8)
    await crowd.people(database, made, launched, "mentor", 8)
    by = made.coordinator
    for aim in ("people", "stable"):
        run = await run_of(ground, database, made, launched, aim)
        pairs, _ = await found(database, made, run.id)
        _, mentee, _, _, alternatives = max(pairs, key=lambda row: len(row[4]))
        other = alternatives[0]
        async with database.tenant_session(by.context()) as session:
            key = await actions.ask_why(
                session, by, run.id, mentee_id=mentee, mentor_id=UUID(other["participation_id"])
            )
        await drain(ground, made.id)
        told = (await progress.last(ground.redis, key)).facts
        assert (told["price"], told["people"]) == (other["margin"], other["people"])
        assert (other["margin"] is None) == (aim == "stable")
