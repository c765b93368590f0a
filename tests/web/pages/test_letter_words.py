"""A waiting letter in words of its own, what waits by language, and letters that were refused."""

import asyncio

import pytest
from sqlalchemy import select, update

from tenants.audit.models import AuditEvent
from tenants.notifications import writing
from tenants.notifications.models import Letter, LetterState
from tenants.notifications.template_models import LetterEdit
from tenants.notifications.templates import editing, rules
from tenants.notifications.wording.declared import Source
from tenants.organisations import actions as organisations
from tenants.permissions import Role
from tests import making
from tests.web.pages.test_templates import RECEIVED, desk, last, letter, manager, parts, promise, wanjiru
from tests.working import drain

__all__ = ["desk", "manager", "wanjiru"]  # fixtures that both files use


@pytest.fixture
async def offices(database, made):
    async with database.tenant_session(made.owner.context()) as session:
        return [
            (await organisations.open_office(session, made.owner, name=name, time_zone="UTC")).id
            for name in ("Aarhus", "Copenhagen")
        ]


async def test_a_waiting_letter_in_words_of_its_own(database, ground, browse, made, wanjiru, inbox):
    found = await promise(database, made, wanjiru, minutes=10)
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get(f"/c/outbox/{found}")
    page = await browser.get(f"/c/outbox/{found}/words")
    assert page.status == 200 and "Dear {{reader}}," in page.html
    page = await page.submit(
        f"/c/outbox/{found}/words", subject="For you, {{reader}}", body="Come on Monday. {{coordinator}}"
    )
    assert "goes out in your words" in page.text and "Come on Monday. Hana Helper" in page.text
    assert "What it would have said" in page.text and "Dear {{reader}}," in page.html
    assert "in a coordinator’s words" in (await browser.get("/c/outbox")).text
    # Two tabs: the older one is told, and keeps what it says.
    stale = await browser.get(f"/c/outbox/{found}/words")
    page = await stale.submit(f"/c/outbox/{found}/words", body="Come on Tuesday.", based_on="0")
    assert page.status == 409 and "Come on Tuesday.</textarea>" in page.html

    await (await browser.get(f"/c/outbox/{found}")).submit(f"/c/outbox/{found}/hurry")
    await drain(ground, made.id)
    mail = await last(database, made, inbox, wanjiru.person_id)
    assert mail["Subject"] == "For you, Wanjiru K." and "Come on Monday. Hana Helper" in parts(mail)[0]
    page = await stale.submit(f"/c/outbox/{found}/words", body="Too late")
    assert "no longer in the outbox" in page.text
    async with database.tenant_session(made.house.context()) as session:
        edit = (await session.execute(select(LetterEdit).where(LetterEdit.letter_id == found))).scalar_one()
        events = list(await session.scalars(select(AuditEvent.event).where(AuditEvent.object_id == found)))
    assert "Dear {{reader}}," in edit.original_body and events.count("letter.edited") == 1


async def test_an_edit_is_dropped(database, ground, browse, made, wanjiru, inbox):
    found = await promise(database, made, wanjiru, minutes=10)
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get(f"/c/outbox/{found}/words")
    await page.submit(f"/c/outbox/{found}/words", subject="Mine")
    page = await (await browser.get(f"/c/outbox/{found}/words")).submit(f"/c/outbox/{found}/words/drop")
    assert "says again what all letters" in page.text
    await (await browser.get(f"/c/outbox/{found}")).submit(f"/c/outbox/{found}/hurry")
    await drain(ground, made.id)
    assert (await last(database, made, inbox, wanjiru.person_id))["Subject"] == "We have your registration"


async def test_an_edit_and_a_worker_at_once_is_one_or_the_other(database, ground, made, wanjiru):
    """Whoever comes second waits for the first: the words go whole, or are refused."""
    web, links = ground.settings.web, ground.links
    outcomes = set()
    for round_ in range(4):
        found = await promise(database, made, wanjiru, minutes=10)

        async def write(found=found, round_=round_) -> str:
            if round_ % 2:
                await asyncio.sleep(0)
            async with database.tenant_session(made.coordinator.context()) as session:
                desk = await writing.desk(session, web, links)
                source = Source("Mine", "Mine", "Mine")
                try:
                    await editing.write(session, made.coordinator, found, source, based_on=0, desk=desk)
                except Exception as error:
                    await session.rollback()
                    return getattr(error, "code", repr(error))
            return "written"

        async def take_up(found=found):
            async with database.tenant_session(made.house.context()) as session:
                return await writing.take_up(session, made.house, found, web, links)

        edited, taken = await asyncio.gather(write(), take_up())
        outcomes.add((edited, taken.text.subject, taken.text.heading))
    assert outcomes <= {
        ("written", "Mine", "Mine"),
        ("letter_gone", "We have your registration", "What happens now"),
    }


async def test_letters_of_another_office_and_of_security_are_not_hers(
    database, browse, made, wanjiru, offices
):
    karen = await making.somebody(database, made.id, Role.COORDINATOR, name="Karen", office_id=offices[1])
    found = await promise(database, made, wanjiru, minutes=10)
    browser = await making.signed_in(database, browse, made, karen)
    assert (await browser.get(f"/c/outbox/{found}/words")).status == 404
    welcome = await promise(database, made, wanjiru, minutes=10, kind="identity.address_changed")
    desk = await making.signed_in(database, browse, made, made.coordinator)
    page = await desk.get(f"/c/outbox/{welcome}/words")
    assert "cannot be changed for one reader" in page.text
    async with database.tenant_session(made.coordinator.context()) as session:
        with pytest.raises(rules.LetterNotEditable):
            await editing.drop(session, made.coordinator, welcome)
    manager = await making.somebody(
        database, made.id, Role.PROGRAMME_MANAGER, name="Mona", office_id=offices[1]
    )
    page = await (await making.signed_in(database, browse, made, manager)).get(f"{RECEIVED}/en")
    assert page.status == 200 and "<textarea" not in page.html
    assert not rules.may_edit(manager)


async def test_what_waits_is_read_by_language(database, browse, made, wanjiru):
    for spoken in ("en", "fr", "fr"):
        found = await promise(database, made, wanjiru, minutes=10)
        async with database.tenant_session(made.house.context()) as session:
            await session.execute(update(Letter).where(Letter.id == found).values(language=spoken))
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get("/c/outbox/by-language")
    assert page.status == 200 and "4 letters wait" in page.text
    page = await browser.get("/c/outbox/by-language?kind=registration.received&language=fr")
    assert 'lang="fr"' in page.html.partition("<article")[2]


async def test_a_refused_letter_says_why_and_what_helps(database, browse, made, wanjiru):
    found = await promise(database, made, wanjiru, minutes=10)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(Letter).where(Letter.id == found).values(state=LetterState.REFUSED, error="552 5.2.2")
        )
    browser = await making.signed_in(database, browse, made, made.coordinator)
    assert "The mailbox is full" in (await browser.get("/c/outbox?show=refused")).text
    assert "send the letter again when there is room" in (await browser.get(f"/c/outbox/{found}")).text


async def test_a_text_that_became_too_large_is_refused_before_it_goes(
    database, ground, made, wanjiru, desk, inbox, monkeypatch
):
    monkeypatch.setattr("infra.mail.messages.LIMIT", 2_000)
    found = await promise(database, made, wanjiru)
    await drain(ground, made.id)
    told = await letter(database, made, found)
    assert (told.state, told.error) == (LetterState.REFUSED, "mail_too_large")
    assert "too large for slow lines" in (await desk.get(f"/c/outbox/{found}")).text
