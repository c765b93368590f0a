"""A concern in confidence: who reads it, what stands where, and who does not see it."""

import pytest
from sqlalchemy import select, text

from infra import ids
from tenants.notifications.models import Concern, Task
from tenants.permissions import Role
from tests import making

WORDS = "He shouted at me <script>"


@pytest.fixture
async def ana(database, browse, made):
    actor = await making.somebody(database, made.id, Role.PARTICIPANT, name="Ana Ilić")
    return await making.signed_in(database, browse, made, actor)


@pytest.fixture
async def desk(database, browse, made):
    return await making.signed_in(database, browse, made, made.coordinator)


async def test_a_concern_reaches_its_readers_and_nothing_else_quotes_it(database, made, ana, desk):
    page = await ana.get("/me/concern")
    assert "Cora Coordinator" in page.text and "Olivia Owner" not in page.text
    page = await page.submit("/me/concern", text=WORDS, readers=[str(made.coordinator.person_id)])
    assert page.path == "/me/concern/sent"

    today = await desk.get("/c/today")
    assert "Read what somebody tells you in confidence" in today.text
    assert "shouted" not in today.text and "Ana" not in today.text.partition("Skip to")[2]
    path = today.html.partition('href="/c/concerns/')[2].partition('"')[0]
    concern = await desk.get(f"/c/concerns/{path}")
    assert "He shouted at me &lt;script&gt;" in concern.html and "Ana Ilić" in concern.text
    done = await concern.submit("/c/concerns/")
    assert "Nothing needs you today" in done.text

    async with database.tenant_session(made.house.context()) as session:
        tasks = (await session.execute(select(Task.about).where(Task.kind == "concern.read"))).scalars().all()
        trail = (await session.execute(text("SELECT event, person_id, details FROM audit_event"))).all()
    assert "shouted" not in str(tasks) and "shouted" not in str(trail)
    raised = [row for row in trail if row.event == "concern.raised"]
    assert [row.person_id for row in raised] == [None]
    assert {"concern.read", "concern.settled"} <= {row.event for row in trail}


async def test_who_was_left_out_finds_nothing(database, browse, made, ana, desk):
    other = await making.somebody(database, made.id, Role.COORDINATOR, name="Dina Desk")
    page = await ana.get("/me/concern")

    await page.submit("/me/concern", text=WORDS, readers=[str(other.person_id)])

    assert "in confidence" not in (await desk.get("/c/today")).text.replace(
        "Raise a concern in confidence", ""
    )
    async with database.tenant_session(made.house.context()) as session:
        concern_id = (await session.execute(select(Concern.id))).scalar_one()
    foreign, unknown = await desk.get(f"/c/concerns/{concern_id}"), await desk.get(f"/c/concerns/{ids.new()}")
    assert (foreign.status, foreign.text) == (404, unknown.text)
    hers = await making.signed_in(database, browse, made, other)
    assert (await hers.get(f"/c/concerns/{concern_id}")).status == 200


async def test_no_words_or_no_reader_comes_back_with_what_was_written(made, ana):
    page = await ana.get("/me/concern")

    empty = await page.submit("/me/concern", text="  ")
    nobody = await page.submit("/me/concern", text=WORDS, readers=[])

    assert empty.status == 422 and "This is needed." in empty.text
    assert nobody.status == 422 and "Choose at least one person" in nobody.text
    assert "He shouted at me &lt;script&gt;</textarea>" in nobody.html
    assert "checked" not in nobody.html.partition('name="readers"')[2]


async def test_somebody_of_another_organisation_is_no_reader(database, made, ana):
    other = await making.organisation(database)
    page = await ana.get("/me/concern")

    refused = await page.submit("/me/concern", text=WORDS, readers=[str(other.coordinator.person_id)])

    assert refused.status == 422
    async with database.tenant_session(made.house.context()) as session:
        assert (await session.execute(select(Concern.id))).all() == []


async def test_the_page_is_small_and_carries_no_script(ana):
    # N14
    page = await ana.get("/me/concern")
    assert len(page.html.encode()) <= 14 * 1024
    assert "<script" not in page.html and '<link rel="stylesheet"' not in page.html


async def test_a_visitor_signs_in_first(browse, made):
    assert (await browse(made.host).get("/me/concern")).path.startswith("/sign-in")
