"""The page of figures: numbers that lead to their lists, odd periods, and the table to take along."""

import pytest

from tenants.registration import actions as registration
from tests import making


@pytest.fixture
async def desk(stage, browse):
    return await making.signed_in(stage.database, browse, stage.made, stage.by)


async def test_numbers_lead_to_the_pairs_behind_them(stage, desk):  # K40
    assert "No match was new in this time" in (await desk.get("/c/figures")).text
    mentor, mentee = await stage.joins("mentor", name="Njeri <Mwangi>"), await stage.joins(name="=Wanjiru")
    pair = await stage.pair(mentor, mentee)
    page = await desk.get("/c/figures")
    assert "1 of 1 new matches go on after their first meeting" in page.text and "100 %" in page.text
    listed = await desk.get("/c/figures?behind=go_on&office=none")
    assert f"/c/pairs/{pair.id}" in listed.html and "Njeri &lt;Mwangi&gt;" in listed.html
    assert "Nobody is behind this number." in (await desk.get("/c/figures?behind=completed")).text
    file = await desk.get("/c/figures.csv")
    assert (
        file.response.headers["content-type"].startswith("text/csv")
        and "All offices,1,1,1,0,0,1.0," in file.response.text
    )


@pytest.mark.parametrize(
    "odd",
    [
        "since=x",
        "since=2027-01-01&until=2026-01-01",
        "since=0001-01-01&until=9999-12-31",
        "behind=x&office=x",
        "until=%00",
    ],
)
async def test_odd_addresses_show_the_last_twelve_months(desk, odd):
    assert (await desk.get(f"/c/figures?{odd}")).status == 200
    assert (await desk.get(f"/c/figures.csv?{odd}")).status == 200


async def test_participants_have_no_figures(stage, browse):
    mentee = await stage.joins()
    hers = await making.signed_in(stage.database, browse, stage.made, mentee.actor)
    assert (await hers.get("/c/figures")).status == 403


async def test_mentors_and_mentees_are_people_and_so_is_the_list_behind(stage, desk):  # K72
    """Whoever takes part twice counts once; whoever only reads news, or has left, is not counted."""
    second = await making.programme(stage.database, stage.made, slug="second")
    njeri = await stage.joins("mentor", name="Njeri", email="njeri@example.org")
    await making.participation(
        stage.database, stage.made, second, "mentor", name="Njeri", email="njeri@example.org"
    )
    await stage.joins(name="Ada")
    gone, reader = await stage.joins(name="Gone"), await stage.joins("mentor", name="Reader")
    async with stage.session(stage.by) as session:
        await registration.leave(session, stage.by, gone.id)
        await registration.to_network_participant(session, stage.by, reader.id)
    page = await desk.get("/c/figures")
    assert "1 Mentors" in page.text or "Mentors 1" in page.text, page.text
    for role, name in (("mentor", "Njeri"), ("mentee", "Ada")):
        behind = f"/c/people?role={role}&status=now"
        assert f'href="{behind.replace("&", "&amp;")}"' in page.html
        listed = await desk.get(behind)
        assert "One person matches what you set" in listed.text and name in listed.text
        assert 'value="now" selected' in listed.html
    assert str(njeri.person_id) in (await desk.get("/c/people?role=mentor&status=now")).html
