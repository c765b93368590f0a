"""Signing in: two of link, code and browser; once; and nothing that tells whether an address is known."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select

from infra import clock, ids, language
from infra.crypto.links import LinkSigner
from infra.errors import Forbidden, Invalid, NotFound
from tenants.actor import visitor
from tenants.identity import actions, queries, rules
from tenants.identity import letters as _letters  # noqa: F401  registers what the worker writes
from tenants.identity.actions import Proof
from tenants.identity.models import Session, SignInLink
from tenants.identity.rules import PURPOSE, Refusal
from tenants.identity.sessions import Begun
from tenants.notifications import letters
from tenants.notifications.letters import Desk
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making

LINKS = LinkSigner(b"k" * 32)
BROWSER, OTHER = rules.digest("her browser"), rules.digest("another browser")


@pytest.fixture
async def made(database):
    return await making.organisation(database)


@pytest.fixture
async def her(database, made):
    return await making.somebody(database, made.id, Role.COORDINATOR)


async def email_of(database, actor) -> str:
    async with database.tenant_session(actor.context()) as session:
        return (await session.execute(select(Person.email).where(Person.id == actor.person_id))).scalar_one()


async def ask(database, made, email: str, browser: bytes = BROWSER) -> UUID:
    who = visitor(made.id)
    async with database.tenant_session(who.context()) as session:
        return await actions.ask_link(session, who, email=email, browser_digest=browser, language="fr")


async def enter(database, made, proof: Proof, actor=None, links: LinkSigner = LINKS) -> Begun | Refusal:
    who = actor or visitor(made.id)
    async with database.tenant_session(who.context()) as session:
        return await actions.sign_in(session, who, proof, links, device="Firefox, Linux")


async def resolve(database, organisation_id: UUID, secret: str):
    async with database.platform_session("resolver") as connection:
        return await queries.resolve_session(connection, organisation_id, secret)


def code(made, link_id: UUID) -> str:
    return LINKS.code(PURPOSE, made.id, link_id)


def wrong(made, link_id: UUID) -> str:
    return str((int(code(made, link_id)) + 1) % 10**6).zfill(6)


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


async def test_asking_does_the_same_work_for_known_and_unknown(database, made, her, statements):
    known = await email_of(database, her)
    done = []
    for email in (known, "nobody@example.org"):
        with statements() as counted:
            await ask(database, made, email)
        done.append([statement.split("$")[0] for statement in counted])
    assert done[0] == done[1]


async def test_unknown_address_gets_no_letter_and_no_session(database, made, her):
    link_id = await ask(database, made, "nobody@example.org")
    assert await compose(database, made, link_id) is None
    right = Proof(link_id, has_link=True, browser_digest=BROWSER, code=code(made, link_id))
    assert await enter(database, made, right) is Refusal.EXPIRED


async def test_the_letter_holds_link_and_code_and_no_longer_when_used(database, made, her):
    link_id = await ask(database, made, await email_of(database, her))

    text = await compose(database, made, link_id)

    assert text.code == code(made, link_id)
    token = text.button[1].rpartition("/")[2]
    assert LINKS.read(PURPOSE, made.id, token) == link_id
    assert LINKS.read(PURPOSE, ids.new(), token) is None
    assert letters.KINDS[actions.SIGN_IN_LETTER].is_secret
    await enter(database, made, Proof(link_id, True, BROWSER))
    assert await compose(database, made, link_id) is None


async def compose(database, made, link_id: UUID):
    desk = Desk(made.id, "House", 184, "https://x", "UTC", LINKS)
    async with database.tenant_session(made.house.context()) as session:
        letter = (
            await session.execute(select(Letter).where(Letter.key == f"identity.sign_in:{link_id}"))
        ).scalar_one()
        assert letter.language == "fr"
        with language.use("en"):
            return await letters.compose(session, letter, desk)


async def test_who_has_left_gets_nothing(database, made, her):
    link_id = await ask(database, made, await email_of(database, her))
    begun = await enter(database, made, Proof(link_id, True, BROWSER))
    waiting = await ask(database, made, await email_of(database, her))
    async with database.tenant_session(made.owner.context()) as session:
        await actions.deactivate(session, made.owner, her.person_id)

    assert await resolve(database, made.id, begun.secret) is None
    assert await compose(database, made, waiting) is None
    assert isinstance(await enter(database, made, Proof(waiting, True, BROWSER)), Refusal)


async def test_no_address_no_request(database, made):
    with pytest.raises(Invalid):
        await ask(database, made, "not an address")


async def test_the_house_hands_over_a_link_that_opens_anywhere_once(database, made, her):
    async with database.tenant_session(made.house.context()) as session:
        path = await actions.sign_in_link_for(session, made.house, her.person_id, LINKS)
    link_id = LINKS.read(PURPOSE, made.id, path.removeprefix("/link/"))

    assert isinstance(await enter(database, made, Proof(link_id, True, OTHER)), Begun)
    assert await enter(database, made, Proof(link_id, True, OTHER)) is Refusal.USED
    for actor in (made.owner, made.coordinator):
        async with database.tenant_session(actor.context()) as session:
            with pytest.raises(Forbidden):
                await actions.sign_in_link_for(session, actor, her.person_id, LINKS)


async def test_another_organisations_link_is_none(database, made, her):
    other = await making.organisation(database)
    link_id = await ask(database, made, await email_of(database, her))
    assert await enter(database, other, Proof(link_id, True, BROWSER)) is Refusal.EXPIRED
    async with database.tenant_session(other.house.context()) as session:
        assert await queries.pending(session, link_id, BROWSER) is None
        with pytest.raises(NotFound):
            await actions.sign_in_link_for(session, other.house, her.person_id, LINKS)


async def test_only_the_browser_that_asked_sees_the_request(database, made, her):
    email = await email_of(database, her)
    link_id = await ask(database, made, email)
    async with database.tenant_session(made.house.context()) as session:
        assert (await queries.pending(session, link_id, BROWSER)).email == email
        assert await queries.pending(session, link_id, OTHER) is None


async def test_another_address_ends_sessions_and_tells_the_old_one(database, made, her):
    before = await email_of(database, her)
    begun = await enter(database, made, Proof(await ask(database, made, before), True, BROWSER))
    async with database.tenant_session(made.coordinator.context()) as session:
        with pytest.raises(Forbidden):  # she runs cases herself: only an owner may move her address
            await actions.change_address(session, made.coordinator, her.person_id, email="new@example.org")
    async with database.tenant_session(made.owner.context()) as session:
        await actions.change_address(session, made.owner, her.person_id, email="new@example.org")
        letter = (
            await session.execute(select(Letter).where(Letter.kind == actions.ADDRESS_LETTER))
        ).scalar_one()
    assert letter.to_email == before
    assert await resolve(database, made.id, begun.secret) is None


async def test_what_has_expired_is_cleared_away(database, made, her):
    begun = await enter(
        database, made, Proof(await ask(database, made, await email_of(database, her)), True, BROWSER)
    )
    await ask(database, made, "nobody@example.org")
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        await clear(database, made)
        assert await left(database, made) == (0, 1)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        await clear(database, made)
        assert await left(database, made) == (0, 0)
    assert begun.secret


async def clear(database, made) -> None:
    async with database.tenant_session(made.house.context()) as session:
        await actions.clear_expired(session, made.house)


async def left(database, made) -> tuple[int, int]:
    async with database.tenant_session(made.house.context()) as session:
        links = await session.scalar(select(func.count()).select_from(SignInLink))
        return links, await session.scalar(select(func.count()).select_from(Session))
