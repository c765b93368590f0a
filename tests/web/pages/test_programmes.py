"""Setting programmes up: for owners and programme managers; coordinators look, and change nothing."""

import pytest

from infra import ids
from tenants.permissions import Role
from tenants.programmes import queries
from tenants.programmes.models import ProgrammeState
from tests import making


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


async def of(database, made, slug="network"):
    async with database.tenant_session(made.house.context()) as session:
        found = await queries.open_by_slug(session, slug)
        return found, await queries.cycles(session, found.id)


async def test_an_owner_starts_a_programme_from_the_list_of_things_to_do(database, made, owner):
    page = await owner.get("/a")
    assert 'href="/a/programmes/new"' in page.html and "4 things are still to do" in page.text
    page = await owner.get("/a/programmes")
    assert "No programme is open yet" in page.text
    page = await owner.get("/a/programmes/new")
    page = await page.submit(
        "/a/programmes/new",
        starter="chapter",
        slug="sarajevo",
        structure="group",
        name_en="Sarajevo pairs",
        languages=["en", "fr"],
    )

    assert page.status == 200 and "Sarajevo pairs is open" in page.text
    found, [cycle] = await of(database, made, "sarajevo")
    assert (found.name, found.languages) == ({"en": "Sarajevo pairs"}, ["en", "fr"])
    assert found.structure == "group"
    assert cycle.opens_on < cycle.closes_on < cycle.launch_on < cycle.ends_on
    assert "3 things are still to do" in (await owner.get("/a")).text
    assert "Sarajevo pairs" in (await owner.get("/a/programmes")).text
    assert (await owner.get("/p/sarajevo")).status == 200


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"slug": "Not an address"}, "slug"),
        ({"slug": "network"}, "slug"),
        ({"cycle_name": ""}, "cycle_name"),
        ({"closes_on": "2020-01-01"}, "opens_on"),
        ({"launch_on": ""}, "launch_on"),
        ({"matching_on": "soon"}, "matching_on"),
        ({"languages": []}, "languages"),
        ({"languages": ["de"]}, "languages"),
        ({"starter": "none"}, "starter"),
        ({"structure": "none"}, "structure"),
    ],
)
async def test_what_cannot_be_used_comes_back(made, launched, owner, facts, field):
    page = await (await owner.get("/a/programmes/new")).submit(
        "/a/programmes/new", **{"slug": "fresh"} | facts
    )
    assert page.status == 422 and f'href="#f-{field}"' in page.html
    assert (await owner.get("/p/fresh")).status == 404


async def test_it_closes_and_opens_again(database, made, launched, owner):
    path = f"/a/programmes/{launched.programme.id}"
    page = await (await owner.get(path)).submit(path + "/state", open="no")
    assert "Mentor network is closed" in page.text
    page = await page.submit(path + "/state", open="yes")
    assert "Mentor network is open" in page.text
    assert (await of(database, made))[0].state == ProgrammeState.OPEN


async def test_cycles_are_planned_and_moved(database, made, launched, owner):
    path = f"/a/programmes/{launched.programme.id}"
    page = await owner.get(path)
    taken = await page.submit(path + "/cycles", cycle_name="2026")
    assert taken.status == 422 and "has a cycle of this name already" in taken.text
    page = await (await owner.get(path)).submit(path + "/cycles", cycle_name="Autumn")
    assert "It has 2 cycles" in page.text

    at = f"{path}/cycles/{launched.cycle.id}"
    wrong = await page.submit(at, opens_on="2031-01-01")
    assert wrong.status == 422 and 'href="#f-opens_on"' in wrong.html
    page = await page.submit(at, ends_on="2031-01-01")
    assert "The dates are moved" in page.text
    cycles = (await of(database, made))[1]
    assert "2031-01-01" in {cycle.ends_on.isoformat() for cycle in cycles}


async def test_a_coordinator_is_named_and_taken_away(database, made, launched, owner):
    path = f"/a/programmes/{launched.programme.id}"
    page = await owner.get(path)
    assert "No coordinator cares for it yet" in page.text
    page = await page.submit(path + "/carers", person=made.coordinator.person_id)
    assert "One person cares for it" in page.text
    async with database.tenant_session(made.house.context()) as session:
        contact = await queries.contact(session, launched.programme.id)
    assert contact.name == "Cora Coordinator"
    page = await page.submit(path + "/carers", taken="yes")
    assert "No coordinator cares for it yet" in page.text


