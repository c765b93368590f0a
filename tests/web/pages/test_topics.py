"""The topics of a programme: added, named anew, moved, offered no more; whoever has chosen one keeps it."""

import re

import pytest

from infra import ids
from tenants.actor import person
from tenants.permissions import Role
from tenants.programmes import queries
from tenants.registration import queries as registration
from tenants.registration.importing import setting
from tests import making


@pytest.fixture
def at(launched):
    return f"/a/programmes/{launched.programme.id}/topics"


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


async def codes(database, made, launched):
    async with database.tenant_session(made.house.context()) as session:
        found = await queries.topics(session, launched.programme.id)
        return {one.code: one for one in found}


async def names(database, made, launched):
    """What a roster may call a topic, and which one it means."""
    async with database.tenant_session(made.house.context()) as session:
        return await setting.topic_names(session, launched.programme)


async def test_a_topic_is_added_chosen_named_anew_and_offered_no_more(
    database, made, launched, at, owner, browse
):
    her = await making.participation(database, made, launched)
    own = await making.signed_in(
        database, browse, made, person(made.id, her.person_id, frozenset({Role.PARTICIPANT}))
    )
    page = await owner.get(at)
    assert page.status == 200 and "30 topics can be chosen" in page.text
    added = await page.submit(f"{at}/add", label_en="Keeping bees", label_fr="Apiculture")
    assert "31 topics can be chosen" in added.text and "no name in Arabic" in added.text
    assert (
        "31 topics can be chosen"
        in (await page.submit(f"{at}/add", label_en="Keeping bees", label_fr="Apiculture")).text
    )
    bees = next(code for code in await codes(database, made, launched) if code.startswith("own_"))
    known = await names(database, made, launched)
    assert known["Keeping bees"] == known["Apiculture"] == bees
    wrong = await page.submit(f"{at}/add", once="own_another1", label_en=" leadership ", label_fr="x" * 81)
    assert wrong.status == 422 and "Another topic has this name already" in wrong.text and "80" in wrong.text
    assert 'href="#f-label_en"' in wrong.html and "<details open>" in wrong.html

    # She chooses it; then it is called otherwise, and offered no more.
    address = f"/me/answers/{her.id}"
    asked = await own.get(f"{address}?question=topics_wanted")
    await asked.submit(address, topics_wanted=["leadership", bees])
    one = await owner.get(f"{at}/{bees}")
    assert "chosen by one person" in one.text
    named = await one.submit(f"{at}/{bees}", label_en="Bees and honey")
    assert "The topic is named anew" in named.text
    late = await one.submit(f"{at}/{bees}", label_en="Beekeeping")
    assert late.status == 409 and "Somebody else has named this topic anew" in late.text
    assert 'value="Beekeeping"' in late.html and "Bees and honey" in late.text
    assert "named anew" in (await late.submit(f"{at}/{bees}", label_en="Bees and honey", label_ar="نحل")).text
    gone = await (await owner.get(f"{at}/{bees}")).submit(f"{at}/offer")
    assert "30 topics can be chosen" in gone.text and "One topic is offered no more" in gone.text

    page = await own.get(f"{address}?question=topics_wanted")
    assert "Bees and honey" in page.text  # hers, so that she can keep it
    await page.submit(address, topics_wanted=["leadership", bees])
    async with database.tenant_session(made.house.context()) as session:
        assert bees in (await registration.own_participation(session, her.id)).topics_wanted
    desk = await making.signed_in(database, browse, made, made.coordinator)
    assert "Bees and honey" in (await desk.get(f"/c/people/{her.person_id}")).text
    form = await desk.get("/c/register?role=mentee")
    assert "Bees and honey" not in form.text and "Leadership" in form.text
    # A roster means the same one still, by its new name, and no other is made of it.
    assert (await names(database, made, launched))["Bees and honey"] == bees
    again = await gone.submit(f"{at}/offer", offered="yes")
    assert "This topic can be chosen again." in again.text
    assert "Bees and honey" in (await desk.get("/c/register?role=mentee")).text


async def test_a_name_that_the_programme_gave_wins_over_ours(database, made, launched, at, owner):
    page = await owner.get(f"{at}/leadership")
    await page.submit(
        f"{at}/leadership", label_en="Leading people", label_fr="Diriger", label_ar="قيادة الناس"
    )
    page = await owner.get(at)
    await page.submit(f"{at}/add", label_en="Leadership")
    found = await names(database, made, launched)
    assert found["Leading people"] == "leadership" and found["Leadership"].startswith("own_")


async def test_topics_are_put_in_order_and_the_last_one_stays(database, made, launched, at, owner):
    page = await owner.get(at)
    before = re.findall(r'id="t-(\w+)"', page.html)
    for _again in range(2):
        moved = await owner.post(f"{at}/place", [("csrf", csrf(page)), ("code", before[2]), ("at", "1")])
        now = re.findall(r'id="t-(\w+)"', moved.html)
        assert now == [before[2], before[0], before[1], *before[3:]]
    async with database.tenant_session(made.house.context()) as session:
        for one in await queries.topics(session, launched.programme.id):
            one.is_offered = one.code == before[0]
    kept = await owner.post(f"{at}/offer", [("csrf", csrf(page)), ("code", before[0]), ("offered", "no")])
    assert "This is the last topic" in kept.text
    assert (await codes(database, made, launched))[before[0]].is_offered


async def test_only_managers_change_and_others_topics_are_not_there(
    database, made, launched, at, owner, browse
):
    other = await making.organisation(database)
    theirs = await making.programme(database, other, slug="theirs")
    desk = await making.signed_in(database, browse, made, made.coordinator)
    page, managing = await desk.get(at), await owner.get(at)
    assert page.status == 200 and f'action="{at}' not in page.html
    for path, sent in (
        ("/add", {"label_en": "Mine"}), ("/leadership", {"label_en": "Mine"}), ("/offer", {"code": "leadership"}),
        ("/place", {"code": "networking", "at": "9"}),
    ):  # fmt: skip
        assert (await desk.post(at + path, [("csrf", csrf(page)), *sent.items()])).status == 403, path
        for strange in (theirs.programme.id, ids.new()):
            elsewhere = f"/a/programmes/{strange}/topics{path}"
            refused = await owner.post(elsewhere, [("csrf", csrf(managing)), *sent.items()])
            assert refused.status == 404, path
    assert (await owner.get(f"{at}/nothing")).status == 404
    async with database.tenant_session(other.house.context()) as session:
        assert all(one.label["en"] != "Mine" for one in await queries.topics(session, theirs.programme.id))


def csrf(page) -> str:
    return next(field.value for form in page.forms for field in form.fields if field.name == "csrf")
