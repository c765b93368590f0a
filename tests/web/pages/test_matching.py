"""Setting up a run, watching it, reading its result, and what a coordinator does with it: without JavaScript."""

import asyncio
import csv
import io
import re
from collections import Counter
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from infra import ids, progress
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.proposals.models import MatchingRun, Proposal, ProposalState, RunState
from tenants.proposals.runs import actions, finishing, queries, results, rules
from tests import crowd, making
from tests.working import drain
from web.pages.matching import showing


@pytest.fixture
async def desk(database, browse, made):
    return await making.signed_in(database, browse, made, made.coordinator)


@pytest.fixture
async def pool(database, made, launched):
    return (
        await crowd.people(database, made, launched, "mentee", 8),
        await crowd.people(database, made, launched, "mentor", 6),
    )


async def done(ground, database, made, launched):
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        run = await actions.start_run(session, by, launched.cycle.id)
    await drain(ground, made.id)
    return run.id


async def first_pair(database, made, run_id):
    async with database.tenant_session(made.house.context()) as session:
        return await session.scalar(
            select(Proposal.id).where(Proposal.run_id == run_id).order_by(Proposal.score.desc()).limit(1)
        )


async def test_from_weights_to_approval_without_javascript(ground, database, made, launched, pool, desk):
    page = await desk.get("/c/matching")
    assert "8 mentees can be matched now" in page.text
    assert "No run so far" in page.text

    page = await desk.get(f"/c/matching/new?cycle={launched.cycle.id}")
    assert page.status == 200
    assert "Set up a run for 8 mentees" in page.text
    assert "Check again" in page.text

    await drain(ground, made.id)
    page = await desk.get(f"/c/matching/new?cycle={launched.cycle.id}")
    assert re.search(r"\d+ pairs are possible for 8 mentees", page.text)
    assert "Of 48 pairs," in page.text

    page = await page.submit("/c/matching/new", do="start")
    assert "The run waits for its turn" in page.text
    assert "Check again" in page.text
    run_path = page.path

    again = await desk.get("/c/matching/new")
    again = await again.submit("/c/matching/new", do="start", w_topics="2")
    assert again.path == run_path
    assert "is still under way" in again.text

    await drain(ground, made.id)
    page = await desk.get(run_path)
    assert "6 of 8 mentees have a proposal; 2 need one decision each" in page.text
    assert "nothing better exists" in page.text
    assert page.text.count("Smallest change:") >= 2
    assert "Approve 6 proposals" in page.text

    page = await page.submit(f"{run_path}/approve")
    assert "6 proposals were approved." in page.text
    assert "Approve" not in page.text
    async with database.tenant_session(made.house.context()) as session:
        states = set(await session.scalars(select(Proposal.state)))
    assert ProposalState.DRAFT not in states

    page = await page.submit(f"{run_path}/undo-approval")
    assert "Approve 6 proposals" in page.text


async def test_count_again_keeps_the_choice_in_the_address(ground, made, launched, pool, desk):
    page = await desk.get(f"/c/matching/new?cycle={launched.cycle.id}")
    page = await page.submit("/c/matching/new", do="count", languages="4", w_region="10", mode=None)
    assert "languages=4" in page.path
    await drain(ground, made.id)
    page = await desk.get(page.path)
    strict = int(re.search(r"(\d+) pairs? (?:is|are) possible for", page.text)[1])
    usual = await desk.get(f"/c/matching/new?cycle={launched.cycle.id}")
    await drain(ground, made.id)
    usual = await desk.get(f"/c/matching/new?cycle={launched.cycle.id}")
    assert strict < int(re.search(r"(\d+) pairs are possible for", usual.text)[1])
    assert '<option value="4" selected>' in page.html
    assert not re.search(r'name="mode"[^>]* checked', page.html)


async def test_refused_choices_come_back(launched, pool, desk):
    page = await desk.get("/c/matching/new")
    nothing = {
        f"w_{name}": "0"
        for name in (
            "topics",
            "languages",
            "overlap",
            "sector",
            "organisation",
            "seniority",
            "mode",
            "region",
            "gender",
        )
    }
    page = await page.submit("/c/matching/new", do="start", **nothing)
    assert page.status == 422
    assert "Please let at least one criterion matter." in page.text


