"""Confirming by the digits of the letter, on the page that waits."""

import re

from sqlalchemy import select

from tenants.registration.models import Consent, Participation
from tests.web.pages.test_apply import agree, answer_all, begin, confirm_link, rows
from tests.working import drain


async def sent_with_code(ground, browse, made, inbox):
    page, _ = await answer_all(await begin(browse(made.host)))
    page = await agree(page)
    await drain(ground, made.id)
    text = inbox.to("wanjiru@example.org")[-1].get_body(("plain",)).get_content()
    return page, re.search(r"^\s*(\d{6})\s*$", text, re.MULTILINE)[1]


async def test_the_code_of_the_letter_confirms_once(database, ground, browse, inbox, made, launched):  # K02
    page, code = await sent_with_code(ground, browse, made, inbox)
    first, second = [await page.submit("/apply/code", code=code) for _ in range(2)]
    for shown in (first, second):
        assert shown.path.startswith("/confirm/") and "You are registered as a mentee" in shown.text
    assert len(await rows(database, made, select(Participation))) == 1
    assert len(await rows(database, made, select(Consent))) == 2


async def test_five_wrong_codes_close_the_code_and_not_the_link(
    database, ground, browse, inbox, made, launched
):
    page, code = await sent_with_code(ground, browse, made, inbox)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(4):
        refused = await page.submit("/apply/code", code=wrong)
        assert "This is not the code in the e-mail" in refused.text
    refused = await page.submit("/apply/code", code=wrong)
    assert "too many wrong codes" in refused.text
    refused = await page.submit("/apply/code", code=code)  # the right one comes too late
    assert "too many wrong codes" in refused.text and "/apply/code" not in refused.html
    assert await rows(database, made, select(Participation)) == []

    opened = await browse(made.host).get(await confirm_link(ground, made, inbox))
    assert "You are registered as a mentee" in (await opened.submit("/confirm/")).text


async def test_a_code_counts_only_in_the_browser_that_sent_the_form(
    database, ground, browse, inbox, made, launched
):
    _page, code = await sent_with_code(ground, browse, made, inbox)
    other = await begin(browse(made.host))
    refused = await other.browser.post(
        "/apply/code", [("csrf", other.forms[0].fields[0].value), ("code", code)]
    )
    assert not refused.path.startswith("/confirm/")
    assert await rows(database, made, select(Participation)) == []
