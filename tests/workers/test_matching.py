"""A run from its start to its proposals: the same each time, and explained to the point."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from infra import progress
from infra.errors import NotFound
from tenants.pools import queries as pools
from tenants.proposals.models import MatchingRun, Proposal, RunState
from tenants.proposals.runs import actions, queries, results, rules
from tenants.proposals.runs import criteria as choosing
from tenants.registration.models import Participation, Status
from tests import crowd, making
from tests.workers.runs import found, read, start
from tests.working import drain
from workers.matching.checking import Checked, check_run


async def test_run_matches_explains_and_proves(ground, database, made, launched):  # N03 N04
    await crowd.people(database, made, launched, "mentee", 24)
    await crowd.people(database, made, launched, "mentor", 14)
    run_id = await start(database, made, launched)
    assert await drain(ground, made.id) == ["matching.run"]
    run = await read(database, made, run_id)
    assert (run.state, run.number, run.error) == (RunState.DONE, 1, None)
    assert run.result["matched"] == 14
    assert run.certificate["ok"]
    assert run.certificate["total"] == run.certificate["bound"] == run.result["total"]
    assert run.certificate["pairs_checked"] == 24 * 14
    pairs, left = await found(database, made, run_id)
    assert len(pairs) == 14
    assert sum(row[2] for row in pairs) == run.result["total"]
    for _, _, score, contributions, alternatives in pairs:
        assert sum(row["points"] for row in contributions) == score  # N04
        assert sum(row["most"] for row in contributions) == choosing.MOST
        shown = rules.shown(contributions)
        assert sum(row.points for row in shown) == rules.of_hundred(score)
        assert sum(row.most for row in shown) == 100
        assert all(0 <= row.points <= row.most for row in shown)
        assert all(other["margin"] >= 0 and other["is_exact"] for other in alternatives)
    mentees_left = [row for row in left if row[1] == "mentee"]
    assert len(mentees_left) == 10
    for _, _, reason, facts, change in left:  # N04
        assert reason
        assert change["what"]
        assert set(facts) == {"unanswered", "possible", "others"}


async def test_same_input_gives_same_result_and_digest(ground, database, made, launched):  # N03
    await crowd.people(database, made, launched, "mentee", 15)
    await crowd.people(database, made, launched, "mentor", 15)
    seen = []
    for _ in range(2):
        run_id = await start(database, made, launched)
        await drain(ground, made.id)
        run = await read(database, made, run_id)
        pairs, left = await found(database, made, run_id)
        seen.append((run.inputs_digest, run.matcher_version, run.criteria, run.result, pairs, left))
        async with database.tenant_session(made.house.context()) as session:
            await session.execute(
                update(MatchingRun).values(created_at=MatchingRun.created_at - timedelta(minutes=1))
            )
    assert seen[0] == seen[1]
    assert run.number == 2


async def test_run_brings_cards_up_to_date_first(ground, database, made, launched):
    """Whatever has changed people behind the product's back: a restored table, a field that cards did not have."""
    mentees = await crowd.people(database, made, launched, "mentee", 4)
    mentors = await crowd.people(database, made, launched, "mentor", 4)
    async with database.tenant_session(made.house.context()) as session:
        gone = (mentees[0], mentors[0])
        await session.execute(
            update(Participation).where(Participation.id.in_(gone)).values(status=Status.REGISTERED)
        )
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.result["mentees"], run.result["mentors"]) == (3, 3)
    async with database.tenant_session(made.house.context()) as session:
        assert (await pools.counts(session, run.pool_id)).pairs == 9