async def test_progress_shows_the_last_state(ground, database, made, launched, pool, desk):
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        run = await actions.start_run(session, by, launched.cycle.id)
        await finishing.begin(session, made.house, run.id)
    await progress.publish(ground.redis, rules.progress_key(made.id, run.id), "solving", 44)
    page = await desk.get(f"/c/matching/{run.id}")
    assert "The run is finding the best set of pairs" in page.text
    assert "44 of 100 steps" in page.text
    assert re.search(r"1\. Count the possible pairs Done .*2\. Find the best set Working", page.text)
    page = await page.submit(f"/c/matching/{run.id}/cancel")
    assert "was stopped" in page.text


async def test_events_follow_a_run_to_its_end(ground, database, made, launched, pool, desk):
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        run = await actions.start_run(session, by, launched.cycle.id)
    working = asyncio.create_task(drain(ground, made.id))
    answer = await asyncio.wait_for(desk.client.get(f"/c/matching/{run.id}/events"), 20)
    await working
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.rstrip().endswith("event: end\ndata:")
    over = await desk.client.get(f"/c/matching/{run.id}/events")
    assert "event: end" in over.text


async def test_counting_events_come_rendered(ground, database, made, launched, pool, desk):
    page = await desk.get("/c/matching/new")
    key = re.search(r"key=(count:[^\"]+)", page.html)[1]
    working = asyncio.create_task(drain(ground, made.id))
    answer = await asyncio.wait_for(desk.client.get(f"/c/matching/new/events?key={key}"), 20)
    await working
    assert "stay possible" in answer.text
    other = await making.organisation(database)
    assert (
        await desk.get(f"/c/matching/new/events?key={key.replace(str(made.id), str(other.id))}")
    ).status == 404


async def test_failed_run_says_why(database, made, launched, pool, desk):
    by = made.coordinator
    mentees, mentors = pool
    async with database.tenant_session(by.context()) as session:
        run = await actions.start_run(session, by, launched.cycle.id)
        await finishing.fail(
            session, made.house, run.id, "run_lock_impossible",
            mentee_id=str(mentees[0]), mentor_id=str(mentors[0]), limit="languages",
        )  # fmt: skip
    page = await desk.get(f"/c/matching/{run.id}")
    assert "ended without a result" in page.text
    assert "Mentor 1-000 and Mentee 1-000" in page.text.replace("\u2068", "").replace("\u2069", "")
    async with database.tenant_session(by.context()) as session:
        await session.execute(
            update(MatchingRun).values(
                error="run_pool_too_large", result={"what": "mentees", "found": 3000, "limit": 2000}
            )
        )
    assert "There are 3,000 mentees" in (await desk.get(f"/c/matching/{run.id}")).text
    async with database.tenant_session(by.context()) as session:
        await session.execute(update(MatchingRun).values(error="run_too_many_swaps", result={}))
    told = (await desk.get(f"/c/matching/{run.id}")).text
    assert "more pairs would have to be exchanged than can be computed exactly" in told


async def test_certificate_and_sorting(ground, database, made, launched, pool, desk):
    run_id = await done(ground, database, made, launched)
    page = await desk.get(f"/c/matching/{run_id}/certificate")
    assert "Digest of the inputs" in page.text
    by_name = await desk.get(f"/c/matching/{run_id}?sort=name")
    names = re.findall(r"Mentor 1-\d+ (Mentee 1-\d+)", by_name.text.split("Next best for the mentee")[1])
    assert names == sorted(names)
    assert (await desk.get(f"/c/matching/{run_id}?sort=margin")).status == 200


