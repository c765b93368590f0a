"""Another e-mail address of one's own: confirmed from there, told to the old one; and which letters one gets."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from infra import clock
from tenants.audit.models import AuditEvent
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making
from tests.working import drain

NEW = "ana.new@example.org"


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.PARTICIPANT)


@pytest.fixture
async def browser(database, made, her, browse):
    return await making.signed_in(database, browse, made, her)


async def address(database, her):
    async with database.tenant_session(her.context()) as session:
        return await session.scalar(select(Person.email).where(Person.id == her.person_id))


async def asked(ground, made, browser, inbox, email=NEW):
    """The path of the link that went to the new address."""
    page = await (await browser.get("/me/settings")).submit("/me/settings/address", email=email)
    assert page.status == 200, page.text
    await drain(ground, made.id)
    return link(inbox.to(email)[-1])


def link(mail) -> str:
    return re.search(r"(/address/[\w-]+)", mail.get_body(("plain",)).get_content())[1]


async def test_confirmed_from_the_new_address_and_told_to_the_old(  # K07
    ground, database, inbox, made, her, browse, browser
):
    old = await address(database, her)
    path = await asked(ground, made, browser, inbox)
    assert await address(database, her) == old

    stranger = browse(made.host)
    for _ in range(3):
        page = await stranger.get(path)
    assert NEW in page.text and "Is this your new address?" in page.text
    assert await address(database, her) == old  # looking consumes nothing

    page = await page.submit(path)
    assert page.path.startswith("/sign-in")
    assert "Your new address is confirmed." in page.text
    assert await address(database, her) == NEW
    assert (await browser.get("/me/settings")).path.startswith("/sign-in")
    await drain(ground, made.id)
    assert inbox.to(old)[-1]["Subject"].strip().startswith("Your e-mail address at")
    assert NEW not in str(inbox.to(old)[-1])
    assert (await stranger.get(path)).status == 410
    async with database.tenant_session(made.house.context()) as session:
        events = set(await session.scalars(select(AuditEvent.event)))
    assert {"address.asked", "address.changed", "person.changed"} <= events


async def test_a_later_request_closes_the_earlier(ground, database, inbox, made, her, browser):
    first = await asked(ground, made, browser, inbox)
    second = await asked(ground, made, browser, inbox, "ana.second@example.org")
    assert (await browser.get(first)).status == 410
    await (await browser.get(second)).submit(second)
    assert await address(database, her) == "ana.second@example.org"


async def test_a_day_later_the_link_is_closed(ground, database, inbox, made, her, browse, browser):
    path = await asked(ground, made, browser, inbox)
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        page = await browse(made.host).get(path)
        await browser.get(path)
    assert page.status == 410
    assert "Your address is as it was." in page.text
    query = select(AuditEvent).where(AuditEvent.event == "sign_in.link_refused")
    async with database.tenant_session(made.house.context()) as session:
        (tried,) = (await session.scalars(query)).all()
    assert (tried.object_kind, tried.details["why"]) == ("address_change", "expired")


async def test_an_address_of_somebody_else_is_not_told_apart(ground, database, inbox, made, her, browser):
    theirs = await address(database, made.coordinator)
    before = await address(database, her)
    page = await (await browser.get("/me/settings")).submit("/me/settings/address", email=theirs)
    assert "Please confirm it from there." in page.text
    await drain(ground, made.id)
    assert inbox.to(theirs) == []
    assert await address(database, her) == before


@pytest.mark.parametrize(
    "email", ["nonsense", "", "two@example.org,other@example.org", "a\r\nBcc: x@example.org"]
)
async def test_what_is_no_address_comes_back(database, her, browser, email):
    page = await (await browser.get("/me/settings")).submit("/me/settings/address", email=email)
    assert page.status == 422
    own = await address(database, her)
    page = await (await browser.get("/me/settings")).submit("/me/settings/address", email=own.upper())
    assert (page.status, "have already" in page.text) == (422, True)


async def test_five_times_a_day(browser):
    for number in range(5):
        page = await (await browser.get("/me/settings")).submit(
            "/me/settings/address", email=f"n{number}@example.org"
        )
        assert page.status == 200
    page = await page.submit("/me/settings/address", email="n6@example.org")
    assert page.status == 429
    assert "Please try again tomorrow." in page.text


async def write(database, made, her, kind, **about):
    async with database.tenant_session(made.house.context()) as session:
        return await notifications.write(
            session, made.house, kind, key=f"{kind}:{clock.now()}", person_id=her.person_id, **about
        )


async def state(database, made, letter_id):
    async with database.tenant_session(made.house.context()) as session:
        return await session.scalar(select(Letter.state).where(Letter.id == letter_id))


async def test_letters_are_dropped_and_come_again(ground, database, inbox, made, her, browser):
    page = await browser.get("/me/settings")
    assert "A proposal: do you want to meet?" in page.text  # one that always comes, by its name
    page = await page.submit("/me/settings/letters", letter="meeting.proposed")
    async with database.tenant_session(her.context()) as session:
        off = await session.scalar(select(Person.letters_off).where(Person.id == her.person_id))
    assert {"meeting.agreed", "meeting.did_you_meet", "party.remind", "proposal.remind"} <= set(off)
    assert "meeting.proposed" not in off
    assert re.search(r'value="meeting.proposed" checked', page.html)
    assert not re.search(r'value="meeting.agreed" checked', page.html)

    dropped = await write(database, made, her, "proposal.remind", hold_id=made.id)
    always = await write(database, made, her, "identity.address_changed")
    await drain(ground, made.id)
    assert await state(database, made, dropped) == "withdrawn"
    assert await state(database, made, always) == "sent"


async def test_the_page_stays_small(browser):
    page = await browser.get("/me/settings")
    assert page.response.num_bytes_downloaded <= 14_000
