"""Setting a network up: fourteen steps that explain themselves, by page and API."""

from sqlalchemy import select

from tenants.permissions import Role
from tenants.programmes.set_up_models import SetUpStep, Step
from tenants.programmes.starters import STARTERS, StarterName
from tests import making
from tests.api.test_me_api import client


async def test_ten_steps_and_four_of_how_it_is_run(stage, browse):  # K80 K83
    desk = await making.signed_in(stage.database, browse, stage.made, stage.made.owner)
    here = f"/a/programmes/{stage.launched.programme.id}"
    assert f'href="{here}/set-up"' in (await desk.get(here)).html
    page = await desk.get(f"{here}/set-up")
    assert "No step is settled yet" in page.text
    assert [page.html.index(f'href="{here}/set-up/{step}"') for step in Step] == sorted(
        page.html.index(f'href="{here}/set-up/{step}"') for step in Step
    )
    page = await desk.get(f"{here}/set-up/aim")
    assert "Step 1 of 14" in page.text
    assert "What will the network not do?" in page.text
    assert (await page.submit(f"{here}/set-up/aim", settled="yes")).status == 422  # settled without a word
    page = await page.submit(
        f"{here}/set-up/aim", text="Twelve pairs.\n<b>In</b> one year.", settled="yes", go="next"
    )
    assert page.path == f"{here}/set-up/audience"
    page = await desk.get(f"{here}/set-up")
    assert "One of 14 steps is settled" in page.text
    assert "Twelve pairs.\n&lt;b&gt;In&lt;/b&gt; one year." in page.html
    for step, known in (
        ("timeline", "Registration until"),
        ("matching", "criteria count"),
        ("support", "No coordinator cares for it yet"),
        ("mentee_needs", "The guide of the talk with a mentee"),
        ("stakeholders", "Who has to say yes"),
    ):
        assert known in (await desk.get(f"{here}/set-up/{step}")).text
    assert (await desk.get(f"{here}/set-up/dream")).status == 404


async def test_two_who_write_at_once_lose_nothing(stage, browse):  # K80
    first = await making.signed_in(stage.database, browse, stage.made, stage.made.owner)
    path = f"/a/programmes/{stage.launched.programme.id}/set-up/budget"
    mine, hers = await first.get(path), await first.get(path)
    await hers.submit(path, text="Two coordinators, ten hours each.")
    late = await mine.submit(path, text="One coordinator.")
    assert late.status == 409
    assert "Somebody else has written here meanwhile" in late.text
    assert ("Two coordinators, ten hours each." in late.text, "One coordinator." in late.html) == (True, True)
    assert (await late.submit(path, text="Two coordinators.", settled="yes")).status == 200
    async with stage.session() as session:
        row = (await session.execute(select(SetUpStep))).scalar_one()
        assert (row.text, row.version, row.settled_at is not None) == ("Two coordinators.", 2, True)


async def test_a_coordinator_reads_it_and_a_program_writes_it(stage, app, browse):  # K80
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    path = f"/programmes/{stage.launched.programme.id}/set-up"
    page = await desk.get(f"/a{path}/aim")
    assert ("Nothing is written yet." in page.text, "<textarea" in page.html) == (True, False)
    manager = await making.somebody(stage.database, stage.made.id, Role.OWNER)
    async with await client(stage.database, app, manager, "programme.read", "programme.change") as program:
        assert [one["step"] for one in (await program.get(path)).json()] == [step.value for step in Step]
        body = {"text": "Doors open in May.", "version": 0, "settled": True}
        assert (await program.put(f"{path}/timeline", json=body)).json()["version"] == 1
        assert (await program.put(f"{path}/timeline", json=body)).status_code == 409
        assert (await program.put(f"{path}/dream", json=body)).status_code == 422
    async with await client(stage.database, app, manager, "programme.read") as reader:
        assert (await reader.put(f"{path}/aim", json=body)).status_code == 403


async def test_programmes_that_others_have_tried(stage, browse):  # K79
    """A fixed term of politics, a year of entrepreneurs of any gender, and the mentor network of K80."""
    desk = await making.signed_in(stage.database, browse, stage.made, stage.made.owner)
    for name in StarterName:
        page = await (await desk.get("/a/programmes/new")).submit(
            "/a/programmes/new", starter=name.value, slug=f"try-{name.value.replace('_', '-')}"
        )
        assert "The programme is there." in page.text, name
    assert STARTERS[StarterName.POLITICAL].term_months == 8
    assert STARTERS[StarterName.ENTREPRENEURSHIP].eligibility == {}
    assert (await desk.get("/p/try-political")).status == 200