async def test_scores_too_many_for_dots_are_counted_in_bars(
    ground, database, made, launched, pool, desk, monkeypatch, statements
):
    run_id = await done(ground, database, made, launched)
    async with database.tenant_session(made.coordinator.context()) as session:
        scores = await results.scores(session, made.coordinator, run_id)
    of_ten = Counter(min(rules.of_hundred(score), 99) // 10 * 10 for _mentor, _mentee, score in scores)
    page = await desk.get(f"/c/matching/{run_id}")
    assert "Proposals by score" not in page.text
    monkeypatch.setattr(showing, "DOTS_MOST", len(scores) - 1)
    with statements() as sent:
        page = await desk.get(f"/c/matching/{run_id}")
    chart = page.text.split("Proposals by score")[1]
    for low, number in of_ten.items():
        assert f"{low} to {low + 9 + (low == 90)} {number} " in chart
    assert len(sent) <= 16


async def test_sheets_are_safe_and_complete(ground, database, made, launched, pool, desk):
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Person).values(full_name="=HYPERLINK(1)"))
    run_id = await done(ground, database, made, launched)
    answer = await desk.client.get(f"/c/matching/{run_id}/export?as=csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 6 + 2
    assert rows[1][0] == "'=HYPERLINK(1)"
    assert int(rows[1][2]) == sum(int(cell) for cell in rows[1][3:12])
    answer = await desk.client.get(f"/c/matching/{run_id}/export?as=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(sheet) == len(rows)
    assert sheet[1][0] == "=HYPERLINK(1)"
    assert b"<f>" not in answer.content


async def test_the_number_of_queries_does_not_grow(ground, database, made, launched, desk, statements):
    counted = []
    await desk.get("/c/matching")  # the first request looks the host up
    for seed, count in ((1, 1), (2, 3)):
        await crowd.people(database, made, launched, "mentee", count, seed=seed)
        await crowd.people(database, made, launched, "mentor", count, seed=seed)
        run_id = await done(ground, database, made, launched)
        async with database.tenant_session(made.house.context()) as session:
            await session.execute(
                update(MatchingRun).values(created_at=MatchingRun.created_at - timedelta(minutes=1))
            )
        with statements() as sent:
            assert (await desk.get(f"/c/matching/{run_id}")).status == 200
        counted.append(len(sent))
    assert counted[0] == counted[1]
    assert counted[0] <= 16
    for path in ("/c/matching", "/c/matching/new", f"/c/matching/{run_id}/certificate"):
        with statements() as sent:
            assert (await desk.get(path)).status == 200
        assert len(sent) <= 16, path


async def test_strangers_and_unknown_runs_find_nothing(ground, database, browse, made, launched, pool, desk):
    run_id = await done(ground, database, made, launched)
    pair_id = await first_pair(database, made, run_id)
    other = await making.organisation(database)
    stranger = await making.signed_in(database, browse, other, other.coordinator)
    unknown = ids.new()
    for tail in ("", "/certificate", "/export", "/events", f"/{pair_id}"):
        theirs = await stranger.get(f"/c/matching/{run_id}{tail}")
        nobody = await desk.get(f"/c/matching/{unknown}{tail}")
        assert theirs.status == nobody.status == 404
    for tail in ("cancel", "approve", "undo-approval"):
        own = await stranger.get("/c/matching")
        sent = [("csrf", re.search(r'name="csrf" value="([^"]+)"', own.html)[1])]
        assert (await stranger.post(f"/c/matching/{run_id}/{tail}", sent)).status == 404
    owner = await making.signed_in(database, browse, made, made.owner)
    assert (await owner.get("/c/matching")).status == 403
    assert (await owner.get(f"/c/matching/{run_id}")).status == 403
    evaluator = await making.somebody(database, made.id, Role.EVALUATOR)
    assert (
        await (await making.signed_in(database, browse, made, evaluator)).get("/c/matching/new")
    ).status == 403


async def test_run_of_another_state_is_said(database, made, launched, pool, desk):
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        run = await actions.start_run(session, by, launched.cycle.id)
    page = await desk.get(f"/c/matching/{run.id}/certificate")
    assert page.path == f"/c/matching/{run.id}"
    page = await page.submit(f"/c/matching/{run.id}/cancel")
    page = await desk.post(
        f"/c/matching/{run.id}/cancel", [("csrf", re.search(r'name="csrf" value="([^"]+)"', page.html)[1])]
    )
    assert "has ended already" in page.text
    async with database.tenant_session(by.context()) as session:
        assert (await queries.access_run(session, by, run.id)).state == RunState.CANCELLED
