"""Runs of other structures: groups around one topic, from the start to explained proposals; reverse, the table turned."""

from uuid import UUID

import pytest
from sqlalchemy import select, update

from infra import progress
from infra.errors import Invalid
from tenants.people.models import Person
from tenants.pools import actions as pools
from tenants.programmes.models import Structure
from tenants.proposals import actions as proposals
from tenants.proposals.models import Proposal, ProposalState, RunState, WishKind
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


async def test_a_group_programme_forms_groups_around_one_topic(
    ground, database, made, grouped
):  # I06 I07 U01
    launched, _, _ = grouped
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.error, run.certificate["ok"]) == (RunState.DONE, None, True)
    pairs, left = await found(database, made, run_id)
    by_mentor: dict[UUID, list] = {}
    for mentor, mentee, score, contributions, alternatives in pairs:
        assert sum(row["points"] for row in contributions) == score
        assert alternatives == []
        facts = next(row["facts"] for row in contributions if row["criterion"] == "topics")
        by_mentor.setdefault(mentor, []).append((mentee, tuple(facts["met"]), facts["group"]))
    known = await topics_of(database, made)
    assert run.result["groups"] == len(by_mentor) > 1
    for mentor, members in by_mentor.items():
        assert 2 <= len(members) <= 5
        assert {size for _, _, size in members} == {len(members)}
        ((topic,),) = {met for _, met, _ in members}
        assert all(topic in known[one] for one in (mentor, *(mentee for mentee, _, _ in members)))
    assert run.result["matched"] == len(pairs)
    assert run.result["total"] == sum(row[2] for row in pairs) <= run.result["bound"]
    assert len([row for row in left if row[1] == "mentee"]) == 14 - len(pairs)
    for side, reason, facts in ((row[1], row[2], row[3]) for row in left):
        assert words.reason(side, reason, facts)
    checked = await check_run(ground, made.id, run_id)
    assert (checked.total, checked.faults) == (run.result["total"], ())


async def test_a_group_is_proposed_to_everybody_in_it(ground, database, made, grouped):
    launched, _, _ = grouped
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        done = await proposals.approve(session, by, run_id)
    pairs, _ = await found(database, made, run_id)
    assert (done.sent, done.left_out) == (len(pairs), 0)
    async with database.tenant_session(made.house.context()) as session:
        states = await session.scalars(select(Proposal.state).where(Proposal.run_id == run_id))
        assert set(states) == {
            ProposalState.MEETING
        }  # K30: this starter releases contact data with the proposal


async def test_kept_pairs_and_why_not_in_a_run_of_groups(ground, database, made, grouped):
    launched, _, _ = grouped
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    pairs, _ = await found(database, made, run_id)
    by = made.coordinator
    mentor, mentee = pairs[0][0], pairs[0][1]
    other = next(row[0] for row in pairs if row[0] != mentor)
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
    pairs, _ = await found(database, made, again.id)
    assert (mentor, mentee) in {(row[0], row[1]) for row in pairs}
    assert (await check_run(ground, made.id, again.id)).faults == ()


async def test_quotas_and_other_aims_are_not_for_groups(database, made, grouped):
    launched, _, _ = grouped
    by = made.coordinator
    quota = {"side": "mentee", "of": "UNDP", "most": 1}
    asked = choosing.read({"weights": {"topics": 8}, "aim": "people", "quotas": [quota]})
    async with database.tenant_session(by.context()) as session:
        with pytest.raises(Invalid) as refused:
            await actions.start_run(session, by, launched.cycle.id, asked)
    assert [one.code for one in refused.value.problems] == ["quota_not_in_groups", "aim_not_in_groups"]


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
