"""Registering somebody else on one page (K04): questions, consents read aloud, confirmed by word or by letter (N14)."""

import re

from sqlalchemy import select

from tenants.audit.models import AuditEvent
from tenants.identity import sessions
from tenants.people import queries as people
from tenants.permissions import Role
from tenants.registration.models import Consent, Participation
from tests import making
from tests.working import drain

PAGE = {
    "full_name": "Fatima Noor",
    "email": "fatima@example.org",
    "phone": "+962 6 123 4567",
    "languages-ar": "4",
    "time_zone": "Asia/Amman",
    "topics_wanted-1": "job_applications",
    "consent_taking_part": "yes",
    "consent_matching": "yes",
    "channel": "phone",
}


async def as_person(database, browse, made, actor):
    browser = browse(made.host)
    async with database.tenant_session(actor.context()) as session:
        herself = await people.access_person(session, actor, actor.person_id)
        begun = await sessions.begin(session, actor, herself)
    browser.sign_in(begun.secret)
    return browser


async def rows(database, made, query):
    async with database.tenant_session(made.house.context()) as session:
        return list((await session.execute(query)).scalars().all())


async def test_registering_somebody_by_telephone(database, browse, made, launched):  # K04 N14
    browser = await as_person(database, browse, made, made.coordinator)
    page = await browser.get("/c/register")
    assert page.status == 200 and "read the consents aloud" in page.text
    page = await send(page)
    assert page.status == 200 and "Fatima Noor" in page.text and "is registered." in page.text
    [participation] = await rows(database, made, select(Participation))
    assert (participation.role, participation.origin) == ("mentee", "coordinator")
    consents = await rows(database, made, select(Consent))
    assert {(c.channel, c.recorded_by) for c in consents} == {("phone", made.coordinator.person_id)}
    [event] = await rows(
        database, made, select(AuditEvent).where(AuditEvent.event == "registration.recorded")
    )
    assert event.person_id == made.coordinator.person_id and event.details["channel"] == "phone"


async def send(page, **others):
    """The form that posts; the first on the page only chooses programme and role."""
    page.forms = [form for form in page.forms if form.method == "post" and form.action != "/sign-out"]
    return await page.submit("/c/register", **(PAGE | others))


async def test_by_the_letter_to_check(database, ground, browse, inbox, made, launched):  # K04
    browser = await as_person(database, browse, made, made.coordinator)
    page = await send(await browser.get("/c/register"), confirmed="letter", language="en")
    assert "to check what you wrote" in page.text and "waits for its confirmation" in page.text
    assert await rows(database, made, select(Participation)) == []
    await drain(ground, made.id)
    [letter] = inbox.to("fatima@example.org")
    assert letter["subject"] == "Check what Cora Coordinator wrote for you"
    text = letter.get_body(("plain",)).get_content()
    assert "Job applications" in text and "Amman" in text
    link = re.search(r"/confirm/[\w-]{43}", text)[0]
    page = await browse(made.host).get(link)
    assert "Job applications" in page.text
    page = await page.submit("/confirm/")
    assert "You are registered as a mentee" in page.text
    assert len(await rows(database, made, select(Participation))) == 1


async def test_a_waiting_one_is_confirmed_by_word(database, browse, made, launched):  # N14
    browser = await as_person(database, browse, made, made.coordinator)
    page = await send(await browser.get("/c/register"), confirmed="letter")
    page = await page.submit(next(f.action for f in page.forms if f.action.endswith("/confirm")))
    assert "The registration is confirmed." in page.text and "waits for its" not in page.text
    assert len(await rows(database, made, select(Participation))) == 1


async def test_what_is_wrong_comes_back_with_all_that_was_written(database, browse, made, launched):
    browser = await as_person(database, browse, made, made.coordinator)
    page = await send(
        await browser.get("/c/register"), full_name="", consent_matching=None, channel=None, phone="no"
    )
    assert page.status == 422 and "4 answers need another look" in page.text
    assert 'value="fatima@example.org"' in page.html
    assert '<option value="Asia/Amman" selected>' in page.html
    assert '<option value="job_applications" selected>' in page.html
    page = await send(page)
    assert page.status == 200 and "is registered." in page.text


async def test_somebody_without_an_address(database, browse, made, launched):
    browser = await as_person(database, browse, made, made.coordinator)
    page = await send(await browser.get("/c/register"), email="", channel="paper")
    assert "is registered." in page.text
    page = await send(await browser.get("/c/register"), email="", confirmed="letter")
    assert page.status == 422 and "Without an e-mail address" in page.text


async def test_the_questions_of_the_role(database, browse, made, launched):
    browser = await as_person(database, browse, made, made.coordinator)
    page = await browser.get("/c/register?programme=network&role=mentor")
    assert "How many mentees can you take?" in page.text
    assert "What would you like support with?" not in page.text


async def test_only_who_may_register_others(database, browse, made, launched):
    visitor = browse(made.host)
    assert (await visitor.get("/c/register")).path.startswith("/sign-in")
    herself = await making.somebody(database, made.id, Role.PARTICIPANT)
    browser = await as_person(database, browse, made, herself)
    assert (await browser.get("/c/register")).status == 403


async def test_another_organisations_waiting_registration_is_unknown(database, browse, made, launched):
    browser = await as_person(database, browse, made, made.coordinator)
    page = await send(await browser.get("/c/register"), confirmed="letter")
    action = next(f.action for f in page.forms if f.action.endswith("/confirm"))
    other = await making.organisation(database)
    await making.programme(database, other)
    stranger = await as_person(database, browse, other, other.coordinator)
    own = next(form for form in (await stranger.get("/c/register")).forms if form.method == "post")
    token = [(field.name, field.value) for field in own.fields if field.name == "csrf"]
    there = await stranger.post(action, token)
    nowhere = await stranger.post(f"/c/register/{made.id}/confirm", token)
    assert (there.status, nowhere.status) == (404, 404)
    assert await rows(database, made, select(Participation)) == []


async def test_a_form_on_paper_leads_back_by_its_code(database, browse, made, launched):  # N14
    desk = await making.signed_in(database, browse, made, made.coordinator)
    slug = launched.programme.slug

    paper = await browse(made.host).get(f"/p/{slug}/paper?role=mentor")
    code = re.search(r"/r/(\S+?)[<\s]", paper.html)[1]
    opened = await desk.get(f"/r/{code}")

    assert paper.status == 200 and "Signature" in paper.text and "Your name" in paper.text
    assert code == f"{slug}.mentor"
    assert opened.path.startswith("/c/register") and 'name="role" value="mentor"' in opened.html
    assert (await browse(made.host).get(f"/p/{slug}/paper?role=nobody")).status == 404
    assert (await desk.get("/r/nowhere.mentor")).status == 404
    assert (await browse(made.host).get(f"/r/{code}")).path.startswith("/sign-in")