async def test_a_question_becomes_needed_and_optional(database, made, launched, owner):  # K05
    path = f"/a/programmes/{launched.programme.id}"

    async def is_needed(key):
        async with database.tenant_session(made.house.context()) as session:
            asked = await queries.questions(session, launched.programme.id)
            return next(one.is_obligatory for one in asked if one.key == key)

    assert f'href="{path}/questions"' in (await owner.get(path)).html
    path = path + "/questions"
    page = await owner.get(path)
    assert await is_needed("phone")
    page = await page.submit(path + "/needed", key="phone", needed="no")
    assert not await is_needed("phone")
    page = await page.submit(path + "/needed", key="phone", needed="yes")
    assert await is_needed("phone")
    assert (await page.submit(path + "/needed", key="unknown", needed="yes")).status == 404
    # One is left out, one taken up, and what matching needs stays.
    page = await (await owner.get(path)).submit(path + "/less", key="mobile")
    assert "It is asked no more." in page.text
    page = await page.submit(path + "/more", key="experience_years")
    assert "It is asked from now on" in page.text and "How many years have you worked?" in page.text
    page = await page.submit(path + "/less", key="languages")
    assert "Nobody can be matched without this question" in page.text
    async with database.tenant_session(made.house.context()) as session:
        asked = {one.key: one for one in await queries.questions(session, launched.programme.id)}
    assert "mobile" not in asked and "languages" in asked and not asked["experience_years"].is_obligatory
    assert set(asked["experience_years"].label) == set(launched.programme.languages)


async def test_only_weights_that_were_moved_are_written(database, made, launched, owner):
    path = f"/a/programmes/{launched.programme.id}"

    async def weights():
        async with database.tenant_session(made.house.context()) as session:
            return {one.name: one.weight for one in await queries.criteria(session, launched.programme.id)}

    before = await weights()
    page = await (await owner.get(path)).submit(path + "/weights", w_region="10")
    assert "The next run begins with it" in page.text
    assert await weights() == before | {"region": 10}


async def test_a_programme_manager_may_and_a_coordinator_may_only_look(database, made, browse, launched):
    manager = await making.somebody(database, made.id, Role.PROGRAMME_MANAGER)
    managing = await making.signed_in(database, browse, made, manager)
    assert (await managing.get("/a")).path == "/a/programmes"
    page = await managing.get("/a/programmes/new")
    assert (await page.submit("/a/programmes/new", slug="second")).status == 200

    desk = await making.signed_in(database, browse, made, made.coordinator)
    path = f"/a/programmes/{launched.programme.id}"
    page = await desk.get(path)
    assert page.status == 200 and f'action="{path}/state"' not in page.html
    assert (await desk.get("/a/programmes/new")).status == 403
    for form in (
        page_of.action for page_of in (await managing.get(path)).forms if page_of.action.startswith(path)
    ):
        refused = await desk.post(
            form, [("csrf", csrf(page)), ("open", "no"), ("key", "phone"), ("person", str(manager.person_id))]
        )
        assert refused.status == 403 or (refused.status == 422 and "cycles" in form), form
    assert (await of(database, made))[0].state == ProgrammeState.OPEN


def csrf(page) -> str:
    return next(field.value for form in page.forms for field in form.fields if field.name == "csrf")


async def test_programmes_of_others_are_not_there(database, made, launched, owner):
    other = await making.organisation(database)
    theirs = await making.programme(database, other, slug="theirs")
    path = f"/a/programmes/{launched.programme.id}"
    page = await owner.get(path)
    for strange in (theirs.programme.id, ids.new()):
        assert (await owner.get(f"/a/programmes/{strange}")).status == 404
        refused = await owner.post(f"/a/programmes/{strange}/state", [("csrf", csrf(page)), ("open", "no")])
        assert refused.status == 404
    for strange in (theirs.cycle.id, ids.new()):
        refused = await owner.post(f"{path}/cycles/{strange}", [("csrf", csrf(page))])
        assert refused.status == 404
    for strange in (other.coordinator.person_id, ids.new()):
        refused = await owner.post(f"{path}/carers", [("csrf", csrf(page)), ("person", str(strange))])
        assert refused.status == 404
    assert "theirs" not in (await owner.get("/a/programmes")).text
