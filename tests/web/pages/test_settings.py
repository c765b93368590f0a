"""Everybody's own settings: contact, language, time zone, and where she is signed in."""

import pytest

from tenants.people import queries
from tenants.permissions import Role
from tests import making


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.PARTICIPANT)


@pytest.fixture
async def browser(database, made, her, browse):
    return await making.signed_in(database, browse, made, her)


async def test_she_keeps_her_contact_up_to_date(database, her, browser):
    # K07
    page = await browser.get("/me/settings")
    page = await page.submit(
        "/me/settings",
        full_name="Ana Ilić Kos",
        phone="+387 33 555 014",
        language="fr",
        time_zone="Asia/Amman",
    )

    assert page.path == "/me/settings"
    assert 'lang="fr"' in page.html
    async with database.tenant_session(her.context()) as session:
        person = await queries.access_person(session, her, her.person_id)
    assert (person.full_name, person.phone, person.language, person.time_zone) == (
        "Ana Ilić Kos",
        "+387 33 555 014",
        "fr",
        "Asia/Amman",
    )


async def test_what_cannot_be_used_comes_back_and_nothing_is_saved(database, her, browser):
    page = await (await browser.get("/me/settings")).submit("/me/settings", full_name=" ", phone="call me")
    assert page.status == 422
    assert "2 answers need another look" in page.text
    assert 'value="call me"' in page.html
    async with database.tenant_session(her.context()) as session:
        assert (await queries.access_person(session, her, her.person_id)).full_name == "Ana Ilić"


async def test_a_rare_time_zone_stays_chosen(database, her, browser):
    page = await (await browser.get("/me/settings")).submit("/me/settings", time_zone="Indian/Kerguelen")
    assert '<option value="Indian/Kerguelen" selected>' in page.html


async def test_she_sees_her_devices_and_ends_one(database, made, her, browse, browser):
    phone = await making.signed_in(database, browse, made, her)
    page = await browser.get("/me/settings")
    assert "You are signed in on 2 devices" in page.text

    page = await page.submit("/me/settings/sessions/")

    assert "You are signed in on one device" in page.text
    assert (await phone.get("/me/settings")).path.startswith("/sign-in")


async def test_she_ends_all_others_at_once(database, made, her, browse, browser):
    for _ in range(2):
        await making.signed_in(database, browse, made, her)
    page = await (await browser.get("/me/settings")).submit("/me/settings/sessions/end")
    assert "2 other devices are signed out" in page.text
    assert "You are signed in on one device" in page.text


async def test_nobody_ends_anothers_session(database, made, browse, browser):
    theirs = await making.signed_in(database, browse, made, made.owner)
    page = await theirs.get("/me/settings")
    other = await making.signed_in(database, browse, made, made.owner)
    form = (await other.get("/me/settings")).form("/me/settings/sessions/")
    own = (await browser.get("/me/settings")).form("/me/settings")
    csrf = next(field.value for field in own.fields if field.name == "csrf")

    refused = await browser.post(form.action, [("csrf", csrf)])

    assert refused.status == 404
    assert (await theirs.get("/me/settings")).status == page.status == 200


async def test_visitors_are_sent_to_sign_in(made, browse):
    page = await browse(made.host).get("/me/settings")
    assert page.path == "/sign-in?next=/me/settings"


async def test_the_page_is_small_and_without_script_for_participants(browser):
    page = await browser.get("/me/settings")
    assert "<script" not in page.html
    assert page.response.num_bytes_downloaded <= 14_000  # compressed, as it travels


async def test_coordinators_get_it_within_their_desk(database, made, browse):
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get("/settings")
    assert page.status == 200
    assert 'class="app"' in page.html
