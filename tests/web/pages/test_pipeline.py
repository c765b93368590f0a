"""The pipeline: who stands where, moved by a menu, one or many, and taken back for ten minutes."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from infra import clock, ids
from tenants.permissions import Role
from tenants.registration.models import Participation, Status
from tests import making
from web.pages.pipeline import packed, unpacked


@pytest.fixture
async def desk(database, browse, made):
    return await making.signed_in(database, browse, made, made.coordinator)


async def change(database, made, participation, **values) -> None:
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(Participation).where(Participation.id == participation.id).values(**values)
        )


async def status(database, made, participation) -> str:
    async with database.tenant_session(made.house.context()) as session:
        query = select(Participation.status).where(Participation.id == participation.id)
        return (await session.execute(query)).scalar_one()


async def test_the_list_has_the_longest_wait_first_and_says_when_it_is_too_long(
    database, made, launched, desk
):
    await making.participation(database, made, launched, name="Nia New")
    old = await making.participation(database, made, launched, "mentor", name="Zora Old")
    await change(database, made, old, status_at=clock.now() - timedelta(days=17))

    page = await desk.get("/c/pipeline")

    assert page.status == 200
    assert "One registration has waited more than 14 days" in page.text
    assert page.text.index("Zora Old") < page.text.index("Nia New")
    assert "17 days" in page.text and "2 of 2 people" in page.text


async def test_a_move_by_the_menu_and_back(database, made, launched, desk):
    # K08, K09
    one = await making.participation(database, made, launched, name="Wanjiru Kamau")
    page = await desk.get("/c/pipeline?role=mentee")

    page = await page.submit(f"/c/pipeline/{one.id}/move", to="AWAITING INTERVIEW")
    assert page.path == "/c/pipeline?role=mentee"
    assert "moved to Awaiting interview" in page.text
    assert await status(database, made, one) == Status.AWAITING_INTERVIEW

    page = await page.submit("/c/pipeline/undo")
    assert "One move is taken back." in page.text
    assert await status(database, made, one) == Status.REGISTERED


async def test_a_move_that_does_not_follow_says_why_and_changes_nothing(database, made, launched, desk):
    # K10: nobody is ready before the interview
    one = await making.participation(database, made, launched)
    page = await desk.get("/c/pipeline")

    page = await page.submit(f"/c/pipeline/{one.id}/move", to="READY TO BE MATCHED")

    assert "Record the interview first" in page.text
    assert await status(database, made, one) == Status.REGISTERED


async def test_nobody_is_moved_into_or_out_of_a_relationship_by_hand(database, made, launched, desk):
    # K11, K12: the match and its end do that
    one = await making.participation(database, made, launched)
    form = (await desk.get("/c/pipeline")).form(f"/c/pipeline/{one.id}/move")
    token = [(field.name, field.value) for field in form.fields]

    into = await desk.post(form.action, [*token, ("to", "IN A MENTOR RELATIONSHIP")])
    await change(database, made, one, status=Status.IN_RELATIONSHIP)
    out_of = await desk.post(form.action, [*token, ("to", "LEFT")])

    assert into.status == 422
    assert "does not follow" in out_of.text
    assert await status(database, made, one) == Status.IN_RELATIONSHIP


async def test_many_are_looked_at_before_they_move_and_move_back_together(database, made, launched, desk):
    going = [await making.participation(database, made, launched, name=f"Going {n}") for n in range(3)]
    staying = await making.participation(database, made, launched, name="Staying One")
    await change(database, made, staying, status=Status.IN_RELATIONSHIP)
    page = await desk.get("/c/pipeline?all=1")

    page = await page.submit(
        "/c/pipeline/selected", p=[str(one.id) for one in (*going, staying)], to="AWAITING INTERVIEW"
    )
    assert "3 people would move to Awaiting interview" in page.text
    assert "One stays, for the reason below." in page.text
    assert [await status(database, made, one) for one in going] == [Status.REGISTERED] * 3

    page = await page.submit("/c/pipeline/move", p=[str(one.id) for one in going])
    assert "3 people moved to Awaiting interview." in page.text
    assert [await status(database, made, one) for one in going] == [Status.AWAITING_INTERVIEW] * 3

    page = await page.submit("/c/pipeline/undo")
    assert "3 moves are taken back." in page.text
    assert [await status(database, made, one) for one in going] == [Status.REGISTERED] * 3


async def test_after_ten_minutes_moves_stay(database, made, launched, desk):
    one = await making.participation(database, made, launched)
    page = await (await desk.get("/c/pipeline")).submit(f"/c/pipeline/{one.id}/move", to="AWAITING INTERVIEW")
    await change(database, made, one, status_at=clock.now() - timedelta(minutes=11))

    page = await page.submit("/c/pipeline/undo")

    assert "could no longer be taken back" in page.text
    assert await status(database, made, one) == Status.AWAITING_INTERVIEW


async def test_the_board_has_a_column_for_each_stage_with_its_menu(database, made, launched, desk):
    for number in range(10):
        await making.participation(database, made, launched, name=f"Person {number}")

    page = await desk.get("/c/pipeline?as=board")

    assert "Registered 10" in page.text and "2 more" in page.text
    moved = await page.submit("/c/pipeline/", to="AWAITING INTERVIEW")
    assert moved.path == "/c/pipeline?as=board" and "Registered 9" in moved.text


async def test_a_view_is_its_address(database, made, launched, desk):
    await making.participation(database, made, launched, "mentor", name="Mona Mentor")
    await making.participation(database, made, launched, name="Wanjiru Kamau")

    for query, there, absent in (
        ("role=mentor", "Mona Mentor", "Wanjiru Kamau"),
        ("q=wanj", "Wanjiru Kamau", "Mona Mentor"),
        (f"cycle={launched.cycle.id}&role=mentee", "Wanjiru Kamau", "Mona Mentor"),
    ):
        text = (await desk.get(f"/c/pipeline?{query}")).text
        assert there in text and absent not in text
    for query in ("status=LEFT", f"cycle={ids.new()}", "q=nobody"):
        assert "Nobody matches what you set" in (await desk.get(f"/c/pipeline?{query}")).text
    nonsense = await desk.get("/c/pipeline?cycle=moon&role=boss&status=x&after=zzz&office=1")
    assert nonsense.status == 200 and "Mona Mentor" in nonsense.text


async def test_a_long_list_goes_on_where_it_ended(database, made, launched, desk, monkeypatch):
    monkeypatch.setattr("web.pages.pipeline.AT_ONCE", 2)
    names = [f"Person {number}" for number in range(5)]
    for name in names:
        await making.participation(database, made, launched, name=name)

    found, path = [], "/c/pipeline"
    while path:
        page = await desk.get(path)
        found += [
            name for name in names if f">{name}<" in page.html.replace("<bdi>", ">").replace("</bdi>", "<")
        ]
        at = page.html.find('rel="next"')
        path = (
            page.html[:at].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&") if at > 0 else ""
        )
    assert found == names


@pytest.mark.parametrize("view", ["", "?as=board"])
async def test_the_number_of_queries_does_not_grow(database, made, launched, desk, statements, view):
    async def counted(rows: int) -> int:
        for number in range(rows):
            await making.participation(database, made, launched, name=f"Person {number}")
        with statements() as sent:
            page = await desk.get(f"/c/pipeline{view}")
        assert page.status == 200
        return len(sent)

    await desk.get("/c/pipeline")
    assert [await counted(1), await counted(3)] == [7, 7]


async def test_people_of_others_cannot_be_moved(database, browse, made, launched, desk):
    other = await making.organisation(database)
    there = await making.programme(database, other)
    theirs = await making.participation(database, other, there)
    await making.participation(database, made, launched)
    page = await desk.get("/c/pipeline")
    token = [(field.name, field.value) for field in page.form("/c/shortcuts").fields if field.name == "csrf"]

    foreign = await desk.post(f"/c/pipeline/{theirs.id}/move", [*token, ("to", "LEFT")])
    unknown = await desk.post(f"/c/pipeline/{ids.new()}/move", [*token, ("to", "LEFT")])
    many = await desk.post("/c/pipeline/selected", [*token, ("to", "LEFT"), ("p", str(theirs.id))])

    assert (foreign.status, foreign.text) == (404, unknown.text)
    assert "0 people would move" in many.text
    assert await status(database, other, theirs) == Status.REGISTERED


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.OWNER])
async def test_the_pipeline_is_for_coordinators(database, browse, made, role):
    actor = await making.somebody(database, made.id, role)
    assert (await (await making.signed_in(database, browse, made, actor)).get("/c/pipeline")).status == 403


def test_packed_ids_are_read_again_and_nonsense_is_nothing():
    some = [ids.new() for _ in range(50)]
    assert unpacked(packed(some)) == some
    assert unpacked("å") == unpacked("") == unpacked("abc") == []
    assert len(packed(some)) < 1_100
