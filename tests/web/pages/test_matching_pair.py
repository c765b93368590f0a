"""The page of one pair of a run: why these two, and what somebody else would cost."""

import re

import pytest
from sqlalchemy import select

from infra import ids
from tenants.proposals.models import Proposal, WishKind
from tenants.proposals.runs import queries, results
from tenants.proposals.runs.criteria import UNIT
from tests.web.pages.test_matching import desk, done, first_pair, pool
from tests.working import drain

__all__ = ["desk", "pool"]  # fixtures that both files use


async def test_pair_page_explains_and_keeps_wishes(ground, database, made, launched, pool, desk):
    run_id = await done(ground, database, made, launched)
    path = f"/c/matching/{run_id}/{await first_pair(database, made, run_id)}"
    page = await desk.get(path)
    score = int(re.search(r"fit with (\d+) of 100 points", page.text)[1])
    assert f"Score {score} 100" in page.text
    page = await page.submit(f"{path}/wish")
    assert "Kept apart from the next run on." in page.text
    assert "You keep these two apart from the next run on." in page.text
    new = await desk.get("/c/matching/new")
    assert new.text.count("Release") == 1
    page = await (await desk.get(path)).submit("/c/matching/wishes/")
    assert "Released" in page.text
    form = next(form for form in page.forms if any(field.value == "swap" for field in form.fields))
    fields = [(field.name, field.value) for field in form.fields]
    page = await desk.post(form.action, fields)
    assert "Kept together from the next run on." in page.text
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        [wish] = await queries.wishes(session, by, launched.cycle.id)
    assert wish.kind == WishKind.LOCK


async def test_pair_page_tells_the_price_of_somebody_else(
    ground, database, made, launched, pool, desk
):  # N04
    run_id = await done(ground, database, made, launched)
    path = f"/c/matching/{run_id}/{await first_pair(database, made, run_id)}"
    async with database.tenant_session(made.coordinator.context()) as session:
        known = await results.mentors(session, made.coordinator, run_id)
    mentor, name = known[-1]
    several = await desk.get(f"{path}?who=Mentor")
    assert re.findall(r"\?with=([0-9a-f-]{36})#y", several.html) == [str(id) for id, _name in known]
    assert "The price is being worked out." in (await desk.get(f"{path}?who={name}")).text
    assert "No mentor of this run is called so." in (await desk.get(f"{path}?who=Qqq")).text
    asked = await desk.get(f"{path}?with={mentor}")
    assert "The price is being worked out." in asked.text
    await drain(ground, made.id)
    told = await desk.get(asked.path)
    assert re.search(r"would cost the run|does not hold:|are a pair of this run", told.text)
    assert (await desk.get(f"{path}?with={ids.new()}")).status == 404


@pytest.mark.parametrize(
    ("told", "said", "other"),
    [
        ({"is_exact": False}, "at most 12 points", "−12"),
        ({"is_exact": True}, "−12", "at most"),
        ({}, "at most 12 points", "−12"),
    ],
)
async def test_pair_page_says_at_most_where_the_search_was_cut_short(
    ground, database, made, launched, pool, desk, told, said, other
):
    run_id = await done(ground, database, made, launched)
    proposal_id = await first_pair(database, made, run_id)
    async with database.tenant_session(made.house.context()) as session:
        one = (await session.scalars(select(Proposal).where(Proposal.id == proposal_id))).one()
        [first, *_] = one.alternatives
        kept = {name: first[name] for name in ("participation_id", "score", "people")}
        one.alternatives = [{**kept, "margin": 12 * UNIT, "taken_by": [], **told}]
    page = await desk.get(f"/c/matching/{run_id}/{proposal_id}")
    whole = page.text.split("Why not chosen")[1].split("Why not someone else?")[0]
    assert said in whole
    assert other not in whole.split("“Whole run”")[0]
    assert ("did not search to the end" in whole) == ("most" in said)
