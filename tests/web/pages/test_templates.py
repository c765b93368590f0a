"""The words of letters: read, looked at, written, tried out and taken back; and a waiting letter in words of its own."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from infra import clock, ids
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import Words
from tenants.organisations.models import Organisation
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making
from tests.working import drain

RECEIVED = "/c/templates/registration.received"
BODY = "Hello {{reader}},\n\n{{registered}}\n\n- **One** thing: {{coordinator}} calls you\n- <b>Bring</b> tea"


@pytest.fixture
async def manager(database, made):
    return await making.somebody(database, made.id, Role.PROGRAMME_MANAGER, name="Mara Manager")


@pytest.fixture
async def desk(database, browse, made, manager):
    return await making.signed_in(database, browse, made, manager)


@pytest.fixture
async def wanjiru(database, made):
    launched = await making.programme(database, made)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Organisation).values(contact_name="Hana Helper"))
    return await making.participation(database, made, launched, name="Wanjiru K.")


async def promise(database, made, whose, *, minutes: int = 0, kind: str = "registration.received") -> str:
    async with database.tenant_session(made.house.context()) as session:
        return await notifications.write(
            session, made.house, kind, key=str(ids.new()), person_id=whose.person_id,
            due_at=clock.now() + timedelta(minutes=minutes), participation_id=whose.id,
        )  # fmt: skip


async def of_person(database, made, person_id) -> Person:
    async with database.tenant_session(made.house.context()) as session:
        return (await session.execute(select(Person).where(Person.id == person_id))).scalar_one()


async def letter(database, made, letter_id) -> Letter:
    async with database.tenant_session(made.house.context()) as session:
        return (await session.execute(select(Letter).where(Letter.id == letter_id))).scalar_one()


async def last(database, made, inbox, person_id):
    return inbox.to((await of_person(database, made, person_id)).email)[-1]


async def press(page, form: str, button: str, **values: str):
    """The other button of a form, with `values` in place of what the page filled in."""
    sent = {one.name: one.value for one in page.form(form).fields if one.is_sent} | values
    return await page.browser.post(button, list(sent.items()))


def csrf(form) -> str:
    return next(field.value for field in form.fields if field.name == "csrf")


def parts(mail) -> tuple[str, str]:
    return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


async def test_own_words_go_out_and_are_taken_back(database, ground, made, desk, wanjiru, inbox):  # K82
    page = await desk.get("/c/templates")
    assert page.status == 200 and "letters say what we wrote" in page.text
    assert f'href="{RECEIVED}/fr"' in page.html

    page = await desk.get(f"{RECEIVED}/en")
    assert "{{registered}}" in page.html and "We have your registration" in page.html
    page = await page.submit(f"{RECEIVED}/en", subject="You are in", heading="Hello!", body=BODY)
    assert "Letters that go from now on say this." in page.text

    await promise(database, made, wanjiru)
    await drain(ground, made.id)
    text, html = parts(await last(database, made, inbox, wanjiru.person_id))
    assert "Hello Wanjiru K.," in text and "*One* thing: Hana Helper calls you" in text
    assert "<strong>One</strong> thing" in html and "&lt;b&gt;Bring&lt;/b&gt; tea" in html
    # What no words can take away: the way on, the small print, why it came and what can be done.
    for needed in ("See my next step", "withdraw your answers", "/me/settings", "/me/concern"):
        assert needed in html

    page = await desk.get(f"{RECEIVED}/en")
    assert "Version 1" in page.text and "Mara Manager" in page.text
    page = await page.submit(f"{RECEIVED}/en/restore", version="0")
    assert "Our text again" in page.text
    page = await page.submit(f"{RECEIVED}/en/restore", version="1")
    assert "Version 3" in page.text and "Hello!" in page.html

    await page.submit(f"{RECEIVED}/en/restore", version="0")
    await promise(database, made, wanjiru)
    await drain(ground, made.id)
    assert (await last(database, made, inbox, wanjiru.person_id))["Subject"] == "We have your registration"


async def test_what_has_fallen_behind_is_shown(database, made, desk, wanjiru):
    page = await desk.get(f"{RECEIVED}/fr")
    await page.submit(f"{RECEIVED}/fr", subject="Bienvenue", heading="Bonjour", body="Chère {{reader}},")
    page = await desk.get("/c/templates?state=missing")
    assert "Look again" not in page.html.partition("<table")[2]
    assert page.html.count("No own text yet<") == 2  # in English and in Arabic
    page = await desk.get(f"{RECEIVED}/ar")
    assert "written this letter in another language" in page.text

    page = await desk.get(f"{RECEIVED}/en")
    await page.submit(f"{RECEIVED}/en", subject="Welcome", heading="Hello", body="Dear {{reader}},")
    page = await desk.get(f"{RECEIVED}/fr")
    assert "is newer than this one" in page.text and "Look again" in page.text
    # The same words anew say that they still fit.
    page = await page.submit(f"{RECEIVED}/fr")
    assert "is newer than this one" not in page.text and "Version 2" in page.text


async def test_a_language_that_lacks_a_letter_is_told_and_never_mixed(
    database, ground, made, desk, wanjiru, inbox, monkeypatch
):
    """Hers, then the organisation's own: whole in one language, and the table, the page and the log say which."""
    is_spoken = Words.is_spoken
    monkeypatch.setattr(Words, "is_spoken", lambda words, code: code != "fr" and is_spoken(words, code))
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Person).where(Person.id == wanjiru.person_id).values(language="fr"))
    found = await promise(database, made, wanjiru, minutes=10)
    page = await desk.get(f"/c/outbox/{found}")
    assert "We do not have this letter in French, so it goes out in English." in page.text
    page = await desk.get(f"{RECEIVED}/fr")
    assert "Until you write it, readers get it in another one: English." in page.text

    await page.submit(f"{RECEIVED}/fr", subject="Bienvenue", heading="Bonjour", body="Chère {{reader}},")
    assert "Bienvenue" in (await desk.get(f"/c/outbox/{found}")).text
    page = await desk.get(f"{RECEIVED}/fr")
    await page.submit(f"{RECEIVED}/fr/restore", version="0")
    await (await desk.get(f"/c/outbox/{found}")).submit(f"/c/outbox/{found}/hurry")
    await drain(ground, made.id)
    mail = await last(database, made, inbox, wanjiru.person_id)
    assert mail["Content-Language"] == "en" and "See my next step" in parts(mail)[1]
    assert 'lang="en"' in parts(mail)[1] and "Vous" not in parts(mail)[0]


