"""Completing a profile: the coordinator on one page, the participant answer by answer."""

import pytest

from infra import ids
from tenants.actor import person
from tenants.permissions import Role
from tenants.registration import queries
from tests import making

MOST_BYTES = 14 * 1024


@pytest.fixture
async def desk(database, browse, made):
    return await making.signed_in(database, browse, made, made.coordinator)


@pytest.fixture
async def her(database, made, launched):
    return await making.participation(database, made, launched)


@pytest.fixture
async def own(database, browse, made, her):
    actor = person(made.id, her.person_id, frozenset({Role.PARTICIPANT}))
    return await making.signed_in(database, browse, made, actor)


async def answers(database, made, participation):
    async with database.tenant_session(made.house.context()) as session:
        found = await queries.own_participation(session, participation.id)
        return (await queries.profile_of(session, found)).answers


async def forget_phone(database, made, her):
    async with database.tenant_session(made.house.context()) as session:
        found = await queries.profile_of(session, await queries.own_participation(session, her.id))
        found.person.phone = None


async def test_a_coordinator_fills_in_what_is_missing(database, made, her, desk):  # K10
    await forget_phone(database, made, her)
    page = await desk.get(f"/c/people/{her.person_id}")
    assert "One answer is missing before matching" in page.text
    address = f"/c/people/{her.person_id}/answers/{her.id}"
    assert f'href="{address}"' in page.html
    page = await desk.get(address)
    assert "One answer of Wanjiru Kamau is still missing" in page.text

    page = await page.submit(address, phone="+254 700 123456")

    assert "The answers of Wanjiru Kamau are saved" in page.text
    assert "missing before matching" not in page.text
    found = await answers(database, made, her)
    assert found["phone"] == "+254 700 123456"
    assert found["topics_wanted"] == ["leadership", "negotiation"]  # the rest stays as it was
    assert found["languages"] == [{"code": "en", "level": 3}]


async def test_one_answer_can_be_saved_while_another_stays_open(database, made, her, desk):
    await forget_phone(database, made, her)
    address = f"/c/people/{her.person_id}/answers/{her.id}"
    page = await (await desk.get(address)).submit(
        address, **{"topics_wanted-1": "networking", "topics_wanted-2": "leadership"}
    )
    assert page.status == 200 and "missing before matching" in page.text
    assert (await answers(database, made, her))["topics_wanted"] == ["networking", "leadership"]


async def test_what_cannot_be_used_comes_back_and_changes_nothing(database, made, her, desk):
    address = f"/c/people/{her.person_id}/answers/{her.id}"
    page = await (await desk.get(address)).submit(
        address, **{"phone": "none", "topics_wanted-1": "networking", "topics_wanted-2": ""}
    )
    assert page.status == 422
    assert 'href="#f-phone"' in page.html and 'value="none"' in page.html
    assert (await answers(database, made, her))["topics_wanted"] == ["leadership", "negotiation"]


async def test_nobody_elses_answers_are_found(database, browse, made, her, desk, own, launched):
    other = await making.organisation(database)
    theirs = await making.participation(database, other, await making.programme(database, other))
    second = await making.participation(database, made, launched, "mentor", name="Mona Mentor")
    strange = [
        f"/c/people/{theirs.person_id}/answers/{theirs.id}",
        f"/c/people/{her.person_id}/answers/{second.id}",  # somebody else's
        f"/c/people/{her.person_id}/answers/{ids.new()}",
    ]
    assert [(await desk.get(path)).status for path in strange] == [404, 404, 404]
    for one in (theirs, second):
        assert (await own.get(f"/me/answers/{one.id}")).status == 404
    assert (await own.get(f"/c/people/{her.person_id}/answers/{her.id}")).status == 403


async def test_a_participant_changes_an_answer(database, made, her, own):  # K07
    page = await own.get("/me")
    assert 'href="/me/answers"' in page.html
    page = await own.get("/me/answers")
    assert "Leadership and Negotiation" in page.text
    assert len(page.response.content) <= MOST_BYTES and "<script" not in page.html
    form = await own.get(f"/me/answers/{her.id}?question=phone")
    assert 'value="+45 70 12 34 56"' in form.html

    page = await form.submit(f"/me/answers/{her.id}", phone="+254 700 123456")

    assert page.path == "/me/answers" and "+254 700 123456" in page.text
    refused = await form.submit(f"/me/answers/{her.id}", phone="")
    assert refused.status == 422 and 'href="#f-phone"' in refused.html


async def test_a_participant_orders_her_topics(database, made, her, own):
    page = await own.get(f"/me/answers/{her.id}?question=topics_wanted")
    page = await page.submit(
        f"/me/answers/{her.id}", topics_wanted=["leadership", "negotiation", "networking"]
    )
    assert "Which matters most to you?" in page.text
    page = await page.submit(f"/me/answers/{her.id}", **{"topics_wanted-1": "networking"})
    assert page.path == "/me/answers"
    assert (await answers(database, made, her))["topics_wanted"][0] == "networking"


@pytest.mark.parametrize("code", ["en", "fr", "ar"])
@pytest.mark.parametrize("question", ["time_zone", "languages", "topics_wanted"])
async def test_a_question_is_light_in_every_language(her, own, code, question):
    page = await own.get(f"/me/answers/{her.id}?question={question}&lang={code}")
    assert page.status == 200 and len(page.response.content) <= MOST_BYTES


async def test_a_question_that_is_not_asked_is_not_found(her, own):
    assert (await own.get(f"/me/answers/{her.id}?question=capacity")).status == 404
