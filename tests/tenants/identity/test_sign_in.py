"""Signing in: two of link, code and browser; once; and nothing that tells whether an address is known."""

import asyncio
from dataclasses import replace

import pytest
import time_machine
from sqlalchemy import func, select

from infra import clock
from tenants.identity import letters as _letters  # noqa: F401  registers what the worker writes
from tenants.identity import queries, rules
from tenants.identity.models import Session
from tenants.identity.rules import Refusal
from tenants.identity.sessions import Begun
from tenants.identity.signing_in import Proof
from tenants.permissions import Role
from tests.tenants.identity.steps import BROWSER, OTHER, ask, code, email_of, enter, resolve, wrong


async def test_link_in_the_browser_that_asked_lets_her_in(database, made, her):
    link_id = await ask(database, made, await email_of(database, her))

    begun = await enter(database, made, Proof(link_id, has_link=True, browser_digest=BROWSER))

    found = await resolve(database, made.id, begun.secret)
    assert (found.actor.person_id, found.actor.roles, found.full_name) == (
        her.person_id,
        frozenset({Role.COORDINATOR}),
        "Ana Ilić",
    )
    assert not found.is_stale


async def test_code_in_the_browser_that_asked_lets_her_in(database, made, her):
    link_id = await ask(database, made, await email_of(database, her))
    begun = await enter(database, made, Proof(link_id, False, BROWSER, f" {code(made, link_id)} "))
    assert begun.person_id == her.person_id


async def test_code_in_another_script_counts(database, made, her):
    link_id = await ask(database, made, await email_of(database, her))
    arabic = code(made, link_id).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert isinstance(await enter(database, made, Proof(link_id, False, BROWSER, arabic)), Begun)


@pytest.mark.parametrize("browser", [OTHER, None])
async def test_forwarded_link_wants_the_code(database, made, her, browser):
    link_id = await ask(database, made, await email_of(database, her))
    forwarded = Proof(link_id, has_link=True, browser_digest=browser)

    assert await enter(database, made, forwarded) is Refusal.NEEDS_CODE
    assert await enter(database, made, replace(forwarded, code=wrong(made, link_id))) is Refusal.WRONG_CODE
    assert isinstance(await enter(database, made, replace(forwarded, code=code(made, link_id))), Begun)


@pytest.mark.parametrize("browser", [OTHER, None])
async def test_code_alone_from_another_browser_is_nothing(database, made, her, browser):
    link_id = await ask(database, made, await email_of(database, her))
    proof = Proof(link_id, has_link=False, browser_digest=browser, code=code(made, link_id))
    assert await enter(database, made, proof) is Refusal.EXPIRED


async def test_link_opens_once(database, made, her):
    proof = Proof(await ask(database, made, await email_of(database, her)), True, BROWSER)
    await enter(database, made, proof)
    assert await enter(database, made, proof) is Refusal.USED


async def test_of_fifty_at_once_one_gets_in(database, made, her):
    proof = Proof(await ask(database, made, await email_of(database, her)), True, BROWSER)

    answers = await asyncio.gather(*(enter(database, made, proof) for _ in range(50)))

    assert sum(isinstance(answer, Begun) for answer in answers) == 1
    assert [a for a in answers if not isinstance(a, Begun)] == [Refusal.USED] * 49
    async with database.tenant_session(her.context()) as session:
        count = select(func.count()).select_from(Session).where(Session.person_id == her.person_id)
        assert (await session.execute(count)).scalar_one() == 1


async def test_link_ends_after_a_quarter_of_an_hour(database, made, her):
    proof = Proof(await ask(database, made, await email_of(database, her)), True, BROWSER)
    with time_machine.travel(clock.now() + rules.LINK_LASTS, tick=False):
        assert await enter(database, made, proof) is Refusal.EXPIRED


async def test_five_wrong_codes_close_the_code_but_not_the_link(database, made, her):
    link_id = await ask(database, made, await email_of(database, her))
    typed = Proof(link_id, False, BROWSER, wrong(made, link_id))

    answers = [await enter(database, made, typed) for _ in range(6)]

    assert answers == [Refusal.WRONG_CODE] * 4 + [Refusal.CODES_USED_UP] * 2
    right = replace(typed, code=code(made, link_id))
    assert await enter(database, made, right) is Refusal.CODES_USED_UP
    assert isinstance(await enter(database, made, replace(right, has_link=True)), Begun)


async def test_wrong_codes_add_up_over_links_of_a_day(database, made, her):
    email = await email_of(database, her)
    for _ in range(rules.CODE_TRIES_A_DAY // rules.CODE_TRIES):
        link_id = await ask(database, made, email)
        for _ in range(rules.CODE_TRIES):
            await enter(database, made, Proof(link_id, False, BROWSER, wrong(made, link_id)))

    fresh = await ask(database, made, email)
    proof = Proof(fresh, False, BROWSER, code(made, fresh))
    assert await enter(database, made, proof) is Refusal.CODES_USED_UP
    assert isinstance(await enter(database, made, replace(proof, has_link=True)), Begun)


async def test_parallel_guesses_do_not_get_more_tries(database, made, her):
    link_id = await ask(database, made, await email_of(database, her))
    typed = Proof(link_id, False, BROWSER, wrong(made, link_id))
    answers = await asyncio.gather(*(enter(database, made, typed) for _ in range(20)))
    assert answers.count(Refusal.WRONG_CODE) == rules.CODE_TRIES - 1
    async with database.tenant_session(her.context()) as session:
        assert (await queries.find_link(session, link_id)).wrong_codes == rules.CODE_TRIES
