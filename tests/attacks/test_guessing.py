"""Guessing the six digits: over many forms, many links, many browsers, and all at once."""

import asyncio
import re
from datetime import timedelta

from sqlalchemy import update

from infra import clock
from tenants.actor import visitor
from tenants.identity import clearing, rules
from tenants.identity.models import WrongCode
from tenants.identity.signing_in import Proof
from tenants.registration import confirming, signing_up
from tenants.registration.confirming import Confirmed, Refusal
from tenants.registration.models import Registration
from tenants.registration.rules import CODE_TRIES, CONFIRM
from tests import making
from tests.tenants.identity import steps
from tests.web.pages.test_apply import agree, answer_all, begin

HER = "wanjiru@example.org"
A_DAY = rules.CODE_TRIES_A_DAY


def test_so_few_guesses_of_a_million_are_free():
    assert (rules.CODE_TRIES, CODE_TRIES, A_DAY) == (5, 5, 10)


async def form(database, made, email=HER):
    """A form that was sent and waits for its confirmation."""
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        begun = await signing_up.begin(session, guest, slug="network", language="en", role="mentee")
        begun.full_name, begun.email, begun.answers = "Wanjiru", email, making.answers("mentee")
        begun.sent_at, begun.consents = clock.now(), []
    return begun.id


async def guess(database, ground, made, form_id, *, is_right=False):
    right = ground.links.code(CONFIRM, made.id, form_id)
    typed = right if is_right else f"{(int(right) + 1) % 10**6:06}"
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        return await confirming.confirm_by_code(session, guest, form_id, typed, ground.links)


async def test_many_forms_give_no_more_tries(database, ground, made, launched):  # K02
    forms = [await form(database, made) for _ in range(A_DAY // CODE_TRIES)]
    for one in forms:
        for _ in range(CODE_TRIES):
            assert await guess(database, ground, made, one) in Refusal
    fresh = await form(database, made)
    assert await guess(database, ground, made, fresh, is_right=True) is Refusal.CODES_USED_UP
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:  # by the link of the letter
        assert (await confirming.confirm(session, guest, fresh)).is_first


async def test_nor_do_forms_that_were_opened_days_ago(database, ground, made, launched):
    old = [await form(database, made) for _ in range(3)]
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Registration).values(created_at=clock.now() - timedelta(days=5)))
    answers = [await guess(database, ground, made, one) for one in old for _ in range(CODE_TRIES)]
    assert answers.count(Refusal.WRONG_CODE) < A_DAY
    fresh = await form(database, made)
    assert await guess(database, ground, made, fresh, is_right=True) is Refusal.CODES_USED_UP


async def test_nor_do_guesses_in_the_same_moment(database, ground, made, launched):
    forms = [await form(database, made) for _ in range(4 * A_DAY)]
    answers = await asyncio.gather(*(guess(database, ground, made, one) for one in forms))
    assert answers.count(Refusal.WRONG_CODE) == A_DAY
    assert answers.count(Refusal.CODES_USED_UP) == 3 * A_DAY


async def test_forms_and_sign_in_count_together(database, ground, made, launched):
    her = await making.somebody(database, made.id)
    email = await steps.email_of(database, her)
    for _ in range(2):
        one = await form(database, made, email)
        for _ in range(CODE_TRIES):
            await guess(database, ground, made, one)
    link_id = await steps.ask(database, made, email)
    proof = Proof(link_id, False, steps.BROWSER, steps.code(made, link_id))
    assert await steps.enter(database, made, proof) is rules.Refusal.CODES_USED_UP


async def test_others_and_the_next_day_are_free(database, ground, made, launched):
    for one in [await form(database, made) for _ in range(2)]:
        for _ in range(CODE_TRIES):
            await guess(database, ground, made, one)
    other = await form(database, made, "other@example.org")
    assert isinstance(await guess(database, ground, made, other, is_right=True), Confirmed)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(WrongCode).values(created_at=clock.now() - timedelta(days=1, minutes=1)))
    hers = await form(database, made)
    assert isinstance(await guess(database, ground, made, hers, is_right=True), Confirmed)
    async with database.tenant_session(made.house.context()) as session:
        await clearing.clear_expired(session, made.house)
        assert (await session.execute(WrongCode.__table__.select())).all() == []


async def test_the_page_says_so_and_keeps_the_button_of_the_letter(database, ground, browse, made, launched):
    for one in [await form(database, made) for _ in range(2)]:
        for _ in range(CODE_TRIES):
            await guess(database, ground, made, one)
    page, _ = await answer_all(await begin(browse(made.host)))
    page = await agree(page)
    refused = await page.submit("/apply/code", code="123456")
    assert "too many wrong codes" in refused.text and not re.search("wrong_code[^s]", refused.path)
    assert "/apply/code" not in refused.html