async def test_the_preview_alone_for_who_types(desk):
    page = await desk.get(f"{RECEIVED}/en")
    desk.client.headers["hx-request-type"] = "partial"
    part = await press(page, f"{RECEIVED}/en", f"{RECEIVED}/en/look", subject="Typed")
    assert part.status == 200 and "Typed" in part.html and "<textarea" not in part.html
    part = await press(page, f"{RECEIVED}/en", f"{RECEIVED}/en/look", body="{{nobody}}" + "x" * 40_000)
    assert "This cannot go like that yet" in part.text and len(part.html) < 9_000


async def test_what_cannot_be_said_is_refused_and_kept(desk):
    page = await desk.get(f"{RECEIVED}/en")
    wrong = "Dear {{nobody}},\n\nsee https://evil.example/me"
    page = await page.submit(f"{RECEIVED}/en", subject="S", heading="H", body=wrong)
    assert page.status == 422
    assert (
        "Line 1: there is no field {{nobody}}" in page.text and "Line 3: https://evil.example/me" in page.text
    )
    assert "see https://evil.example/me</textarea>" in page.html
    page = await press(page, f"{RECEIVED}/en", f"{RECEIVED}/en/look", body=wrong)
    assert page.status == 422 and "there is no field" in page.text


async def test_of_two_who_write_at_once_one_is_told(desk):
    first, second = await desk.get(f"{RECEIVED}/en"), await desk.get(f"{RECEIVED}/en")
    await first.submit(f"{RECEIVED}/en", subject="First", heading="H", body="One")
    page = await second.submit(f"{RECEIVED}/en", subject="Second", heading="H", body="Two")
    assert page.status == 409 and "Somebody else has saved this text" in page.text
    assert "Two</textarea>" in page.html and "First" in page.text
    page = await page.submit(f"{RECEIVED}/en")
    assert "Version 2" in page.text


async def test_a_coordinator_looks_and_changes_nothing(database, browse, made, wanjiru):
    await promise(database, made, wanjiru, minutes=10)
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get(f"{RECEIVED}/fr")
    assert page.status == 200 and "<textarea" not in page.html
    [reader] = [option for option in page.html.split("<option") if "Wanjiru K." in option]
    page = await page.submit(f"{RECEIVED}/fr/look", reader=reader.split('"')[1])
    article = page.html.partition("<article")[2].partition("</article>")[0]
    assert "Wanjiru K." in article and 'lang="fr"' in article and "href" not in article
    token = csrf(page.form(f"{RECEIVED}/fr/look"))
    sent = [("csrf", token), ("subject", "S"), ("heading", "H"), ("body", "B"), ("based_on", "0")]
    assert (await browser.post(f"{RECEIVED}/fr", sent)).status == 403
    assert (await browser.post(f"{RECEIVED}/fr/restore", [("csrf", token), ("version", "0")])).status == 403
    assert (await browser.get("/c/templates/identity.sign_in/en")).status == 404
    assert (await browser.get(f"{RECEIVED}/zh")).status == 404


async def test_a_trial_comes_as_mail_to_oneself(database, ground, made, desk, manager, inbox):
    address = "/c/templates/proposal.contact/ar"
    page = await press(await desk.get(address), address, f"{address}/try", subject="تجربة {{other}}")
    assert "Nothing is saved yet." in page.text
    await drain(ground, made.id)
    mail = await last(database, made, inbox, manager.person_id)
    text, html = parts(mail)
    assert "تجربة" in str(mail["Subject"]) and 'dir="rtl"' in html and "Njeri Mwangi" in text
    assert "/answer/" not in html and "/me/proposal" not in html
    assert "تجربة" not in (await desk.get("/c/templates/proposal.contact/ar")).html


async def test_the_owner_writes_and_reads_nobody(database, browse, made, wanjiru):
    await promise(database, made, wanjiru, minutes=10)
    browser = await making.signed_in(database, browse, made, made.owner)
    page = await browser.get(f"{RECEIVED}/en")
    assert page.status == 200 and "<textarea" in page.html and "Wanjiru" not in page.html
    token = csrf(page.form(f"{RECEIVED}/en"))
    fields = [
        ("csrf", token),
        ("subject", "S"),
        ("heading", "H"),
        ("body", "B"),
        ("reader", str(wanjiru.person_id)),
    ]
    assert (await browser.post(f"{RECEIVED}/en/look", fields)).status == 403
