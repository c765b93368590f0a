"""The letter after the form, its link, and what stands in their way."""

import re
from datetime import timedelta

from sqlalchemy import select, update

from infra import clock
from tenants.notifications.models import Letter
from tenants.registration.models import Consent, Participation, Registration
from tests import making
from tests.web.pages.applying import CONSENTS, agree, answer_all, begin, confirm_link, key, rows
from tests.working import drain


async def test_get_and_head_confirm_nothing_and_a_second_click_is_kind(
    database, ground, browse, inbox, made, launched
):
    browser = browse(made.host)
    page, _ = await answer_all(await begin(browser, "mentor"))
    page = await agree(page)
    link = await confirm_link(ground, made, inbox)
    for _ in range(3):
        assert (await browser.head(link)).status == 200
        shown = await browser.get(link)
    assert await rows(database, made, select(Participation)) == []
    first, second = await shown.submit("/confirm/"), await shown.submit("/confirm/")
    assert (first.status, second.status) == (200, 200)
    assert len(await rows(database, made, select(Participation))) == 1
    assert len(await rows(database, made, select(Consent))) == 2


async def test_double_click_on_send_writes_one_letter(database, browse, made, launched):
    page, _ = await answer_all(await begin(browse(made.host)))
    page = await page.browser.get("/apply/agree")
    first, second = [await page.submit("/apply/agree", **CONSENTS) for _ in range(2)]
    assert first.path == second.path == "/apply/done"
    assert len(await rows(database, made, select(Letter).where(Letter.kind == "registration.confirm"))) == 1


async def test_a_second_registration_is_answered_alike(database, ground, browse, inbox, made, launched):
    async def register():
        page, _ = await answer_all(await begin(browse(made.host)))
        return await agree(page)

    first = await register()
    link = await confirm_link(ground, made, inbox)
    await (await browse(made.host).get(link)).submit("/confirm/")
    second = await register()

    def shown(page):
        return re.sub(r'value="[\w=-]+"|nonce="[^"]+"|styles [^*]*', "", page.html)

    assert shown(first) == shown(second)
    await drain(ground, made.id)
    letter = inbox.to("wanjiru@example.org")[-1]
    assert letter["subject"] == "You are registered already"
    assert "/confirm/" not in letter.get_body(("plain",)).get_content()


async def test_a_wrong_address_is_put_right(database, ground, browse, inbox, made, launched):
    page, _ = await answer_all(await begin(browse(made.host)), email={"email": "wrong@example.org"})
    page = await agree(page)
    wrong = await confirm_link(ground, made, inbox, "wrong@example.org")
    page = await page.submit("/apply/address")
    assert key(page) == "email"
    page, _ = await answer_all(page)
    page = await agree(page)
    assert (await page.browser.get(wrong)).status == 410
    right = await confirm_link(ground, made, inbox)
    assert "You are registered" in (await (await page.browser.get(right)).submit("/confirm/")).text


async def test_an_expired_link_says_so(database, ground, browse, inbox, made, launched):  # K02
    browser = browse(made.host)
    page, _ = await answer_all(await begin(browser))
    await agree(page)
    link = await confirm_link(ground, made, inbox)
    page = await browser.get(link)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Registration).values(expires_at=clock.now() - timedelta(seconds=1)))
    for gone in (await browser.get(link), await page.submit("/confirm/")):
        assert gone.status == 410 and "has been deleted" in gone.text
    assert (await browser.get("/apply/done")).path == "/apply"
    assert await rows(database, made, select(Participation)) == []


async def test_another_organisations_form_and_link_are_unknown(
    database, ground, browse, inbox, made, launched
):
    other = await making.organisation(database)
    await making.programme(database, other)
    browser = browse(made.host)
    page, _ = await answer_all(await begin(browser))
    await agree(page)
    link = await confirm_link(ground, made, inbox)
    token = browser.client.cookies.get("__Host-registration")
    stranger = browse(other.host)
    stranger.client.cookies.set("__Host-registration", token, domain=other.host, path="/")
    assert (await stranger.get("/apply/done")).path == "/apply"
    random = "/confirm/" + "A" * 43

    def shown(page):
        return page.status, re.sub(r'value="[\w=-]+"|nonce="[^"]+"', "", page.html)

    there, nowhere = await stranger.get(link), await stranger.get(random)
    assert there.status == nowhere.status == 410
    assert shown(there)[1].replace(link, "") == shown(nowhere)[1].replace(random, "")
    assert (await stranger.get(link.replace("/confirm/", "/apply/resume/"))).status == 410
    assert (
        await browser.get(link.replace("/confirm/", "/apply/resume/"))
    ).status == 410  # of another purpose