async def test_run_can_be_checked_again_from_what_it_keeps(ground, database, made, launched):  # N03
    await crowd.people(database, made, launched, "mentee", 8)
    await crowd.people(database, made, launched, "mentor", 5)
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    checked = await check_run(ground, made.id, run_id)
    assert checked == Checked(1, run.result["total"], run.result["total"], 40, ())
    for change, fault in (
        (update(MatchingRun).values(result=run.result | {"matched": 9}), {"seal_broken"}),
        (update(MatchingRun).values(result=run.result | {"total": 1}), {"seal_broken", "result_differs"}),
        (update(MatchingRun).values(result=run.result, inputs=None), {"seal_broken", "inputs_missing"}),
    ):
        async with database.tenant_session(made.house.context()) as session:
            kept = await queries.kept_inputs(session, run_id)
            await session.execute(change)
        assert set((await check_run(ground, made.id, run_id)).faults) == fault
        async with database.tenant_session(made.house.context()) as session:
            await session.execute(update(MatchingRun).values(result=run.result, inputs=kept))
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Proposal).values(score=Proposal.score + 1))
    assert (await check_run(ground, made.id, run_id)).faults == ("proposals_differ",)


async def test_count_of_pairs(ground, database, made, launched):
    await crowd.people(database, made, launched, "mentee", 10)
    await crowd.people(database, made, launched, "mentor", 8)
    await crowd.people(database, made, launched, "mentor", 4, seed=2, languages=[{"code": "fr", "level": 4}])
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        asked = await actions.ask_count(session, by, launched.cycle.id)
        assert await actions.ask_count(session, by, launched.cycle.id) == asked
    assert await drain(ground, made.id) == ["matching.count"]
    counted = (await progress.last(ground.redis, asked.key)).facts
    assert counted["pairs"] == 120
    rows = {row["limit"]: (row["taken"], row["left"]) for row in counted["rows"]}
    assert rows["languages"] == (40, 80)
    assert counted["rows"][-1]["left"] == counted["possible"] <= 80
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert run.result["waterfall"] == counted["rows"]
    assert run.result["pairs_possible"] == counted["possible"]


async def test_why_not_somebody_else(ground, database, made, launched):  # N04
    await crowd.people(database, made, launched, "mentee", 6)
    await crowd.people(database, made, launched, "mentor", 5)
    stranger = (
        await crowd.people(
            database, made, launched, "mentor", 1, seed=2, languages=[{"code": "fr", "level": 4}]
        )
    )[0]
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    pairs, _ = await found(database, made, run_id)
    mentor, mentee, score, contributions, alternatives = max(pairs, key=lambda row: len(row[4]))
    other = alternatives[0]
    by = made.coordinator

    async def ask(mentor_id):
        async with database.tenant_session(by.context()) as session:
            key = await actions.ask_why(session, by, run_id, mentee_id=mentee, mentor_id=mentor_id)
        await drain(ground, made.id)
        return (await progress.last(ground.redis, key)).facts

    chosen = await ask(mentor)
    assert (chosen["is_matched"], chosen["price"], chosen["failed"], chosen["score"]) == (True, 0, [], score)
    assert {name: chosen["contributions"][name] for name in choosing.WEIGHED} == {
        row["criterion"]: row["points"] for row in contributions
    }
    told = await ask(UUID(other["participation_id"]))
    assert (told["score"], told["price"]) == (other["score"], other["margin"])
    assert sum(told["contributions"].values()) == told["score"]
    assert (await ask(stranger))["failed"] == ["languages"]


async def test_another_organisation_sees_nothing_of_a_run(ground, database, made, launched):
    await crowd.people(database, made, launched, "mentee", 2)
    await crowd.people(database, made, launched, "mentor", 2)
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    async with database.tenant_session(made.house.context()) as session:
        proposal_id = await session.scalar(select(Proposal.id).limit(1))
    other = await making.organisation(database)
    by = other.coordinator
    async with database.tenant_session(by.context()) as session:
        assert await queries.runs(session, by) == []
        assert await results.pairs(session, by, run_id) == []
        assert await results.unmatched(session, by, run_id) == []
        assert await results.scores(session, by, run_id) == []
        assert await results.spread(session, by, run_id) == []
        for ask in (
            queries.access_run(session, by, run_id),
            results.access_pair(session, by, run_id, proposal_id),
            actions.cancel_run(session, by, run_id),
            actions.start_run(session, by, launched.cycle.id),
            actions.ask_count(session, by, launched.cycle.id),
            actions.ask_why(session, by, run_id, mentee_id=proposal_id, mentor_id=proposal_id),
        ):
            with pytest.raises(NotFound):
                await ask
